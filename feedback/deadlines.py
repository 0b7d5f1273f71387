"""The working calendar: when a promise falls due and how much working time is left.

A message that comes outside office hours counts as received when work next begins. Terms in days
begin on the day after that (Bộ luật Dân sự 2015, Điều 147) and end at the close of office hours on
their last day; calendar days that end on a day off move to the next working day (Điều 148). A half day
counts as a day, and has its own hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.kinds import Promise, TimeUnit

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NONE = timedelta(0)
Spans = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weekdays` are 0 for Monday to 6; `hours` are the spans of one working day, in order.

    `half_days` are days with hours of their own: they are worked, whatever else the calendar says.
    `announced` are the years whose holidays the office wrote down; others are what one would expect.
    """

    weekdays: frozenset[int]
    hours: Spans
    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up_days: frozenset[date] = frozenset()
    half_days: Mapping[date, Spans] = field(default_factory=dict)
    zone: ZoneInfo = VIETNAM
    announced: frozenset[int] = frozenset()


def is_working_day(day: date, calendar: Calendar) -> bool:
    if day in calendar.make_up_days or day in calendar.half_days:
        return True
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def hours_of(day: date, calendar: Calendar) -> Spans:
    """Return when the office works on that day: nothing on a day off."""
    return calendar.half_days.get(day, calendar.hours) if is_working_day(day, calendar) else ()


def is_open(now: datetime, calendar: Calendar) -> bool:
    """Whether somebody works at this moment."""
    local = now.astimezone(calendar.zone)
    return any(opens <= local.time() < closes for opens, closes in hours_of(local.date(), calendar))


def due(received: datetime, promise: Promise, calendar: Calendar) -> datetime:
    """Say when the promise falls due, in UTC."""
    if promise.unit is TimeUnit.MINUTE:
        return received + promise.value * MINUTE
    day = received_on(received, calendar)
    if promise.unit is TimeUnit.WORKING_DAY:
        for _ in range(promise.value):
            day = next_working_day(day + DAY, calendar)
    else:
        day = next_working_day(day + promise.value * DAY, calendar)
    return end_of(day, calendar)


def received_on(received: datetime, calendar: Calendar) -> date:
    """Find the working day on which a message counts as received."""
    local = received.astimezone(calendar.zone)
    return next_working_day(local.date() + DAY if _is_over(local, calendar) else local.date(), calendar)


def end_of(day: date, calendar: Calendar) -> datetime:
    """Return when the office closes on that day, in UTC: a promise for a day means this moment."""
    spans = hours_of(day, calendar) or calendar.hours
    return _at(day, spans[-1][1], calendar)


def next_opening(now: datetime, calendar: Calendar) -> datetime:
    """Return when work next begins: in the morning, after lunch; now if it begins now."""
    day = now.astimezone(calendar.zone).date()
    while True:
        begins = [_at(day, opens, calendar) for opens, _ in hours_of(day, calendar)]
        if later := [moment for moment in begins if moment >= now]:
            return later[0]
        day = next_working_day(day + DAY, calendar)


def remaining(now: datetime, due: datetime, calendar: Calendar) -> int:
    """Count the working minutes from now until due; negative when it is overdue."""
    if now > due:
        return -remaining(due, now, calendar)
    return (
        sum((min(due, end) - max(now, start) for start, end in _worked(now, due, calendar)), NONE) // MINUTE
    )


def after(now: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Return the first moment by which so many working minutes have passed."""
    left, day = minutes * MINUTE, now.astimezone(calendar.zone).date()
    while left > NONE:
        for opens, closes in hours_of(day, calendar):
            start, end = max(now, _at(day, opens, calendar)), _at(day, closes, calendar)
            if end - start >= left:
                return start + left
            left -= max(NONE, end - start)
        day = next_working_day(day + DAY, calendar)
    return now


def after_pause(due: datetime, paused: datetime, now: datetime, calendar: Calendar) -> datetime:
    """Say when a promise falls due after the clock stood from `paused` until now.

    As much working time is left as when it stopped, to the end of that working day; a promise that had
    passed by then stays where it was.
    """
    left = remaining(paused, due, calendar)
    if left <= 0:
        return due
    day = after(now, left, calendar).astimezone(calendar.zone).date()
    return max(due, end_of(day, calendar))


def _worked(start: datetime, end: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Find the spans of work that lie in part between the moments."""
    day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in hours_of(day, calendar):
            span = _at(day, opens, calendar), _at(day, closes, calendar)
            if span[0] < end and span[1] > start:
                yield span
        day += DAY


def _is_over(local: datetime, calendar: Calendar) -> bool:
    spans = hours_of(local.date(), calendar) or calendar.hours
    return local.time() >= spans[-1][1]


def next_working_day(day: date, calendar: Calendar) -> date:
    while not is_working_day(day, calendar):
        day += DAY
    return day


def _at(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)
