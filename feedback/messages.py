"""What every channel is translated to on the way in, and from on the way out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from feedback.vietnamese import fold

LONGEST_PIECE = 3500  # UTF-16 units: under Telegram's 4,096, with room for what a channel adds
LONGEST_TEXT = 10_000  # characters of one message that a person may send us


class Kind(StrEnum):
    TEXT = "text"
    BUTTON = "button"
    FILES = "files"
    EDIT = "edit"
    LOCATION = "location"
    CONTACT = "contact"
    UNSUPPORTED = "unsupported"
    STARTED = "started"  # followed us, or opened the chat: nothing was written
    LEFT = "left"  # unfollowed or blocked us
    ERASE = "erase"  # asks that what we know of them is erased
    PLACED = "placed"  # what we may do in a group has changed: `text` says what, empty if we are out of it
    MOVED = "moved"  # the group has another number now, in `text`
    TAKEN_OVER = "taken_over"  # a person of the office answered in this chat by hand


class Urgency(IntEnum):
    """What goes first when more is to be sent than the channel takes."""

    REPLY = 0
    NOTICE = 1  # to a group that works with us: after what somebody there waits for
    BULK = 2  # to many at once: never sent twice, not even when it is unsure whether it arrived


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or file that came with a message.

    `remote` is what the channel needs to fetch it (a Telegram file_id), or the SHA-256 in
    hexadecimal when the bytes are in our own storage already. `size` is in bytes, 0 if unknown.
    """

    remote: str
    name: str = ""
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What a person sent in one go: the channel's id of it, what was written, the album it is part of."""

    message: str
    text: str = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person. (channel, account, event) is unique: channels deliver twice.

    `person` and `chat` are the channel's own ids as text; `at` is when it reached us (UTC).
    `text` holds a button's data when `kind` is BUTTON, «latitude, longitude» in degrees when it is
    LOCATION, with the name of the place in brackets if there is one, «name, phone» when it is CONTACT, what
    could be read beside it when it is UNSUPPORTED. `withheld` names the kind of submission whose content we
    must not keep; text and attachments are then empty. `forwarded` says that somebody else wrote it.

    `message` is the channel's id of the message (with EDIT: of the one that was changed), `replies_to` of
    the one that it answers, `album` of the group of photos it belongs to, `topic` of the thread in a group
    chat; `group` says that it is one, `forum` that it is divided into threads. `press` names the press of a
    button that waits for a word (`Outgoing.toast`). `key` is that of the letter of ours which this one
    answers (`Outgoing.key`), `left_out` names the files that are not kept; `official` says that it comes as
    an officer's, as far as an address can say so. `parts` are the messages that were joined to this one, if
    there are several.
    """

    channel: str
    account: str
    event: str
    person: str
    chat: str
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    name: str = ""
    message: str = ""
    withheld: str = ""
    forwarded: bool = False
    group: bool = False
    forum: bool = False
    topic: str = ""
    replies_to: str = ""
    album: str = ""
    press: str = ""
    key: str = ""
    left_out: tuple[str, ...] = ()
    official: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def said(self) -> tuple[Part, ...]:
        return self.parts or (Part(self.message, self.text, self.album),)

    def without(self, content_of: str) -> "Incoming":
        """Return it without its content, if a kind is named whose content we must not keep."""
        if not content_of:
            return self
        parts = tuple(Part(part.message, album=part.album) for part in self.parts)
        return replace(self, text="", attachments=(), withheld=content_of, parts=parts)

    @property
    def address(self) -> "Address":
        return Address(self.channel, self.account, self.chat)

    @property
    def lane(self) -> str:
        """Messages of one lane are handled one after the other, in the order in which they came."""
        return self.address.lane


@dataclass(frozen=True, slots=True)
class Button:
    """`data` carries all that is needed to act on it, at most 64 bytes (Telegram's limit).

    With a `url` the button opens that page instead.
    """

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be reached."""

    channel: str
    account: str
    chat: str

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.account}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one chat. `reply_to` is the channel's id of the message that it answers.

    Where the channel can: `topic` is the thread in a group, `edits` the message of ours that this one
    replaces, `opens` the title of a thread to open (nothing is written then, and the id of what was sent is
    the thread's), `toast` the press of a button to which this is the short word shown on the spot. A letter
    has a `subject`, and the `key` that a reply to it brings back; it is the same however often it is sent.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    reply_to: str = ""
    topic: str = ""
    edits: str = ""
    opens: str = ""
    toast: str = ""
    subject: str = ""
    key: str = ""


def numbered(buttons: Sequence[Button], first: int = 1) -> tuple[Button, ...]:
    """Typing a number always works, so every label shows its number."""
    return tuple(replace(b, label=f"{number}. {b.label}") for number, b in enumerate(buttons, start=first))


def choices(buttons: Sequence[Button]) -> list[tuple[str, str]]:
    """Return what pressing each button sends, and its label without its number and diacritics."""
    return [(button.data, fold(button.label)) for button in buttons]


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(message: Outgoing, longest: int = LONGEST_PIECE) -> list[Outgoing]:
    """Cut a long message at paragraphs, sentences or spaces; the buttons stay with the last piece.

    `longest` is in UTF-16 units, the stricter reading of Telegram's limit.
    """
    pieces: list[str] = []
    rest = message.text
    while utf16_units(rest) > longest:
        head = _head(rest, longest)
        cut = max(head.rfind("\n\n"), head.rfind("\n"), head.rfind(". ") + 1, len(head) // 2)
        if cut == len(head) // 2:
            cut = max(head.rfind(" "), cut)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    pieces.append(rest)
    plain = replace(message, buttons=(), reply_to="", edits="")
    out = [replace(plain, text=piece) for piece in pieces]
    out[0] = replace(out[0], reply_to=message.reply_to, edits=message.edits)
    out[-1] = replace(out[-1], buttons=message.buttons)
    return out


@dataclass(frozen=True, slots=True)
class Shape:
    """What a channel shows as one message: `longest` and `label` in UTF-16 units, and so many buttons."""

    longest: int = LONGEST_PIECE
    buttons: int = 100
    label: int = LONGEST_PIECE

    def takes(self, buttons: Sequence[Button]) -> bool:
        fits = all(utf16_units(button.label) <= self.label for button in buttons)
        return fits and len(buttons) <= self.buttons


USUAL = Shape()
SHAPES = {
    "zalo_oa": Shape(2000, buttons=5, label=100),
    "zalo_bot": Shape(2000, buttons=0),
    "email": Shape(200_000),
}


def fit(message: Outgoing, channel: str) -> list[Outgoing]:
    """Return the messages that say this on a channel.

    Where there can be no buttons, or not so many, their labels become lines: the numbers can be typed.
    """
    shape = SHAPES.get(channel, USUAL)
    return split(message if shape.takes(message.buttons) else _spelled(message), shape.longest)


def _spelled(message: Outgoing) -> Outgoing:
    labels = (f"{button.label}: {button.url}" if button.url else button.label for button in message.buttons)
    return replace(message, text="\n".join([message.text, *labels]), buttons=())


def _head(text: str, longest: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[: longest * 2]
    return encoded.decode("utf-16-le", "ignore")
