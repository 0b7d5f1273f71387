"""The tables that officials fill in: one for each kind of item, with a column for each of its fields.

Columns follow from the dataclasses in `faq.entries`; a field without a Vietnamese name is an error.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from faq.edit import ORDER, PLACES
from faq.entries import Clarification, Confidence, Document, Entry, Group, PartOfDate, Source, Status, Verdict
from feedback.cases import Sender
from feedback.vietnamese import fold

Value = Any  # what a file says, as `faq.edit.written` gives it; None for nothing
NAMES = {
    "id": "Mã câu",
    "group": "Nhóm",
    "name": "Tên nhóm",
    "topic": "Chủ đề",
    "question": "Câu hỏi",
    "claim": "Tin đồn, điều người ta nói",
    "alternates": "Cách hỏi khác",
    "verdict": "Kết luận",
    "answer": "Trả lời",
    "clarification": "Lời đính chính",
    "sources": "Căn cứ",
    "unit": "Đơn vị phụ trách",
    "also_units": "Đơn vị phối hợp",
    "audience": "Dành cho",
    "claim_documented": "Tin đã thực sự lan truyền",
    "valid_from": "Áp dụng từ ngày",
    "valid_to": "Áp dụng hết ngày",
    "review_by": "Xem lại trước ngày",
    "replaces": "Thay cho",
    "confidence": "Mức đối chiếu",
    "verify_before_use": "Chờ đối chiếu",
    "verified.by": "Người đối chiếu",
    "verified.on": "Ngày đối chiếu",
    "enabled": "Đang dùng",
    "note": "Ghi chú",
    "evidence": "Nơi đã đọc",
    "key": "Mã văn bản",
    "number": "Số, ký hiệu",
    "title": "Tên văn bản",
    "status": "Hiệu lực",
    "issued": "Ngày ban hành",
    "effective": "Ngày có hiệu lực",
    "expired": "Ngày hết hiệu lực",
    "amended_by": "Được sửa đổi bởi",
    "replaced_by": "Được thay bởi",
}
WORDS: Mapping[StrEnum, str] = {
    Status.IN_FORCE: "còn hiệu lực",
    Status.EXPIRED: "hết hiệu lực",
    Status.NOT_YET_IN_FORCE: "chưa có hiệu lực",
    Status.ENDED: "đã kết thúc áp dụng",
    Status.TO_CHECK: "phải kiểm tra",
    Status.INFORMATION: "không phải văn bản",
    Confidence.CHECKED: "đã đối chiếu",
    Confidence.PARTLY: "đối chiếu một phần",
    Confidence.KNOWLEDGE: "chưa đối chiếu",
    Confidence.COMPUTED: "do tính toán",
    Verdict.FALSE: "không đúng",
    Verdict.NO_LONGER_TRUE: "không còn đúng",
    Sender.CITIZEN: "người dân",
    Sender.BUSINESS: "doanh nghiệp",
    Sender.ORGANISATION: "tổ chức",
    Sender.CIVIL_SERVANT: "cán bộ, công chức, viên chức",
}
LONG = {"answer", "clarification"}
YES, NO = "có", "không"
TRUTHS = {"co": True, "true": True, "x": True, "1": True, "khong": False, "false": False, "0": False}
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Wrong(Exception):
    """A cell that cannot be understood: why, and what to do."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.text, self.remedy = text, remedy


@dataclass(frozen=True, slots=True)
class Formula:
    """What a cell would compute, or the error that came out."""

    text: str


Cell = str | int | float | bool | date | Formula | None


