"""What an officer may do with a case: what its state takes, the office allows, and two persons have to do."""

from datetime import datetime, timedelta

from feedback import deadlines
from feedback.cases import (
    MOST_REOPENED,
    Accepted,
    Answered,
    Asked,
    Case,
    Closed,
    Corrected,
    Declined,
    Event,
    Extended,
    NotAllowed,
    Noted,
    Proposed,
    Returned,
    Status,
    Transferred,
    apply,
)
from feedback.staff import Officer, Role
from handlers.office import Office

ACTS: dict[str, Event] = {
    "accept": Accepted(""),
    "answer": Answered(""),
    "propose": Proposed("", "somebody"),
    "approve": Answered(""),
    "decline": Declined("", ""),
    "correct": Corrected("", ""),
    "ask": Asked(""),
    "note": Noted(""),
    "transfer": Transferred("", ""),
    "return": Returned("", ""),
    "close": Closed(""),
}
LATER = timedelta(days=1)


def needs_second(office: Office, case: Case) -> bool:
    """Whether another person must approve an answer: as the office says of the case's kind or its unit."""
    kind = office.find_kind(case.kind)
    unit = office.units.get(case.unit)
    return bool(kind and kind.second_person) or bool(unit and unit.second_person)


def may_approve(officer: Officer, case: Case) -> bool:
    """Whether they are the second person: the head of the unit or a router, and not who wrote it."""
    heads = officer.role is Role.HEAD and officer.unit == case.unit
    return (heads or officer.role is Role.ROUTER) and officer.id != case.proposed_by


def way(office: Office, case: Case, act: str) -> str:
    """Return what writing an answer comes to where a second person is needed: proposing it."""
    return "propose" if act == "answer" and needs_second(office, case) else act


def allows(office: Office, case: Case, act: str, now: datetime, officer: Officer | None = None) -> bool:
    """Whether this officer may, or without one, anybody of the case's unit."""
    return (
        _ways_of_units_allow(office, case, act, officer)
        and _two_persons_allow(office, case, act)
        and _state_allows(case, act, now)
    )


def answerable(office: Office, case: Case, now: datetime, officer: Officer | None = None) -> bool:
    """Whether this officer may answer or propose an answer, or without one, anybody of the case's unit."""
    return allows(office, case, way(office, case, "answer"), now, officer)


def _ways_of_units_allow(office: Office, case: Case, act: str, officer: Officer | None) -> bool:
    """After too many transfers only those who route pass a case on; they have nobody to give it back to."""
    match act:
        case "transfer":
            return not wandered(office, case) or (officer is not None and officer.role is Role.ROUTER)
        case "return":
            return case.unit != office.default_unit
        case _:
            return True


def _two_persons_allow(office: Office, case: Case, act: str) -> bool:
    """Nobody answers alone, nor closes with a result instead of an answer, where two are needed."""
    match act:
        case "answer":
            return not needs_second(office, case)
        case "close":
            return not (case.open and needs_second(office, case))
        case "correct":
            return not (case.proposed_by and needs_second(office, case))
        case "propose":
            return needs_second(office, case)
        case "approve":
            return bool(case.proposed_by)
        case "attach":
            return case.open or case.answered is not None
        case _:
            return True


def _state_allows(case: Case, act: str, now: datetime) -> bool:
    if act == "attach":
        return True
    if act == "approve":
        return case.status is not Status.CLOSED or case.answered is not None
    event = Extended((case.due + LATER).isoformat(), "") if act == "extend" else ACTS[act]
    try:
        apply(case, event, now)
    except NotAllowed:
        return False
    return True


def wandered(office: Office, case: Case) -> bool:
    """Whether it went to and fro so often that only those who route pass it on."""
    return case.transfers >= office.most_transfers and case.unit != office.default_unit


def may_reopen(office: Office, case: Case, now: datetime) -> bool:
    """Whether the citizen may ask for another look: within the office's term, and not for ever."""
    since = case.answered or case.closed
    if case.open or since is None or case.reopened >= MOST_REOPENED:
        return False
    return now <= deadlines.due(since, office.reopen_within, office.calendar)
