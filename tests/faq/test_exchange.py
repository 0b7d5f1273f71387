"""Officials get the answers as one file and give it back: only what they changed changes, or nothing does."""

import difflib
import json
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import fields, make_dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from faq import edit
from faq.edit import ORDER, PLACES, NotEdited, Packaged
from faq.entries import CONTENT, Confidence, Entry, Status, Verdict, load
from faq.exchange import Defaults, ImportReport, export, imported, spreadsheet
from faq.exchange.columns import TABLES, WORDS, columns
from faq.exchange.importing import READERS
from faq.files import Mistakes
from feedback.cases import Sender
from handlers import office

HOME = office.load()
UNITS = {code: unit.name for code, unit in HOME.units.items()}
TOPICS = {code: topic.name for code, topic in HOME.topics.items()}
ALL = 202 + 20 + 88 + 10  # entries, rumours, documents, groups
BOTH = pytest.mark.parametrize("suffix", [".xlsx", ".md"])
Cells = dict[tuple[str, str, str], object]  # sheet, identity of the row, name of the column → what is typed
Rows = Sequence[tuple[str, dict[str, object]]]  # sheet, name of the column → what is typed
NEW: dict[str, object] = {
    "Nhóm": "GX",
    "Chủ đề": "bau-cu",
    "Câu hỏi": "Câu hỏi mẫu hoàn toàn mới?",
    "Trả lời": "Câu trả lời mẫu.",
    "Đơn vị phụ trách": "VP",
    "Mức đối chiếu": "đã đối chiếu",
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read workbooks without a process of their own, which costs a second each time."""
    monkeypatch.setitem(
        READERS, ".xlsx", lambda path: spreadsheet.understood(path, spreadsheet.grids_of(path))
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "faq")
    return tmp_path / "faq"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the samples as a.xlsx and a.md in one folder."""
    place = tmp_path_factory.mktemp("exported")
    for suffix in (".xlsx", ".md"):
        export(CONTENT, place / f"a{suffix}", units=UNITS, topics=TOPICS)
    return place


def take(source: Path, folder: Path, *, dry_run: bool = False, remove: bool = False) -> ImportReport:
    return imported(source, folder, dry_run=dry_run, remove=remove, units=UNITS, topics=TOPICS)


def changes(folder: Path) -> list[str]:
    """Return every line that differs from the samples, and the file's name before them."""
    found: list[str] = []
    for path in sorted({*folder.glob("*.yaml"), *(folder / each.name for each in CONTENT.glob("*.yaml"))}):
        old, new = (_lines(place / path.name) for place in (CONTENT, folder))
        lines = [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:2] != "@@"][2:]
        found += [path.name, *lines] if lines else []
    return found


def _lines(path: Path) -> list[str]:
    return path.read_bytes().decode().removesuffix("\n").split("\n") if path.exists() else []


def filled_in(exported: Path, target: Path, cells: Cells, rows: Rows = ()) -> Path:
    """Type into cells of the exported workbook, and into new rows below."""
    book = load_workbook(exported / "a.xlsx")
    for (title, identity, column), value in cells.items():
        sheet = book[title]
        row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == identity)
        sheet.cell(row, _names(sheet).index(column) + 1).value = value  # type: ignore[assignment]
    for title, typed in rows:
        names = _names(book[title])
        book[title].append({names.index(column) + 1: value for column, value in typed.items()})
    path = target / "filled.xlsx"
    book.save(path)
    return path


def _names(sheet: Worksheet) -> list[str]:
    return [str(cell.value).rstrip(" *") for cell in sheet[1]]


def told(report: ImportReport) -> list[str]:
    return [mistake.text for mistake in report.mistakes]


@BOTH
def test_an_unchanged_file_changes_no_byte(exported: Path, folder: Path, suffix: str) -> None:
    report = take(exported / f"a{suffix}", folder)
    assert (len(report.unchanged), report.mistakes) == (ALL, ())
    assert report == replace(ImportReport(), unchanged=report.unchanged)
    assert changes(folder) == []


