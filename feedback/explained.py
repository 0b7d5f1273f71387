"""Why a promise falls due on its day: each stretch of time, and whether it counts.

What this finds is worded where it is shown (handlers/desk/reasons.py); adding up what is counted gives
the promise again, which a test holds it to.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedback import deadlines
from feedback.cases import Extended, Happening, Reopened, Rescheduled, Resumed, paused_after
from feedback.deadlines import DAY, Calendar, is_working_day
from feedback.kinds import Promise, TimeUnit

WORKED, WEEKEND = "worked", "weekend"


class Why(StrEnum):
    RECEIVED = "received"  # the day on which it counts as received: day zero
    LATER = "later"  # like that, though it came before: on a day off, or when the office had closed
    COUNTED = "counted"  # working days of the term; `n` is how many
    CALENDAR = "calendar"  # calendar days of the term
    MINUTES = "minutes"
    OFF = "off"  # days off by `name`, which do not count
    WEEKEND = "weekend"
    MOVED = "moved"  # the last day was a day off
    WAITS = "waits"  # the citizen was asked, and the clock stands until they answer
    PAUSED = "paused"  # it stood from the first to the last day
    EXTENDED = "extended"
    RESCHEDULED = "rescheduled"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first to the last day; `n` is how much of it counts, `due` the promise from then on."""

    why: Why
    first: date
    last: date
    n: int = 0
    name: str = ""
    due: datetime | None = None


def explain(
    received: datetime, promise: Promise, calendar: Calendar, changes: Sequence[Happening] = ()
) -> list[Stretch]:
    """Return the stretches in order. `changes` are what happened to the case; most of it changes nothing."""
    return [*_term(received, promise, calendar), *_changed(promise, calendar, changes)]


def promised(
    received: datetime, promise: Promise, calendar: Calendar, changes: Iterable[Happening] = ()
) -> datetime:
    """Say when it falls due by these rules, after all that happened: what an extension gave is kept."""
    due, paused = deadlines.due(received, promise, calendar), None
    for each in changes:
        match each.event:
            case Resumed() if paused:
                due = deadlines.after_pause(due, paused, each.at, calendar)
            case Extended(day):
                due = max(due, datetime.fromisoformat(day))
            case Reopened():
                due = deadlines.due(each.at, promise, calendar)
        paused = paused_after(paused, each)
    return due


def _term(received: datetime, promise: Promise, calendar: Calendar) -> Iterator[Stretch]:
    came, due = _day(received, calendar), deadlines.due(received, promise, calendar)
    if promise.unit is TimeUnit.MINUTE:
        yield Stretch(Why.MINUTES, came, _day(due, calendar), promise.value, due=due)
        return
    zero = deadlines.received_on(received, calendar)
    yield Stretch(Why.RECEIVED if zero == came else Why.LATER, came, zero)
    if promise.unit is TimeUnit.WORKING_DAY:
        yield from _days(zero + DAY, _day(due, calendar), calendar)
    elif promise.value:
        last = zero + promise.value * DAY
        yield Stretch(Why.CALENDAR, zero + DAY, last, promise.value)
        if last != _day(due, calendar):
            yield Stretch(Why.MOVED, last, _day(due, calendar), name=_kind(last, calendar))


def _days(day: date, last: date, calendar: Calendar) -> Iterator[Stretch]:
    """Put days of one kind that follow each other into one stretch."""
    while day <= last:
        first, kind, n = day, _kind(day, calendar), 0
        while day <= last and _kind(day, calendar) == kind:
            day, n = day + DAY, n + 1
        why = {WORKED: Why.COUNTED, WEEKEND: Why.WEEKEND}.get(kind, Why.OFF)
        yield Stretch(why, first, day - DAY, n, "" if kind in (WORKED, WEEKEND) else kind)


def _kind(day: date, calendar: Calendar) -> str:
    if is_working_day(day, calendar):
        return WORKED
    return calendar.holidays.get(day, WEEKEND)


def _changed(promise: Promise, calendar: Calendar, changes: Sequence[Happening]) -> Iterator[Stretch]:
    paused: datetime | None = None
    for each in changes:
        day = _day(each.at, calendar)
        match each.event:
            case Resumed(due):
                first = _day(paused or each.at, calendar)
                yield Stretch(Why.PAUSED, first, day, due=datetime.fromisoformat(due))
            case Extended(due, reason):
                yield Stretch(Why.EXTENDED, day, day, 0, reason, datetime.fromisoformat(due))
            case Rescheduled(due, reason):
                yield Stretch(Why.RESCHEDULED, day, day, 0, reason, datetime.fromisoformat(due))
            case Reopened(due):
                yield Stretch(Why.REOPENED, day, day, due=datetime.fromisoformat(due))
                yield from _term(each.at, promise, calendar)
        paused = paused_after(paused, each)
    if paused:
        day = _day(paused, calendar)
        yield Stretch(Why.WAITS, day, day)


def _day(moment: datetime, calendar: Calendar) -> date:
    return moment.astimezone(calendar.zone).date()
