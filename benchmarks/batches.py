"""What sharing a commit brings, as ratios in one run: `python -m benchmarks.batches [messages]`.

Three rounds, the two ways in turn, on SQLite in a folder of the real disk; the median ratio is the
figure to quote, because the machine's speed drifts. It measures and asserts nothing.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

from bot.door import Door
from bot.worker import BATCH, Worker
from feedback.messages import Incoming
from handlers import library as library_files
from handlers.citizen import router
from handlers.library import Library
from storage.store import Store

ROUNDS = 3
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MENU = Incoming("bench", "main", "", "", "", NOW, text="/menu")


async def main(messages: int) -> None:
    library = library_files.load()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/bench.db")
        door = Door(store, library.office.kinds, lambda: NOW, asyncio.Event())
        running = asyncio.create_task(door.run())
        together, alone = partial(_arrive, door, 64), partial(_arrive, door, 1)
        await _compare("arriving: 64 at once / one after the other", together, alone, messages)
        await _drain(store, library, BATCH)
        batched, single = partial(_handle, store, library, BATCH), partial(_handle, store, library, 1)
        await _compare(f"handling: {BATCH} in a commit / one in a commit", batched, single, messages)
        running.cancel()
        await store.close()


async def _compare(
    title: str,
    one: Callable[[int], Awaitable[float]],
    other: Callable[[int], Awaitable[float]],
    messages: int,
) -> None:
    rates = [(messages / await one(messages), messages / await other(messages)) for _ in range(ROUNDS)]
    ratio = statistics.median(first / second for first, second in rates)
    shown = ", ".join(f"{first:.0f}/{second:.0f}" for first, second in rates)
    print(f"{title}: {ratio:.1f} times (messages a second: {shown})")


async def _arrive(door: Door, at_once: int, messages: int) -> float:
    queue = iter([_message() for _ in range(messages)])

    async def bring() -> None:
        for message in queue:
            await door.keep(message)

    begun = perf_counter()
    await asyncio.gather(*(bring() for _ in range(at_once)))
    return perf_counter() - begun


async def _handle(store: Store, library: Library, batch: int, messages: int) -> float:
    async with store.begin(NOW) as tx:
        await tx.inbox.add([_message() for _ in range(messages)])
    return await _drain(store, library, batch)


async def _drain(store: Store, library: Library, batch: int) -> float:
    worker = Worker(
        store, partial(router.handle, library=library), lambda: NOW, asyncio.Event(), lambda: None
    )
    begun = perf_counter()
    while await worker.work(batch):
        pass
    return perf_counter() - begun


def _message() -> Incoming:
    number = next(NUMBERS)
    return replace(MENU, event=f"e{number}", person=f"p{number}", chat=f"p{number}")


NUMBERS = iter(range(10**9))

if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
