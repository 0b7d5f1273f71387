"""What answers say is kept, version by version; those who were given an old one are told."""

from datetime import timedelta

from handlers.actions import recalls
from handlers.library import Library
from storage.store import Tx

KEEP = timedelta(seconds=10)  # an answer that stood for a shorter time is recalled without its old text


async def keep_texts(tx: Tx, library: Library) -> None:
    for said in recalls.missing_texts(library, await tx.received.known_versions()):
        tx.received.keep_text(said)


async def tell(tx: Tx, library: Library) -> None:
    """A few persons of each recall at a time: what leaves goes behind all that somebody waits for."""
    for recall in await tx.received.under_way():
        await recalls.tell(tx, library, recall)
        await tx.flush()  # so that the next recall of the same answer sees who was told
