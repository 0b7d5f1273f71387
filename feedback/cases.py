"""A case, what can happen to it, and the one door through which it changes.

received ─► routed ─► accepted ─► answered ─► closed        rated once, corrected as often as needed
              ▲  └──────┼───────────▲  │         │
              │         ▼           │  │         │
              │  waiting for the ───┘  │         │
              │  citizen: the clock    │         │
              │  stands                │         │
              └── transferred, returned, reopened (twice at most)

An answer of a kind that needs a second person is proposed first; that person's approval is the answer.
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

from feedback.messages import Address
from feedback.survey import FACTORS

WORST, BEST = 1, 5
LOW = 2  # so few stars, or fewer, are for the head of the unit
MOST_REOPENED = 2
# Of an event: what no person wrote
OFFICIAL = {"unit", "topic", "officer", "due", "entry", "to", "drafter", "factor"}


class Status(StrEnum):
    ROUTED = "routed"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


RUNNING = (Status.ROUTED, Status.ACCEPTED)  # the office holds the ball, and its clock runs
OPEN = (*RUNNING, Status.WAITING)


class Sender(StrEnum):
    """As what a person writes; answers may hold for some of them only."""

    CITIZEN = "citizen"
    BUSINESS = "business"
    ORGANISATION = "organisation"
    CIVIL_SERVANT = "civil_servant"


@dataclass(frozen=True, slots=True)
class Case:
    """One submission in the hands of one unit.

    `sender` is who writes (a Sender, or empty), `contact` what they left beside the chat, `reply_to`
    the channel's id of their message. `due` is the promised moment (UTC), `paused` since when the clock
    stands because the citizen was asked for more. `proposed_by` wrote what waits for a second person,
    `declined_to` is to write again. `transfers` counts how often it changed units since it was routed or
    opened again, `reopened` how often that was. `version` counts changes: whoever saves names the version
    that they read.
    """

    id: int
    code: str
    kind: str
    status: Status
    unit: str
    topic: str
    text: str
    address: Address
    received: datetime
    due: datetime
    sender: str = ""
    place: str = ""
    anonymous: bool = True
    contact: str = ""
    language: str = "vi"
    reply_to: str = ""
    officer: str = ""
    overdue: bool = False
    paused: datetime | None = None
    proposed_by: str = ""
    declined_to: str = ""
    transfers: int = 0
    reopened: int = 0
    answered: datetime | None = None
    closed: datetime | None = None
    stars: int | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def stands(self) -> bool:
        """Whether its clock stands; one that was late already when the citizen was asked runs on."""
        return self.paused is not None and self.paused <= self.due


@dataclass(frozen=True, slots=True)
class Received:
    text: str
    place: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True)
class Routed:
    """`score` is how probable the unit was, `suggestions` the likeliest ones for who routes by hand."""

    unit: str
    topic: str
    reason: str
    score: float = 0.0
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    officer: str


@dataclass(frozen=True, slots=True)
class Noted:
    """An internal note: the citizen never sees it."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The unit asks the citizen for more, and the clock stands; what they send is `Added`."""

    text: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The clock runs again: the citizen sent more, or had time enough. `due` is the promise from now on."""

    due: str
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """The citizen adds to what they sent."""

    text: str
    files: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """The citizen changed a message that is in the case; `before` is what it said until then."""

    before: str
    text: str


@dataclass(frozen=True, slots=True)
class Informed:
    """The citizen was shown the approved answer `entry`, which ends nothing: the unit still owes its own."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """An answer that a second person must approve; `corrects` is why the one that was sent is wrong."""

    text: str
    drafter: str
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The second person does not approve: the drafter writes again."""

    reason: str
    drafter: str


@dataclass(frozen=True, slots=True)
class Answered:
    """`drafter` wrote it if it is not who sent it; `overridden` is why warnings were passed over."""

    text: str
    drafter: str = ""
    overridden: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A sent answer was wrong. What was sent stays in the timeline. Else like `Answered`."""

    text: str
    reason: str
    drafter: str = ""
    overridden: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True)
class Transferred:
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """The unit gives it back to those who route; `unit` is theirs."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A later date is promised, before the one that was promised has passed."""

    due: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """The calendar or the term changed, so the promise moves, to either side."""

    due: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """`step` is the percentage of the time that had passed, over 100 afterwards; `to` are officers."""

    step: int
    to: str


