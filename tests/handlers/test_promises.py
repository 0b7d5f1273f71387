"""The calendar or a term changes while cases are open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from feedback.cases import SYSTEM, Case, Extended, Happening, Received, Rescheduled, Status
from feedback.deadlines import due
from feedback.kinds import Promise, TimeUnit
from feedback.messages import Address
from handlers.actions import promises
from handlers.clock.promises import follow_the_rules
from handlers.library import Library
from storage.groups import Group
from storage.store import Store

LAN = Address("web", "main", "lan")
TEN = Promise(10, TimeUnit.WORKING_DAY)
FESTIVAL = date(2026, 12, 2)


@pytest.fixture
def changed(library: Library) -> Library:
    calendar = library.office.calendar
    off = replace(calendar, holidays={**calendar.holidays, FESTIVAL: "Nghỉ bão"})
    return replace(library, office=replace(library.office, calendar=off))


def local(text: str) -> datetime:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=7)).astimezone(UTC)


def case(library: Library, number: int, now: datetime) -> Case:
    return Case(
        number, f"0AAAA-{number:05}", "report", Status.ROUTED, "VP", "", "Đường hỏng", LAN, now,
        due(now, TEN, library.office.calendar),
    )  # fmt: skip


async def keep(store: Store, now: datetime, *cases: Case, extended: str = "") -> None:
    async with store.begin(now) as tx:
        for each in cases:
            more = [Happening(now, "ha", Extended(extended, "khó"))] if extended else []
            tx.cases.add(each, [Happening(now, SYSTEM, Received("x")), *more])


async def turn(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now) as tx:
        await follow_the_rules(tx, library)


async def read(store: Store, now: datetime, number: int) -> tuple[Case, list[Rescheduled], list[str]]:
    async with store.look(now) as tx:
        found = await tx.cases.by_id(number)
        assert found is not None
        events = [each.event for each in await tx.cases.timeline(found)]
        told = [item.message.text for item in await tx.outbox.of_case(number)]
    return found, [each for each in events if isinstance(each, Rescheduled)], told


async def test_a_new_day_off_moves_the_promise_and_the_citizen_learns_it_before_the_old_day(
    store: Store, library: Library, changed: Library, now: datetime
) -> None:
    await turn(store, library, now)
    opened = case(library, 7, now)
    await keep(store, now, opened)
    async with store.begin(now) as tx:
        tx.groups.bind(Group(1, "VP", Address("telegram", "1", "-100"), False, False, "binh", now))
    for _ in range(3):
        await turn(store, changed, now + timedelta(days=1))
    moved, events, told = await read(store, now, 7)
    assert (opened.due, moved.due) == (local("2026-12-08 17:30"), local("2026-12-09 17:30"))
    assert [event.due for event in events] == [moved.due.isoformat()]
    assert len(told) == 1
    assert "đổi từ ngày 08/12/2026 sang ngày 09/12/2026, vì lịch làm việc" in told[0]
    async with store.begin(now + timedelta(days=2)) as tx:
        [listed] = [item.message.text for item in await tx.outbox.claim("telegram", "1", 9)]
    assert "0AAAA-00007 · Phản ánh: thứ Ba, ngày 08/12/2026 → thứ Tư, ngày 09/12/2026" in listed


async def test_an_earlier_day_is_said_to_be_earlier(
    store: Store, library: Library, changed: Library, now: datetime
) -> None:
    await turn(store, changed, now)
    await keep(store, now, case(changed, 7, now))
    await turn(store, library, now)
    moved, _, told = await read(store, now, 7)
    assert moved.due == local("2026-12-08 17:30")
    assert "được trả lời sớm hơn: chậm nhất ngày 08/12/2026 (trước đây hẹn ngày 09/12/2026)" in told[0]


async def test_what_has_passed_what_was_extended_and_what_does_not_change_stay(
    store: Store, library: Library, changed: Library, now: datetime
) -> None:
    await turn(store, library, now)
    old = now - timedelta(days=60)
    passed, short = case(library, 7, old), replace(case(library, 8, now), kind="rumour")
    short = replace(short, due=due(now, Promise(1, TimeUnit.WORKING_DAY), library.office.calendar))
    longer = replace(case(library, 9, now), due=local("2026-12-31 17:30"))
    await keep(store, now, passed, short)
    await keep(store, now, longer, extended=longer.due.isoformat())
    await turn(store, changed, now)
    for each in (passed, short, longer):
        assert (await read(store, now, each.id))[0] == each


async def test_nothing_moves_into_the_past(store: Store, library: Library, now: datetime) -> None:
    await turn(store, library, now)
    opened = case(library, 7, now)
    await keep(store, now, opened)
    one = Promise(1, TimeUnit.WORKING_DAY)
    kinds = tuple(replace(kind, promise=one if kind.promise else None) for kind in library.office.kinds)
    shorter = replace(library, office=replace(library.office, kinds=kinds))
    await turn(store, shorter, opened.due - timedelta(days=1))
    assert (await read(store, now, 7))[0] == opened


async def test_many_cases_are_followed_a_part_each_turn_and_each_once(
    store: Store, library: Library, changed: Library, now: datetime
) -> None:
    await turn(store, library, now)
    many = 2 * promises.AT_ONCE + 1
    await keep(store, now, *(case(library, number, now) for number in range(1, many + 1)))
    for expected in (promises.AT_ONCE, 2 * promises.AT_ONCE, many, many):
        await turn(store, changed, now)
        async with store.look(now) as tx:
            timelines = await tx.cases.timelines(list(range(1, many + 1)))
        moved = [sum(isinstance(each.event, Rescheduled) for each in line) for line in timelines.values()]
        assert (sum(moved), max(moved)) == (expected, 1)
