"""Read a workbook that may come from anywhere: nothing in it is believed, computed or fetched.

Its sizes are checked before anything is unpacked; it is then read by a process of its own, which may
use only so much memory and time.
"""

import resource
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import time, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, cast

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from faq.exchange.columns import (
    CLARIFICATIONS,
    DOCUMENTS,
    ENTRIES,
    GROUPS,
    TABLES,
    Cell,
    Column,
    Formula,
    Table,
)
from faq.exchange.filled import Filled, Place, Row
from faq.exchange.workbook import GUIDE, LISTS
from faq.files import Mistake, Mistakes
from feedback.vietnamese import fold

LARGEST_FILE = 10_000_000  # bytes
LARGEST_UNPACKED = 50_000_000
MOST_PARTS = 200
STRONGEST = 200  # how many times smaller a part may be packed
SMALL = 100_000  # bytes; below, a strong packing harms nobody
MOST_ROWS = 20_000
HEAD_ROWS = 10  # among which the names of the columns stand
MEMORY = 1_000_000_000  # bytes
SECONDS = 60
SIMPLER = "xuất lại tệp bằng Excel hoặc LibreOffice, chỉ gồm chữ, rồi nhập tệp ấy"
ESSENTIAL = {  # columns by which a sheet of any name is known
    GROUPS: {"group", "name"},
    ENTRIES: {"question", "answer"},
    CLARIFICATIONS: {"claim", "clarification"},
    DOCUMENTS: {"key", "number"},
}
NOT_ASKED = {"stt", "tt", "so tt", "so thu tu", "no"}
OTHERWISE = {  # what offices call these columns in tables of their own
    "question": ("hỏi", "nội dung câu hỏi", "nội dung hỏi", "tên câu hỏi"),
    "answer": ("đáp", "đáp án", "câu trả lời", "nội dung trả lời", "nội dung câu trả lời"),
    "alternates": ("câu hỏi tương tự", "cách hỏi tương tự", "câu hỏi khác", "cách diễn đạt khác"),
    "topic": ("mã chủ đề", "lĩnh vực"),
    "unit": ("đơn vị", "mã đơn vị", "đơn vị trả lời", "đơn vị phụ trách trả lời"),
    "group": ("mã nhóm",),
}


class Grid(NamedTuple):
    """A sheet as it is: its rows of cells from the first."""

    title: str
    rows: list[list[Cell]]


def read(path: Path) -> list[Filled]:
    """Raise Mistakes: what cannot be read, or is not understood."""
    _check_sizes(path)
    try:
        with ProcessPoolExecutor(1, get_context("spawn"), _limit, (MEMORY, SECONDS)) as apart:
            grids = apart.submit(grids_of, path).result()
    except (BrokenProcessPool, MemoryError) as error:
        raise _refused(path, "tệp quá nặng để đọc", SIMPLER) from error
    return understood(path, grids)


