"""The clock that stands for the citizen's answer does not stand for ever."""

from datetime import datetime

from feedback.cases import SYSTEM, Case
from feedback.deadlines import DAY, Calendar, end_of, next_working_day
from handlers.actions import cases
from handlers.library import Library
from storage.store import Tx


async def resume(tx: Tx, library: Library) -> None:
    """After the office's term the promise runs again: the unit and the citizen are told."""
    office = library.office
    for case in await tx.cases.paused_before(tx.now - office.escalation.waiting_days * DAY):
        if tx.now > until(case, office.escalation.waiting_days, office.calendar):
            days = office.escalation.waiting_days
            reason = library.phrases.say("vi", "citizen.silent_reason", days=days)
            cases.resume(tx, library, case, SYSTEM, reason, told="citizen.resumed_by_time")


def until(case: Case, days: int, calendar: Calendar) -> datetime:
    """Return the end of the last day that the citizen has."""
    day = (case.paused or case.received).astimezone(calendar.zone).date()
    for _ in range(days):
        day = next_working_day(day + DAY, calendar)
    return end_of(day, calendar)
