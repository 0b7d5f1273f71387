"""How urgent a case is, in working time."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedback.cases import Case
from feedback.deadlines import MINUTE, Calendar, remaining

HORIZON = timedelta(days=30)  # longer than any holiday
HOUR = 60


@dataclass(frozen=True, slots=True)
class Cue:
    """`level` is late, soon, calm, kept or missed; `words` with `n` say it."""

    level: str
    words: str
    n: int = 0


def cue(case: Case, now: datetime, calendar: Calendar) -> Cue:
    if not case.open:
        done = case.answered or case.closed or now
        return Cue("kept", "due.kept") if done <= case.due else Cue("missed", "due.missed")
    if case.stands:
        return Cue("calm", "due.paused")
    minutes, day = remaining(now, case.due, calendar), working_day(calendar)
    if now > case.due:
        return Cue("late", *_length("late", -minutes, day))
    return Cue("soon" if minutes <= day else "calm", *_length("left", minutes, day))


def _length(way: str, minutes: int, day: int) -> tuple[str, int]:
    if minutes >= day:
        return f"due.{way}.days", minutes // day
    if minutes >= HOUR:
        return f"due.{way}.hours", minutes // HOUR
    return f"due.{way}.minutes", minutes


def working_day(calendar: Calendar) -> int:
    """Count the minutes of one working day."""
    today = date.min
    spans = (datetime.combine(today, end) - datetime.combine(today, start) for start, end in calendar.hours)
    return sum(spans, timedelta(0)) // MINUTE


def soon(now: datetime, calendar: Calendar) -> datetime:
    """Return the first moment that is more than one working day away."""
    minutes, day = range(HORIZON // MINUTE), working_day(calendar)
    return now + MINUTE * bisect_right(minutes, day, key=lambda n: remaining(now, now + n * MINUTE, calendar))
