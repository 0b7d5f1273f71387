"""Bring the tables that officials filled in into the YAML files of a folder, in memory."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faq.edit import YamlFile, in_order, next_id, put, written
from faq.entries import Confidence, Documents, Group, sheets
from faq.exchange.columns import CLARIFICATIONS, DOCUMENTS, ENTRIES, GROUPS, Column, Table, Value, Wrong
from faq.exchange.filled import Filled, Row
from faq.exchange.report import Defaults
from faq.files import Mistake, Mistakes, Sheet, read
from feedback.vietnamese import plain, tidy

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
RUMOURS = "R"  # what the ids of clarifications begin with
LISTS = {DOCUMENTS: "documents", ENTRIES: "entries", CLARIFICATIONS: "clarifications"}
FILL = "điền vào ô này"
GIVEN = {"group", "unit", "topic"}  # what may be said once for all new entries

Item = Mapping[str, Value]


@dataclass(slots=True)
class Known:
    """An item of the folder: what it says without its defaults, and where it is written."""

    item: dict[str, Value]
    data: dict[str, Any]
    file: YamlFile


@dataclass(slots=True)
class Folder:
    """All that the folder says, and its files as they will be."""

    path: Path
    files: list[YamlFile]
    known: dict[Table, dict[str, Known]]

    def items(self, table: Table) -> list[Item]:
        return [each.item for each in self.known[table].values()]


def load(path: Path) -> Folder:
    """Raise Mistakes when a file cannot be read."""
    documents = read(path / "documents.yaml", Documents)
    clarifications, groups = sheets(path)
    every: list[Sheet[Any]] = [documents, *groups, clarifications]
    if mistakes := [each for sheet in every for each in sheet.mistakes]:
        raise Mistakes(mistakes)
    found = Folder(path, [], {table: {} for table in (GROUPS, DOCUMENTS, ENTRIES, CLARIFICATIONS)})
    for sheet, table in zip(every, (DOCUMENTS, *[ENTRIES] * len(groups), CLARIFICATIONS), strict=True):
        file = YamlFile.of(sheet.path)
        found.files.append(file)
        more = {}
        if isinstance(sheet.value, Group):
            more = {"group": sheet.value.group}
            found.known[GROUPS][sheet.value.group] = Known(more | {"name": sheet.value.name}, file.data, file)
        for value, data in zip(getattr(sheet.value, LISTS[table]), file.items, strict=True):
            item = written(value) | more
            found.known[table][item[table.identity]] = Known(item, data, file)
    return found


@dataclass(slots=True)
class Merge:
    """What comes of the tables: `rows` by table and identity, and the identities of `titles`."""

    folder: Folder
    source: Path
    defaults: Defaults
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    rows: dict[tuple[Table, str], Row] = field(default_factory=dict)
    titles: dict[tuple[Table, str], str] = field(default_factory=dict)

    def take(self, filled: Sequence[Filled], *, remove: bool) -> None:
        order = list(self.folder.known)
        for table, known in self.folder.known.items():
            self.titles |= {(table, plain(each.item[table.title])): code for code, each in known.items()}
        for each in sorted(filled, key=lambda each: order.index(each.table)):
            for row in each.rows:
                self._row(each, row)
        whole = {each.table for each in filled if each.table.identity in each.keys}
        for table in sorted(whole, key=order.index, reverse=True):
            self._left_out(table, remove=remove)

    def _row(self, filled: Filled, row: Row) -> None:
        table = filled.table
        said = dict(self._said(table, row))
        identity = self._identity(table, said, row)
        if identity is None:
            return
        if (table, identity) in self.rows:
            before = self.rows[table, identity].start.line
            self._wrong(row, table.identity, f"mã «{identity}» đã ghi ở dòng {before}", "đặt một mã khác")
            return
        self.rows[table, identity] = row
        known = self.folder.known[table].get(identity)
        new = _merged(table, known.item if known else {}, {**said, table.identity: identity})
        if not known:
            new = self._with_defaults(table, new, filled.keys)
        if not self._complete(table, {**dict.fromkeys({*row.cells} - {*said}), **new}, row):
            return
        if known is None:
            self._add(table, identity, new)
        elif known.item == new:
            self.unchanged.append(identity)
        else:
            self._change(table, known, new)
            self.changed.append(identity)

    def _said(self, table: Table, row: Row) -> Iterator[tuple[str, Value]]:
        for key, cell in row.cells.items():
            try:
                yield key, table.column(key).kind.to_value(cell)
            except Wrong as wrong:
                self._wrong(row, key, f"«{table.column(key).name}» {wrong.text}", wrong.remedy)

    def _identity(self, table: Table, said: Mapping[str, Value], row: Row) -> str | None:
        """Return the code of the item: as written, as known by its question, or the next one."""
        code = str(said.get(table.identity) or "").strip()
        if code:
            if CODE.fullmatch(code):
                return code
            self._wrong(
                row,
                table.identity,
                f"mã «{code}» viết không đúng dạng",
                "chỉ dùng chữ không dấu, số, gạch nối",
            )
            return None
        if known := self.titles.get((table, plain(str(said.get(table.title) or "")))):
            return known
        if table in (GROUPS, DOCUMENTS):
            self._wrong(row, table.identity, f"thiếu «{table.column(table.identity).name}»", FILL)
            return None
        group = RUMOURS if table is CLARIFICATIONS else str(said.get("group") or self.defaults.group)
        taken = {code for each in (ENTRIES, CLARIFICATIONS) for code in self.folder.known[each]}
        return next_id(group, taken | {code for _, code in self.rows})

    def _with_defaults(self, table: Table, new: Item, keys: Sequence[str]) -> dict[str, Value]:
        """Fill in what the table has no column for. What nobody approved here waits for that."""
        if table not in (ENTRIES, CLARIFICATIONS):
            return dict(new)
        given = {key: getattr(self.defaults, key) for key in GIVEN if getattr(self.defaults, key)}
        if table is CLARIFICATIONS:
            given.pop("group", None)
        if "confidence" not in keys:
            given["confidence"] = Confidence.KNOWLEDGE.value
        if not {"verify_before_use", "verified.by"} & {*keys}:
            given["verify_before_use"] = True
        return given | dict(new)

    def _complete(self, table: Table, new: Item, row: Row) -> bool:
        lacking = [column for column in table.columns if column.required and column.key not in new]
        for column in lacking:
            self._wrong(row, column.key, f"thiếu «{column.name}»", _remedy(column, row))
        if table is ENTRIES and new.get("group", "") not in {"", *self.folder.known[GROUPS]}:
            codes = ", ".join(self.folder.known[GROUPS])
            remedy = f"thêm nhóm vào bảng «{GROUPS.name}», hoặc dùng một trong: {codes}"
            self._wrong(row, "group", f"không có nhóm «{new['group']}»", remedy)
            return False
        return not lacking

    def _add(self, table: Table, identity: str, new: dict[str, Value]) -> None:
        self.added.append(identity)
        self.titles[table, plain(new[table.title])] = identity
        if table is GROUPS:
            name = identity if identity.startswith("G") else f"G-{identity}"
            file = YamlFile(self.folder.path / f"{name}.yaml", data={**new, "entries": []})
            self.folder.files.append(file)
            self.folder.known[GROUPS][identity] = Known(new, file.data, file)
            return
        data = in_order({key: value for key, value in new.items() if key != "group"})
        file = self._file(table, new)
        _list(file, table).append(data)
        self.folder.known[table][identity] = Known(new, data, file)

    def _change(self, table: Table, known: Known, new: dict[str, Value]) -> None:
        for key in {**known.item, **new}:
            if known.item.get(key) != new.get(key) and (key != "group" or table is GROUPS):
                put(known.data, key, new.get(key))
        file = known.file if table is GROUPS else self._file(table, new)
        if file is not known.file:
            _list(known.file, table).remove(known.data)
            _list(file, table).append(known.data)
        known.item, known.file = new, file

    def _left_out(self, table: Table, *, remove: bool) -> None:
        gone = [code for code in self.folder.known[table] if (table, code) not in self.rows]
        if not remove:
            self.missing += gone
            return
        for code in gone:
            known = self.folder.known[table].pop(code)
            if table is not GROUPS:
                _list(known.file, table).remove(known.data)
            elif _list(known.file, ENTRIES):
                text = f"nhóm «{code}» không còn trong bảng «{GROUPS.name}» mà vẫn còn câu hỏi"
                remedy = "thêm lại nhóm, hoặc chuyển các câu sang nhóm khác"
                self.mistakes.append(Mistake(self.source, 1, text, remedy=remedy))
            else:
                known.file.data = {}
            self.removed.append(code)

    def _file(self, table: Table, item: Item) -> YamlFile:
        if table is ENTRIES:
            return self.folder.known[GROUPS][item["group"]].file
        return next(each for each in self.folder.files if each.path.stem == LISTS[table])

    def _wrong(self, row: Row, key: str, text: str, remedy: str) -> None:
        self.mistakes.append(row.place(key).mistake(self.source, text, remedy))


def _remedy(column: Column, row: Row) -> str:
    if column.key in row.cells:
        return FILL
    given = ", hoặc nêu một giá trị chung khi nhập" if column.key in GIVEN else ""
    return f"thêm cột «{column.name}»{given}"


def _merged(table: Table, old: Item, said: Item) -> dict[str, Value]:
    """Take over what is said; what did not change stays exactly as it was."""
    new = deepcopy(dict(old))
    for key, value in said.items():
        head, _, part = key.partition(".")
        whole = dict(new.get(head) or {}) if part else new
        name = part or head
        if value != whole.get(name):
            _set(whole, name, _clean(value), table.column(key).default)
        if part:
            _set(new, head, whole, None)
    return new


def _set(item: dict[str, Value], key: str, value: Value, default: Value) -> None:
    if value in (None, "", [], {}, default):
        item.pop(key, None)
    else:
        item[key] = value


def _clean(value: Value) -> Value:
    """Tidy what people typed or pasted; the indentation of lines stays."""
    match value:
        case str():
            lines = [line[: len(line) - len(line.lstrip(" "))] + tidy(line) for line in value.split("\n")]
            return "\n".join(lines).strip()
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {key: _clean(each) for key, each in value.items()}
    return value


def _list(file: YamlFile, table: Table) -> list[dict[str, Any]]:
    name = LISTS[table]
    if not file.data.get(name):
        file.data[name] = []
    found: list[dict[str, Any]] = file.data[name]
    return found
