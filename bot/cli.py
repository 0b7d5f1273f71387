"""The command line. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 something in the files or settings must be mended, 2 the command line is wrong.
Modules that cost time are imported where they are used, so that --help answers at once.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

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
WRONG = 1
SAMPLES = ("an", "binh", "chi")


def main() -> None:
    app()


@app.command()
def run() -> None:
    """Chạy toàn bộ dịch vụ: web, xử lý, gửi tin, nhắc hạn."""
    from bot import service  # noqa: PLC0415

    settings = _settings()
    with _told_plainly():
        went_well = asyncio.run(service.run(settings, lambda started: _welcome(started, settings)))
    if not went_well:
        _stop("Một phần của dịch vụ đã hỏng nên dịch vụ dừng lại; xem nhật ký ở trên. Tin đã nhận không mất.")


@app.command()
def chat() -> None:
    """Trò chuyện thử ngay trong cửa sổ lệnh, không cần mạng."""
    from bot import terminal  # noqa: PLC0415

    settings = _settings()
    with _told_plainly():
        asyncio.run(terminal.chat(settings))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Thư mục mới cho nội dung của cơ quan")]) -> None:
    """Chép mọi tệp mà cơ quan sửa (hỏi đáp, đơn vị, thời hạn, câu chữ) ra một thư mục."""
    from handlers.library import PARTS  # noqa: PLC0415

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        _stop(f"Thư mục {folder} đã có nội dung; tôi không ghi đè. Hãy chọn thư mục khác.")
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
    from handlers import library  # noqa: PLC0415

    if folder and not folder.is_dir():
        _stop(f"Không có thư mục {folder}. Tạo bằng lệnh: caunoi init {folder}")
    with _told_plainly():
        loaded = library.load(folder or _settings().content_dir)
    for warning in library.warnings(loaded, loaded.office.today(now())):
        print(f"Lưu ý: {warning}")
    print(f"Không có lỗi: {len(loaded.knowledge.entries)} câu trả lời, {len(loaded.office.units)} đơn vị.")


@app.command()
def ask(question: Annotated[str, typer.Argument(help="Câu hỏi như người dân gõ")]) -> None:
    """Hỏi thử kho câu trả lời và xem vì sao chọn câu đó."""
    from bot.service import now  # noqa: PLC0415
    from handlers import library  # noqa: PLC0415

    with _told_plainly():
        loaded = library.load(_settings().content_dir)
    day = loaded.office.today(now())
    print(type(loaded.index.ask(question, day)).__name__)
    for match in loaded.index.rank(question)[:5]:
        shown = "" if match.entry.usable(day) else "  (hiện không dùng)"
        print(f"{match.score:.2f}  {match.entry.id:6} {match.entry.question}{shown}\n      vì: {match.why}")


@app.command()
def signin(officer: Annotated[str, typer.Argument(help="id của cán bộ trong staff.yaml")]) -> None:
    """Tạo liên kết đăng nhập dùng một lần cho một cán bộ, có hiệu lực 10 phút."""
    from handlers import library  # noqa: PLC0415

    settings = _settings()
    with _told_plainly():
        staff = library.load(settings.content_dir).office.staff
    if officer not in {known.id for known in staff}:
        _stop(f"Không có cán bộ «{officer}». Các id: {', '.join(known.id for known in staff)}")
    print(_signin_link(settings, officer, settings.port))


@app.command("dead-letters")
def dead_letters(
    retry: Annotated[int | None, typer.Option(help="Số của một tin đến, để xử lý lại")] = None,
    *,
    content: Annotated[bool, typer.Option(help="In cả nội dung (có thể có dữ liệu cá nhân)")] = False,
) -> None:
    """Liệt kê tin không xử lý được hoặc không gửi được, và lý do."""
    from bot import letters  # noqa: PLC0415

    settings = _settings()
    with _told_plainly():
        if retry is None:
            asyncio.run(letters.show(settings, with_content=content))
        elif not asyncio.run(letters.retry(settings, retry)):
            _stop(f"Không có tin đến số {retry} trong danh sách, hoặc tin đó không đọc được.")


def _settings() -> "Settings":
    from bot import logs, settings  # noqa: PLC0415

    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        _stop(f"Thiết lập chưa đúng:\n{error}\nXem docs/reference/settings.md.")
    logs.configure(loaded.log_format)
    return loaded


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What the operator can mend is told in a sentence, without a traceback."""
    from bot.service import AlreadyRunning  # noqa: PLC0415
    from faq.files import Mistakes  # noqa: PLC0415
    from storage.migrations import TooNew  # noqa: PLC0415
    from storage.store import Unavailable  # noqa: PLC0415

    try:
        yield
    except Mistakes as mistakes:
        _stop(f"Nội dung có {len(mistakes.all)} lỗi:\n{mistakes}")
    except AlreadyRunning as error:
        _stop(f"Một tiến trình khác đang dùng {error}. Hãy dừng nó trước, hoặc đặt CAUNOI_DATA_DIR khác.")
    except Unavailable as error:
        _stop(f"Không mở được cơ sở dữ liệu: {error}. Kiểm tra CAUNOI_DATABASE_URL.")
    except TooNew as error:
        _stop(f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({error}). Hãy dùng bản Cầu Nối mới hơn.")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        _stop(
            f"{reason}{f': {error.filename}' if error.filename else ''}. "
            "Kiểm tra CAUNOI_HOST, CAUNOI_PORT và quyền ghi thư mục CAUNOI_DATA_DIR."
        )
    except KeyboardInterrupt:
        pass


def _welcome(service: "Service", settings: "Settings") -> None:
    address = settings.public_url or f"http://{settings.host}:{service.port}"
    print("Cầu Nối đang chạy.", f"  Người dân:  {address}/", f"  Cán bộ:     {address}/desk", sep="\n")
    samples = () if settings.content_dir or settings.public_url else SAMPLES
    known = {officer.id: officer for officer in service.library.office.staff}
    for officer in (known[sample] for sample in samples if sample in known):
        unit = service.library.office.unit(officer.unit).short_name
        link = _signin_link(settings, officer.id, service.port)
        print(f"  Đăng nhập thử ({officer.name}, {unit}, {officer.role}): {link}")
    print("Liên kết đăng nhập dùng một lần, trong 10 phút. Tạo liên kết: caunoi signin <id>", flush=True)


def _signin_link(settings: "Settings", officer: str, port: int) -> str:
    from bot.service import now, signing_key  # noqa: PLC0415
    from handlers.desk import links  # noqa: PLC0415

    address = settings.public_url or f"http://{settings.host}:{port}"
    token = links.make(signing_key(settings), officer, now() + links.LIFETIME)
    return f"{address}/desk/signin/{token}"


def _stop(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    raise typer.Exit(WRONG)
