"""What happens in a unit's group, on one screen: commands, buttons, and what is written."""

from collections.abc import Awaitable, Callable

from feedback.messages import Incoming, Kind
from feedback.vietnamese import fold
from handlers.actions import accounts
from handlers.group import acts, approving, drafts, linking, lists, places, suggestions, words
from handlers.group.turn import Turn
from handlers.library import Library
from storage.store import Tx

Handler = Callable[[Turn], Awaitable[None]]

COMMANDS: dict[str, Handler] = {
    "noi": places.bind,
    "thoi": places.unbind,
    "homnay": lists.today,
    "hoso": lists.open_case,
    "traloi": words.answer,
    "ghichu": words.note,
    "huy": words.cancel,
    "trogiup": lists.help_,
}

BUTTONS: dict[str, Handler] = {
    "do": acts.pressed,
    "second": approving.pressed,
    "to": suggestions.pressed,
    "draft": drafts.pressed,
    "note": words.send_note,
}

EVENTS: dict[Kind, Handler] = {
    Kind.PLACED: places.placed,
    Kind.MOVED: places.moved,
    Kind.EDIT: words.edited,
    Kind.FILES: words.files,
}


def takes(message: Incoming) -> bool:
    """Whether a message belongs here: all of a group, and the link by which an officer shows who they are.

    All else that an officer writes to us alone is a citizen's conversation.
    """
    return message.group or linking.is_link(message)


async def handle(message: Incoming, tx: Tx, library: Library, secret: bytes) -> None:
    if not message.group:
        await linking.link(message, tx, library, secret)
        return
    group = await tx.groups.at(message.address)
    turn = Turn(tx, library, message, group, await accounts.officer(tx, library, message))
    if group:
        await places.notice(turn, group)
    await _respond(turn)


async def _respond(turn: Turn) -> None:
    message = turn.message
    if message.kind in EVENTS:
        await EVENTS[message.kind](turn)
    elif message.kind is Kind.BUTTON:
        verb = message.text.partition(":")[0]
        await BUTTONS.get(verb, acts.unknown)(turn)
    elif turn.text.startswith("/"):
        name = fold(turn.text.split()[0].partition("@")[0])
        if name in COMMANDS:
            await COMMANDS[name](turn)
    elif message.kind is Kind.TEXT:
        await words.said(turn)
