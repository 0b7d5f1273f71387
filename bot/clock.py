"""Runs the jobs of handlers/clock/schedule.py, in one process at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.tasks import whole
from handlers.clock.schedule import JOBS
from handlers.library import Shelf
from storage.store import Changed, Refused, Store, Unavailable

TICK = 1.0  # seconds

log = structlog.get_logger()


class Clock:
    def __init__(self, store: Store, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._store = store
        self._shelf = shelf
        self._now = now
        self._due = dict.fromkeys(JOBS, now())

    async def run(self) -> None:
        while True:
            try:
                async with self._store.only_one("clock") as mine:
                    while mine:
                        await whole(self.tick())
                        await asyncio.sleep(TICK)
            except Unavailable as error:
                log.error("database unavailable", reason=str(error))
            await asyncio.sleep(TICK)

    async def tick(self) -> None:
        """Do what is due. A job that fails is tried again at its next turn. Raises Unavailable."""
        library = self._shelf.library
        for name, job in JOBS.items():
            wait = self._due[name] - self._now()
            if timedelta(0) < wait <= job.every:  # if longer, the clock was set back
                continue
            self._due[name] = self._now() + job.every
            try:
                async with self._store.begin(self._now()) as tx:
                    await job.work(tx, library)
            except (Changed, Refused) as error:
                log.warning("job failed", job=name, error=str(error))
