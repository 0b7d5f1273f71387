"""The database goes away while the service works, and comes back."""

import asyncio
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import Clock
from bot.sender import Sender
from bot.worker import Worker
from feedback.messages import Incoming
from handlers.library import Library, Shelf
from storage.store import Store, Unavailable
from tests.bot.test_sender import Pipe
from tests.bot.test_worker import Times, echo

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


async def test_no_part_of_the_service_dies_of_it(
    store: Store, url: str, library: Library, now: datetime
) -> None:
    clock, arrived, woke, pipe = Times(now), asyncio.Event(), asyncio.Event(), Pipe()
    sender = Sender(store, pipe, clock, woke)
    parts = [
        Worker(store, echo, clock, arrived, woke.set).run,
        sender.run,
        Clock(store, Shelf(library), clock).run,
    ]
    running = [asyncio.create_task(run()) for run in parts]
    try:
        await asyncio.sleep(0.3)
        if store.shared:
            await _end_all_connections(url)
        await _bring(store, now)
        async with asyncio.timeout(10):
            while not pipe.sent:  # noqa: ASYNC110 - the channel only keeps a list
                await asyncio.sleep(0.05)
        assert [task for task in running if task.done()] == []
        assert pipe.sent == [("lan", "still there?")]
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await sender.drain()


async def _end_all_connections(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(text(END_ALL))
    await engine.dispose()


async def _bring(store: Store, now: datetime) -> None:
    """Like the door: what could not be stored is tried again."""
    while True:
        try:
            async with store.begin(now) as tx:
                await tx.inbox.add([Incoming("stage", "test", "e", "lan", "lan", now, text="still there?")])
        except Unavailable:
            await asyncio.sleep(0.05)
        else:
            return