def _check_sizes(path: Path) -> None:
    """Believe the directory of the archive: more than it says is never unpacked."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(path, "tệp quá lớn (trên 10 MB)", SIMPLER)
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except OSError as error:
        raise _refused(path, "không đọc được tệp", "kiểm tra tên tệp và quyền đọc") from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:  # zipfile raises all three
        text = "tệp hỏng, bị cắt ngang, có mật khẩu hoặc không phải là tệp .xlsx"
        raise _refused(path, text, "mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx") from error
    packed = [(part.file_size, part.compress_size) for part in parts]
    bomb = any(size > SMALL and size > STRONGEST * small for size, small in packed)
    if bomb or len(parts) > MOST_PARTS or sum(size for size, _ in packed) > LARGEST_UNPACKED:
        raise _refused(path, "tệp nén bất thường nên không được mở", SIMPLER)


def _limit(memory: int, seconds: int) -> None:
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        with suppress(ValueError, OSError):  # not every system can limit everything
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def grids_of(path: Path) -> list[Grid]:
    """Read every sheet. Raises Mistakes."""
    try:
        with warnings.catch_warnings(action="ignore"):  # openpyxl tells which decorations it ignores
            book = load_workbook(path, read_only=True)
            try:
                return [Grid(sheet.title, _rows(path, sheet.title, sheet)) for sheet in book.worksheets]
            finally:
                book.close()
    except (Mistakes, MemoryError):
        raise
    except Exception as error:  # a file from anywhere can break openpyxl anywhere
        raise _refused(path, "tệp hỏng hoặc không phải là tệp .xlsx", SIMPLER) from error


def _rows(path: Path, title: str, sheet: Any) -> list[list[Cell]]:  # noqa: ANN401  # openpyxl's types lack it
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    found: list[list[Cell]] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(each) for each in row]
        if any(each is not None for each in cells):
            if number > MOST_ROWS:
                raise _refused(path, f"trang «{title}» có hơn {MOST_ROWS} dòng", "chia ra nhiều tệp")
            found += [[]] * (number - 1 - len(found))
            found.append(cells)
    return found


def _cell(cell: Any) -> Cell:  # noqa: ANN401  # openpyxl has several classes for one
    value = cell.value
    if value is not None and cell.data_type in ("f", "e"):
        return Formula(str(getattr(value, "text", value)))
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n") or None
    return str(value) if isinstance(value, time | timedelta) else cast("Cell", value)


def understood(path: Path, grids: Sequence[Grid]) -> list[Filled]:
    """Find the tables in the sheets by the names of their columns. Raises Mistakes."""
    mistakes: list[Mistake] = []
    found = []
    for grid in grids:
        if not grid.rows or fold(grid.title) in (fold(GUIDE), fold(LISTS)):
            continue
        head = _head(grid)
        if head is None:
            text = f"trang «{grid.title}»: không thấy dòng tên cột (cần có Câu hỏi và Trả lời)"
            mistakes.append(
                Mistake(path, 1, text, remedy="thêm dòng tên cột như tệp xuất ra, hoặc xóa trang")
            )
            continue
        mistakes += _strange(path, grid, head)
        found.append(_filled(grid, head))
    if mistakes:
        raise Mistakes(mistakes)
    return found


class Head(NamedTuple):
    """The row of names: its number from 0, and the columns by their number from 0."""

    table: Table
    row: int
    columns: dict[int, Column]


def _head(grid: Grid) -> Head | None:
    named = next((table for table in TABLES if fold(table.name) == fold(grid.title)), None)
    for table in TABLES if named is None else (named,):
        needed = {table.identity} if named else ESSENTIAL[table]
        for number, row in enumerate(grid.rows[:HEAD_ROWS]):
            columns = {i: column for i, cell in enumerate(row) if (column := _column(table, cell))}
            keys = {column.key for column in columns.values()}
            if needed <= keys or ESSENTIAL[table] <= keys:
                return Head(table, number, columns)
    return None


def _column(table: Table, cell: Cell) -> Column | None:
    if not isinstance(cell, str):
        return None
    other = next((key for key, names in OTHERWISE.items() if fold(cell) in map(fold, names)), "")
    return table.named(cell) or table.named(other)


def _strange(path: Path, grid: Grid, head: Head) -> Iterator[Mistake]:
    """Name every column that would be lost."""
    names = grid.rows[head.row]
    keys = [column.key for column in head.columns.values()]
    for i in range(max(map(len, grid.rows))):
        name = names[i] if i < len(names) else None
        column = head.columns.get(i)
        place = _place(grid, head.row, i)
        if column and keys.index(column.key) != list(head.columns).index(i):
            yield place.mistake(path, f"cột «{name}» có hai lần", "giữ một cột")
        filled = any(i < len(row) and row[i] is not None for row in grid.rows[head.row + 1 :])
        if filled and column is None and fold(str(name or "")) not in NOT_ASKED:
            said = f"không có cột nào tên «{name}»" if name else "cột này có nội dung mà không có tên"
            yield place.mistake(path, said, "đặt tên cột như tệp xuất ra, hoặc xóa cột này")


def _filled(grid: Grid, head: Head) -> Filled:
    rows = []
    for number, row in enumerate(grid.rows[head.row + 1 :], head.row + 1):
        cells = {column.key: row[i] if i < len(row) else None for i, column in head.columns.items()}
        places = {column.key: _place(grid, number, i) for i, column in head.columns.items()}
        if any(cell is not None for cell in cells.values()):
            rows.append(Row(_place(grid, number, 0), cells, places))
    return Filled(head.table, tuple(column.key for column in head.columns.values()), tuple(rows))


def _place(grid: Grid, row: int, column: int) -> Place:
    name = f"{get_column_letter(column + 1)}{row + 1} trang «{grid.title}»"
    return Place(row + 1, column + 1, name)


def _refused(path: Path, text: str, remedy: str) -> Mistakes:
    return Mistakes([Mistake(path, 1, text, remedy=remedy)])
