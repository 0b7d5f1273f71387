"""Sweeps what erasing leaves outside of the database's rows: files that nobody uses, old pages of the log."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.graves import Graves
from bot.tasks import wait, whole
from handlers.library import Shelf
from storage.blobs import Blobs
from storage.store import Refused, Store, Traces, Tx, Unavailable

EVERY = 3600.0  # seconds between two looks for uploads that became nothing
AGAIN = 5.0  # seconds until the log is tried again, when somebody was reading

log = structlog.get_logger()


class Sweeper:
    def __init__(
        self, store: Store, blobs: Blobs, graves: Graves, shelf: Shelf, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._graves = graves
        self._shelf = shelf
        self._now = now
        self._left: set[str] = set()
        self._woke = asyncio.Event()

    def erased(self, traces: Traces) -> None:
        """Remember what a commit has erased."""
        if traces.stones:
            self._graves.add(*traces.stones)
        self._left |= set(traces.files)
        self._woke.set()

    async def run(self) -> None:
        clean = False  # what an earlier run did not come to
        while True:
            await wait(self._woke, EVERY if clean else AGAIN)
            self._woke.clear()
            try:
                clean = await whole(self.sweep())
            except (Unavailable, Refused) as error:
                log.error("not swept yet", reason=str(error))
                clean = False

    async def sweep(self) -> bool:
        """Delete unused files and empty the database's log; False if somebody was reading it."""
        term = self._shelf.library.office.terms["upload"]
        old = await self._blobs.older_than(self._now() - term)
        wanted, self._left = self._left, set()
        async with self._store.look(self._now()) as tx:
            used = await tx.files.used()
        for sha256 in (wanted | old) - used:
            await self._blobs.delete(sha256)
        return await self._store.compact()


async def unused(tx: Tx, blobs: Blobs, term: timedelta) -> int:
    """Count the uploads that a sweep would delete."""
    return len(await blobs.older_than(tx.now - term) - await tx.files.used())
