"""Messages that are one: the parts of an album, and a thought that was written in several goes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedback.messages import Incoming, Kind, Part

ALBUM = timedelta(seconds=1.5)  # of quiet, after which an album is taken for complete
THOUGHT = timedelta(seconds=2)  # of quiet, after which a thought is
LONGEST = timedelta(seconds=15)  # since the first message: who never stops writing is answered, too
MOST = 50  # messages that are joined to one

GoesOn = Callable[[Incoming], bool]


def may_go_on(message: Incoming, goes_on: GoesOn) -> bool:
    """Whether more that belongs to it may follow. `goes_on` tells of a message by itself."""
    return goes_on(message) or bool(message.album and message.kind is not Kind.EDIT)


def together(lane: Sequence[Incoming], goes_on: GoesOn) -> list[Incoming]:
    """Return the messages at the head of the lane that are one."""
    whole = [lane[0]]
    thought = goes_on(lane[0])
    for message in lane[1:MOST]:
        if not (_changes(message, whole) or _same_album(message, whole) or (thought and goes_on(message))):
            break
        whole.append(message)
    return whole


def complete_at(whole: Sequence[Incoming], goes_on: GoesOn) -> datetime:
    """Return when it is complete if nothing more comes."""
    quiet = THOUGHT if goes_on(whole[0]) else ALBUM
    return min(whole[-1].at + quiet, whole[0].at + LONGEST)


def joined(whole: Sequence[Incoming]) -> Incoming:
    """Make one message of several: all their files, their words line by line, corrections carried out.

    If the content of one must not be kept, that of none is.
    """
    if len(whole) == 1:
        return whole[0]
    written = _corrected(whole)
    first = next((message for message in written if message.text), written[0])
    files = tuple(file for message in written for file in message.attachments)
    return replace(
        first,
        at=whole[-1].at,
        kind=Kind.FILES if files else first.kind,
        text="\n".join(message.text for message in written if message.text),
        attachments=files,
        forwarded=all(message.forwarded for message in written),
        album=next((message.album for message in written if message.album), ""),
        parts=tuple(Part(message.message, message.text, message.album) for message in written),
    ).without(next((message.withheld for message in whole if message.withheld), ""))


def _corrected(whole: Sequence[Incoming]) -> list[Incoming]:
    written: dict[str, Incoming] = {}
    for number, message in enumerate(whole):
        if message.kind is not Kind.EDIT:
            written[message.message or f"#{number}"] = message
        else:
            written[message.message] = replace(written[message.message], text=message.text)
    return list(written.values())


def _changes(message: Incoming, whole: Sequence[Incoming]) -> bool:
    return message.kind is Kind.EDIT and any(message.message == before.message for before in whole)


def _same_album(message: Incoming, whole: Sequence[Incoming]) -> bool:
    return bool(message.album) and any(message.album == before.album for before in whole)
