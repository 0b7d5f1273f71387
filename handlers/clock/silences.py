"""A unit that shows no life is asked; then those who route are told; then its untouched cases come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from feedback.cases import SYSTEM, Case, Happening, Returned, Routed, Transferred
from feedback.deadlines import is_open, remaining
from feedback.escalation import Silence as Terms
from feedback.messages import Outgoing, Urgency
from handlers.actions import cards, cases
from handlers.actions.tell import tell_citizen
from handlers.library import Library
from storage.reminders import Silence
from storage.store import Tx

HOUR = 60
EVERY = timedelta(minutes=10)


class Stage(IntEnum):
    ALIVE = 0
    ASKED = 1
    REPORTED = 2
    TAKEN_BACK = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases of a unit that nobody accepted, when each came there, and since when nobody moves."""

    unit: str
    cases: list[Case]
    came: Mapping[int, datetime]
    since: datetime


async def listen(tx: Tx, library: Library) -> None:
    """In working hours only."""
    office = library.office
    if not is_open(tx.now, office.calendar):
        return
    known, silent = await tx.reminders.silences(), set()
    for unit, oldest in (await tx.reminders.untouched()).items():
        stage = _stage(oldest, tx.now, library)
        if unit == office.default_unit or stage is Stage.ALIVE:
            continue
        waiting = await _waiting(tx, library, unit)
        if (stage := _stage(waiting.since, tx.now, library)) is not Stage.ALIVE:
            silent.add(unit)
            await _act(tx, library, waiting, stage, known.get(unit))
    await tx.reminders.shows_life(known.keys() - silent)


async def _waiting(tx: Tx, library: Library, unit: str) -> Waiting:
    untouched = await tx.cases.untouched_of(unit)
    timelines = await tx.cases.timelines([case.id for case in untouched])
    came = {case.id: _came(case, timelines[case.id]) for case in untouched}
    staff = [who.id for who in library.office.staff if who.unit == unit]
    seen = await tx.reminders.last_seen(staff) if staff else None
    oldest = min(came.values())
    return Waiting(unit, untouched, came, max(oldest, seen) if seen else oldest)


def _came(case: Case, happenings: list[Happening]) -> datetime:
    moves = [each.at for each in happenings if isinstance(each.event, Routed | Transferred | Returned)]
    return moves[-1] if moves else case.received


def _stage(since: datetime, now: datetime, library: Library) -> Stage:
    hours, terms = remaining(since, now, library.office.calendar) // HOUR, library.office.escalation.silence
    reached = [stage for stage, after in _after(terms).items() if hours >= after]
    return max(reached, default=Stage.ALIVE)


def _after(terms: Terms) -> dict[Stage, int]:
    return {Stage.ASKED: terms.ask, Stage.REPORTED: terms.report, Stage.TAKEN_BACK: terms.take_back}


async def _act(tx: Tx, library: Library, waiting: Waiting, stage: Stage, before: Silence | None) -> None:
    """Tell one stage after the other, with the office's time between them even if nobody listened."""
    told = Stage(before.stage) if before and before.since == waiting.since else Stage.ALIVE
    if told < stage and (not before or told is Stage.ALIVE or _had_time(before, tx.now, library)):
        told = Stage(told + 1)
        tx.reminders.silent(Silence(waiting.unit, told, waiting.since, tx.now))
        if told is Stage.ASKED:
            await _say(tx, library, waiting.unit, "group.silent_ask", waiting)
        elif told is Stage.REPORTED:
            await _say(tx, library, library.office.default_unit, "group.silent_report", waiting)
    if told is Stage.TAKEN_BACK:
        _take_back(tx, library, waiting)


def _had_time(before: Silence, now: datetime, library: Library) -> bool:
    after, told = _after(library.office.escalation.silence), Stage(before.stage)
    hours = remaining(before.told_at, now, library.office.calendar) // HOUR
    return hours >= after[Stage(told + 1)] - after[told]


async def _say(tx: Tx, library: Library, to: str, key: str, waiting: Waiting) -> None:
    group = await tx.groups.of_unit(to)
    if group and not group.lost:
        unit = library.office.unit(waiting.unit).name
        text = cards.say(library, key, unit=unit, n=len(waiting.cases), day=cards.day(library, waiting.since))
        tx.outbox.put(group.address, Outgoing(text), urgency=Urgency.NOTICE)


def _take_back(tx: Tx, library: Library, waiting: Waiting) -> None:
    """What came to the unit only lately stays a while longer."""
    office = library.office
    reason = cards.say(library, "group.silent_reason", unit=office.unit(waiting.unit).name)
    for case in waiting.cases:
        if _stage(waiting.came[case.id], tx.now, library) is Stage.TAKEN_BACK:
            after = cases.record(tx, case, Returned(office.default_unit, reason), SYSTEM)
            unit = office.unit(office.default_unit).name
            tell_citizen(tx, library, after, "citizen.transferred", unit=unit)
