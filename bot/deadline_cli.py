"""`caunoi deadline`: what would be promised for something received at a moment, and why."""

from datetime import datetime

from feedback.deadlines import due as falls_due
from handlers.desk import reasons
from handlers.desk.templates import clock, day, say
from handlers.office import Office


class NoPromise(ValueError):
    """No case is opened for this kind."""


def lines(office: Office, received: datetime, code: str) -> list[str]:
    """Explain the promise, the date itself last. Raises NoPromise."""
    kind = office.find_kind(code)
    if kind is None or kind.promise is None:
        known = ", ".join(kind.code for kind in office.kinds if kind.promise)
        raise NoPromise(f"Không hẹn ngày cho loại «{code}». Các loại có hẹn: {known}")
    moment = received.replace(tzinfo=office.calendar.zone)
    due = falls_due(moment, kind.promise, office.calendar)
    return [
        *reasons.sentences(moment, kind.promise, office.calendar),
        say("why.due", due=say("at", time=clock(due), day=day(due))),
    ]
