"""A case, what can happen to it, and the one door through which it changes.

received ─► routed ─► accepted ─► answered ─► closed
              ▲  └───────────────────▲  │
              └── transferred ───────┘  └► rated (once), answered again
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

from feedback.messages import Address

WORST, BEST = 1, 5


class Status(StrEnum):
    ROUTED = "routed"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"


OPEN = (Status.ROUTED, Status.ACCEPTED)


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
    the channel's id of their message. `due` is the promised moment (UTC). `version` counts changes:
    whoever saves names the version that they read.
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
    answered: datetime | None = None
    closed: datetime | None = None
    stars: int | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Received:
    text: str
    place: str = ""
    files: int = 0


@dataclass(frozen=True, slots=True)
class Routed:
    unit: str
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    officer: str


@dataclass(frozen=True, slots=True)
class Noted:
    """An internal note: the citizen never sees it."""

    text: str


@dataclass(frozen=True, slots=True)
class Added:
    """The citizen adds to what they sent."""

    text: str
    files: int = 0


@dataclass(frozen=True, slots=True)
class Informed:
    """The citizen was shown the approved answer `entry`, which ends nothing: the unit still owes its own."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    text: str


@dataclass(frozen=True, slots=True)
class Transferred:
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    result: str


@dataclass(frozen=True, slots=True)
class Rated:
    stars: int


@dataclass(frozen=True, slots=True)
class Commented:
    """The word that may come with a rating."""

    text: str


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
class Withdrawn:
    """The citizen had erased what leads to them: nobody can be answered any more."""


Event = (
    Received
    | Routed
    | Accepted
    | Noted
    | Added
    | Informed
    | Answered
    | Transferred
    | Closed
    | Rated
    | Commented
    | WentOverdue
    | DeliveryUncertain
    | Undeliverable
    | Held
    | Withdrawn
)
EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with its time (UTC) and who caused it: «citizen», «system» or an officer's id."""

    at: datetime
    actor: str
    event: Event


CITIZEN, SYSTEM = "citizen", "system"


class NotAllowed(Exception):
    """The case's state does not allow the event."""

    def __init__(self, case: Case, event: Event) -> None:
        super().__init__(f"{type(event).__name__} is not allowed while a case is {case.status}")


def apply(case: Case, event: Event, now: datetime) -> Case:
    """Return the case after the event: the same object if only the timeline grows. Raises NotAllowed."""
    after = _nameless(case) if isinstance(event, Withdrawn) else _after(case, event, now)
    return after if after is case else replace(after, version=case.version + 1)


def _after(case: Case, event: Event, now: datetime) -> Case:
    match case.status, event:
        case Status.ROUTED, Accepted(officer):
            return replace(case, status=Status.ACCEPTED, officer=officer)
        case Status.ROUTED | Status.ACCEPTED, Transferred(unit):
            return replace(case, status=Status.ROUTED, unit=unit, officer="")
        case Status.ROUTED | Status.ACCEPTED | Status.ANSWERED, Answered():
            return replace(case, status=Status.ANSWERED, answered=case.answered or now)
        case Status.ROUTED | Status.ACCEPTED | Status.ANSWERED, Closed():
            return replace(case, status=Status.CLOSED, closed=now)
        case Status.ROUTED | Status.ACCEPTED, WentOverdue() if not case.overdue:
            return replace(case, overdue=True)
        case Status.ROUTED | Status.ACCEPTED | Status.ANSWERED, Added() | Informed():
            return case
        case Status.ANSWERED | Status.CLOSED, Rated(stars) if case.stars is None and WORST <= stars <= BEST:
            return replace(case, stars=stars)
        case Status.ANSWERED | Status.CLOSED, Commented() if case.stars is not None:
            return case
        case _, Noted() | DeliveryUncertain() | Undeliverable() | Held():
            return case
        case _:
            raise NotAllowed(case, event)


def _nameless(case: Case) -> Case:
    """Whatever its state, a case can lose what leads to its sender."""
    return replace(case, address=replace(case.address, chat=""), contact="", reply_to="")


def to_data(event: Event) -> tuple[str, dict[str, Any]]:
    return type(event).__name__, asdict(event)


def from_data(name: str, data: dict[str, Any]) -> Event:
    kind = EVENTS[name]
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in data.items() if key in known})
