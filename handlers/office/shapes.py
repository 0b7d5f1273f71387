"""What stands in the office's files."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field

from feedback.kinds import Kind, Promise, TimeUnit
from feedback.replies import Reply
from feedback.routing import Rule, Says, Topic, Unit
from feedback.staff import Officer

REOPEN_WITHIN = Promise(15, TimeUnit.CALENDAR_DAY)
Text = Annotated[str, Field(min_length=1)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True)
class Units:
    office: Text
    office_en: Text
    default_unit: str
    complaint_unit: str
    data_protection_unit: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Group:
    code: Text
    name: Text
    unit: str
    with_units: tuple[str, ...] = ()
    outside_units: tuple[str, ...] = ()
    keywords: tuple[Text, ...] = ()
    keywords_without_marks: tuple[Text, ...] = ()
    formerly: tuple[str, ...] = ()
    subtopics: tuple[Topic, ...] = ()

    def topic(self) -> Topic:
        return Topic(
            code=self.code,
            name=self.name,
            unit=self.unit,
            with_units=self.with_units,
            outside_units=self.outside_units,
            keywords=self.keywords,
            keywords_without_marks=self.keywords_without_marks,
            formerly=self.formerly,
        )


@dataclass(frozen=True, slots=True)
class Topics:
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    ambiguous_question: Text
    ambiguous_question_en: Text
    kinds: tuple[Kind, ...]
    reopen_within: Promise = REOPEN_WITHIN


@dataclass(frozen=True, slots=True)
class Hours:
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    name: Text


@dataclass(frozen=True, slots=True)
class HalfDay:
    date: date
    name: Text
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Pending:
    what: Text
    note: Text


@dataclass(frozen=True, slots=True)
class CalendarFile:
    zone: Text
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)]
    working_days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    holidays: tuple[Day, ...] = ()
    make_up_days: tuple[Day, ...] = ()
    half_days: tuple[HalfDay, ...] = ()
    pending: tuple[Pending, ...] = ()


Days = Annotated[int, Field(ge=1, le=36_500)]


@dataclass(frozen=True, slots=True)
class Consent:
    version: Annotated[str, Field(min_length=1, max_length=20)]
    purpose: Annotated[str, Field(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class Terms:
    answered: Days
    sender: Days
    consent: Days
    handled: Days
    dead_letter: Days
    conversation: Days
    held: Days
    changeable: Days
    question: Days
    received: Days
    refusal: Days
    session: Days
    upload: Days


@dataclass(frozen=True, slots=True)
class Retention:
    consent: Consent
    days: Terms


@dataclass(frozen=True, slots=True)
class Staff:
    staff: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class Replies:
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """Below the `threshold`, a person routes; after `most_transfers`, only they do."""

    threshold: Annotated[float, Field(ge=0, le=1)]
    most_transfers: Annotated[int, Field(ge=1)]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Sayings:
    says: tuple[Says, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingCase:
    """A submission that must go to the unit; by the rule, if one is named."""

    text: Text
    unit: Text
    kind: str = "report"
    place: str = ""
    sender: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RoutingTests:
    cases: tuple[RoutingCase, ...] = ()
