"""The tables as a workbook: a guide, a sheet for each table, and the words to choose from."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from faq.exchange.columns import DOCUMENTS, GROUPS, NAMES, NO, TABLES, YES, Column, Table, Value

Item = Mapping[str, Value]
Choices = Mapping[str, Mapping[str, str]]  # key of a column → code → its name


class Words(NamedTuple):
    """A column of the sheet with the words to choose from."""

    name: str
    part: str
    said: tuple[str, ...]


GUIDE = "Hướng dẫn"
LISTS = "Danh mục"
CODES = "mã"
ROOM = 2000  # rows below the last item in which choices are offered
EARLIEST = date(1900, 3, 1)  # spreadsheets count days from here, and wrongly before
TEXT, DATE = "@", "dd/mm/yyyy"
WIDTHS = {"answer": 80, "clarification": 80, "question": 45, "claim": 45, "alternates": 45, "title": 60}
NARROW, MIDDLE = 16, 28
TEXTS = {"name", "note", "evidence", "number"}
TOP = Alignment(vertical="top", wrap_text=True)
HEAD = Font(bold=True)
SHADE = PatternFill("solid", fgColor="FFDDE7F3")
TITLE = Font(bold=True, size=14)
LONG_AGO = datetime(2020, 1, 1)  # noqa: DTZ001 - workbooks know no time zones; the same content, the same bytes
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
INSTRUCTIONS = f"""\
Mỗi trang là một loại nội dung, mỗi dòng là một câu, một tin đồn, một văn bản hoặc một nhóm.
Cột có dấu * là bắt buộc. Ô để trống nghĩa là không có. Giữ nguyên tên cột, tên trang và dòng tiêu đề.
Thêm một câu: điền vào dòng trống bên dưới. Mã câu để trống thì hệ thống tự đặt; mã đã có thì không đổi.
Sửa một câu: sửa ngay trong ô. Ô không sửa thì nội dung không đổi.
Ngừng một câu: ghi «{NO}» ở cột «{NAMES["enabled"]}».
Xóa một dòng không làm mất câu ấy; muốn xóa hẳn, hãy nói rõ với người nhập tệp.
«{NAMES["alternates"]}»: mỗi cách hỏi một dòng trong ô; xuống dòng trong ô bằng Alt+Enter.
«{NAMES["sources"]}»: mỗi văn bản một dòng, ghi mã văn bản | điều khoản. Ví dụ: nd-161-2026 | Điều 3
Mã văn bản có ở trang «{DOCUMENTS.name}»; các từ và các mã được chọn có ở trang «{LISTS}».
Ngày: gõ ngày/tháng/năm, ví dụ 01/07/2026. Ô có hoặc không: ghi «{YES}» hoặc «{NO}».
Không dùng công thức: chỉ gõ chữ, số và ngày.
Câu «{NAMES["verify_before_use"]}» chỉ hiện cho người dân khi có người đối chiếu và ngày đối chiếu.
Làm xong, lưu dạng .xlsx rồi gửi người nhập tệp. Có lỗi thì từng lỗi được báo kèm tên ô.
"""


def write(content: Mapping[Table, Sequence[Item]], choices: Choices) -> bytes:
    """Return the file; the same content and choices give the same bytes."""
    book = Workbook()
    book.properties.creator, book.properties.created = "Cầu Nối", LONG_AGO
    _guide(book.worksheets[0])
    words = _words(choices)
    for table in TABLES:
        _fill(book.create_sheet(table.name), table, content[table], words)
    _lists(book.create_sheet(LISTS), words)
    return _always_alike(book)


def _guide(sheet: Worksheet) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 110
    _write(sheet["A1"], "Cách điền bảng câu hỏi và câu trả lời")
    sheet["A1"].font = TITLE
    for number, line in enumerate(INSTRUCTIONS.splitlines(), 2):
        _write(sheet.cell(number, 1), f"{number - 1}. {line}")


def _words(choices: Choices) -> list[Words]:
    """List what may be chosen: codes beside their names, then the words of the enumerations."""
    found = [
        Words(NAMES[key], part, tuple(said))
        for key, names in choices.items()
        for part, said in ((CODES, names), ("tên", names.values()))
    ]
    columns = [column for table in TABLES for column in table.columns if column.kind.choices]
    return found + list(
        {each.kind.choices: Words(each.name, "", each.kind.choices) for each in columns}.values()
    )


def _lists(sheet: Worksheet, words: Sequence[Words]) -> None:
    for number, each in enumerate(words, 1):
        _head(sheet, number, " - ".join(filter(None, (each.name, each.part))), 28)
        for row, word in enumerate(each.said, 2):
            _write(sheet.cell(row, number), word)
    sheet.freeze_panes = "A2"


def _fill(sheet: Worksheet, table: Table, items: Sequence[Item], words: Sequence[Words]) -> None:
    last = len(items) + 1
    for number, column in enumerate(table.columns, 1):
        _head(sheet, number, column.name + (" *" if column.required else ""), _width(column))
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = DATE if column.kind.is_date else TEXT
        for row, item in enumerate(items, 2):
            _write(sheet.cell(row, number), column.cell(item))
        if rule := _rule(table, column, words):
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{last + ROOM}")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{last}"


def _head(sheet: Worksheet, number: int, name: str, width: int) -> None:
    cell = sheet.cell(1, number)
    _write(cell, name)
    cell.font, cell.fill = HEAD, SHADE
    sheet.column_dimensions[get_column_letter(number)].width = width


def _write(cell: Cell | MergedCell, value: str | date | None) -> None:
    """Write a date, or a text that stays one whatever it begins with."""
    if value is None or isinstance(cell, MergedCell):
        return
    cell.alignment = TOP
    if isinstance(value, date) and value >= EARLIEST:
        cell.value, cell.number_format = value, DATE
    else:
        cell.value, cell.number_format, cell.data_type = str(value), TEXT, "s"


def _rule(table: Table, column: Column, words: Sequence[Words]) -> DataValidation | None:
    """Offer what may be chosen, and take dates only where a date belongs."""
    place = f"'{GROUPS.name}'!$A$2:$A${ROOM}" if column.key == "group" and table is not GROUPS else ""
    for number, each in enumerate(words, 1):
        letter = get_column_letter(number)
        if (
            not column.kind.lines
            and each.said
            and (each.said == column.kind.choices or (each.name == column.name and each.part == CODES))
        ):
            place = place or f"'{LISTS}'!${letter}$2:${letter}${len(each.said) + 1}"
    if place:
        rule = DataValidation(type="list", formula1=place, error="Hãy chọn trong danh sách.")
    elif column.kind.is_date:
        rule = DataValidation(type="date", operator="greaterThan", formula1="0", error="Hãy gõ một ngày.")
    else:
        return None
    rule.allow_blank = rule.showErrorMessage = True
    return rule


def _width(column: Column) -> int:
    return WIDTHS.get(column.key, MIDDLE if column.kind.lines or column.key in TEXTS else NARROW)


def _always_alike(book: Workbook) -> bytes:
    """Take out the hour of writing."""
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as written, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in written.namelist():
            content = MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z", written.read(name))
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return second.getvalue()
