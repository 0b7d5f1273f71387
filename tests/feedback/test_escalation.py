"""Who is told of a case whose time runs out, and when: each step once, whatever the clock does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedback.cases import (
    SYSTEM,
    Asked,
    Case,
    Event,
    Extended,
    Happening,
    Received,
    Reminded,
    Resumed,
    Status,
)
from feedback.deadlines import MINUTE, due, hours_of, is_working_day
from feedback.escalation import PASSED, Escalation, plan, recipients
from feedback.kinds import Promise, TimeUnit
from feedback.messages import Address
from feedback.staff import Absence, Officer, Role, present
from handlers import office

HOME = office.load()
CALENDAR, RULES = HOME.calendar, HOME.escalation
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIVE = Promise(5, TimeUnit.WORKING_DAY)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def opened(received: str, days: int = 5) -> Case:
    at = local(received)
    promised = due(at, Promise(days, TimeUnit.WORKING_DAY), CALENDAR)
    lan = Address("web", "main", "lan")
    return Case(7, "0AAAA-AAAAA", "report", Status.ROUTED, "CCVC", "", "x", lan, at, promised)


def told(case: Case, events: list[Happening], until: str) -> list[tuple[str, int]]:
    """Let a clock tick at every quarter of an hour; return what was told, and when."""
    now, line = case.received, [Happening(case.received, SYSTEM, Received("x")), *events]
    found, at = [], case.received
    while now < local(until):
        if at <= now:
            planned = plan(case, line, now, CALENDAR, RULES)
            assert planned.at is not None
            at = planned.at
            if planned.step:
                found.append((f"{now.astimezone(CALENDAR.zone):%d/%m %H:%M}", planned.step))
                line.append(Happening(now, SYSTEM, Reminded(planned.step, "")))
        now += 15 * MINUTE
    return found


def test_a_case_is_told_of_at_half_at_four_fifths_and_then_each_morning() -> None:
    assert told(opened("2026-03-02 08:00"), [], "2026-03-13 12:00") == [
        ("05/03 08:00", 50),  # half of six days: when Wednesday ends
        ("09/03 08:00", 80),  # 4.8 days: on Friday at 15:54
        ("10/03 08:00", 100),
        ("11/03 08:00", 101),
        ("12/03 08:00", 102),
        ("13/03 08:00", 103),
    ]


def test_nothing_is_told_during_tet() -> None:
    days = [when for when, _ in told(opened("2026-02-10 08:00", 3), [], "2026-02-25 12:00")]
    assert days == ["12/02 08:00", "13/02 13:30", "23/02 08:00", "24/02 08:00", "25/02 08:00"]


def test_a_make_up_saturday_is_a_day_like_others_and_no_step_waits_until_it_is_late() -> None:
    found = told(opened("2026-08-20 08:00", 1), [], "2026-08-24 12:00")
    assert found == [("21/08 08:00", 50), ("21/08 14:30", 80), ("22/08 08:00", 100), ("24/08 08:00", 101)]


def test_an_extension_begins_anew_with_what_is_not_passed_yet() -> None:
    case = replace(opened("2026-03-02 08:00"), due=local("2026-03-20 17:30"))
    longer = Happening(local("2026-03-09 09:00"), "an", Extended(case.due.isoformat(), "x"))
    found = told(case, [longer], "2026-03-24 12:00")
    assert [step for _, step in found][-3:] == [80, 100, 101]


def test_the_time_that_the_clock_stood_does_not_count() -> None:
    case = replace(opened("2026-03-02 08:00"), due=local("2026-03-16 17:30"))
    stood: list[Event] = [Asked("?"), Resumed(case.due.isoformat(), "")]
    line = [
        Happening(local("2026-03-03 08:00"), "an", stood[0]),
        Happening(local("2026-03-10 08:00"), "x", stood[1]),
    ]
    found = dict(reversed(told(case, line, "2026-03-17 12:00")))
    assert "10/03 08:00" not in found
    assert found["17/03 08:00"] == 100


def test_while_the_clock_stands_nobody_is_told_unless_it_was_late_already() -> None:
    case = replace(opened("2026-03-02 08:00"), status=Status.WAITING)
    standing = replace(case, paused=local("2026-03-03 09:00"))
    late = replace(case, paused=local("2026-03-11 09:00"))
    assert plan(standing, [], local("2026-03-20 09:00"), CALENDAR, RULES).at is None
    assert plan(late, [], local("2026-03-20 09:00"), CALENDAR, RULES).step == 108


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_it_stops_at_the_answer(status: Status) -> None:
    case = replace(opened("2026-03-02 08:00"), status=status)
    assert plan(case, [], local("2026-03-20 09:00"), CALENDAR, RULES) == plan(
        case, [], case.due, CALENDAR, RULES
    )
    assert plan(case, [], local("2026-03-20 09:00"), CALENDAR, RULES).step == 0


# Who

BOSS = Officer("boss", "Boss", "CCVC", Role.HEAD)
ONE, TWO = Officer("one", "One", "CCVC", Role.OFFICER), Officer("two", "Two", "CCVC", Role.OFFICER)
ROUTER, LEADER = (
    Officer("router", "Router", "VP", Role.ROUTER),
    Officer("leader", "Leader", "VP", Role.LEADER),
)
STAFF = [BOSS, ONE, TWO, ROUTER, LEADER]
NOW = local("2026-03-04 09:00")


def who(case: Case, step: int, staff: list[Officer], rules: Escalation = RULES) -> list[str]:
    return [each.id for each in recipients(case, step, staff, "VP", NOW, rules)]


def test_the_ladder_is_climbed_from_the_officer_to_the_leader() -> None:
    case = replace(opened("2026-03-02 08:00"), officer="one")
    assert who(case, 50, STAFF) == ["one"]
    assert who(case, 80, STAFF) == ["one", "boss"]
    assert who(case, 101, STAFF) == ["one", "boss", "router"]
    assert who(case, 102, STAFF) == ["one", "boss", "router", "leader"]


def test_before_somebody_accepts_it_is_everybodys_of_the_unit() -> None:
    assert who(opened("2026-03-02 08:00"), 50, STAFF) == ["one", "two"]


def test_where_a_rung_is_empty_the_next_one_stands_in() -> None:
    assert who(opened("2026-03-02 08:00"), 50, [BOSS, ROUTER]) == ["boss"]
    assert who(opened("2026-03-02 08:00"), 50, [ROUTER, LEADER]) == ["router"]


def test_a_substitute_is_told_in_the_place_of_who_is_away() -> None:
    away = (Absence(date(2026, 3, 2), date(2026, 3, 4)),)
    one = replace(ONE, away=away, substitute="two")
    case = replace(opened("2026-03-02 08:00"), officer="one")
    assert who(case, 50, [one, TWO, BOSS]) == ["two"]
    assert present(one, [one, TWO], local("2026-03-05 08:00")) == one
    both = [one, replace(TWO, away=away, substitute="one"), BOSS]
    assert who(case, 50, both) == ["boss"]


# The clock does what it likes

JUMPS = st.one_of(
    st.integers(1, 300).map(lambda n: n * MINUTE),
    st.sampled_from([HOUR, -HOUR, -DAY, 30 * DAY, DAY, 3 * HOUR, 16 * HOUR]),
)
STARTS = st.sampled_from(
    ["2026-02-09 09:00", "2026-02-13 16:00", "2026-08-19 10:30", "2026-08-21 17:29", "2027-02-01 08:00"]
)


@settings(max_examples=150, deadline=None)
@given(STARTS, st.sampled_from([1, 2, 5, 10]), st.lists(JUMPS, max_size=60))
@example("2026-02-09 09:00", 5, [30 * DAY, -DAY, HOUR, 30 * DAY])
def test_no_jump_of_the_clock_doubles_or_misses_a_step(start: str, days: int, jumps: list[timedelta]) -> None:
    case = opened(start, days)
    now, at, furthest = case.received, case.received, case.received
    line, steps = [Happening(now, SYSTEM, Received("x"))], [0]
    for jump in jumps:
        now = max(case.received, now + jump)
        furthest = max(furthest, now)
        if at <= now:
            planned = plan(case, line, now, CALENDAR, RULES)
            assert planned.at is not None
            assert planned.at > now
            at = planned.at
            if planned.step:
                assert _opening(now) is not None, "somebody was told outside working hours"
                assert planned.step > steps[-1], "doubled"
                steps.append(planned.step)
                line.append(Happening(now, SYSTEM, Reminded(planned.step, "")))
        if now == furthest and (begun := _opening(now)):
            assert steps[-1] >= _counted(case, begun), "missed"
            assert steps[-1] <= _counted(case, now), "too early"


def _opening(now: datetime) -> datetime | None:
    """Return when the work began that is being done now."""
    here = now.astimezone(CALENDAR.zone)
    for opens, closes in hours_of(here.date(), CALENDAR):
        if opens <= here.time() < closes:
            return here.replace(hour=opens.hour, minute=opens.minute, second=0).astimezone(UTC)
    return None


def _counted(case: Case, now: datetime) -> int:
    """Find the step by looking at each minute and each day."""
    if now > case.due:
        first, last = (each.astimezone(CALENDAR.zone).date() for each in (case.due, now))
        days = [first + n * DAY for n in range(1, (last - first).days + 1)]
        return PASSED + max(0, sum(is_working_day(day, CALENDAR) for day in days) - 1)
    passed, whole = _minutes(case.received, now), _minutes(case.received, case.due)
    return max([step for step in RULES.steps if passed * PASSED >= step * whole], default=0)


def _minutes(start: datetime, end: datetime) -> int:
    count, day = 0, start.astimezone(CALENDAR.zone).date()
    while day <= end.astimezone(CALENDAR.zone).date():
        for opens, closes in hours_of(day, CALENDAR):
            begins = max(start, datetime.combine(day, opens, CALENDAR.zone))
            ends = min(end, datetime.combine(day, closes, CALENDAR.zone))
            count += max(timedelta(0), ends - begins) // MINUTE
        day += DAY
    return count
