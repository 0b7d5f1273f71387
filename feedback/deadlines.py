"""The working calendar: when a promise falls due and how much working time is left.

A message that comes outside office hours counts as received when work next begins. Terms in days
begin on the day after that (Bộ luật Dân sự 2015, Điều 147) and end at the close of office hours on
their last day; calendar days that end on a day off move to the next working day (Điều 148).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.kinds import Promise, TimeUnit

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weekdays` are 0 for Monday to 6; `hours` are the spans of one working day, in order."""

    weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up_days: frozenset[date] = frozenset()
    zone: ZoneInfo = VIETNAM

    def covers(self, year: int) -> bool:
        """Whether holidays of the year were entered; without them its weekdays all count as working days."""
        return any(day.year == year for day in self.holidays)


def is_working_day(day: date, calendar: Calendar) -> bool:
    if day in calendar.make_up_days:
        return True
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def due(received: datetime, promise: Promise, calendar: Calendar) -> datetime:
    """Say when the promise falls due, in UTC."""
    if promise.unit is TimeUnit.MINUTE:
        return received + promise.value * MINUTE
    day = received_on(received, calendar)
    if promise.unit is TimeUnit.WORKING_DAY:
        for _ in range(promise.value):
            day = _next_working_day(day + DAY, calendar)
    else:
        day = _next_working_day(day + promise.value * DAY, calendar)
    return end_of(day, calendar)


def received_on(received: datetime, calendar: Calendar) -> date:
    """Find the working day on which a message counts as received."""
    local = received.astimezone(calendar.zone)
    over = local.time() >= calendar.hours[-1][1]
    return _next_working_day(local.date() + DAY if over else local.date(), calendar)


def end_of(day: date, calendar: Calendar) -> datetime:
    """Return when the office closes on that day, in UTC: a promise for a day means this moment."""
    return _at(day, calendar.hours[-1][1], calendar)


def remaining(now: datetime, due: datetime, calendar: Calendar) -> int:
    """Count the working minutes from now until due; negative when it is overdue."""
    if now > due:
        return -remaining(due, now, calendar)
    day, last = now.astimezone(calendar.zone).date(), due.astimezone(calendar.zone).date()
    minutes = 0
    while day <= last:
        if is_working_day(day, calendar):
            minutes += sum(_shared_minutes(now, due, day, span, calendar) for span in calendar.hours)
        day += DAY
    return minutes


def after_pause(due: datetime, paused: datetime, now: datetime, calendar: Calendar) -> datetime:
    """Say when a promise falls due after the clock stood from `paused` until now.

    As much working time is left as when it stopped, to the end of that working day; a promise that had
    passed by then stays where it was.
    """
    left = remaining(paused, due, calendar)
    if left <= 0:
        return due
    day = now.astimezone(calendar.zone).date()
    while remaining(now, end_of(day, calendar), calendar) < left:
        day += DAY
    return max(due, end_of(day, calendar))


def _shared_minutes(
    start: datetime, end: datetime, day: date, span: tuple[time, time], calendar: Calendar
) -> int:
    opens, closes = _at(day, span[0], calendar), _at(day, span[1], calendar)
    return max(timedelta(0), min(end, closes) - max(start, opens)) // MINUTE


def _next_working_day(day: date, calendar: Calendar) -> date:
    while not is_working_day(day, calendar):
        day += DAY
    return day


def _at(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)
