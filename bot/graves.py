"""Those who were forgotten, listed beside the database: a backup that knows them forgets them again."""

import os
from datetime import datetime
from pathlib import Path

import structlog

from handlers.actions import erasure
from handlers.library import Library
from storage.store import Store
from storage.tombstones import Tombstone

NAME = "erased.list"

log = structlog.get_logger()


class Graves:
    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def read(self) -> dict[str, Tombstone]:
        if not self._path.exists():
            return {}
        lines = (line.split() for line in self._path.read_text("ascii").splitlines())
        return {
            name: Tombstone(name, datetime.fromisoformat(at), how)
            for name, at, how in (line for line in lines if len(line) == 3)
        }

    def add(self, *stones: Tombstone) -> None:
        """On the disk when this returns."""
        with self._path.open("a", encoding="ascii") as file:
            file.writelines(f"{stone.hash} {stone.at.isoformat()} {stone.how}\n" for stone in stones)
            file.flush()
            os.fsync(file.fileno())


async def visit(store: Store, library: Library, graves: Graves, now: datetime) -> int:
    """Forget again whom this database has forgotten no more; return how many people."""
    listed = graves.read()
    async with store.look(now) as tx:
        here = await tx.tombstones.all()
        again = [stone for name, stone in listed.items() if name not in here]
        known = await tx.tombstones.known() if again else {}
    if missing := [stone for name, stone in here.items() if name not in listed]:
        graves.add(*missing)
    forgotten = 0
    for stone in again:
        async with store.begin(now) as tx:
            if address := known.get(stone.hash):
                await erasure.erase(tx, library, address, stone.how)
                forgotten += 1
            tx.tombstones.add(stone)
    if again:
        log.warning("a restored database forgot people again", listed=len(again), found=forgotten)
    return forgotten
