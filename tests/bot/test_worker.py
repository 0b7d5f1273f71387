"""The worker: one commit for a batch; poison loses only what is its own."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.worker import Worker
from feedback.messages import Address, Incoming, Outgoing
from storage.inbox import TRIES
from storage.store import Store, Tx


class Times:
    """A clock that tests move on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Times:
    return Times(now)


async def echo(message: Incoming, tx: Tx) -> None:
    tx.outbox.put(Address(message.channel, message.account, message.chat), Outgoing(message.text))
    if message.text == "poison":
        raise ValueError(message.text)


def worker(store: Store, clock: Times) -> Worker:
    return Worker(store, echo, clock, asyncio.Event(), lambda: None)


async def bring(store: Store, clock: Times, *texts: str) -> None:
    messages = [
        Incoming("stage", "test", f"e{number}", f"p{number}", f"p{number}", clock(), text=text)
        for number, text in enumerate(texts)
    ]
    async with store.begin(clock()) as tx:
        await tx.inbox.add(messages)


async def test_a_batch_is_handled_in_one_go(store: Store, clock: Times) -> None:
    await bring(store, clock, *(f"message {number}" for number in range(40)))
    assert await worker(store, clock).work() == 32
    assert await worker(store, clock).work() == 8
    async with store.look(clock()) as tx:
        assert await tx.outbox.unsent() == 40
        assert await tx.inbox.waiting() == 0


async def test_poison_loses_what_it_wrote_and_nothing_else(store: Store, clock: Times) -> None:
    await bring(store, clock, "one", "poison", "two")
    for _ in range(TRIES):
        await worker(store, clock).work()
        clock.now += timedelta(hours=1)
    async with store.look(clock()) as tx:
        assert await tx.outbox.unsent() == 2
        [letter] = await tx.inbox.dead()
        assert letter.error.startswith("ValueError test_worker.py:")
        assert "poison" not in letter.error


async def test_a_batch_that_the_database_refuses_is_done_one_by_one(store: Store, clock: Times) -> None:
    async def handle(message: Incoming, tx: Tx) -> None:
        await echo(message, tx)
        if message.text == "bad":
            tx.outbox.put(Address("stage", "test", "x"), Outgoing("no such case"), case_id=404)

    await bring(store, clock, "one", "bad", "two")
    await Worker(store, handle, clock, asyncio.Event(), lambda: None).work()
    async with store.look(clock()) as tx:
        assert await tx.outbox.unsent() == 2
        assert await tx.inbox.waiting() == 1


async def test_two_workers_share_the_work_and_keep_the_order(store: Store, clock: Times) -> None:
    seen: list[tuple[str, str]] = []

    async def handle(message: Incoming, tx: Tx) -> None:  # noqa: ARG001
        await asyncio.sleep(0.001)
        seen.append((message.chat, message.text))

    async with store.begin(clock()) as tx:
        await tx.inbox.add(
            [
                Incoming("stage", "test", f"{chat}-{number}", chat, chat, clock(), text=str(number))
                for number in range(10)
                for chat in ("lan", "minh", "an")
            ]
        )
    both = [Worker(store, handle, clock, asyncio.Event(), lambda: None) for _ in range(2)]
    while True:
        done = await asyncio.gather(*(each.work() for each in both))
        async with store.look(clock()) as tx:
            if not any(done) and not await tx.inbox.waiting():
                break
    for chat in ("lan", "minh", "an"):
        assert [text for who, text in seen if who == chat] == [str(number) for number in range(10)]
