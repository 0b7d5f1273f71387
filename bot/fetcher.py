"""Fetches the photos and files of cases from their channel, after the message itself is safe."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.channels.base import Channel, FetchError
from bot.tasks import whole
from feedback.attachments import LARGEST, type_of
from storage.blobs import Blobs
from storage.cleaning import NotCleaned, cleaned
from storage.files import File
from storage.store import Changed, Refused, Store, Unavailable

PATIENCE = 2.0  # seconds between looks

log = structlog.get_logger()


class Fetcher:
    def __init__(self, store: Store, channel: Channel, blobs: Blobs, now: Callable[[], datetime]) -> None:
        self._store = store
        self._channel = channel
        self._blobs = blobs
        self._now = now

    async def run(self) -> None:
        while True:
            try:
                worked = await whole(self.fetch_due())
            except (Unavailable, Refused, Changed) as error:
                log.error("files not fetched yet", reason=str(error))
                worked = 0
            if not worked:
                await asyncio.sleep(PATIENCE)

    async def fetch_due(self) -> int:
        async with self._store.look(self._now()) as tx:
            due = await tx.files.to_fetch(self._channel.name, self._channel.account)
            of = {case.id: case for case in await tx.cases.by_ids([file.case_id for file in due])}
        for file in due:
            await self._fetch(file, anonymous=of[file.case_id].anonymous)
        return len(due)

    async def _fetch(self, file: File, *, anonymous: bool) -> None:
        try:
            content = await self._channel.fetch(file.attachment, LARGEST)
        except FetchError as error:
            await self._give_up(file, str(error), permanent=error.permanent)
            return
        mime = type_of(content)
        if mime is None:
            await self._give_up(file, "not a kind of file that we take", permanent=True)
            return
        try:
            content = await asyncio.to_thread(cleaned, content, mime, anonymous=anonymous)
        except NotCleaned as error:
            await self._give_up(file, str(error), permanent=True)
            return
        sha256 = await self._blobs.save(content)
        async with self._store.begin(self._now()) as tx:
            tx.files.fetched(file, sha256, len(content), mime)

    async def _give_up(self, file: File, reason: str, *, permanent: bool) -> None:
        async with self._store.begin(self._now()) as tx:
            tx.files.failed(file, reason, permanent=permanent)
