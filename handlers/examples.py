"""Submissions whose right unit is known: those that must always go right, and those that measure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faq.files import Mistakes, Sheet, read
from feedback.cases import Sender
from feedback.routing import Matter, Route
from handlers.actions import routes
from handlers.library import Library
from handlers.office import Office
from handlers.office.shapes import RoutingCase, RoutingTests

FILE = "routing-tests.yaml"
REMEDY = "sửa routing.yaml hoặc từ khóa trong topics.yaml, hoặc sửa mục thử này nếu nó sai"
BINS = (0.5, 0.7, 0.9, 1.01)  # upper ends of the scores whose figures are told apart


@dataclass(frozen=True, slots=True)
class Tried:
    case: RoutingCase
    route: Route

    @property
    def goes_right(self) -> bool:
        """Whether the unit that gets it is right; what the default unit is to do is right there."""
        return self.route.unit == self.case.unit

    @property
    def first(self) -> bool:
        return self.goes_right or self.route.suggestions[:1] == (self.case.unit,)

    @property
    def among(self) -> bool:
        return self.goes_right or self.case.unit in self.route.suggestions


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `count` messages; `sure` were sent without a person, `sure_right` of these rightly."""

    count: int
    first: int
    among: int
    sure: int
    sure_right: int
    bins: tuple[tuple[int, float, int], ...]  # how many, what they scored together, how many were right


def load(path: Path, office: Office) -> Sheet[RoutingTests]:
    """Read a file of examples. Raises Mistakes."""
    sheet = read(path, RoutingTests)
    known = {
        "unit": set(office.units),
        "kind": {kind.code for kind in office.kinds},
        "sender": {"", *map(str, Sender)},
        "rule": {"", *(rule.name for rule in office.rules)},
    }
    for i, case in enumerate(sheet.value.cases if sheet.value else ()):
        for key, names in known.items():
            if getattr(case, key) not in names:
                sheet.wrong(f"«{key}» không được là «{getattr(case, key)}»", "cases", i, key)
    if sheet.mistakes or sheet.value is None:
        raise Mistakes(sheet.mistakes)
    return sheet


def check(path: Path, library: Library) -> int:
    """Try every example of the file; return how many there are. Raises Mistakes for those that go wrong."""
    sheet = load(path, library.office)
    cases = sheet.value.cases if sheet.value else ()
    for i, each in enumerate(tried(cases, library)):
        if not each.goes_right:
            sheet.wrong(_wrong_unit(each), "cases", i, remedy=REMEDY)
        elif each.case.rule and each.case.rule != each.route.rule:
            used = f"quy tắc «{each.route.rule}»" if each.route.rule else "không quy tắc nào"
            sheet.wrong(f"phải theo quy tắc «{each.case.rule}» mà theo {used}", "cases", i, remedy=REMEDY)
    if sheet.mistakes:
        raise Mistakes(sheet.mistakes)
    return len(cases)


def tried(cases: Iterable[RoutingCase], library: Library) -> list[Tried]:
    return [Tried(case, routes.route(library, matter(case))) for case in cases]


def matter(case: RoutingCase) -> Matter:
    return Matter(case.text, case.kind, case.place, case.sender)


def figures(found: Sequence[Tried], threshold: float) -> Figures:
    sure = [each for each in found if each.route.score >= threshold]
    return Figures(
        count=len(found),
        first=sum(each.first for each in found),
        among=sum(each.among for each in found),
        sure=len(sure),
        sure_right=sum(each.goes_right for each in sure),
        bins=tuple(_bin(found, low, high) for low, high in zip((0.0, *BINS), BINS, strict=False)),
    )


def _bin(found: Sequence[Tried], low: float, high: float) -> tuple[int, float, int]:
    inside = [each for each in found if low <= each.route.score < high]
    return len(inside), sum(each.route.score for each in inside), sum(each.first for each in inside)


def _wrong_unit(each: Tried) -> str:
    return f"«{each.case.text[:60]}» phải đến {each.case.unit} mà đến {each.route.unit} ({each.route.reason})"
