"""What is no longer needed is forgotten. Every table that grows is named here or in docs/reference."""

from datetime import timedelta

from handlers.library import Library
from storage.store import Tx

REDELIVERY = timedelta(days=7)  # no channel delivers a message again after this long
CONVERSATION = timedelta(days=30)
SESSION = timedelta(days=1)


async def forget_handled(tx: Tx, _library: Library) -> None:
    await tx.inbox.purge(tx.now - REDELIVERY)


async def forget_conversations(tx: Tx, _library: Library) -> None:
    """Replies and half-written drafts; what belongs to a case stays in the case."""
    await tx.outbox.purge(tx.now - CONVERSATION)
    await tx.talks.purge(tx.now - CONVERSATION)


async def forget_sessions(tx: Tx, _library: Library) -> None:
    await tx.staff.purge(tx.now - SESSION, tx.now - SESSION)
