"""What the server knows: chats, messages, files, presses, and what the bot has sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.simulator.telegram.chats import FIRST_SUPERGROUP, Chat, GroupChat, Private
from bot.simulator.telegram.clock import Clock
from bot.simulator.telegram.files import Files
from bot.simulator.telegram.ledger import Deed, Ledger
from bot.simulator.telegram.limits import Limits
from bot.simulator.telegram.refusals import CHAT_NOT_FOUND, STALE_QUERY, bad
from bot.simulator.telegram.shapes import Json, buttons, is_service, wording

QUERY_LIFE = 150  # seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the bot sent, as its reader sees it now. `buttons` are (label, data)."""

    id: int
    chat: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = None
    topic: int | None = None
    file: bytes | None = None
    plain: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person saw after a press; `alert` stays until it is closed."""

    press: str
    person: int
    text: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    at: float  # Unix seconds
    person: int
    chat: int


class World:
    """`deliver` takes an update to the bot and returns its number.

    `privacy` hides from the bot what is not meant for it in groups where it is no administrator;
    `query_life` is for how many seconds a press can be answered.
    """

    def __init__(
        self, bot: Json, clock: Clock, ledger: Ledger, deliver: Callable[[Json], int], *, flooded: bool
    ) -> None:
        self.bot = bot
        self.clock = clock
        self.ledger = ledger
        self.privacy = True
        self.query_life: float = QUERY_LIFE
        self.limits = Limits(clock, enforced=flooded)
        self.files = Files(bot["id"])
        self.chats: dict[int, Chat] = {}
        self.answers: list[Answer] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self._deliver = deliver
        self._presses: dict[str, Press] = {}
        self._names = count(4_000_000_001)
        self._shared = count(1)  # numbers of messages outside of supergroups

    def person(self, user: Json, *, started: bool) -> Private:
        chat = self.chats.get(user["id"])
        if not isinstance(chat, Private):
            chat = self.chats[user["id"]] = Private(user=user, numbers=self._shared, started=started)
        return chat

    def group(self, number: int, title: str, *, forum: bool) -> GroupChat:
        chat = self.chats.get(number)
        if not isinstance(chat, GroupChat):
            numbers: Iterator[int] = count(1) if number <= FIRST_SUPERGROUP else self._shared
            chat = GroupChat(id=number, title=title, numbers=numbers, forum=forum)
            self.chats[number] = chat
        return chat

    def chat(self, number: object) -> Chat:
        """Return a chat where the bot may act. Raises Refused."""
        chat = self.known(number)
        chat.admit(self.bot["id"])
        return chat

    def known(self, number: object) -> Chat:
        if number in {None, ""}:
            raise bad("chat_id is empty")
        chat = self.chats.get(int(str(number))) if str(number).lstrip("-").isdecimal() else None
        if chat is None:
            raise bad(CHAT_NOT_FOUND)
        return chat

    def message(
        self,
        chat: Chat,
        sender: Json,
        *,
        topic: int = 0,
        target: Json | None = None,
        **content: Any,  # noqa: ANN401 - JSON
    ) -> Json:
        """Put a message into a chat. Raises Refused."""
        setting = chat.setting(topic, target)
        number = next(chat.numbers)
        known = {"message_id": number, "from": sender, "chat": chat.place, "date": self.clock.date()}
        chat.messages[number] = known | setting | content
        return chat.messages[number]

    def note(self, chat: Chat, sender: Json, *, topic: int = 0, **content: Any) -> Json:  # noqa: ANN401 - JSON
        """Put a note into a chat that Telegram writes by itself: the bot hears of its own ones too."""
        message = self.message(chat, sender, topic=topic, **content)
        self.tell(chat, "message", message)
        return message

    def tell(self, chat: Chat, kind: str, content: Json) -> int:
        """Deliver an update about a chat if the bot gets to see it; return its number, or 0."""
        if not chat.shows(kind, content, self.bot, privacy=self.privacy):
            return 0
        return self._deliver({kind: dict(content)})

    def wrote(self, deed: Deed, message: Json) -> None:
        """The bot has done something to a message."""
        number = int(message["message_id"])
        self.ledger.write(deed, int(message["chat"]["id"]), number, text=wording(message))

    def names(self) -> str:
        """Return a new name, for a press, an album or a poll."""
        return str(next(self._names))

    def press(self, person: int, chat: int) -> str:
        name = self.names()
        self._presses[name] = Press(self.clock.seconds(), person, chat)
        return name

    def answer(self, name: str, text: str, *, alert: bool) -> None:
        press = self._presses.get(name)
        if press is None or self.clock.seconds() - press.at > self.query_life:
            raise bad(STALE_QUERY)
        self.answers.append(Answer(name, press.person, text, alert))
        self.ledger.write(Deed.ANSWERED, press.chat, text=text)

    def sent(self, number: int) -> list[Sent]:
        chat = self.chats.get(number)
        messages = chat.messages.values() if chat else ()
        return [self._sent(one) for one in messages if one["from"] == self.bot and not is_service(one)]

    def _sent(self, message: Json) -> Sent:
        return Sent(
            id=message["message_id"],
            chat=message["chat"]["id"],
            text=wording(message),
            buttons=tuple((button["text"], button.get("callback_data", "")) for button in buttons(message)),
            reply_to=message.get("reply_to_message", {}).get("message_id"),
            topic=message.get("message_thread_id"),
            file=self.files.of(message),
            plain=message,
        )
