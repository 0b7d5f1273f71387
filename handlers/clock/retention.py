"""What is no longer needed is forgotten. docs/reference/data.md says it for each table.

The terms are the office's to decide and publish (retention.yaml); the consent that people give names them.
"""

from feedback.cases import SYSTEM, Closed
from handlers.actions import cases
from handlers.library import Library
from storage.store import Tx


async def close_answered(tx: Tx, library: Library) -> None:
    """Silently: the person has their answer and can still rate it."""
    term = library.office.terms["answered"]
    result = library.phrases.say("vi", "citizen.closed_by_time", days=term.days)
    for case in await tx.cases.answered_before(tx.now - term):
        cases.record(tx, case, Closed(result), SYSTEM)


async def forget_senders(tx: Tx, library: Library) -> None:
    """The case stays, and nothing in it leads to the person any more (but for what they wrote)."""
    await tx.retention.forget(library.office.terms, "sender", "consent")


async def forget_handled(tx: Tx, library: Library) -> None:
    await tx.retention.forget(library.office.terms, "handled", "dead_letter")


async def forget_conversations(tx: Tx, library: Library) -> None:
    """Replies and half-written drafts; what belongs to a case stays in the case."""
    await tx.retention.forget(library.office.terms, "conversation", "held", "changeable")


async def forget_receipts(tx: Tx, _library: Library) -> None:
    """What somebody who was forgotten, or asked for all that we hold, had to read once."""
    await tx.retention.forget_receipts()


async def forget_questions(tx: Tx, library: Library) -> None:
    await tx.retention.forget(library.office.terms, "question")


async def forget_received(tx: Tx, library: Library) -> None:
    """Who was given which answer; the recalls stay, for they name nobody who asked."""
    await tx.retention.forget(library.office.terms, "received")


async def forget_refusals(tx: Tx, library: Library) -> None:
    await tx.retention.forget(library.office.terms, "refusal")


async def forget_sessions(tx: Tx, library: Library) -> None:
    """And the accounts of those who do not work here any more."""
    for gone in {link.officer for link in await tx.groups.links()} - {who.id for who in library.office.staff}:
        await tx.groups.unlink(gone)
    await tx.retention.forget(library.office.terms, "session")


ALL = (
    close_answered,
    forget_senders,
    forget_handled,
    forget_conversations,
    forget_receipts,
    forget_questions,
    forget_received,
    forget_refusals,
    forget_sessions,
)
