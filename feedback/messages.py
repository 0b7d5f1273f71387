"""What every channel is translated to on the way in, and from on the way out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from feedback.vietnamese import fold

LONGEST_PIECE = 3500  # UTF-16 units: under Telegram's 4,096, with room for what a channel adds
LONGEST_TEXT = 10_000  # characters of one message that a person may send us


class Kind(StrEnum):
    TEXT = "text"
    BUTTON = "button"
    FILES = "files"
    EDIT = "edit"
    UNSUPPORTED = "unsupported"


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
class Incoming:
    """One message of one person. (channel, account, event) is unique: channels deliver twice.

    `person` and `chat` are the channel's own ids as text; `at` is when it reached us (UTC).
    `text` holds a button's data when `kind` is BUTTON. `withheld` names the kind of submission
    whose content we must not keep; text and attachments are then empty. `forwarded` says that somebody
    else wrote it.
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

    @property
    def lane(self) -> str:
        """Messages of one lane are handled one after the other, in the order in which they came."""
        return f"{self.channel}:{self.account}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Button:
    """`data` carries all that is needed to act on it, at most 64 bytes (Telegram's limit)."""

    label: str
    data: str


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
    """One message to one chat. `reply_to` is the channel's id of the message that it answers."""

    text: str
    buttons: tuple[Button, ...] = ()
    reply_to: str = ""


def numbered(buttons: Sequence[Button], first: int = 1) -> tuple[Button, ...]:
    """Typing a number always works, so every label shows its number."""
    return tuple(Button(f"{number}. {b.label}", b.data) for number, b in enumerate(buttons, start=first))


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
    first = [Outgoing(piece) for piece in pieces[:-1]]
    out = [*first, replace(message, text=pieces[-1])]
    if first and message.reply_to:
        out = [replace(out[0], reply_to=message.reply_to), *out[1:-1], replace(out[-1], reply_to="")]
    return out


def _head(text: str, longest: int) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")[: longest * 2]
    return encoded.decode("utf-16-le", "ignore")