@BOTH
def test_what_nobody_touched_is_not_even_tidied(folder: Path, tmp_path: Path, suffix: str) -> None:
    path = folder / "GX.yaml"
    odd = """\
group: GX
name: ' a  b '
entries:
- {id: GX-1, topic: bau-cu, question: "Cu\\u0302 a?", unit: VP, confidence: checked,
   answer: "x\\n\\n", alternates: [' a ', "b\\u200b"], enabled: yes}
"""
    path.write_text(odd, "utf-8")
    before = path.read_bytes()
    export(folder, tmp_path / f"a{suffix}")
    report = take(tmp_path / f"a{suffix}", folder)
    assert (report.changed, told(report)) == ((), [])
    assert path.read_bytes() == before


@BOTH
def test_the_same_content_is_the_same_file(exported: Path, tmp_path: Path, suffix: str) -> None:
    export(CONTENT, tmp_path / f"b{suffix}", units=UNITS, topics=TOPICS)
    assert (tmp_path / f"b{suffix}").read_bytes() == (exported / f"a{suffix}").read_bytes()


def test_a_workbook_tells_nothing_of_the_hour(exported: Path) -> None:
    with zipfile.ZipFile(exported / "a.xlsx") as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2020-01-01T00:00:00Z") == 2


@BOTH
def test_everything_can_be_brought_to_an_empty_office(exported: Path, tmp_path: Path, suffix: str) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "documents.yaml").write_text("documents: []\n", "utf-8")
    (empty / "clarifications.yaml").write_text("# rumours\nclarifications: []\n", "utf-8")
    assert len(take(exported / f"a{suffix}", empty).added) == ALL
    there, here = load(CONTENT), load(empty)
    assert (here.entries, here.documents, here.groups) == (there.entries, there.documents, there.groups)
    assert len(take(exported / f"a{suffix}", empty).unchanged) == ALL


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({("Hỏi đáp", "G1-01", "Đang dùng"): "không"}, ["G1.yaml", "+    enabled: false"]),
        ({("Hỏi đáp", "G1-01", "Đang dùng"): False}, ["G1.yaml", "+    enabled: false"]),
        (
            {("Hỏi đáp", "G1-01", "Mức đối chiếu"): "Đối chiếu một phần"},
            ["G1.yaml", "-    confidence: checked", "+    confidence: partly"],
        ),
        (
            {("Hỏi đáp", "G1-01", "Xem lại trước ngày"): datetime(2027, 6, 30)},  # noqa: DTZ001
            ["G1.yaml", "+    review_by: 2027-06-30"],
        ),
        (
            {("Hỏi đáp", "G1-01", "Xem lại trước ngày"): "30/6/2027"},
            ["G1.yaml", "+    review_by: 2027-06-30"],
        ),
        (
            {
                ("Hỏi đáp", "G1-02", "Người đối chiếu"): "Nguyễn Văn Mẫu",
                ("Hỏi đáp", "G1-02", "Ngày đối chiếu"): date(2026, 11, 23),
            },
            ["G1.yaml", "+    verified:", "+      by: Nguyễn Văn Mẫu", "+      on: 2026-11-23"],
        ),
        (
            {("Hỏi đáp", "G1-02", "Căn cứ"): "hp-2013 | Điều 28\nbau-cu-2026"},
            [
                "G1.yaml",
                "-        article: Điều 27",
                "+        article: Điều 28",
                "+      - doc: bau-cu-2026",
            ],
        ),
        (
            {("Hỏi đáp", "G1-02", "Dành cho"): "người dân\nCán bộ, công chức, viên chức"},
            ["G1.yaml", "+    audience:", "+      - citizen", "+      - civil_servant"],
        ),
        (
            {("Đính chính", "R-01", "Kết luận"): "không còn đúng"},
            ["clarifications.yaml", '-    verdict: "false"', "+    verdict: no_longer_true"],
        ),
        (
            {("Văn bản", "luat-104-2016", "Ngày ban hành"): "4/2016"},
            ["documents.yaml", "-    issued: 2016-04-06", "+    issued: 2016-04"],
        ),
        (
            {("Văn bản", "luat-104-2016", "Số, ký hiệu"): 104},
            ["documents.yaml", "-    number: 104/2016/QH13", "+    number: 104"],
        ),
        (
            {("Nhóm", "GX", "Tên nhóm"): "Tên mới"},
            [
                "GX.yaml",
                '-name: "Ngoài 8 nhóm: lĩnh vực Bộ Nội vụ nhận thêm năm 2025 và việc của cơ quan khác"',
                "+name: Tên mới",
            ],
        ),
        (
            {("Hỏi đáp", "G4-01", "Ghi chú"): None},
            ["G4.yaml", '-    note: "Văn bản cần kiểm tra hiệu lực: 876/QĐ-BNV"'],
        ),
        (
            {("Hỏi đáp", "G5-14", "Trả lời"): "  Dòng một \r\n\r\n- dòng\u200b hai\n"},
            [
                "G5.yaml",
                "-    answer: Tháng 3 hằng năm là Tháng Thanh niên.",
                "+    answer: |-",
                "+      Dòng một",
                "+",
                "+      - dòng hai",
            ],
        ),
    ],
)
def test_a_changed_cell_changes_its_lines(
    exported: Path, folder: Path, tmp_path: Path, cells: Cells, lines: list[str]
) -> None:
    report = take(filled_in(exported, tmp_path, cells), folder)
    assert (report.changed, told(report)) == (tuple(dict.fromkeys(key[1] for key in cells)), [])
    assert changes(folder) == lines


