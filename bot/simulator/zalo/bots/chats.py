"""The chats of the bot, and those who write in them. What they do returns the message's id."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.simulator.zalo import ids
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json, Sent
from bot.simulator.zalo.media import Media

Tell = Callable[[Json], int]


@dataclass(slots=True)
class Chat:
    """The bot may write once it is `open`: somebody has written to it there."""

    id: str
    kind: str
    open: bool = False
    blocked: bool = False
    typing: int = 0
    received: list[Sent] = field(default_factory=list)

    @property
    def place(self) -> Json:
        return {"id": self.id, "chat_type": self.kind}


@dataclass(frozen=True, slots=True)
class Hands:
    """What a person needs in order to write. `mention` is how the bot is called in a group."""

    clock: Clock
    media: Media
    mention: str
    tell: Tell


class Person:
    """A person, alone with the bot or in a group where it hears what names it or answers it."""

    def __init__(self, user_id: str, name: str, chat: Chat, hands: Hands) -> None:
        self.id = user_id
        self.name = name
        self._chat = chat
        self._hands = hands

    @property
    def received(self) -> list[Sent]:
        """What the bot sent here, oldest first."""
        return list(self._chat.received)

    @property
    def blocked(self) -> bool:
        return self._chat.blocked

    @property
    def typing(self) -> int:
        """How often the bot has shown that it is typing."""
        return self._chat.typing

    def at(self, group: "Group") -> "Person":
        """Return the same person in a group."""
        return Person(self.id, self.name, group.chat, self._hands)

    async def says(self, text: str, reply_to: str = "") -> str:
        quoted = {"quote_message": {"message_id": reply_to}} if reply_to else {}
        return self._send("text", text, reply_to, text=text, **quoted)

    async def sends_image(self, content: bytes, caption: str = "", field_name: str = "photo") -> str:
        """Send a photo; `photo_url` is the other name that its field has been seen under."""
        url = self._hands.media.keep(content, "photo.jpg")
        return self._send("image", caption, **{field_name: url}, caption=caption)

    async def sends_sticker(self, sticker: str = "0e078a2fb66a5f34067b") -> str:
        url = self._hands.media.keep(b"sticker", "sticker.png")
        return self._send("sticker", "", sticker=sticker, url=url)

    async def sends_voice(self, content: bytes) -> str:
        return self._send("voice", "", voice_url=self._hands.media.keep(content, "voice.aac"))

    async def sends_link(self, url: str) -> str:
        return self._send("link", url, text=url, link=url)

    async def sends_something_else(self) -> str:
        """Send a file, a place, a card: the bot learns that something came, and no more."""
        return self._send("unsupported", "")

    async def blocks(self) -> None:
        """Stop the bot's messages. No event tells of it."""
        self._chat.blocked = True

    async def unblocks(self) -> None:
        self._chat.blocked = False

    def _send(self, kind: str, heard: str, reply_to: str = "", **content: object) -> str:
        number = ids.message()
        message = {
            "message_id": number,
            "date": self._hands.clock.stamp(),
            "message_type": "CHAT_MESSAGE",
            "from": {"id": self.id, "display_name": self.name, "is_bot": False},
            "chat": self._chat.place,
            **content,
        }
        own = {sent.id for sent in self._chat.received}
        if self._chat.kind == "PRIVATE" or self._hands.mention in heard or reply_to in own:
            self._chat.open = True
            self._hands.tell({"event_name": f"message.{kind}.received", "message": message})
        return number


class Group:
    """A group that the bot is in."""

    def __init__(self, chat: Chat) -> None:
        self.id = chat.id
        self.chat = chat

    @property
    def received(self) -> list[Sent]:
        return list(self.chat.received)
