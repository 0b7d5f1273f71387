"""The command line. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 something in the files or settings must be mended, 2 the command line is wrong.
Modules that cost time are imported where they are used, so that --help answers at once.
"""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import deadlines_cli, faq_cli, routing_cli, telling, zalo_cli
from bot.telling import stop, told_plainly

if TYPE_CHECKING:
    from bot.service import Service

app = typer.Typer(
    name="caunoi",
    help="Cầu Nối: hỏi đáp chính sách và tiếp nhận ý kiến người dân qua ứng dụng trò chuyện.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: a third of a second less at every start
    add_completion=False,
)
app.add_typer(faq_cli.app)
app.add_typer(routing_cli.app)
app.add_typer(deadlines_cli.app)
app.add_typer(zalo_cli.app)


class Way(StrEnum):
    """How updates reach the bot."""

    POLLING = "polling"
    WEBHOOK = "webhook"


def main() -> None:
    app()


@app.command()
def run() -> None:
    """Chạy toàn bộ dịch vụ: web, xử lý, gửi tin, nhắc hạn."""
    from bot import service, tasks  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        went_well = tasks.run(service.run(settings, _welcome))
    if not went_well:
        stop("Một phần của dịch vụ đã hỏng nên dịch vụ dừng lại; xem nhật ký ở trên. Tin đã nhận không mất.")


@app.command()
def simulate(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng của trang mô phỏng")] = 8090,
    telegram: Annotated[Way, typer.Option(help="Cách bot nhận tin Telegram")] = Way.WEBHOOK,
    data: Annotated[
        Path | None, typer.Option(help="Giữ dữ liệu ở thư mục này; bỏ trống thì xóa khi dừng")
    ] = None,
) -> None:
    """Chạy toàn bộ dịch vụ với Telegram và Zalo mô phỏng, không cần tài khoản, xem trên một trang web."""
    from bot import simulation, tasks  # noqa: PLC0415

    settings = telling.settings()
    plan = simulation.Plan(settings, port, data, polls=telegram is Way.POLLING)
    try:
        with told_plainly():
            went_well = tasks.run(simulation.run(plan, _welcome))
    except simulation.Busy:
        stop(f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: caunoi simulate --port 8091")
    if not went_well:
        stop("Một phần của dịch vụ đã hỏng nên bản mô phỏng dừng lại; xem nhật ký ở trên.")


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
    from handlers import examples, library  # noqa: PLC0415

    if folder and not folder.is_dir():
        stop(f"Không có thư mục {folder}. Tạo bằng lệnh: caunoi init {folder}")
    with told_plainly():
        home = folder or telling.settings().content_dir
        loaded = library.load(home)
        golden.load(library.place(home, "faq"), loaded.knowledge.entries)
        examples.check(library.place(home, "office") / examples.FILE, loaded)
    for warning in library.warnings(loaded, loaded.office.today(now())):
        print(f"Lưu ý: {warning}")
    print(f"Không có lỗi: {len(loaded.knowledge.entries)} câu trả lời, {len(loaded.office.units)} đơn vị.")


@app.command()
def signin(officer: Annotated[str, typer.Argument(help="id của cán bộ trong staff.yaml")]) -> None:
    """Tạo liên kết đăng nhập dùng một lần cho một cán bộ, có hiệu lực 10 phút."""
    from bot import welcome  # noqa: PLC0415
    from handlers import library, office  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        staff = office.load(library.place(settings.content_dir, "office")).staff
    if officer not in {known.id for known in staff}:
        stop(f"Không có cán bộ «{officer}». Các id: {', '.join(known.id for known in staff)}")
    print(welcome.signin_link(settings, officer, settings.port))


@app.command()
def deadline(
    received: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d %H:%M"], help='Lúc nhận, ví dụ "2026-02-12 09:00"')
    ],
    kind: Annotated[str, typer.Argument(help="Loại nội dung trong kinds.yaml, ví dụ report")],
) -> None:
    """Nói hẹn trả lời ngày nào, và vì sao: từng khoảng có tính, không tính."""
    from bot import deadline_cli  # noqa: PLC0415
    from handlers import library, office  # noqa: PLC0415

    with told_plainly():
        rules = office.load(library.place(telling.settings().content_dir, "office"))
    try:
        print("\n".join(deadline_cli.lines(rules, received, kind)))
    except deadline_cli.NoPromise as error:
        stop(str(error))


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


@app.command()
def doctor(
    *,
    audit: Annotated[bool, typer.Option("--audit", help="Soát toàn bộ nhật ký kiểm tra, từng dòng")] = False,
) -> None:
    """Xem dịch vụ có gì cần sửa: nội dung, cơ sở dữ liệu, nhật ký kiểm tra."""
    from bot import doctor as checks  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        wrong = asyncio.run(checks.look(settings, audit=audit))
    if wrong:
        stop(f"Có {wrong} chỗ cần xem. Xem docs/how-to/operate.md.")


@app.command()
def retention(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đếm, không xóa gì")] = False
) -> None:
    """Đếm hoặc xóa dữ liệu đã hết thời hạn lưu, theo từng loại (dịch vụ vẫn tự xóa mỗi giờ)."""
    from bot import terms  # noqa: PLC0415

    settings = telling.settings()
    with told_plainly():
        asyncio.run(terms.show(settings) if dry_run else terms.apply(settings))


def _welcome(service: "Service", more: Sequence[str] = ()) -> None:
    from bot import welcome  # noqa: PLC0415

    print("\n".join(welcome.lines(service, more)), flush=True)
    if wrong := service.shelf.mistakes:
        typer.echo(f"Tệp hỏi đáp có {len(wrong)} lỗi; dịch vụ dùng bản đúng gần nhất:", err=True)
        typer.echo("\n".join(map(str, wrong)), err=True)