def test_the_lines_of_a_markdown_file_work_alike(exported: Path, folder: Path, tmp_path: Path) -> None:
    text = (exported / "a.md").read_text("utf-8")
    text = text.replace("  - bỏ phiếu từ mấy giờ đến mấy giờ\n", "  - đi bầu lúc nào\n  - bầu mấy giờ\n")
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert take(path, folder).changed == ("G1-01",)
    assert changes(folder) == [
        "G1.yaml",
        "-      - bỏ phiếu từ mấy giờ đến mấy giờ",
        "+      - đi bầu lúc nào",
        "+      - bầu mấy giờ",
    ]


def test_a_trial_writes_nothing(exported: Path, folder: Path, tmp_path: Path) -> None:
    path = filled_in(exported, tmp_path, {("Hỏi đáp", "G1-01", "Đang dùng"): "không"})
    assert take(path, folder, dry_run=True).changed == ("G1-01",)
    assert changes(folder) == []
    assert not (folder / edit.LOCK).exists()


def test_new_rows_groups_and_documents(exported: Path, folder: Path, tmp_path: Path) -> None:
    document: dict[str, object] = {
        "Mã văn bản": "tt-1",
        "Số, ký hiệu": "1/TT",
        "Tên văn bản": "Thông tư mẫu",
        "Hiệu lực": "còn hiệu lực",
        "Mức đối chiếu": "đã đối chiếu",
    }
    rows: Rows = [
        ("Văn bản", document),
        ("Hỏi đáp", {**NEW, "Mã câu": "A1", "Nhóm": "A", "Căn cứ": "tt-1"}),
        ("Nhóm", {"Nhóm": "A", "Tên nhóm": "Nhóm mẫu"}),
    ]
    report = take(filled_in(exported, tmp_path, {}, rows), folder)
    assert (report.added, report.changed, told(report)) == (("A", "tt-1", "A1"), (), [])
    assert (
        (folder / "G-A.yaml")
        .read_text("utf-8")
        .startswith("group: A\nname: Nhóm mẫu\nentries:\n  - id: A1\n    topic: bau-cu\n")
    )
    assert load(folder).groups["A"] == "Nhóm mẫu"
    assert "+  - key: tt-1" in changes(folder)[changes(folder).index("documents.yaml") :]


def test_rows_without_an_id_get_the_next_one(exported: Path, folder: Path, tmp_path: Path) -> None:
    rows: Rows = [("Hỏi đáp", {**NEW, "Câu hỏi": f"Câu mẫu {i}?", "Nhóm": "G1"}) for i in (1, 2)]
    first, second = take(filled_in(exported, tmp_path, {}, rows), folder).added
    numbers = [int(entry_id[3:]) for entry_id in load(CONTENT).entries if entry_id.startswith("G1-")]
    assert (first, second) == (f"G1-{max(numbers) + 1}", f"G1-{max(numbers) + 2}")
    assert load(folder).entries[second].question == "Câu mẫu 2?"


