"""«Vì sao hẹn ngày này»: each stretch of a promise's time in a sentence."""

from collections.abc import Sequence
from datetime import date, datetime

from feedback.cases import Happening
from feedback.deadlines import Calendar
from feedback.explained import Stretch, explain
from feedback.kinds import Promise
from handlers.desk.templates import WORDS, clock, say
from handlers.desk.templates import day as written


def sentences(
    received: datetime, promise: Promise, calendar: Calendar, changes: Sequence[Happening] = ()
) -> list[str]:
    return [_sentence(each) for each in explain(received, promise, calendar, changes)]


def _sentence(stretch: Stretch) -> str:
    one = "one" if stretch.first == stretch.last else "more"
    days = say(f"why.days.{one}", first=_day(stretch.first), last=_day(stretch.last))
    due = say("at", time=clock(stretch.due), day=written(stretch.due)) if stretch.due else ""
    first, last = _day(stretch.first), _day(stretch.last)
    name = stretch.name if stretch.name not in ("", "weekend") else WORDS["why.day_off"]
    return say(f"why.{stretch.why}", days=days, first=first, last=last, n=stretch.n, name=name, due=due)


def _day(day: date) -> str:
    """Write «thứ Sáu 27/11/2026»."""
    return f"{WORDS[f'weekday.{day.isoweekday()}']} {day:%d/%m/%Y}"
