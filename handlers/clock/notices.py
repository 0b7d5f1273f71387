"""Who waits for an answer is asked to write again before a channel's free window closes."""

from datetime import timedelta

from feedback.cases import Case
from feedback.deadlines import VIETNAM
from feedback.messages import Address, Button, Outgoing, choices, numbered
from handlers.library import Library
from storage.store import Tx
from storage.talks import State

EVERY = timedelta(minutes=10)
AHEAD = timedelta(hours=12)  # long enough that some of it is by day
DAY = range(7, 21)  # hours in which a message disturbs nobody


async def ask_to_stay_in_touch(tx: Tx, library: Library) -> None:
    """Once for each window, by one message with a button: pressing it is an act."""
    if tx.now.astimezone(VIETNAM).hour not in DAY:
        return
    for channel, window in library.windows.items():
        since = tx.now - window.free
        for state in await tx.talks.falling_silent(channel, since, since + min(AHEAD, window.free / 2)):
            await _ask(tx, library, state)


async def _ask(tx: Tx, library: Library, state: State) -> None:
    address = Address(*state.lane.split(":", 2))
    waiting = [case for case in await tx.cases.of_sender(address) if case.open]
    if waiting:
        message, pressed = _notice(library, state.language, waiting[0])
        tx.outbox.put(address, message)
        tx.talks.offer(state.lane, pressed)
        tx.talks.noticed(state.lane)


def _notice(library: Library, language: str, case: Case) -> tuple[Outgoing, list[tuple[str, str]]]:
    say = library.phrases.say
    button = Button(say(language, "button.status"), f"status:{case.code}")
    text = say(language, "citizen.stay_in_touch", code=case.code)
    return Outgoing(text, numbered([button])), choices([button])
