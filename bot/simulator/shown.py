"""What the page shows, as it is written into JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is what a press sends; `opens` is an address, where it opens one instead."""

    label: str
    data: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """`key` names it in its place."""

    key: str
    name: str
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a conversation. `by` is a person, the bot, an officer, or the app itself (note).

    `at` is in Unix seconds, 0 where nobody says it.
    """

    id: str
    by: str
    text: str = ""
    author: str = ""
    at: int = 0
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()
    quote: str = ""
    marks: tuple[str, ...] = ()
    owner: str = ""  # who of the people wrote it


@dataclass(frozen=True, slots=True)
class Chat:
    """`of` is the only one who has it open, if it is not everybody's. `state` is told above it."""

    id: str
    name: str
    lines: tuple[Line, ...]
    of: str = ""
    state: str = ""
    is_blocked: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Someone:
    """`popups` counts what popped up on their phone, `popup` is the latest of it."""

    id: str
    name: str
    popup: str = ""
    popups: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person can do besides writing. `needs` is a file, a text, or nothing."""

    name: str
    label: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can be made to go wrong: `waiting` times, or as long as it is `on`."""

    name: str
    label: str
    is_lasting: bool = False
    is_on: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    value: int
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A phone, or a group. Who writes there is chosen among `people`.

    `opening` is what begins a new conversation, `hint` what one should know about the place.
    """

    id: str
    title: str
    note: str
    people: tuple[Someone, ...]
    chats: tuple[Chat, ...]
    deeds: tuple[Deed, ...]
    troubles: tuple[Trouble, ...] = ()
    counts: tuple[Count, ...] = ()
    opening: Deed | None = None
    hint: str = ""
    can_edit: bool = False  # and reply, and withdraw


@dataclass(frozen=True, slots=True)
class Web:
    """Where the citizens' page is, and where it may be framed."""

    page: str
    frame: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything. `now` is in Unix seconds, `ahead` how many hours were let pass."""

    now: int
    ahead: int
    places: tuple[Place, ...]
    web: Web
    desks: tuple[Someone, ...]
