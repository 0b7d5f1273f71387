"""Write what a folder says as one file for officials."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from faq import entries
from faq.edit import NotEdited, write_file
from faq.entries import Knowledge
from faq.exchange import markdown, workbook
from faq.exchange.columns import TABLES
from faq.exchange.merge import Folder, load
from faq.files import Mistake, Mistakes

NOT_HELD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
NOT_IN_CELLS = re.compile("x005F_|_x[0-9A-Fa-f]{4}_")  # how spreadsheets write other letters
LONGEST_CELL = 32_767  # characters
SUFFIXES = (".xlsx", ".md")


def export(
    folder: Path,
    target: Path,
    *,
    units: Mapping[str, str] | None = None,
    topics: Mapping[str, str] | None = None,
) -> None:
    """Write groups, entries, clarifications and documents; the suffix of the target decides how.

    The same content gives the same bytes. `units` and `topics` (code → name) are offered to choose from.
    Raises Mistakes when the folder has some, or says what such a file cannot hold, and NotEdited when
    the target cannot be written.
    """
    suffix = suffix_of(target)
    knowledge = entries.load(folder)
    found = load(folder)
    if mistakes := list(_not_held(found, suffix, knowledge)):
        raise Mistakes(mistakes)
    content = {table: found.items(table) for table in TABLES}
    if suffix == ".md":
        write_file(target, markdown.write(content).encode())
    else:
        choices = {"unit": units or _used(found, "unit"), "topic": topics or _used(found, "topic")}
        write_file(target, workbook.write(content, choices))


def suffix_of(path: Path) -> str:
    """Raise NotEdited for any other kind of file."""
    if path.suffix.lower() not in SUFFIXES:
        raise NotEdited(f"Tệp {path.name} phải có đuôi {' hoặc '.join(SUFFIXES)}.")
    return path.suffix.lower()


def _used(folder: Folder, key: str) -> dict[str, str]:
    codes = {item[key]: "" for table in TABLES for item in folder.items(table) if key in item}
    return dict(sorted(codes.items()))


def _not_held(folder: Folder, suffix: str, knowledge: Knowledge) -> Iterator[Mistake]:
    for table in TABLES:
        for identity, known in folder.known[table].items():
            entry = knowledge.entries.get(identity)
            for column in table.columns:
                if why := _why_not(str(column.cell(known.item)), suffix):
                    text, remedy = why
                    line = entry.line if entry else 1
                    yield Mistake(
                        known.file.path, line, f"«{column.name}» của {identity} {text}", remedy=remedy
                    )


def _why_not(cell: str, suffix: str) -> tuple[str, str] | None:
    if NOT_HELD.search(cell):
        return "có ký tự điều khiển", "xóa ký tự lạ, thường do chép từ nơi khác"
    if suffix == ".xlsx" and NOT_IN_CELLS.search(cell):
        return "có chữ mà bảng tính hiểu là ký tự khác", "xuất ra tệp .md"
    if suffix == ".xlsx" and len(cell) > LONGEST_CELL:
        return f"dài hơn {LONGEST_CELL} ký tự, bảng tính không giữ đủ", "xuất ra tệp .md"
    return None