@dataclass(frozen=True, slots=True)
class Closed:
    result: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The citizen withdrew it: nothing is owed any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """The citizen is not content. A new promise begins."""

    due: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rated:
    stars: int


@dataclass(frozen=True, slots=True)
class Commented:
    """The word that may come with a rating."""

    text: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """How one factor was, from 1 to 5; each is answered by itself, and the rest may be left."""

    factor: str
    stars: int


@dataclass(frozen=True, slots=True)
class WentOverdue:
    due: str


@dataclass(frozen=True, slots=True)
class DeliveryUncertain:
    """A message to the citizen may have arrived twice or not at all; `resent` tells which risk was taken."""

    resent: bool


@dataclass(frozen=True, slots=True)
class Undeliverable:
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """The channel takes the message only after the citizen's next word; it goes out then by itself."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The citizen had erased what leads to them: nobody can be answered any more.

    With the `content`, what they and others wrote is gone, too.
    """

    content: bool = False


Event = (
    Received
    | Routed
    | Accepted
    | Noted
    | Asked
    | Resumed
    | Added
    | Edited
    | Informed
    | Proposed
    | Declined
    | Answered
    | Corrected
    | Transferred
    | Returned
    | Extended
    | Rescheduled
    | Reminded
    | Closed
    | TakenBack
    | Reopened
    | Rated
    | Commented
    | Surveyed
    | WentOverdue
    | DeliveryUncertain
    | Undeliverable
    | Held
    | Erased
)
PROMISES = (Resumed, Extended, Rescheduled, Reopened)  # each names the day that is promised from now on
EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its time (UTC) and who caused it: «citizen», «system» or an officer's id."""

    at: datetime
    actor: str
    event: Event


CITIZEN, SYSTEM = "citizen", "system"


def paused_after(paused: datetime | None, happening: Happening) -> datetime | None:
    """Say since when the clock stands after this, if it stood since `paused` before (None: it ran)."""
    match happening.event:
        case Asked():
            return paused or happening.at
        case Resumed() | Transferred() | Returned() | Answered() | Closed() | TakenBack() | Reopened():
            return None
        case _:
            return paused


class NotAllowed(Exception):
    """The case's state does not allow the event."""

    def __init__(self, case: Case, event: Event) -> None:
        super().__init__(f"{type(event).__name__} is not allowed while a case is {case.status}")


def apply(case: Case, event: Event, now: datetime) -> Case:
    """Return the case after the event: the same object if only the timeline grows. Raises NotAllowed."""
    after = _erased(case, event) if isinstance(event, Erased) else _after(case, event, now)
    return after if after is case else replace(after, version=case.version + 1)


def _after(case: Case, event: Event, now: datetime) -> Case:
    """Follow the arrows between the states."""
    match case.status, event:
        case Status.ROUTED, Accepted(officer):
            return replace(case, status=Status.ACCEPTED, officer=officer)
        case Status.ACCEPTED, Asked():
            return replace(case, status=Status.WAITING, paused=now)
        case Status.WAITING, Resumed(due):
            return replace(case, status=Status.ACCEPTED, paused=None, due=_moment(due))
        case Status.ROUTED | Status.ACCEPTED | Status.WAITING, Transferred(unit) | Returned(unit):
            moved = replace(_settled(case), status=Status.ROUTED, unit=unit, officer="", paused=None)
            return replace(moved, transfers=case.transfers + 1)
        case Status.ROUTED | Status.ACCEPTED | Status.WAITING | Status.ANSWERED, Answered():
            answered = replace(_settled(case), status=Status.ANSWERED, answered=case.answered or now)
            return replace(answered, paused=None)
        case Status.ROUTED | Status.ACCEPTED | Status.WAITING | Status.ANSWERED, Closed():
            return replace(_settled(case), status=Status.CLOSED, closed=now, paused=None)
        case Status.ROUTED | Status.ACCEPTED | Status.WAITING, TakenBack():
            return replace(_settled(case), status=Status.CLOSED, closed=now, paused=None)
        case Status.ANSWERED | Status.CLOSED, Reopened(due) if case.reopened < MOST_REOPENED:
            return _reopened(case, _moment(due))
        case _:
            return _within(case, event, now)