def test_an_entry_moves_to_another_group(exported: Path, folder: Path, tmp_path: Path) -> None:
    path = filled_in(exported, tmp_path, {("Hỏi đáp", "G1-01", "Nhóm"): "GX"})
    assert take(path, folder).changed == ("G1-01",)
    assert load(folder).entries["G1-01"] == load(CONTENT).entries["G1-01"]
    assert load(folder).entries["G1-01"].path.name == "GX.yaml"
    assert "+" not in {line[0] for line in changes(folder)[: changes(folder).index("GX.yaml")]}


@BOTH
def test_what_the_file_leaves_out_stays_unless_it_shall_go(
    exported: Path, folder: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"part{suffix}"
    if suffix == ".md":
        head, rest = (exported / "a.md").read_text("utf-8").split("### G1-02", 1)
        path.write_text(head + rest[rest.index("### G1-03") :], "utf-8")
    else:
        book = load_workbook(exported / "a.xlsx")
        sheet = book["Hỏi đáp"]
        sheet.delete_rows(next(row for row in range(2, 200) if sheet.cell(row, 1).value == "G1-02"))
        book.save(path)
    report = take(path, folder)
    assert (report.missing, report.removed, len(report.unchanged)) == (("G1-02",), (), ALL - 1)
    assert changes(folder) == []
    report = take(path, folder, remove=True)
    assert (report.missing, report.removed, told(report)) == ((), ("G1-02",), [])
    assert "G1-02" not in load(folder).entries
    assert {line[0] for line in changes(folder)[1:]} == {"-"}


def test_a_group_goes_when_it_is_empty(exported: Path, folder: Path, tmp_path: Path) -> None:
    book = load_workbook(exported / "a.xlsx")
    book["Nhóm"].delete_rows(11)
    book.save(tmp_path / "a.xlsx")
    assert take(tmp_path / "a.xlsx", folder, remove=True).removed == ("GX",)
    assert not (folder / "GX.yaml").exists()
    book["Nhóm"].delete_rows(2)
    book.save(tmp_path / "a.xlsx")
    assert "nhóm «G0» không còn trong bảng «Nhóm» mà vẫn còn câu hỏi" in told(
        take(tmp_path / "a.xlsx", folder, remove=True)
    )


def test_a_sheet_or_a_column_that_is_not_there_says_nothing(
    exported: Path, folder: Path, tmp_path: Path
) -> None:
    book = load_workbook(exported / "a.xlsx")
    for title in ("Hướng dẫn", "Danh mục", "Văn bản", "Nhóm", "Đính chính"):
        del book[title]
    sheet = book["Hỏi đáp"]
    for name in ("Ghi chú", "Căn cứ", "Trả lời"):
        sheet.delete_cols(_names(sheet).index(name) + 1)
    book.save(tmp_path / "a.xlsx")
    report = take(tmp_path / "a.xlsx", folder, remove=True)
    assert (len(report.unchanged), report.removed, told(report)) == (202, (), [])
    assert changes(folder) == []


WRONG: list[tuple[str, str, object, str, str]] = [
    (
        "Hỏi đáp",
        "Mức đối chiếu",
        "chắc",
        "«Mức đối chiếu» không được là «chắc»",
        "chọn một trong: đã đối chiếu;",
    ),
    ("Hỏi đáp", "Đang dùng", "có lẽ", "«Đang dùng» không được là «có lẽ»", "ghi «có», «không»"),
    (
        "Hỏi đáp",
        "Áp dụng từ ngày",
        "30/2/2026",
        "«Áp dụng từ ngày» phải là một ngày có thật",
        "ví dụ 01/07/2026",
    ),
    (
        "Hỏi đáp",
        "Áp dụng hết ngày",
        2026,
        "«Áp dụng hết ngày» phải là một ngày có thật: «2026»",
        "ngày/tháng/năm",
    ),
    ("Hỏi đáp", "Trả lời", "=1+1", "«Trả lời» là công thức hoặc lỗi (=1+1)", "dán lại «chỉ giá trị»"),
    ("Hỏi đáp", "Ghi chú", date(2026, 7, 1), "«Ghi chú» phải là chữ", "«Văn bản» (Text)"),
    (
        "Hỏi đáp",
        "Dành cho",
        "người dân\nai đó",
        "«Dành cho» không được là «ai đó»",
        "người dân; doanh nghiệp",
    ),
    ("Hỏi đáp", "Câu hỏi", None, "thiếu «Câu hỏi»", "điền vào ô này"),
    ("Hỏi đáp", "Nhóm", "G9", "không có nhóm «G9»", "thêm nhóm vào bảng «Nhóm»"),
    ("Hỏi đáp", "Mã câu", "G1 02", "mã «G1 02» viết không đúng dạng", "chữ không dấu"),
    ("Hỏi đáp", "Mã câu", "G0-01", "mã «G0-01» đã ghi ở dòng 2", "đặt một mã khác"),
    ("Văn bản", "Hiệu lực", "=TODAY()", "«Hiệu lực» là công thức hoặc lỗi", "dán lại"),
]


def test_every_cell_that_is_wrong_is_named(exported: Path, folder: Path, tmp_path: Path) -> None:
    book = load_workbook(exported / "a.xlsx")
    expected = []
    for number, (title, name, value, text, remedy) in enumerate(WRONG):
        sheet, row = book[title], 20 + number
        cell = sheet.cell(row, _names(sheet).index(name) + 1)
        cell.value = value  # type: ignore[assignment]
        expected.append((f"Ô {cell.coordinate} trang «{title}»: {text}", row, cell.column, remedy))
    book.save(tmp_path / "a.xlsx")
    found = take(tmp_path / "a.xlsx", folder).mistakes
    assert len(found) == len(expected)
    for text, row, column, remedy in expected:
        assert [each for each in found if each.text.startswith(text) and remedy in each.remedy], (text, found)
        assert (row, column) in {(each.line, each.column) for each in found}
    assert changes(folder) == []


def test_a_wrong_cell_of_a_new_row_is_told_once(exported: Path, folder: Path, tmp_path: Path) -> None:
    path = filled_in(exported, tmp_path, {}, [("Hỏi đáp", {**NEW, "Mức đối chiếu": "chắc"})])
    (text,) = told(take(path, folder))
    assert text.endswith("«Mức đối chiếu» không được là «chắc»")


def test_a_question_that_stands_twice_is_told(folder: Path, tmp_path: Path) -> None:
    source = of_another_office(tmp_path / "a.xlsx", *SIMPLE, SIMPLE[3])
    given = Defaults("GX", "VP", "kenh-tiep-nhan")
    report = imported(source, folder, dry_run=False, units=UNITS, topics=TOPICS, defaults=given)
    assert told(report) == ["Ô A6 trang «Sheet1»: mã «GX-01» đã ghi ở dòng 4"]


RULES = {
    "names": [
        ("Hỏi đáp", "Đơn vị phụ trách", "XYZ", "không có đơn vị «XYZ»"),
        ("Hỏi đáp", "Chủ đề", "xyz", "không có chủ đề «xyz»"),
        ("Hỏi đáp", "Căn cứ", "hp-2013\nxyz | Điều 1", "không có văn bản «xyz»"),
        ("Hỏi đáp", "Thay cho", "G9-99", "không có câu «G9-99»"),
        ("Đính chính", "Tin đồn, điều người ta nói", "ACCSM là gì?", "câu hỏi trùng với câu"),
        ("Đính chính", "Đơn vị phụ trách", "XYZ", "không có đơn vị «XYZ»"),
    ],
    "shapes": [
        ("Hỏi đáp", "Người đối chiếu", "Nguyễn Văn Mẫu", "thiếu mục «Ngày đối chiếu»"),
        ("Văn bản", "Ngày có hiệu lực", "mai", "«Ngày có hiệu lực» viết không đúng dạng: mai"),
    ],
}


@pytest.mark.parametrize("kind", RULES)
def test_what_the_rules_forbid_is_told_at_its_cell(
    exported: Path, folder: Path, tmp_path: Path, kind: str
) -> None:
    book = load_workbook(exported / "a.xlsx")
    expected = []
    for row, (title, name, value, text) in enumerate(RULES[kind], 4):
        sheet, column = book[title], _names(book[title]).index(name) + 1
        sheet.cell(row, column).value = value
        at = sheet.cell(row, column + ("Ngày đối chiếu" in text))
        expected.append(f"Ô {at.coordinate} trang «{title}»: {text}")
    book.save(tmp_path / "a.xlsx")
    found = told(take(tmp_path / "a.xlsx", folder))
    assert len(found) >= len(expected)
    assert [text for text in expected if not any(each.startswith(text) for each in found)] == []
    assert changes(folder) == []


def test_a_markdown_file_names_its_lines(exported: Path, folder: Path, tmp_path: Path) -> None:
    text = (exported / "a.md").read_text("utf-8")
    wrong = text.replace("- Chủ đề: bau-cu", "- Chủ đề: xyz", 1)
    line = wrong[: wrong.index("- Chủ đề: xyz")].count("\n") + 1
    (tmp_path / "a.md").write_text(wrong, "utf-8")
    (mistake,) = take(tmp_path / "a.md", folder).mistakes
    assert str(mistake).startswith(f"{tmp_path}/a.md:{line}:1: không có chủ đề «xyz». Cách sửa: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- Chủ đề: bau-cu", "- Chủ trương: bau-cu", "không hiểu dòng «- Chủ trương: bau-cu»"),
        ("- Chủ đề: bau-cu", "- Chủ đề: bau-cu\n- Chủ đề: bau-cu", "không hiểu dòng «- Chủ đề: bau-cu»"),
        ("- Chủ đề: bau-cu", "bau-cu", "không hiểu dòng «bau-cu»"),
        ("## Đính chính", "## Tin đồn", "không hiểu dòng «## Tin đồn»"),
        ("### G1-02: ", "### ", "không hiểu dòng «### Bao nhiêu tuổi"),
        ("(Hết)\n", "", "không thấy dòng (Hết): tệp có thể bị cắt ngang"),
    ],
)
def test_a_line_that_is_not_understood_is_not_lost(
    exported: Path, folder: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    head, tail = (exported / "a.md").read_text("utf-8").split("## Nhóm G1")
    (tmp_path / "a.md").write_text(f"{head}## Nhóm G1{tail.replace(old, new, 1)}", "utf-8")
    assert told(take(tmp_path / "a.md", folder))[0].startswith(said)
    assert changes(folder) == []


def test_what_was_wrong_before_keeps_its_own_place(exported: Path, folder: Path) -> None:
    path = folder / "G1.yaml"
    path.write_text(path.read_text("utf-8") + "    enabled: maybe\n", "utf-8")
    (mistake,) = take(exported / "a.xlsx", folder).mistakes
    assert (mistake.path, mistake.text) == (path, "«enabled» phải là true hoặc false")


def of_another_office(path: Path, *rows: Sequence[object], title: str = "Sheet1") -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


SIMPLE: tuple[Sequence[object], ...] = (
    ["BẢNG HỎI ĐÁP MẪU"],
    [],
    ["STT", "CÂU HỎI", "Nội dung trả lời", "Cách hỏi khác"],
    [1, "Mấy giờ mở cửa?", "Từ 8 giờ.", "giờ làm việc\nmở cửa lúc nào"],
    [2, "Nghỉ trưa lúc nào?", "Từ 12 giờ.", None],
)


def test_a_simple_table_of_another_office_is_taken(folder: Path, tmp_path: Path) -> None:
    source = of_another_office(tmp_path / "a.xlsx", *SIMPLE)
    given = Defaults(group="GX", unit="VP", topic="kenh-tiep-nhan")
    report = imported(source, folder, dry_run=False, remove=True, units=UNITS, topics=TOPICS, defaults=given)
    assert (report.added, report.removed, report.missing, told(report)) == (("GX-01", "GX-02"), (), (), [])
    entry = load(folder).entries["GX-01"]
    assert entry.alternates == ("giờ làm việc", "mở cửa lúc nào")
    assert not entry.usable(date(2026, 11, 23)), "nobody here has approved it yet"
    again = imported(source, folder, dry_run=False, units=UNITS, topics=TOPICS, defaults=given)
    assert again.unchanged == ("GX-01", "GX-02")


def test_what_a_simple_table_lacks_is_asked_for(folder: Path, tmp_path: Path) -> None:
    report = take(of_another_office(tmp_path / "a.xlsx", *SIMPLE[:4]), folder)
    names = ("Nhóm", "Chủ đề", "Đơn vị phụ trách")
    assert told(report) == [f"Ô A4 trang «Sheet1»: thiếu «{name}»" for name in names]
    assert report.mistakes[0].remedy == "thêm cột «Nhóm», hoặc nêu một giá trị chung khi nhập"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["ghi chú gì đó"]], "trang «Sheet1»: không thấy dòng tên cột"),
        (
            [["Câu hỏi", "Trả lời", "Màu"], ["a", "b", "đỏ"]],
            "Ô C1 trang «Sheet1»: không có cột nào tên «Màu»",
        ),
        (
            [["Câu hỏi", "Trả lời"], ["a", "b", "đỏ"]],
            "Ô C1 trang «Sheet1»: cột này có nội dung mà không có tên",
        ),
        ([["Câu hỏi", "Trả lời", "Hỏi"], ["a", "b", "c"]], "Ô C1 trang «Sheet1»: cột «Hỏi» có hai lần"),
    ],
)
def test_no_column_is_lost_in_silence(
    folder: Path, tmp_path: Path, rows: list[list[object]], said: str
) -> None:
    assert told(take(of_another_office(tmp_path / "a.xlsx", *rows), folder))[0].startswith(said)


