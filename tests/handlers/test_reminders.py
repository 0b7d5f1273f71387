"""Reminders on a real database: each step once, through jumps of the clock, restarts and a second worker."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.clock import Clock
from feedback.cases import (
    SYSTEM,
    Answered,
    Case,
    Happening,
    Noted,
    Received,
    Reminded,
    Returned,
    Routed,
    Status,
    WentOverdue,
)
from feedback.deadlines import is_open
from feedback.messages import Address
from handlers.actions import cases
from handlers.library import Library, Shelf
from storage.groups import Group
from storage.store import Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VIETNAM = timedelta(hours=7)
LAN = Address("web", "main", "lan")
HERE, ROUTERS = Address("telegram", "1", "-100"), Address("telegram", "1", "-200")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - VIETNAM


class Time:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def opened(library: Library, number: int, received: datetime, unit: str = "CCVC") -> Case:
    due = cases.due(library, "report", received)
    return Case(number, f"0AAAA-{number:05}", "report", Status.ROUTED, unit, "", "x", LAN, received, due)


def accepted(library: Library, number: int, received: datetime, kind: str = "report") -> Case:
    due = cases.due(library, kind, received)
    case = replace(opened(library, number, received), kind=kind, due=due)
    return replace(case, status=Status.ACCEPTED, officer="cuong")


async def keep(store: Store, *these: Case) -> None:
    for case in these:
        async with store.begin(case.received) as tx:
            routed = Routed(case.unit, "", "")
            tx.cases.add(case, [Happening(tx.now, SYSTEM, each) for each in (Received("x"), routed)])


async def groups(store: Store, now: datetime) -> None:
    async with store.begin(now) as tx:
        tx.groups.bind(Group(1, "CCVC", HERE, False, False, "binh", now))
        tx.groups.bind(Group(2, "VP", ROUTERS, False, False, "binh", now))


async def happened(store: Store, number: int) -> list[Happening]:
    async with store.look(local("2027-01-01 00:00")) as tx:
        return (await tx.cases.timelines([number]))[number]


async def steps(store: Store, number: int) -> list[int]:
    return [each.event.step for each in await happened(store, number) if isinstance(each.event, Reminded)]


async def said(store: Store, now: datetime) -> list[tuple[Address, str]]:
    """Take what waits for the groups, as their sender would."""
    found: list[tuple[Address, str]] = []
    while True:
        async with store.begin(now) as tx:
            items = await tx.outbox.claim("telegram", "1", 9)
            for item in items:
                tx.outbox.sent(item, "1")
        if not items:
            return found
        found += [(item.address, item.message.text) for item in items]


JUMPS = [
    *([4 * HOUR] * 8), -HOUR, HOUR, *([6 * HOUR] * 9), -DAY, HOUR, -HOUR, *([2 * DAY] * 4), 30 * DAY,
    *([5 * HOUR] * 4), -DAY, *([DAY] * 3),
]  # fmt: skip


@pytest.mark.parametrize("start", ["2026-02-11 09:00", "2026-08-19 15:00"])
async def test_through_jumps_restarts_and_two_workers_each_step_is_told_once(
    store: Store, library: Library, start: str
) -> None:
    time = Time(local(start))
    await keep(store, *(accepted(library, number, time.now, "personal_data") for number in (7, 8)))
    shelf = Shelf(library)
    for number, jump in enumerate(JUMPS):
        time.now += jump
        if number % 5 == 0:
            workers = [Clock(store, shelf, time) for _ in range(2)]  # a restart
        await asyncio.gather(*(worker.tick() for worker in workers))
    for case in (7, 8):
        told = await steps(store, case)
        assert told[:2] == [50, 80]
        assert all(before < after for before, after in pairwise(told)), told
        assert told[-1] > 110
        reminders = [each for each in await happened(store, case) if isinstance(each.event, Reminded)]
        assert all(is_open(each.at, library.office.calendar) for each in reminders)
        assert sum(isinstance(each.event, WentOverdue) for each in await happened(store, case)) == 1


async def test_one_digest_for_the_group_names_each_person_and_their_cases(
    store: Store, library: Library
) -> None:
    received = local("2026-03-02 08:00")
    await groups(store, received)
    await keep(store, *(accepted(library, number, received) for number in (7, 8, 9)))
    now = Time(local("2026-03-12 09:00"))
    clock = Clock(store, Shelf(library), now)
    await clock.tick()
    [digest] = [text for to, text in await said(store, now.now) if to == HERE and text.startswith("Nhắc")]
    assert digest.splitlines()[0] == "Nhắc việc, ngày 12/03/2026"
    assert digest.count("Phạm Quốc Cường:") == 1
    assert digest.count("đã hết 50 % thời hạn, hẹn thứ Hai, ngày 16/03/2026") == 3
    now.now = local("2026-03-17 08:00")
    await clock.tick()
    [routers] = [text for to, text in await said(store, now.now) if to == ROUTERS and text.startswith("Nhắc")]
    assert "Trần Văn Bình:" in routers
    assert "⚠ quá hạn, nhắc lần 1" in routers


async def test_an_answer_ends_the_reminders(store: Store, library: Library) -> None:
    received = local("2026-03-02 08:00")
    case = accepted(library, 7, received)
    await keep(store, case)
    clock = Clock(store, Shelf(library), now := Time(local("2026-03-12 09:00")))
    await clock.tick()
    async with store.begin(now.now) as tx:
        cases.record(tx, case, Answered("Đã sửa."), "cuong")
    for hours in range(1, 200, 13):
        now.now = local("2026-03-12 09:00") + hours * HOUR
        await clock.tick()
    assert await steps(store, 7) == [50]
    async with store.look(now.now) as tx:
        assert await tx.reminders.due(9) == []


async def test_a_silent_unit_is_asked_then_reported_then_loses_what_nobody_touched(
    store: Store, library: Library
) -> None:
    received = local("2026-03-02 08:00")
    await groups(store, received)
    early, late = opened(library, 7, received), opened(library, 8, local("2026-03-06 08:00"))
    await keep(store, early, late)
    clock = Clock(store, Shelf(library), now := Time(received))
    asked, reported, back = [], [], []
    for hours in (24 * day + hour for day in range(8) for hour in (0, 6)):
        now.now = received + hours * HOUR
        await clock.tick()
        for to, text in await said(store, now.now):
            asked += [now.now] if to == HERE and "hồ sơ mới chưa ai nhận, và từ" in text else []
            reported += [now.now] if to == ROUTERS and "không có động tĩnh" in text else []
        async with store.look(now.now) as tx:
            found = await tx.cases.by_id(7)
            back += [now.now] if found and found.unit == "VP" else []
    assert asked == [local("2026-03-04 08:00")]  # sixteen working hours are two days
    assert reported == [local("2026-03-05 08:00")]
    assert back[0] == local("2026-03-09 08:00")  # forty are over when Friday ends
    assert any(isinstance(each.event, Returned) for each in await happened(store, 7))
    async with store.look(now.now) as tx:
        stays = await tx.cases.by_id(8)
    assert stays is not None
    assert stays.unit == "CCVC"


async def test_whoever_does_something_shows_life(store: Store, library: Library) -> None:
    received = local("2026-03-02 08:00")
    case = opened(library, 7, received)
    await keep(store, case)
    clock = Clock(store, Shelf(library), now := Time(local("2026-03-05 09:00")))
    await clock.tick()
    async with store.look(now.now) as tx:
        assert (await tx.reminders.silences())["CCVC"].stage == 1
    async with store.begin(now.now) as tx:
        cases.record(tx, case, Noted("đang xem"), "cuong")
    now.now += HOUR
    await clock.tick()
    async with store.look(now.now) as tx:
        assert await tx.reminders.silences() == {}