def _reopened(case: Case, due: datetime) -> Case:
    again = replace(_settled(case), status=Status.ROUTED, officer="", due=due, overdue=False, transfers=0)
    return replace(again, answered=None, closed=None, stars=None, reopened=case.reopened + 1)


def _within(case: Case, event: Event, now: datetime) -> Case:
    """Change what a case says without moving it, or let its timeline grow."""
    match case.status, event:
        case Status.ROUTED | Status.ACCEPTED, Extended(due) if now <= case.due < _moment(due):
            return replace(case, due=_moment(due))
        case Status.ROUTED | Status.ACCEPTED | Status.WAITING, Rescheduled(due) if case.due != _moment(due):
            return replace(case, due=_moment(due), overdue=case.overdue and _moment(due) < now)
        case Status.ROUTED | Status.ACCEPTED, WentOverdue() if not case.overdue:
            return replace(case, overdue=True)
        case Status.WAITING, WentOverdue() if not (case.overdue or case.stands):
            return replace(case, overdue=True)
        case Status.ANSWERED | Status.CLOSED, Rated(stars) if case.stars is None and WORST <= stars <= BEST:
            return replace(case, stars=stars)
        case _, Proposed() if not case.proposed_by and _may_be_proposed(case, event):
            return replace(case, proposed_by=event.drafter, declined_to="")
        case _, Declined() if case.proposed_by:
            return replace(case, proposed_by="", declined_to=event.drafter)
        case Status.ANSWERED | Status.CLOSED, Corrected() if case.answered:
            return _settled(case)
        case _ if _is_told(case, event):
            return case
        case _:
            raise NotAllowed(case, event)


def _settled(case: Case) -> Case:
    """Nothing waits for a second person any more, nor to be written again."""
    return replace(case, proposed_by="", declined_to="")


def _may_be_proposed(case: Case, event: Proposed) -> bool:
    """Correct only what was answered; what is closed is answered no more."""
    return case.answered is not None if event.corrects else case.status is not Status.CLOSED


def _moment(due: str) -> datetime:
    return datetime.fromisoformat(due)


def _erased(case: Case, event: Erased) -> Case:
    """Whatever its state, a case can lose what leads to its sender."""
    nameless = replace(case, address=replace(case.address, chat=""), contact="", reply_to="")
    return replace(nameless, text="", place="") if event.content else nameless


def _is_told(case: Case, event: Event) -> bool:
    """Whether the event stands in the timeline and changes nothing else."""
    match case.status, event:
        case Status.CLOSED, Added() | Edited() | Informed():
            return False
        case _, Added() | Edited() | Informed():
            return True
        case Status.ROUTED | Status.ACCEPTED, Reminded():
            return True
        case Status.WAITING, Reminded():
            return not case.stands
        case Status.WAITING, Asked():
            return True
        case Status.ANSWERED | Status.CLOSED, Commented():
            return case.stars is not None
        case Status.ANSWERED | Status.CLOSED, Surveyed(factor, stars):
            return case.stars is not None and factor in FACTORS and WORST <= stars <= BEST
        case _:
            return isinstance(event, Noted | DeliveryUncertain | Undeliverable | Held)


def to_data(event: Event) -> tuple[str, dict[str, Any]]:
    return type(event).__name__, asdict(event)


def emptied(event: Event) -> Event:
    """Return it without anything that somebody wrote: which unit, which day, how many stay."""
    name, data = to_data(event)
    blank = {key: "" for key, value in data.items() if isinstance(value, str) and key not in OFFICIAL}
    return from_data(name, data | blank)


def from_data(name: str, data: dict[str, Any]) -> Event:
    kind = EVENTS[name]
    known = {field.name for field in fields(kind)}
    return kind(**{key: _as_kept(value) for key, value in data.items() if key in known})


def _as_kept(value: Any) -> Any:  # noqa: ANN401  # JSON knows no tuples
    return tuple(value) if isinstance(value, list) else value
