"""Telling a citizen about their case, in the chat where they wrote and in their language."""

from feedback.cases import BEST, WORST, Case
from feedback.messages import Button, Outgoing, choices, numbered
from handlers.library import Library
from storage.store import Tx


def tell_citizen(
    tx: Tx, library: Library, case: Case, key: str, *, ask_rating: bool = False, **values: object
) -> None:
    """Say it, unless nothing leads to the person any more."""
    if not case.address.chat:
        return
    tx.outbox.put(case.address, as_citizen_sees(library, case, key, ask_rating=ask_rating, **values), case.id)
    if ask_rating:
        tx.talks.offer(case.address.lane, choices(_ratings(library, case)))


def as_citizen_sees(
    library: Library, case: Case, key: str, *, ask_rating: bool = False, **values: object
) -> Outgoing:
    """Return the very message that would be sent: the officer's preview is this, too."""
    text = library.phrases.say(case.language, key, code=case.code, **values)
    return Outgoing(text, numbered(_ratings(library, case)) if ask_rating else (), case.reply_to)


def _ratings(library: Library, case: Case) -> tuple[Button, ...]:
    return tuple(
        Button(library.phrases.say(case.language, f"button.rate.{stars}"), f"rate:{case.code}:{stars}")
        for stars in range(WORST, BEST + 1)
    )