@dataclass(frozen=True, slots=True)
class Kind:
    """How a field is written in a cell. `to_value` raises Wrong; `choices` are all that may be written."""

    to_cell: Callable[[Value], str | date]
    to_value: Callable[[Cell], Value]
    choices: tuple[str, ...] = ()
    lines: bool = False
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A field of an item; `verified.by` is a field of a field. Without a default, absent means nothing."""

    key: str
    name: str
    kind: Kind
    required: bool
    default: Value = None

    @property
    def long(self) -> bool:
        """Whether it is a text of several sentences."""
        return self.key in LONG

    def cell(self, item: Mapping[str, Value]) -> str | date | None:
        """Return what the cell says; None where the item says nothing, not even by default."""
        value: Value = item
        for step in self.key.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            value = self.default
        return None if value is None else self.kind.to_cell(value)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """`identity` tells items apart; `title` names one to people."""

    name: str
    shape: type
    identity: str
    title: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(each for each in self.columns if each.key == key)

    def named(self, words: str) -> Column | None:
        """Find the column by its name or its key, however it is typed."""
        return _by_name(self).get(fold(words))


@cache
def _by_name(table: Table) -> Mapping[str, Column]:
    return {fold(said): each for each in table.columns for said in (each.key, each.name)}


def text(cell: Cell) -> str:
    """Return what was written, whatever the spreadsheet made of it. Raises Wrong."""
    match cell:
        case None:
            return ""
        case bool() | date():
            raise Wrong("phải là chữ", "đặt định dạng ô là «Văn bản» (Text) rồi gõ lại")
        case Formula():
            raise Wrong(f"là công thức hoặc lỗi ({cell.text})", "chép ô rồi dán lại «chỉ giá trị»")
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)


def _truth(cell: Cell) -> Value:
    if isinstance(cell, bool):
        return cell
    said = text(cell).strip()
    if said and fold(said) not in TRUTHS:
        raise Wrong(f"không được là «{said}»", f"ghi «{YES}», «{NO}» hoặc để trống")
    return TRUTHS.get(fold(said))


def _day(cell: Cell) -> Value:
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    said = text(cell).strip()
    numbers = DAY.fullmatch(said)
    try:
        if numbers:
            return date(*map(int, reversed(numbers.groups())))
        return date.fromisoformat(said) if said else None
    except ValueError:
        remedy = "ghi ngày/tháng/năm, ví dụ 01/07/2026, hoặc năm-tháng-ngày"
        raise Wrong(f"phải là một ngày có thật: «{said}»", remedy) from None


def _part_of_date(cell: Cell) -> Value:
    if isinstance(cell, date):
        return _day(cell).isoformat()
    said = text(cell).strip()
    if DAY.fullmatch(said):
        return _day(said).isoformat()
    if month := MONTH.fullmatch(said):
        return f"{month[2]}-{int(month[1]):02}"
    return said or None


def _day_if_whole(value: str) -> str | date:
    try:
        return date.fromisoformat(value) if ISO.fullmatch(value) else value
    except ValueError:
        return value


def _quoted(line: str) -> str:
    """Write a line as it is, or in quotation marks if it would be read differently."""
    as_it_is = line and "\n" not in line and _unquoted(line) == line
    return line if as_it_is else json.dumps(line, ensure_ascii=False)


def _unquoted(line: str) -> str:
    bare = line.strip()
    if bare.startswith('"'):
        try:
            found = json.loads(bare)
        except ValueError:
            return bare
        return found if isinstance(found, str) else bare
    return bare


def _lines(cell: Cell) -> list[str]:
    return [_unquoted(line) for line in text(cell).split("\n") if line.strip()]


def _sources(cell: Cell) -> Value:
    parts = [line.partition("|")[::2] for line in text(cell).split("\n") if line.strip()]
    found = [{"doc": _unquoted(doc), "article": _unquoted(article)} for doc, article in parts]
    return [source if source["article"] else {"doc": source["doc"]} for source in found] or None


def _source(value: Mapping[str, str]) -> str:
    article = value.get("article", "")
    return value["doc"] + (f" | {_quoted(article)}" if article else "")


def _enumeration(words: type[StrEnum]) -> Kind:
    names = {each.value: WORDS[each] for each in words}
    codes = {fold(said): code for code, name in names.items() for said in (code, name)}

    def to_value(cell: Cell) -> Value:
        said = text(cell).strip()
        if said and fold(said) not in codes:
            raise Wrong(f"không được là «{said}»", f"chọn một trong: {'; '.join(names.values())}")
        return codes.get(fold(said))

    return Kind(lambda value: names[value], to_value, tuple(names.values()))


def _enumerations(words: type[StrEnum]) -> Kind:
    one = _enumeration(words)
    return Kind(
        lambda value: "\n".join(str(one.to_cell(each)) for each in value),
        lambda cell: [one.to_value(line) for line in _lines(cell)] or None,
        one.choices,
        lines=True,
    )


KINDS: Mapping[object, Kind] = {
    str: Kind(str, lambda cell: text(cell) or None),
    bool: Kind(lambda value: YES if value else NO, _truth, (YES, NO)),
    date: Kind(lambda value: value, _day, is_date=True),
    PartOfDate: Kind(_day_if_whole, _part_of_date),
}
LISTS: Mapping[object, Kind] = {
    str: Kind(lambda value: "\n".join(map(_quoted, value)), lambda cell: _lines(cell) or None, lines=True),
    Source: Kind(lambda value: "\n".join(map(_source, value)), _sources, lines=True),
}


def _kind(hint: object, kinds: Mapping[object, Kind] = KINDS) -> Kind:
    if hint in kinds:
        return kinds[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enumeration(hint) if kinds is KINDS else _enumerations(hint)
    inner = [each for each in get_args(hint) if each is not NoneType]
    if get_origin(hint) is tuple:
        return _kind(inner[0], LISTS)
    return _kind(inner[0], kinds)  # of Annotated, and of what may be None


def columns(shape: type, prefix: str = "") -> list[Column]:
    """Return a column for each field. Raises KeyError for one without a name."""
    hints, found = get_type_hints(shape, include_extras=True), []
    for field in fields(shape):
        if field.name in PLACES or get_args(hints[field.name])[:1] == (Entry,):
            continue
        parts = [
            each for each in get_args(hints[field.name]) if isinstance(each, type) and is_dataclass(each)
        ]
        if parts and get_origin(hints[field.name]) is not tuple:
            found += [column for part in parts for column in columns(part, f"{field.name}.")]
            continue
        key = prefix + field.name
        required = field.default is MISSING and not prefix
        default = field.default if isinstance(field.default, bool) else None
        found.append(Column(key, NAMES[key], _kind(hints[field.name]), required, default))
    return found


def _table(name: str, shape: type, identity: str, title: str, *more: Column) -> Table:
    def place(column: Column) -> int:
        key = column.key.partition(".")[0]
        return -1 if key == "group" else ORDER.index(key) if key in ORDER else len(ORDER)

    found = sorted((*columns(shape), *more), key=place)
    first = next(each for each in found if each.key == identity)
    return Table(name, shape, identity, title, (first, *(each for each in found if each is not first)))


GROUPS = _table("Nhóm", Group, "group", "name")
ENTRIES = _table("Hỏi đáp", Entry, "id", "question", GROUPS.column("group"))
CLARIFICATIONS = _table("Đính chính", Clarification, "id", "claim")
DOCUMENTS = _table("Văn bản", Document, "key", "title")
TABLES = (GROUPS, ENTRIES, CLARIFICATIONS, DOCUMENTS)