def test_a_workbook_is_easy_to_fill_in(exported: Path) -> None:
    book = load_workbook(exported / "a.xlsx")
    assert book.sheetnames == ["Hướng dẫn", "Nhóm", "Hỏi đáp", "Đính chính", "Văn bản", "Danh mục"]
    sheet = book["Hỏi đáp"]
    assert (sheet.freeze_panes, sheet["A1"].value, sheet["A1"].font.bold) == ("B2", "Mã câu *", True)
    assert sheet["E2"].alignment.wrap_text
    assert sheet.column_dimensions["G"].width == 80
    offered = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    columns_offered = {_names(sheet)[load_column(place)]: rule for place, rule in offered.items()}
    assert {name for name, rule in columns_offered.items() if rule.type == "list"} == {
        *("Nhóm", "Chủ đề", "Kết luận", "Đơn vị phụ trách", "Mức đối chiếu", "Chờ đối chiếu", "Đang dùng")
    }
    assert columns_offered["Áp dụng từ ngày"].type == "date"
    lists = {
        cell.value: [
            row[0].value for row in book["Danh mục"].iter_rows(2, min_col=cell.column, max_col=cell.column)
        ]
        for cell in book["Danh mục"][1]
    }
    assert [code for code in lists["Đơn vị phụ trách - mã"] if code] == list(UNITS)
    assert lists["Đơn vị phụ trách - tên"][0] == next(iter(UNITS.values()))
    assert columns_offered["Đơn vị phụ trách"].formula1 == f"'Danh mục'!$A$2:$A${len(UNITS) + 1}"


