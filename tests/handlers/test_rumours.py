"""Those who sent a rumour are told of its clarification: all of them, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from feedback.cases import Answered, Case, Closed, Event, Informed, Noted, Status, apply
from feedback.messages import Address
from handlers.clock import rumours
from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import clarified

CLAIM = "Mỗi hộ phải nộp phí 500 nghìn đồng làm biển tên đường mới, không nộp sẽ bị phạt."
TOLD = "R-99"
LAN = Address("web", "main", "lan")


@pytest.fixture(scope="session")
def later(library: Library) -> Library:
    """Return the library on the day when the clarification stands in it."""
    return clarified(library, CLAIM, "Không có khoản thu nào như vậy.")


@pytest.fixture
def case(now: datetime) -> Case:
    return Case(7, "0AAAA-AAAAA", "rumour", Status.ROUTED, "VP", "", CLAIM, LAN, now, now)


async def told(store: Store, case: Case, libraries: Sequence[Library], now: datetime) -> tuple[int, int]:
    """Run the job once with each library; count the case's messages and its events of that kind."""
    for minute, library in enumerate(libraries):
        async with store.begin(now + minute * rumours.EVERY) as tx:
            await rumours.tell_askers(tx, library)
    async with store.look(now) as tx:
        events = [happening.event for happening in await tx.cases.timeline(case)]
        return len(await tx.outbox.of_case(case.id)), sum(isinstance(each, Informed) for each in events)


async def test_the_asker_is_told_once_and_the_case_stays_open(
    store: Store, library: Library, later: Library, case: Case, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case, [])
    assert await told(store, case, [library, library], now) == (0, 0)
    assert await told(store, case, [later, later, later], now) == (1, 1)
    async with store.look(now) as tx:
        assert await tx.cases.by_code(case.code) == case
        [item] = await tx.outbox.of_case(case.id)
    assert item.address == LAN
    assert "Không có khoản thu nào như vậy." in item.message.text


@pytest.mark.parametrize("event", [Answered("x"), Closed("x")], ids=str)
async def test_nobody_is_told_twice_what_the_unit_has_said(
    store: Store, later: Library, case: Case, event: Event, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(apply(case, event, now), [])
    assert await told(store, case, [later], now) == (0, 0)


async def test_what_the_asker_saw_and_did_not_mean_is_not_sent_again(
    store: Store, later: Library, case: Case, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case, [])
        tx.cases.record(case, case, "system", Informed(TOLD, CLAIM))
        tx.cases.record(case, case, "an", Noted("x"))
    assert await told(store, case, [later], now) == (0, 1)


async def test_a_clarification_that_is_switched_off_is_not_sent(
    store: Store, later: Library, case: Case, now: datetime
) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case, [])
        tx.questions.switch(TOLD, off=True, by="an", reason="đang xem lại")
    assert await told(store, case, [later], now) == (0, 0)


async def test_only_clarifications_are_sent_and_only_for_rumours(
    store: Store, later: Library, case: Case, now: datetime
) -> None:
    question = replace(case, id=8, code="0AAAA-AAAAB", text="Lương cơ sở hiện nay là bao nhiêu?")
    report = replace(case, id=9, code="0AAAA-AAAAC", kind="report")
    async with store.begin(now) as tx:
        tx.cases.add(question, [])
        tx.cases.add(report, [])
    assert await told(store, question, [later], now) == (0, 0)
    assert await told(store, report, [later], now) == (0, 0)


async def test_of_many_all_are_looked_at_in_turn(store: Store, case: Case, now: datetime) -> None:
    many = [replace(case, id=each, code=f"0AAAA-AAAA{each}") for each in range(1, 8)]
    async with store.begin(now) as tx:
        for each in many:
            tx.cases.add(each, [])
    async with store.look(now) as tx:
        turns = [await tx.cases.open_of_kind("rumour", turn, size=3) for turn in range(4)]
        assert await tx.cases.open_of_kind("report", 5) == []
    assert [[each.id for each in turn] for turn in turns] == [[1, 2, 3], [4, 5, 6], [7], [1, 2, 3]]
