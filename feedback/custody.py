"""Where the working time of a case went: with which unit, with the citizen, or on the way between units.

A unit has it in custody from the moment it accepts; before that the case is on the way to it. A lateness
belongs to the unit with which, or on the way to which, the case was when the promise passed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedback.cases import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Happening,
    Reopened,
    Resumed,
    Returned,
    Routed,
    TakenBack,
    Transferred,
)
from feedback.deadlines import Calendar, remaining


class Holder(StrEnum):
    UNIT = "unit"
    TRANSIT = "transit"  # on the way to the unit: sent there and not accepted yet
    CITIZEN = "citizen"  # the unit waits for the citizen


@dataclass(frozen=True, slots=True)
class Keeping:
    """One uninterrupted time in one place."""

    holder: Holder
    unit: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """All the working minutes of a case in one place."""

    holder: Holder
    unit: str
    minutes: int


def shares(happenings: Sequence[Happening], now: datetime, calendar: Calendar) -> list[Share]:
    """Return where the working time went, in the order in which the places were reached first."""
    found: Counter[tuple[Holder, str]] = Counter()
    for each in keepings(happenings, now):
        found[each.holder, each.unit] += remaining(each.start, each.end, calendar)
    return [Share(holder, unit, minutes) for (holder, unit), minutes in found.items()]


def late_with(happenings: Sequence[Happening], due: datetime, now: datetime) -> str:
    """Name the unit to which the lateness belongs; empty if the promise did not pass while the clock ran."""
    these = (each for each in keepings(happenings, now) if each.start <= due < each.end)
    return next((each.unit for each in these if each.holder is not Holder.CITIZEN), "")


def keepings(happenings: Sequence[Happening], now: datetime) -> Iterator[Keeping]:
    """Follow the case from place to place, up to its answer."""
    holder: Holder | None = None
    unit, since = "", now
    for each in happenings:
        moved = _moved(each, holder, unit)
        if moved != (holder, unit):
            if holder:
                yield Keeping(holder, unit, since, each.at)
            (holder, unit), since = moved, each.at
    if holder:
        yield Keeping(holder, unit, since, max(since, now))


def _moved(happening: Happening, holder: Holder | None, unit: str) -> tuple[Holder | None, str]:
    """Say where the case is after this; None when nobody owes anything any more."""
    match happening.event:
        case Routed(to) | Transferred(to) | Returned(to):
            return Holder.TRANSIT, to
        case Accepted() | Resumed():
            return Holder.UNIT, unit
        case Asked() if holder is Holder.UNIT:
            return Holder.CITIZEN, unit
        case Answered() | Closed() | TakenBack():
            return None, unit
        case Reopened():
            return Holder.TRANSIT, unit
        case _:
            return holder, unit
