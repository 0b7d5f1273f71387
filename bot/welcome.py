"""What the command line says when the service is ready."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.service import Service, now, signing_key
from bot.settings import LOCAL, Settings
from feedback.staff import Officer
from handlers.desk import links

SAMPLES = ("an", "binh", "chi")


def lines(service: Service, more: Sequence[str] = ()) -> list[str]:
    """`more` comes before the links by which sample officers sign in."""
    settings, office = service.settings, service.shelf.library.office
    address = _address(settings, service.port)
    return [
        "Cầu Nối đang chạy.",
        f"  Người dân:  {address}/",
        f"  Cán bộ:     {address}/desk",
        *more,
        *(
            f"  Đăng nhập thử ({officer.name}, {office.unit(officer.unit).short_name}, {officer.role}): "
            f"{signin_link(settings, officer.id, service.port)}"
            for officer in samples(service)
        ),
        "Liên kết đăng nhập dùng một lần, trong 10 phút. Tạo liên kết: caunoi signin <id>",
    ]


def samples(service: Service) -> list[Officer]:
    """Return the officers as whom anyone may sign in to look around: nobody's real ones, and only here."""
    settings = service.settings
    is_public = bool(settings.public_url) and urlsplit(settings.public_url).hostname not in LOCAL
    if settings.content_dir or is_public:
        return []
    known = {officer.id: officer for officer in service.shelf.library.office.staff}
    return [known[sample] for sample in SAMPLES if sample in known]


def signin_link(settings: Settings, officer: str, port: int) -> str:
    token = links.make(signing_key(settings), officer, now() + links.LIFETIME)
    return f"{_address(settings, port)}/desk/signin/{token}"


def _address(settings: Settings, port: int) -> str:
    return settings.public_url or f"http://{settings.host}:{port}"
