"""Everything the office has written down: its units and rules, its answers, its sentences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from faq import entries
from faq.entries import Knowledge
from faq.files import Mistakes
from faq.index import Index
from faq.words import Words
from handlers import office, phrases
from handlers.office import Office
from handlers.phrases import Phrases


@dataclass(frozen=True)
class Library:
    office: Office
    knowledge: Knowledge
    index: Index
    phrases: Phrases


T = TypeVar("T")
PACKAGE = Path(__file__).parent
PARTS = {  # what `caunoi init` copies: folder of the office's copy → folder of the package
    "faq": entries.CONTENT,
    "office": PACKAGE / "office",
    "phrases": PACKAGE / "phrases",
}


def load(folder: Path | None = None) -> Library:
    """Read the office's folder, or the package's samples. Raises Mistakes, which lists all of them."""
    places = {part: folder / part if folder else home for part, home in PARTS.items()}
    found: list[Mistakes] = []
    rules = _try(lambda: office.load(places["office"]), found)
    sentences = _try(lambda: phrases.load(places["phrases"]), found)
    units, topics = (rules.units, rules.topics) if rules else (_Anything(), _Anything())
    knowledge = _try(lambda: entries.load(places["faq"], units, topics), found)
    dictionary = _try(lambda: Words.load(places["faq"]), found)
    if rules is None or sentences is None or knowledge is None or dictionary is None:
        raise Mistakes(mistake for mistakes in found for mistake in mistakes.all)
    return Library(rules, knowledge, Index(knowledge, dictionary), sentences)


def warnings(library: Library, day: date) -> Iterator[str]:
    """What is no mistake, but an official should look at."""
    waiting = [
        each for each in library.knowledge.entries.values() if each.verify_before_use and not each.verified
    ]
    if waiting:
        ids = ", ".join(entry.id for entry in waiting)
        yield f"{len(waiting)} câu chờ đối chiếu văn bản gốc nên chưa dùng: {ids}"
    if late := library.knowledge.late_reviews(day):
        yield f"{len(late)} câu đã quá ngày phải xem lại: {', '.join(entry.id for entry in late)}"
    for year in (day.year, day.year + 1):
        if not library.office.calendar.covers(year):
            yield f"lịch làm việc chưa có ngày nghỉ của năm {year}"
    yield from library.office.pending


def _try(load_part: Callable[[], T], found: list[Mistakes]) -> T | None:
    try:
        return load_part()
    except Mistakes as mistakes:
        found.append(mistakes)
        return None


class _Anything(frozenset[str]):
    """Where the units could not be read, no entry is blamed for naming one."""

    def __contains__(self, _name: object) -> bool:
        return True
