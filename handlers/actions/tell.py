"""Telling a citizen about their case, in the chat where they wrote and in their language."""

from collections.abc import Sequence

from feedback.cases import BEST, MOST_REOPENED, WORST, Case
from feedback.messages import Button, Outgoing, choices, numbered
from handlers.library import Library
from storage.store import Tx


def tell_citizen(
    tx: Tx, library: Library, case: Case, key: str, *, buttons: Sequence[Button] = (), **values: object
) -> None:
    """Say it, unless nothing leads to the person any more."""
    if not case.address.chat:
        return
    tx.outbox.put(case.address, as_citizen_sees(library, case, key, buttons=buttons, **values), case.id)
    if buttons:
        tx.talks.offer(case.address.lane, choices(buttons))


def as_citizen_sees(
    library: Library, case: Case, key: str, *, buttons: Sequence[Button] = (), **values: object
) -> Outgoing:
    """Return the very message that would be sent: the officer's preview is this, too."""
    text = library.phrases.say(case.language, key, code=case.code, **values)
    return Outgoing(text, numbered(buttons), case.reply_to)


def addition(library: Library, case: Case) -> tuple[Button, ...]:
    return (Button(library.phrases.say(case.language, "button.add"), f"add:{case.code}"),)


def again(library: Library, case: Case) -> tuple[Button, ...]:
    """Return the way to ask for another look, as long as there may be one."""
    if case.reopened >= MOST_REOPENED:
        return ()
    return (Button(library.phrases.say(case.language, "button.reopen"), f"reopen:{case.code}"),)


def ratings(library: Library, case: Case) -> tuple[Button, ...]:
    return tuple(
        Button(library.phrases.say(case.language, f"button.rate.{stars}"), f"rate:{case.code}:{stars}")
        for stars in range(WORST, BEST + 1)
    )