def load_column(place: str) -> int:
    return (
        int(
            column_index_from_string(
                "".join(letter for letter in place.partition(":")[0] if letter.isalpha())
            )
        )
        - 1
    )


def test_dates_are_dates_and_nothing_is_a_formula(exported: Path) -> None:
    book = load_workbook(exported / "a.xlsx")
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types == {"s", "d", "n"}, "n is an empty cell"
    assert isinstance(book["Văn bản"]["D2"].value, datetime)


def test_a_text_that_looks_like_a_formula_stays_a_text(folder: Path, tmp_path: Path) -> None:
    edit.add_alternate(folder, "G1-01", "=HYPERLINK(A1)")
    export(folder, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets" in name)
    assert len(take(tmp_path / "a.xlsx", folder).unchanged) == ALL


@pytest.mark.parametrize(
    ("suffix", "text", "said"),
    [
        (".md", "a\x07b", "«Ghi chú» của G1-01 có ký tự điều khiển"),
        (".xlsx", "a_x000D_b", "«Ghi chú» của G1-01 có chữ mà bảng tính hiểu là ký tự khác"),
        (".xlsx", "a" * 33_000, "«Ghi chú» của G1-01 dài hơn 32767 ký tự"),
    ],
)
def test_what_a_file_cannot_hold_is_not_exported(
    folder: Path, tmp_path: Path, suffix: str, text: str, said: str
) -> None:
    path = folder / "G1.yaml"
    path.write_text(
        path.read_text("utf-8").replace("    unit:", f"    note: {json.dumps(text)}\n    unit:", 1), "utf-8"
    )
    with pytest.raises(Mistakes, match=rf"G1\.yaml:11:1: {said}"):
        export(folder, tmp_path / f"a{suffix}")
    assert not (tmp_path / f"a{suffix}").exists()


def test_a_folder_with_mistakes_is_not_exported(folder: Path, tmp_path: Path) -> None:
    (folder / "G1.yaml").write_text("group: G1\n", "utf-8")
    with pytest.raises(Mistakes, match="thiếu mục «name»"):
        export(folder, tmp_path / "a.md")


@pytest.mark.parametrize("name", ["a.csv", "a", "a.xls"])
def test_other_kinds_of_files_are_refused(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    for act in (lambda: export(folder, tmp_path / name), lambda: take(tmp_path / name, folder)):
        with pytest.raises(NotEdited, match=r"phải có đuôi \.xlsx hoặc \.md"):
            act()


def test_an_export_needs_a_place_to_go_to(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotEdited, match="Không ghi được vào"):
        export(folder, tmp_path / "missing" / "a.md")


def test_the_samples_of_the_program_are_tried_and_not_changed(exported: Path, tmp_path: Path) -> None:
    path = filled_in(exported, tmp_path, {("Hỏi đáp", "G1-01", "Đang dùng"): "không"})
    assert take(path, CONTENT, dry_run=True).changed == ("G1-01",)
    with pytest.raises(Packaged, match="caunoi init"):
        take(path, CONTENT)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.8, 0.99, 0.9999])
