"""The tables as a text for people: a heading for each item, its fields as a list, texts as quotations.

Every line of a text is quoted, so nothing that stands in an answer can be taken for anything else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from faq.exchange.columns import CLARIFICATIONS, DOCUMENTS, ENTRIES, GROUPS, Column, Table, Value
from faq.exchange.filled import Filled, Place, Row
from faq.files import LARGEST, Mistake, Mistakes

Item = Mapping[str, Value]

END = "(Hết)"
INTRODUCTION = f"""\
# Câu hỏi và câu trả lời

Sửa chữ sau dấu hai chấm, sau dấu gạch và sau dấu >; giữ nguyên tên các mục. Mỗi dòng của câu trả lời bắt đầu
bằng dấu > và một dấu cách. Mục không có thì bỏ cả dòng. Câu mới: chép một câu, đổi mã. Dòng cuối cùng của tệp
luôn là {END}.
"""
SECTIONS = {f"## {table.name}": table for table in (CLARIFICATIONS, DOCUMENTS)}
GROUP = re.compile(r"## Nhóm ([A-Za-z0-9][A-Za-z0-9-]*)(?:: (.*))?")
ITEM = re.compile(r"### ([A-Za-z0-9][A-Za-z0-9-]*)(?:: (.*))?")
FIELD = re.compile(r"- ([^:]+):(.*)")
POINT = re.compile(r" {1,4}- (.*)")
QUOTED = re.compile(r" {0,4}>(?: (.*))?")
AS_BEFORE = "viết như các mục khác trong tệp xuất ra"


def write(content: Mapping[Table, Sequence[Item]]) -> str:
    parts = [INTRODUCTION]
    for group in content[GROUPS]:
        parts.append(_item(GROUPS, group, "## Nhóm"))
        parts += [_item(ENTRIES, each, "###") for each in content[ENTRIES] if each["group"] == group["group"]]
    for heading, table in SECTIONS.items():
        parts.append(f"{heading}\n")
        parts += [_item(table, each, "###") for each in content[table]]
    return "\n".join((*parts, f"{END}\n"))


def _item(table: Table, item: Item, mark: str) -> str:
    title = str(item[table.title])
    in_heading = _one_line(title)
    heading = f"{mark} {item[table.identity]}" + (f": {title}" if in_heading else "")
    hidden = {table.identity, "group", *([table.title] if in_heading else [])}
    said = [column for column in table.columns if column.key not in hidden and _says(item, column)]
    lines = [line for column in said for line in _field(column, column.cell(item))]
    return "\n".join((heading, "", *lines)).rstrip("\n") + "\n"


def _says(item: Item, column: Column) -> bool:
    head, _, part = column.key.partition(".")
    return head in item and (not part or part in item[head])


def _field(column: Column, cell: object) -> Iterator[str]:
    text = str(cell)
    if column.kind.lines:
        yield f"- {column.name}:"
        yield from (f"  - {line}" for line in text.split("\n"))
    elif column.long or not _one_line(text):
        yield from (f"- {column.name}:", "")
        yield from (f"  > {line}" if line else "  >" for line in text.split("\n"))
        yield ""
    else:
        yield f"- {column.name}: {text}"


def _one_line(text: str) -> bool:
    return text == text.strip() != "" and "\n" not in text


def read(path: Path) -> list[Filled]:
    """Raise Mistakes with every line that is not understood."""
    return _Reader(path, _lines(path)).read()


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > LARGEST:
            raise Mistakes(
                [Mistake(path, 1, "tệp quá lớn (trên 10 MB)", remedy="chia nội dung ra nhiều tệp")]
            )
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Mistakes(
            [Mistake(path, 1, "không đọc được tệp", remedy="kiểm tra tên tệp và quyền đọc")]
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        text, remedy = "tệp phải lưu bằng bảng mã UTF-8", "lưu lại tệp với bảng mã UTF-8"
        raise Mistakes([Mistake(path, line, text, remedy=remedy)]) from error
    return content.replace("\r\n", "\n").split("\n")


class _Reader:
    def __init__(self, path: Path, lines: Sequence[str]) -> None:
        self._path = path
        self._lines = lines
        self._mistakes: list[Mistake] = []
        self._tables: dict[Table, list[_Item]] = {}
        self._table: Table | None = None
        self._group = ""
        self._item: _Item | None = None

    def read(self) -> list[Filled]:
        started = ended = False
        for number, line in enumerate(self._lines, 1):
            started = started or line.startswith("## ")
            ended = line.strip().lower() == END.lower()
            if ended:
                break
            if started and not self._take(number, line):
                self._wrong(number, f"không hiểu dòng «{line.strip()[:60]}»", AS_BEFORE)
        if not ended:
            text, remedy = "tệp có thể bị cắt ngang", f"nếu tệp đã đủ, thêm dòng {END} vào cuối tệp"
            self._wrong(len(self._lines), f"không thấy dòng {END}: {text}", remedy)
        if self._mistakes:
            raise Mistakes(self._mistakes)
        return [
            Filled(table, tuple(column.key for column in table.columns), tuple(each.row() for each in items))
            for table, items in self._tables.items()
        ]

    def _take(self, number: int, line: str) -> bool:
        """Whether the line is understood."""
        if line in SECTIONS:
            self._table, self._item = SECTIONS[line], None
            self._tables.setdefault(self._table, [])
            return True
        if found := GROUP.fullmatch(line):
            self._group, self._table = found[1], ENTRIES
            self._tables.setdefault(ENTRIES, [])
            self._begin(GROUPS, number, found[1], found[2])
            return True
        if (found := ITEM.fullmatch(line)) and self._table:
            self._begin(self._table, number, found[1], found[2])
            if self._table is ENTRIES and self._item:
                self._item.set("group", self._group, number)
            return True
        return not line.strip() or (self._item is not None and self._item.take(number, line))

    def _begin(self, table: Table, number: int, code: str, title: str | None) -> None:
        self._item = _Item(table, number)
        self._item.set(table.identity, code, number)
        if title:
            self._item.set(table.title, title.strip(), number)
        self._tables.setdefault(table, []).append(self._item)

    def _wrong(self, number: int, text: str, remedy: str) -> None:
        self._mistakes.append(Mistake(self._path, number, text, remedy=remedy))


class _Item:
    """An item that is being read: the lines of its fields, and where each began."""

    def __init__(self, table: Table, number: int) -> None:
        self._table = table
        self._start = Place(number)
        self._lines: dict[str, list[str]] = {}
        self._places: dict[str, Place] = {}
        self._key = ""

    def set(self, key: str, text: str, number: int) -> None:
        self._lines[key] = [text]
        self._places[key] = Place(number)

    def take(self, number: int, line: str) -> bool:
        """Take a field, or a line that belongs to the last one."""
        if found := FIELD.fullmatch(line):
            column = self._table.named(found[1])
            if column is None or column.key in self._lines:
                return False
            self._key = column.key
            self._places[column.key] = Place(number)
            self._lines[column.key] = [found[2].strip()] if found[2].strip() else []
            return True
        found = POINT.fullmatch(line) or QUOTED.fullmatch(line)
        if not found or not self._key:
            return False
        self._lines[self._key].append(found[1] or "")
        return True

    def row(self) -> Row:
        """Return all fields: one that is not written says nothing."""
        said = {key: "\n".join(lines) for key, lines in self._lines.items()}
        return Row(self._start, {each.key: said.get(each.key) for each in self._table.columns}, self._places)
