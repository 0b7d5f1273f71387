"""Puts each new version of the FAQ files on the shelf; while they are wrong, the last good one stays."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from faq.files import Mistakes
from faq.live import Watch
from faq.reader import Version, let_go
from handlers.library import Shelf

REST = 5.0  # seconds, when the folder cannot be looked into

log = structlog.get_logger()


class Reloader:
    """`last_good` is the folder for the copy from which the service can start while the files are wrong."""

    def __init__(self, shelf: Shelf, folder: Path, last_good: Path, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._last_good = last_good
        self._now = now
        office, groups = shelf.library.office, shelf.library.knowledge.groups
        self._watch = Watch(folder, shelf.seen, units=office.units, topics=office.topics, groups=groups)

    async def run(self) -> None:
        try:
            if not self._shelf.mistakes:
                await self._keep()
            await self._follow()
        finally:
            await self._watch.close()

    async def _follow(self) -> None:
        while True:
            try:
                found = await self._watch.next()
            except OSError as error:
                log.error("faq files cannot be watched", reason=str(error))
                await asyncio.sleep(REST)
                continue
            if isinstance(found, Mistakes):
                self._shelf.mistakes = found.all
                log.error("faq files are wrong, not used", mistakes=len(found.all), first=str(found.all[0]))
            else:
                before = self._serve(found)
                await self._keep()
                await asyncio.to_thread(self._shelf.library.ready)
                await asyncio.to_thread(let_go, before)

    def _serve(self, version: Version) -> list[object]:
        """Return what nobody needs any more."""
        shelf = self._shelf
        before: list[object] = [shelf.library.knowledge, shelf.library.index, shelf.library.ranking]
        shelf.library = replace(shelf.library, knowledge=version.knowledge, index=version.index)
        shelf.mistakes, shelf.loaded_at = (), self._now()
        log.info("faq files are used now", entries=len(version.knowledge.entries))
        return before

    async def _keep(self) -> None:
        try:
            await self._watch.keep(self._last_good)
        except OSError as error:
            log.warning("no copy of the faq files", reason=str(error))
