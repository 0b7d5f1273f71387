"""What an officer may do with a case: whatever the state machine takes, and the office allows."""

from datetime import datetime, timedelta

from feedback import deadlines
from feedback.cases import (
    MOST_REOPENED,
    Accepted,
    Answered,
    Asked,
    Case,
    Closed,
    Event,
    Extended,
    NotAllowed,
    Noted,
    Returned,
    Transferred,
    apply,
)
from feedback.staff import Officer, Role
from handlers.office import Office

ACTS: dict[str, Event] = {
    "accept": Accepted(""),
    "answer": Answered(""),
    "ask": Asked(""),
    "note": Noted(""),
    "transfer": Transferred("", ""),
    "return": Returned("", ""),
    "close": Closed(""),
}
LATER = timedelta(days=1)


def allows(case: Case, act: str, now: datetime) -> bool:
    event = Extended((case.due + LATER).isoformat(), "") if act == "extend" else ACTS[act]
    try:
        apply(case, event, now)
    except NotAllowed:
        return False
    return True


def may(office: Office, case: Case, act: str, now: datetime, officer: Officer | None = None) -> bool:
    """Whether this officer may, or without one, anybody of the case's unit."""
    if act == "transfer" and wandered(office, case) and (officer is None or officer.role is not Role.ROUTER):
        return False
    if act == "return" and case.unit == office.default_unit:
        return False
    return allows(case, act, now)


def wandered(office: Office, case: Case) -> bool:
    """Whether it went to and fro so often that only those who route pass it on."""
    return case.transfers >= office.most_transfers and case.unit != office.default_unit


def may_reopen(office: Office, case: Case, now: datetime) -> bool:
    """Whether the citizen may ask for another look: within the office's term, and not for ever."""
    since = case.answered or case.closed
    if case.open or since is None or case.reopened >= MOST_REOPENED:
        return False
    return now <= deadlines.due(since, office.reopen_within, office.calendar)
