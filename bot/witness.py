"""The file that knows how long the audit was and how it ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog

from storage.store import Store
from storage.witness import Damaged, Witness

NAME = "audit.head"
EVERY = 1.0  # seconds between two times when the file is made safe on the disk

log = structlog.get_logger()


def of(folder: Path, key: bytes) -> Witness:
    return Witness(folder / NAME, key)


@asynccontextmanager
async def watching(store: Store, folder: Path, key: bytes, now: datetime) -> AsyncIterator[None]:
    """Tell the file of every commit, for as long as the block runs."""
    witness = of(folder, key)
    await _compare(store, witness, now)
    store.chained = witness.keep
    syncing = asyncio.create_task(_sync(witness))
    try:
        yield
    finally:
        syncing.cancel()
        witness.close()


async def _compare(store: Store, witness: Witness, now: datetime) -> None:
    """What the database does not agree with is put aside, and said in the audit itself."""
    try:
        known = witness.read()
        async with store.look(now) as tx:
            agrees = known is None or await tx.audit.holds(known)
    except Damaged:
        agrees, known = False, None
    if agrees:
        return
    aside = witness.put_aside()
    log.critical("the audit's end is not where it was", expected=known and known.seq, kept=aside.name)
    async with store.begin(now) as tx:
        tx.audit.add("system", "end_lost", file=aside.name, expected=known.seq if known else 0)


async def _sync(witness: Witness) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(witness.sync)
