"""Who is told of a case whose time runs out, and when.

A step is the percentage of the promise's working time that has passed; from 100 on it counts the working
days after the promise: 100 on the first, 101 on the second. Each step of a promise is told once. A clock
that jumps over several steps tells the last of them, to everybody whom the others would have reached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from feedback.cases import (
    OPEN,
    Case,
    Extended,
    Happening,
    Reminded,
    Reopened,
    Rescheduled,
    Resumed,
    paused_after,
)
from feedback.deadlines import DAY, MINUTE, Calendar, after, is_open, is_working_day, next_opening, remaining
from feedback.staff import Officer, Role, present

PASSED = 100


@dataclass(frozen=True, slots=True)
class Rung:
    """From the step `at` on, `to` is told too."""

    at: int
    to: Role


@dataclass(frozen=True, slots=True)
class Silence:
    """After so many working hours without life a unit is asked, reported, and loses its new cases."""

    ask: int
    report: int
    take_back: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """What the office decided. `waiting_days` are the working days that a citizen has to send more."""

    waiting_days: int
    steps: tuple[int, ...]
    ladder: tuple[Rung, ...]
    silence: Silence


@dataclass(frozen=True, slots=True)
class Plan:
    """`step` is to be told now, if it is not 0; `at` is when to look again, None if there is no need."""

    step: int
    at: datetime | None


def plan(
    case: Case, happenings: Sequence[Happening], now: datetime, calendar: Calendar, rules: Escalation
) -> Plan:
    """Say what is to be told of the case now. People are told in working hours only."""
    if case.status not in OPEN or case.stands:
        return Plan(0, None)
    step = _step(case, happenings, now, calendar, rules)
    told = max(_told(case, happenings, calendar, rules), default=0)
    if step > told and not is_open(now, calendar):
        return Plan(0, next_opening(now, calendar))
    return Plan(step if step > told else 0, _next(case, happenings, now, calendar, rules, max(step, told)))


def recipients(
    case: Case, step: int, staff: Sequence[Officer], router_unit: str, now: datetime, rules: Escalation
) -> list[Officer]:
    """Return everybody on the ladder up to the step; where a rung is empty, the next one stands in."""
    found: list[Officer] = []
    for rung in sorted(rules.ladder, key=lambda rung: rung.at):
        people = [present(who, staff, now) for who in _on(rung.to, case, staff, router_unit)]
        if rung.at <= step or not found:
            found += [who for who in people if who and who not in found]
    return found


def _on(role: Role, case: Case, staff: Sequence[Officer], router_unit: str) -> list[Officer]:
    match role:
        case Role.OFFICER if case.officer:
            return [who for who in staff if who.id == case.officer]
        case Role.OFFICER | Role.HEAD:
            return [who for who in staff if who.role is role and who.unit == case.unit]
        case Role.ROUTER:
            return [who for who in staff if who.role is role and who.unit == router_unit]
        case _:
            return [who for who in staff if who.role is role]


def _step(
    case: Case, happenings: Sequence[Happening], now: datetime, calendar: Calendar, rules: Escalation
) -> int:
    """Return the highest step that is reached."""
    if now > case.due:
        return PASSED + max(0, _working_days(case.due, now, calendar) - 1)
    passed, whole = _spent(case, happenings, now, calendar), _whole(case, happenings, now, calendar)
    reached = [step for step in rules.steps if passed * PASSED >= step * whole]
    return max(reached, default=0) if whole else 0


def _next(
    case: Case,
    happenings: Sequence[Happening],
    now: datetime,
    calendar: Calendar,
    rules: Escalation,
    step: int,
) -> datetime:
    """Say when work begins after the moment at which a higher step is reached."""
    if now > case.due:
        tomorrow = now.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        return next_opening(tomorrow.astimezone(now.tzinfo), calendar)
    passed, whole = _spent(case, happenings, now, calendar), _whole(case, happenings, now, calendar)
    needed = [ceil(each * whole / PASSED) - passed for each in rules.steps if step < each < PASSED]
    to_come = [after(now, minutes, calendar) for minutes in needed if minutes > 0]
    moment = max(now + MINUTE, min([*to_come, case.due]))
    opening = next_opening(moment, calendar)
    return opening if opening < case.due or moment >= case.due else moment


def _told(
    case: Case, happenings: Sequence[Happening], calendar: Calendar, rules: Escalation
) -> Iterable[int]:
    """Return the steps of this promise that were told, and those that had passed when it was made."""
    for i in reversed(range(len(happenings))):
        match happenings[i].event:
            case Reminded(step):
                yield step
            case Extended() | Resumed() | Rescheduled():
                yield _step(case, happenings[: i + 1], happenings[i].at, calendar, rules)
                return
            case Reopened():
                return


def _whole(case: Case, happenings: Sequence[Happening], now: datetime, calendar: Calendar) -> int:
    return _spent(case, happenings, now, calendar) + remaining(now, case.due, calendar)


def _spent(case: Case, happenings: Sequence[Happening], now: datetime, calendar: Calendar) -> int:
    """Count the working minutes of the promise that have passed, without those that the clock stood."""
    begun, stood, paused = case.received, 0, None
    for each in happenings:
        match each.event:
            case Reopened():
                begun, stood = each.at, 0
            case Resumed() if paused:
                stood += remaining(paused, each.at, calendar)
        paused = paused_after(paused, each)
    return max(0, remaining(begun, now, calendar) - stood)


def _working_days(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Count the working days after the first one's day, up to the last one's."""
    day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    return sum(is_working_day(day + n * DAY, calendar) for n in range(1, (last - day).days + 1))
