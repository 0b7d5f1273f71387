"""What officials filled in, wherever it was written, and where each cell stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from faq.exchange.columns import Cell, Table
from faq.files import Mistake
from faq.remedies import ANYWAY


class Place(NamedTuple):
    """`name` is what people call it («D7»); a text file has lines only."""

    line: int
    column: int = 1
    name: str = ""

    def mistake(self, source: Path, text: str, remedy: str = ANYWAY) -> Mistake:
        told = f"Ô {self.name}: {text}" if self.name else text
        return Mistake(source, self.line, told, self.column, remedy)


@dataclass(frozen=True, slots=True)
class Row:
    """One item: its cells by the key of their column; a column that is not there has no cell."""

    start: Place
    cells: Mapping[str, Cell]
    places: Mapping[str, Place]

    def place(self, key: str) -> Place:
        """Return the place of a field, or of the item."""
        names = (each for each in self.places if each == key or each.startswith(f"{key}."))
        return self.places.get(next(names, ""), self.start)


@dataclass(frozen=True, slots=True)
class Filled:
    """A table as it was filled in; `keys` are the columns it has."""

    table: Table
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
