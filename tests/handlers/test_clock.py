"""The clock's jobs: what is late is marked once, what is no longer needed is gone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.cases import Answered, Case, Closed, Resumed, Status, WentOverdue, apply
from feedback.messages import Address, Incoming, Outgoing
from handlers.clock.schedule import JOBS
from handlers.library import Library
from storage.store import Store
from storage.talks import State

LAN = Address("web", "main", "lan")
DAY = timedelta(days=1)


@pytest.fixture
def case(now: datetime) -> Case:
    return Case(
        7, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "Đường hỏng", LAN, now, now + DAY,
        contact="0900 000 000 (số mẫu)", anonymous=False, reply_to="3",
    )  # fmt: skip


async def tick(store: Store, library: Library, now: datetime) -> None:
    """Run every job once."""
    for job in JOBS.values():
        async with store.begin(now) as tx:
            await job.work(tx, library)


async def test_a_promise_that_was_not_kept_is_marked_once(
    store: Store, library: Library, case: Case, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case, [])
    for days in (0, 2, 3):
        await tick(store, library, now + days * DAY)
    async with store.look(now) as tx:
        events = [what.event for what in await tx.cases.timeline(case)]
    late = WentOverdue(case.due.isoformat())
    assert [event for event in events if isinstance(event, WentOverdue)] == [late]


async def test_an_answered_case_closes_by_itself_and_later_forgets_its_sender(
    store: Store, library: Library, case: Case, now: datetime
) -> None:
    answered = apply(case, Answered("x"), now)
    async with store.begin(now) as tx:
        tx.cases.add(answered, [])
    closed_at = now + library.office.terms["answered"] + DAY
    await tick(store, library, closed_at)
    async with store.look(now) as tx:
        closed = await tx.cases.by_code(case.code)
        assert closed is not None
        assert (closed.status, closed.address) == (Status.CLOSED, LAN)
        assert isinstance((await tx.cases.timeline(case))[-1].event, Closed)
    await tick(store, library, closed_at + library.office.terms["sender"] + DAY)
    async with store.look(now) as tx:
        forgotten = await tx.cases.by_code(case.code)
    assert forgotten == replace(closed, address=replace(LAN, chat=""), contact="", reply_to="")


async def test_conversations_and_keys_are_forgotten_and_dead_letters_wait_for_a_person(
    store: Store, library: Library, now: datetime
) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([Incoming("web", "main", "e1", "lan", "lan", now, text="x")])
        await tx.inbox.set_aside("web", "main", "e2", "{", "unreadable")
        tx.talks.save(State(LAN.lane, "text", {"text": "x"}))
        tx.outbox.put(LAN, Outgoing("reply"))
        tx.consents.give(LAN.lane, "1")
    async with store.begin(now) as tx:
        [kept] = await tx.inbox.claim(1)
        tx.inbox.finish(kept)
        [item] = await tx.outbox.claim("web", "main", 1)
    async with store.begin(now) as tx:
        tx.outbox.sent(item, "")
    await tick(store, library, now + 31 * DAY)
    async with store.look(now) as tx:
        assert (await tx.talks.find(LAN.lane)).step == "idle"
        assert await tx.outbox.since(LAN, 0) == []
        assert len(await tx.inbox.dead()) == 1
    await tick(store, library, now + library.office.terms["dead_letter"] + DAY)
    async with store.look(now) as tx:
        assert await tx.inbox.dead() == []


async def test_questions_are_forgotten_and_switches_stay(
    store: Store, library: Library, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.questions.keep("lương cơ sở", "unknown")
        tx.questions.switch("G1-01", off=True, by="an", reason="Chờ văn bản mới")
    await tick(store, library, now + library.office.terms["question"])
    async with store.look(now) as tx:
        assert [each.text for each in await tx.questions.latest(9)] == ["lương cơ sở"]
    await tick(store, library, now + library.office.terms["question"] + DAY)
    async with store.look(now) as tx:
        assert await tx.questions.latest(9) == []
        assert await tx.questions.switched_off() == {"G1-01"}


async def test_the_clock_goes_on_by_itself_when_the_citizen_does_not_answer(
    store: Store, library: Library, case: Case, now: datetime
) -> None:
    asked = replace(case, status=Status.WAITING, officer="ha", due=now + 9 * DAY, paused=now)
    async with store.begin(now) as tx:
        tx.cases.add(asked, [])
    await tick(store, library, now + 8 * DAY)  # Tuesday; the 24th was off, so Tuesday is the fifth day
    async with store.look(now) as tx:
        assert await tx.cases.by_code(case.code) == asked
    await tick(store, library, now + 9 * DAY)
    async with store.look(now) as tx:
        resumed = await tx.cases.by_code(case.code)
        [event] = [each.event for each in await tx.cases.timeline(case) if isinstance(each.event, Resumed)]
        [told] = [item.message.text for item in await tx.outbox.of_case(case.id)]
    assert resumed is not None
    assert (resumed.status, resumed.paused) == (Status.ACCEPTED, None)
    assert event.reason == "Người dân chưa bổ sung sau 5 ngày làm việc; thời hạn tự tính tiếp."
    assert resumed.due > asked.due
    assert "chưa nhận được bổ sung của Ông/Bà" in told


async def test_who_asks_when_it_is_late_is_late_all_the_same(
    store: Store, library: Library, case: Case, now: datetime
) -> None:
    late = replace(case, status=Status.WAITING, officer="ha", due=now - DAY, paused=now)
    async with store.begin(now) as tx:
        tx.cases.add(late, [])
    await tick(store, library, now)
    async with store.look(now) as tx:
        marked = await tx.cases.by_code(case.code)
    assert marked is not None
    assert marked.overdue
    assert apply(marked, Resumed(marked.due.isoformat(), ""), now).due == late.due
