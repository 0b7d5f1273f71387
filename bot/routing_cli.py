"""`caunoi routing …`: try and check where submissions go, before citizens send any."""

from pathlib import Path
from typing import Annotated

import typer

from bot import content
from bot.telling import stop, told_plainly

app = typer.Typer(
    name="routing",
    help="Chuyển đơn vị: thử, kiểm tra, đo, và đề xuất quy tắc.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Thư mục nội dung; bỏ trống là nội dung đang dùng")
]


@app.callback()
def routing() -> None:
    """Chuyển đơn vị: thử, kiểm tra, đo, và đề xuất quy tắc."""


@app.command("try")
def try_(
    text: Annotated[str, typer.Argument(help="Nội dung như người dân gửi")],
    kind: Annotated[str, typer.Option(help="Loại nội dung, mã trong kinds.yaml")] = "report",
    place: Annotated[str, typer.Option(help="Địa điểm")] = "",
    sender: Annotated[str, typer.Option(help="citizen, business, organisation, civil_servant")] = "",
    folder: Folder = None,
) -> None:
    """Cho biết nội dung này sẽ đến đơn vị nào, vì sao, và ba đơn vị gần nhất."""
    from feedback.routing import Matter  # noqa: PLC0415
    from handlers import library  # noqa: PLC0415
    from handlers.actions import routes  # noqa: PLC0415

    with told_plainly():
        loaded = library.load(content.home(folder))
    if kind not in {each.code for each in loaded.office.kinds}:
        stop(f"Không có loại «{kind}». Các loại: {', '.join(each.code for each in loaded.office.kinds)}")
    route = routes.route(loaded, Matter(text, kind, place, sender))
    print(f"Đơn vị:   {loaded.office.unit(route.unit).name} ({route.unit})")
    print(f"Điểm:     {route.score:.2f} (dưới {loaded.office.threshold:.2f} thì người phân loại quyết định)")
    print(f"Lý do:    {route.reason}")
    print(f"Gợi ý:    {', '.join(route.suggestions) or 'không có'}")
    for line in route.counted:
        print(f"Đã tính:  {line}")


@app.command()
def check(folder: Folder = None) -> None:
    """Thử mọi mục trong routing-tests.yaml; mục nào sai thì in tệp, dòng và trả về 1."""
    from handlers import examples, library  # noqa: PLC0415

    with told_plainly():
        home = content.home(folder)
        loaded = library.load(home)
        count = examples.check(library.place(home, "office") / examples.FILE, loaded)
    print(f"Không có lỗi: {count} mục thử đều đến đúng đơn vị.")


@app.command()
def measure(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Tệp YAML cùng dạng routing-tests.yaml")
    ],
    half: Annotated[str, typer.Option(help="odd: chỉ các mục lẻ; even: chỉ các mục chẵn")] = "",
    folder: Folder = None,
) -> None:
    """Đo: bao nhiêu nội dung đến đúng đơn vị ngay, bao nhiêu có đơn vị đúng trong ba gợi ý."""
    from handlers import examples, library  # noqa: PLC0415

    with told_plainly():
        loaded = library.load(content.home(folder))
        sheet = examples.load(file, loaded.office)
    cases = sheet.value.cases if sheet.value else ()
    chosen = cases[{"even": 1}.get(half, 0) :: 2] if half else cases
    found = examples.tried(chosen, loaded)
    if not found:
        stop(f"Tệp {file} không có mục nào.")
    for each in found:
        if not each.first:
            likely = ", ".join(each.route.suggestions) or "không có gợi ý"
            print(f"{each.case.unit}: {likely} ({each.route.score:.2f}) «{each.case.text[:70]}»")
    made = examples.figures(found, loaded.office.threshold)
    print(f"{made.count} nội dung")
    print(f"Đơn vị đúng đứng đầu:            {_share(made.first, made.count)}")
    print(f"Đơn vị đúng trong ba gợi ý:      {_share(made.among, made.count)}")
    print(f"Tự chuyển (từ ngưỡng trở lên):   {_share(made.sure, made.count)}")
    print(f"Đúng trong số tự chuyển:         {_share(made.sure_right, made.sure)}")
    for count, total, right in made.bins:
        if count:
            print(f"Điểm trung bình {total / count:.2f}: đúng {_share(right, count)}")


@app.command("proposals")
def proposals_(
    days: Annotated[int, typer.Option(min=1, help="Xét bao nhiêu ngày qua")] = 90,
    folder: Folder = None,
) -> None:
    """Liệt kê hồ sơ mà cán bộ đã chuyển sang đơn vị khác, dưới dạng quy tắc để dán vào routing.yaml."""
    from handlers import library, office  # noqa: PLC0415
    from handlers.actions import proposals  # noqa: PLC0415

    with told_plainly():
        home = office.load(library.place(content.home(folder), "office"))
    found = proposals.proposals(content.moved(days), home)
    if not found:
        print(f"Trong {days} ngày qua không có hồ sơ nào bị chuyển sang đơn vị khác.")
    for each in found:
        print(f"# {each.count} hồ sơ: {each.before} → {each.after}")
        print(each.rule())


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "không có"
