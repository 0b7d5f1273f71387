"""How an answer stands today, for the officers who look after it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from faq.entries import Entry


class Standing(StrEnum):
    """Whether citizens get it; in the order in which the first that is true counts."""

    OFF = "off"
    WAITING = "waiting"
    PAST = "past"
    FUTURE = "future"
    LATE = "late"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    standing: Standing


def standing(entry: Entry, day: date, off: Collection[str]) -> Standing:
    """`off` are the ids that were switched off at the desk. Late for review, an entry is still shown."""
    said = {
        Standing.OFF: entry.id in off or not entry.enabled,
        Standing.WAITING: entry.waiting,
        Standing.PAST: entry.valid_to is not None and entry.valid_to < day,
        Standing.FUTURE: entry.valid_from is not None and day < entry.valid_from,
        Standing.LATE: entry.review_by is not None and entry.review_by < day,
    }
    return next((each for each in Standing if said.get(each)), Standing.USED)


def rows(entries: Iterable[Entry], day: date, off: Collection[str]) -> list[Row]:
    return [Row(entry, standing(entry, day, off)) for entry in entries]


def counts(found: Iterable[Row]) -> Counter[str]:
    return Counter(str(row.standing) for row in found)
