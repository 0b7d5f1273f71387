"""What is no longer needed is forgotten. docs/reference/data.md says it for each table.

The terms are the office's to decide and publish; the consent that people give names them.
"""

from datetime import timedelta

from feedback.cases import SYSTEM, Closed
from handlers.actions import cases
from handlers.library import Library
from storage.store import Tx

ANSWERED = timedelta(days=30)  # an answered case that nobody closes
SENDER = timedelta(days=365)  # who sent a case, after it is closed
CONSENT = timedelta(days=730)
REDELIVERY = timedelta(days=7)  # no channel delivers a message again after this long
DEAD = timedelta(days=180)  # what could not be handled, and nobody put back
CONVERSATION = timedelta(days=30)
CHANGEABLE = timedelta(days=3)  # channels let a person change a message for two days at most
HELD = SENDER  # what waits for a person who never came back
QUESTION = timedelta(days=365)  # masked, and nobody's: a year shows what is asked in each season
RECEIVED = timedelta(days=180)  # as long as a correction may still reach who got the old answer
REFUSED = timedelta(days=180)
SESSION = timedelta(days=1)


async def close_answered(tx: Tx, library: Library) -> None:
    """Silently: the person has their answer and can still rate it."""
    result = library.phrases.say("vi", "citizen.closed_by_time", days=ANSWERED.days)
    for case in await tx.cases.answered_before(tx.now - ANSWERED):
        cases.record(tx, case, Closed(result), SYSTEM)


async def forget_senders(tx: Tx, _library: Library) -> None:
    """The case stays, and nothing in it leads to the person any more (but for what they wrote)."""
    await tx.cases.forget_senders(tx.now - SENDER)
    await tx.consents.purge(tx.now - CONSENT)


async def forget_handled(tx: Tx, _library: Library) -> None:
    await tx.inbox.purge(tx.now - REDELIVERY, tx.now - DEAD)


async def forget_conversations(tx: Tx, _library: Library) -> None:
    """Replies and half-written drafts; what belongs to a case stays in the case."""
    await tx.outbox.purge(tx.now - CONVERSATION, tx.now - HELD)
    await tx.talks.purge(tx.now - CONVERSATION)
    await tx.parts.purge(tx.now - CHANGEABLE)
    await tx.drafts.purge(tx.now - CONVERSATION)
    await tx.replies.purge(tx.now - CONVERSATION)


async def forget_questions(tx: Tx, _library: Library) -> None:
    await tx.questions.purge(tx.now - QUESTION)


async def forget_received(tx: Tx, _library: Library) -> None:
    """Who was given which answer; the recalls stay, for they name nobody who asked."""
    await tx.received.purge(tx.now - RECEIVED)


async def forget_refusals(tx: Tx, _library: Library) -> None:
    await tx.groups.purge(tx.now - REFUSED)


async def forget_sessions(tx: Tx, library: Library) -> None:
    """And the accounts of those who do not work here any more."""
    for gone in {link.officer for link in await tx.groups.links()} - {who.id for who in library.office.staff}:
        await tx.groups.unlink(gone)
    await tx.staff.purge(tx.now - SESSION, tx.now - SESSION)
