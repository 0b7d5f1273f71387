"""The command line. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 something in the files or settings must be mended, 2 the command line is wrong.
Modules that cost time are imported where they are used, so that --help answers at once.
"""

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import faq_cli, telling, zalo_cli
from bot.telling import stop, told_plainly

if TYPE_CHECKING:
    from bot.service import Service
    from bot.settings import Settings

app = typer.Typer(
    name="caunoi",
    help="Cầu Nối: hỏi đáp chính sách và tiếp nhận ý kiến người dân qua ứng dụng trò chuyện.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: a third of a second less at every start
    add_completion=False,
)
app.add_typer(faq_cli.app)
app.add_typer(zalo_cli.app)
SAMPLES = ("an", "binh", "chi")


def main() -> None:
    app()


@app.command()
def run() -> None:
    """Chạy toàn bộ dịch vụ: web, xử lý, gửi tin, nhắc hạn."""
    from bot import service, tasks  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        went_well = tasks.run(service.run(settings, lambda started: _welcome(started, settings)))
    if not went_well:
        stop("Một phần của dịch vụ đã hỏng nên dịch vụ dừng lại; xem nhật ký ở trên. Tin đã nhận không mất.")


@app.command()
def chat() -> None:
    """Trò chuyện thử ngay trong cửa sổ lệnh, không cần mạng."""
    from bot import terminal  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        asyncio.run(terminal.chat(settings))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Thư mục mới cho nội dung của cơ quan")]) -> None:
    """Chép mọi tệp mà cơ quan sửa (hỏi đáp, đơn vị, thời hạn, câu chữ) ra một thư mục."""
    from handlers.library import PARTS  # noqa: PLC0415

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        stop(f"Thư mục {folder} đã có nội dung; tôi không ghi đè. Hãy chọn thư mục khác.")
    for name, source in PARTS.items():
        (folder / name).mkdir(parents=True)
        for file in sorted(source.glob("*.yaml")):
            shutil.copyfile(file, folder / name / file.name)
    print(f"Đã chép nội dung mẫu vào {folder}.")
    print(f"Sửa xong thì kiểm tra: caunoi check {folder}")
    print(f"Rồi chạy: CAUNOI_CONTENT_DIR={folder} caunoi run")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục nội dung; bỏ trống là bản mẫu")] = None,
) -> None:
    """Kiểm tra các tệp nội dung: mỗi lỗi một dòng, kèm tên tệp và số dòng."""
    from bot.service import now  # noqa: PLC0415
    from faq import golden  # noqa: PLC0415
    from handlers import library  # noqa: PLC0415

    if folder and not folder.is_dir():
        stop(f"Không có thư mục {folder}. Tạo bằng lệnh: caunoi init {folder}")
    with told_plainly():
        home = folder or telling.settings().content_dir
        loaded = library.load(home)
        golden.load(library.place(home, "faq"), loaded.knowledge.entries)
    for warning in library.warnings(loaded, loaded.office.today(now())):
        print(f"Lưu ý: {warning}")
    print(f"Không có lỗi: {len(loaded.knowledge.entries)} câu trả lời, {len(loaded.office.units)} đơn vị.")


@app.command()
def signin(officer: Annotated[str, typer.Argument(help="id của cán bộ trong staff.yaml")]) -> None:
    """Tạo liên kết đăng nhập dùng một lần cho một cán bộ, có hiệu lực 10 phút."""
    from handlers import library, office  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        staff = office.load(library.place(settings.content_dir, "office")).staff
    if officer not in {known.id for known in staff}:
        stop(f"Không có cán bộ «{officer}». Các id: {', '.join(known.id for known in staff)}")
    print(_signin_link(settings, officer, settings.port))


@app.command("dead-letters")
def dead_letters(
    retry: Annotated[int | None, typer.Option(help="Số của một tin đến, để xử lý lại")] = None,
    *,
    content: Annotated[bool, typer.Option(help="In cả nội dung (có thể có dữ liệu cá nhân)")] = False,
) -> None:
    """Liệt kê tin không xử lý được hoặc không gửi được, và lý do."""
    from bot import letters  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        if retry is None:
            asyncio.run(letters.show(settings, with_content=content))
        elif not asyncio.run(letters.retry(settings, retry)):
            stop(f"Không có tin đến số {retry} trong danh sách, hoặc tin đó không đọc được.")


def _welcome(service: "Service", settings: "Settings") -> None:
    address = settings.public_url or f"http://{settings.host}:{service.port}"
    print("Cầu Nối đang chạy.", f"  Người dân:  {address}/", f"  Cán bộ:     {address}/desk", sep="\n")
    samples = () if settings.content_dir or settings.public_url else SAMPLES
    known = {officer.id: officer for officer in service.shelf.library.office.staff}
    for officer in (known[sample] for sample in samples if sample in known):
        unit = service.shelf.library.office.unit(officer.unit).short_name
        link = _signin_link(settings, officer.id, service.port)
        print(f"  Đăng nhập thử ({officer.name}, {unit}, {officer.role}): {link}")
    print("Liên kết đăng nhập dùng một lần, trong 10 phút. Tạo liên kết: caunoi signin <id>", flush=True)
    if wrong := service.shelf.mistakes:
        typer.echo(f"Tệp hỏi đáp có {len(wrong)} lỗi; dịch vụ dùng bản đúng gần nhất:", err=True)
        typer.echo("\n".join(map(str, wrong)), err=True)


def _signin_link(settings: "Settings", officer: str, port: int) -> str:
    from bot.service import now, signing_key  # noqa: PLC0415
    from handlers.desk import links  # noqa: PLC0415

    address = settings.public_url or f"http://{settings.host}:{port}"
    token = links.make(signing_key(settings), officer, now() + links.LIFETIME)
    return f"{address}/desk/signin/{token}"
