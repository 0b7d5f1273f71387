"""A new date for a promise, as an officer writes it."""

import re
from datetime import date, datetime, timedelta

from feedback.cases import Case
from feedback.deadlines import end_of, is_working_day
from handlers.office import Office

LONGEST = timedelta(days=365)
_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")


class NoTerm(ValueError):
    """This is no working day after the promised one."""


def later(office: Office, case: Case, text: str) -> datetime:
    """Return the end of the day that is written, «30/11/2026» or «2026-11-30». Raises NoTerm."""
    day = _read(text)
    if not is_working_day(day, office.calendar):
        raise NoTerm
    due = end_of(day, office.calendar)
    if not case.due < due <= case.due + LONGEST:
        raise NoTerm
    return due


def _read(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        return date.fromisoformat(text)
    except ValueError:
        raise NoTerm from None
