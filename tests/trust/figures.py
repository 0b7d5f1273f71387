"""What the trust tests measured, beside what was promised: one table at the end of a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """`promise` is what must hold, in words; empty where the figure is only told."""

    name: str
    value: float
    promise: str = ""
    holds: bool = True


@dataclass
class Figures:
    """The figures of one test."""

    test: str
    size: str = ""
    rows: list[Figure] = field(default_factory=list)

    def tell(self, name: str, value: float) -> None:
        self.rows.append(Figure(name, value))

    def exactly(self, name: str, value: float, wanted: float = 0) -> None:
        self.rows.append(Figure(name, value, f"= {wanted:,}", value == wanted))

    def at_most(self, name: str, value: float, most: float) -> None:
        self.rows.append(Figure(name, value, f"≤ {most:,}", value <= most))

    def at_least(self, name: str, value: float, least: float) -> None:
        self.rows.append(Figure(name, value, f"≥ {least:,}", value >= least))

    def hold(self) -> None:
        """Raise AssertionError with every figure that is not as promised."""
        assert [row for row in self.rows if not row.holds] == []


def table(all_figures: Iterable[Figures]) -> list[str]:
    """Return the lines of the table, ready for docs/reference/trust.md."""
    lines = ["| Test | Size | Figure | Value | Limit | Pass |", "|---|---|---|---|---|---|"]
    for figures in all_figures:
        for number, row in enumerate(figures.rows):
            test, size = (figures.test, figures.size) if number == 0 else ("", "")
            held = "✓" if row.holds else "✗"
            value = f"{round(row.value, 3):,}"
            lines.append(_line([test, size, row.name, value, row.promise, held if row.promise else ""]))
    return lines


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
