"""The office as its administrator describes it: units, topics, kinds, routing, calendar and staff."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from faq.files import Mistakes, Sheet, read
from feedback.deadlines import Calendar, Spans
from feedback.escalation import Escalation
from feedback.kinds import Kind, Promise
from feedback.linting import Wording
from feedback.replies import Reply
from feedback.routing import Rule, Says, Topic, Unit
from feedback.staff import Officer
from handlers.office import checks, holidays
from handlers.office.shapes import (
    REOPEN_WITHIN,
    CalendarFile,
    Consent,
    Hours,
    Kinds,
    Replies,
    Retention,
    Routing,
    Sayings,
    Staff,
    Topics,
    Units,
)

FOLDER = Path(__file__).parent
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Office:
    """Who we are; the same as long as the service runs. `topics` holds the groups too."""

    name: str
    name_en: str
    units: Mapping[str, Unit]
    topics: Mapping[str, Topic]
    kinds: tuple[Kind, ...]
    calendar: Calendar
    staff: tuple[Officer, ...]
    default_unit: str
    complaint_unit: str
    data_protection_unit: str
    ambiguous_question: str
    ambiguous_question_en: str
    escalation: Escalation
    consent: Consent
    terms: Mapping[str, timedelta]
    wording: Wording
    threshold: float
    most_transfers: int
    rules: tuple[Rule, ...] = ()
    says: tuple[Says, ...] = ()
    reopen_within: Promise = REOPEN_WITHIN
    pending: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()

    def named(self, language: str) -> str:
        return self.name_en if language == "en" else self.name

    def today(self, now: datetime) -> date:
        return now.astimezone(self.calendar.zone).date()

    def unit(self, code: str) -> Unit:
        return self.units[code]

    def topic(self, code: str) -> Topic:
        return self.topics[code]

    def kind(self, code: str) -> Kind:
        return next(kind for kind in self.kinds if kind.code == code)

    def find_kind(self, code: str) -> Kind | None:
        """Nothing if the kind has left the office's files since."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    @property
    def addresses(self) -> frozenset[str]:
        """Where units and officers get mail."""
        units, staff = (each.email for each in self.units.values()), (each.email for each in self.staff)
        return frozenset((*units, *staff)) - {""}

    def officer(self, id: str) -> Officer:  # noqa: A002  # the field's own name
        return next(officer for officer in self.staff if officer.id == id)


def load(folder: Path | None = None) -> Office:
    """Read the files; raise `Mistakes` with everything that is wrong in all of them.

    An office that has no linting.yaml, replies.yaml or retention.yaml of its own has the sample's; one that
    has no says.yaml is known by its keywords, duties and answers alone.
    """
    folder = folder or FOLDER
    units, topics = read(folder / "units.yaml", Units), read(folder / "topics.yaml", Topics)
    kinds, calendar = read(folder / "kinds.yaml", Kinds), read(folder / "calendar.yaml", CalendarFile)
    staff, routing = read(folder / "staff.yaml", Staff), read(folder / "routing.yaml", Routing)
    escalation = read(folder / "escalation.yaml", Escalation)
    wording = read(_own_or_sample(folder, "linting.yaml"), Wording)
    replies = read(_own_or_sample(folder, "replies.yaml"), Replies)
    retention = read(_own_or_sample(folder, "retention.yaml"), Retention)
    says = _sayings(folder)
    if units.value:
        known = {unit.code for unit in units.value.units}
        checks.units(units, known)
        checks.topics(topics, known)
        checks.kinds(kinds, known)
        checks.staff(staff, known)
        codes = {kind.code for kind in kinds.value.kinds} if kinds.value else set()
        checks.replies(replies, known, codes)
        receiving = {unit.code for unit in units.value.units if unit.receives}
        checks.somebody_receives(staff, units.value.default_unit, receiving)
        if topics.value and kinds.value:
            every = {each.code for each in _all_topics(topics.value)}
            checks.routing(routing, units.value, every, codes)
            checks.says(says, known, every)
    checks.absences(staff)
    checks.escalation(escalation)
    checks.calendar(calendar)
    sheets = (units, topics, kinds, calendar, staff, routing, says, escalation, wording, replies, retention)
    found = [mistake for sheet in sheets for mistake in sheet.mistakes]
    if found or not (units.value and topics.value and kinds.value and calendar.value and staff.value):
        raise Mistakes(found)
    if not (routing.value and escalation.value and wording.value and replies.value and retention.value):
        raise Mistakes(found)
    return Office(
        name=units.value.office,
        name_en=units.value.office_en,
        units=MappingProxyType({unit.code: unit for unit in units.value.units}),
        topics=MappingProxyType({topic.code: topic for topic in _all_topics(topics.value)}),
        kinds=kinds.value.kinds,
        calendar=_calendar(calendar.value),
        staff=staff.value.staff,
        default_unit=units.value.default_unit,
        complaint_unit=units.value.complaint_unit,
        data_protection_unit=units.value.data_protection_unit,
        ambiguous_question=kinds.value.ambiguous_question,
        ambiguous_question_en=kinds.value.ambiguous_question_en,
        consent=retention.value.consent,
        terms=MappingProxyType({n: timedelta(days=d) for n, d in asdict(retention.value.days).items()}),
        wording=wording.value,
        replies=replies.value.replies,
        threshold=routing.value.threshold,
        most_transfers=routing.value.most_transfers,
        rules=routing.value.rules,
        says=says.value.says if says.value else (),
        reopen_within=kinds.value.reopen_within,
        escalation=escalation.value,
        pending=tuple(_to_look_at(calendar.value)),
    )


def _sayings(folder: Path) -> Sheet[Sayings]:
    path = folder / "says.yaml"
    return read(path, Sayings) if path.exists() else Sheet(path, Sayings())


def _own_or_sample(folder: Path, name: str) -> Path:
    own = folder / name
    return own if own.exists() else FOLDER / name


def _all_topics(topics: Topics) -> list[Topic]:
    return [
        topic
        for group in topics.groups
        for topic in (group.topic(), *(replace(each, group=group.code) for each in group.subtopics))
    ]


def _calendar(file: CalendarFile) -> Calendar:
    """The file alone is right for the years of which it has a day off."""
    years, half_days = {day.date.year for day in file.holidays}, file.half_days
    off = {**holidays.of_other_years(years), **{day.date: day.name for day in file.holidays}}
    made_up = holidays.made_up_in_other_years(years) | {day.date for day in file.make_up_days}
    return Calendar(
        weekdays=frozenset(WEEK.index(day) for day in file.working_days),
        hours=_spans(file.hours),
        holidays=MappingProxyType(off),
        make_up_days=frozenset(made_up),
        half_days=MappingProxyType({half.date: _spans(half.hours) for half in half_days}),
        zone=ZoneInfo(file.zone),
        announced=frozenset(years),
    )


def _spans(hours: tuple[Hours, ...]) -> Spans:
    return tuple((span.start, span.end) for span in hours)


def _to_look_at(file: CalendarFile) -> Iterator[str]:
    yield from (f"{each.what}: {each.note}" for each in file.pending)
    years, off = {day.date.year for day in file.holidays}, {day.date for day in file.holidays}
    weekdays = {WEEK.index(day) for day in file.working_days}
    for day, name in holidays.missed(years, off, weekdays).items():
        yield f"lịch năm {day.year} không có ngày nghỉ {day:%d/%m/%Y} ({name})"
