"""The inbox: kept once, claimed in order, set aside when it cannot be handled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.messages import Incoming
from storage.inbox import TRIES
from storage.store import Store


@pytest.fixture
def lan(now: datetime) -> Incoming:
    return Incoming("web", "main", "e1", person="lan", chat="lan", at=now, text="Lương cơ sở là bao nhiêu?")


async def test_a_second_delivery_is_not_kept(store: Store, lan: Incoming, now: datetime) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([lan])
    async with store.begin(now) as tx:
        await tx.inbox.add([lan, replace(lan, event="e2"), lan])
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 2


async def test_one_person_is_handled_in_order_and_others_do_not_wait(
    store: Store, lan: Incoming, now: datetime
) -> None:
    minh = replace(lan, person="minh", chat="minh")
    async with store.begin(now) as tx:
        await tx.inbox.add([lan, replace(lan, event="e2"), replace(minh, event="e3")])
    async with store.begin(now) as tx:
        first = await tx.inbox.claim(10)
        for kept in first:
            tx.inbox.finish(kept)
    assert [kept.message.event for kept in first] == ["e1", "e3"]
    async with store.begin(now) as tx:
        assert [kept.message.event for kept in await tx.inbox.claim(10)] == ["e2"]


async def test_poison_is_set_aside_after_five_tries_and_can_be_put_back(
    store: Store, lan: Incoming, now: datetime
) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([lan, replace(lan, event="e2")])
    for _ in range(TRIES):
        now += timedelta(hours=1)
        async with store.begin(now) as tx:
            [kept] = await tx.inbox.claim(10)
            assert kept.message.event == "e1"
            tx.inbox.fail(kept, "ValueError")
    async with store.begin(now) as tx:
        assert [kept.message.event for kept in await tx.inbox.claim(10)] == ["e2"]
        [letter] = await tx.inbox.dead()
        assert (letter.tries, letter.error) == (TRIES, "ValueError")
        assert await tx.inbox.retry(letter.id)
    async with store.begin(now) as tx:
        assert [kept.message.event for kept in await tx.inbox.claim(10)] == ["e1"]


async def test_a_failed_message_waits_longer_each_time(store: Store, lan: Incoming, now: datetime) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([lan])
    async with store.begin(now) as tx:
        [kept] = await tx.inbox.claim(1)
        tx.inbox.fail(kept, "no")
    async with store.begin(now + timedelta(seconds=1)) as tx:
        assert await tx.inbox.claim(1) == []
    async with store.begin(now + timedelta(seconds=2)) as tx:
        assert len(await tx.inbox.claim(1)) == 1


async def test_content_is_gone_once_handled(store: Store, lan: Incoming, now: datetime) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([lan])
    async with store.begin(now) as tx:
        [kept] = await tx.inbox.claim(1)
        tx.inbox.finish(kept)
    async with store.begin(now) as tx:
        assert await tx.inbox.waiting() == 0
        await tx.inbox.add([lan])
        assert await tx.inbox.waiting() == 0, "its key is still known"
        assert await tx.retention.forget({"handled": timedelta(days=-7)}, "handled") == 1