@BOTH
def test_a_file_that_is_cut_off_is_refused_whole(
    exported: Path, folder: Path, tmp_path: Path, suffix: str, share: float
) -> None:
    content = (exported / f"a{suffix}").read_bytes()
    (tmp_path / f"a{suffix}").write_bytes(content[: int(len(content) * share)])
    assert take(tmp_path / f"a{suffix}", folder, remove=True).mistakes
    assert changes(folder) == []


def test_a_large_markdown_file_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"#" * 10_000_001)
    assert told(take(tmp_path / "a.md", folder)) == ["tệp quá lớn (trên 10 MB)"]


@pytest.mark.parametrize(("content", "line"), [(b"# a\n\xff", 2), (None, 1)])
def test_a_markdown_file_that_cannot_be_read(
    folder: Path, tmp_path: Path, content: bytes | None, line: int
) -> None:
    if content is not None:
        (tmp_path / "a.md").write_bytes(content)
    (mistake,) = take(tmp_path / "a.md", folder).mistakes
    assert (mistake.path, mistake.line) == (tmp_path / "a.md", line)


def test_every_field_has_a_column_and_every_word_a_name() -> None:
    for table, more in zip(TABLES, ({"entries"}, {"group"}, set(), set()), strict=True):
        heads = {column.key.partition(".")[0] for column in table.columns}
        assert heads ^ {field.name for field in fields(table.shape)} == (more | (PLACES & heads)) | (
            PLACES if table.shape is Entry else set()
        )
        assert heads - {"group"} <= {*ORDER, "name"}
        assert len({column.name for column in table.columns}) == len(table.columns)
    for words in (Status, Confidence, Verdict, Sender):
        assert len({WORDS[word] for word in words}) == len(words)


def test_a_field_that_nobody_named_is_an_error() -> None:
    shape = make_dataclass("Shape", [("id", str), ("new", str)])
    with pytest.raises(KeyError, match="new"):
        columns(shape)
