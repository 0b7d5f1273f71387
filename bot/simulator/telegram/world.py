"""What the server knows: chats, messages, files, presses, and what the bot has sent."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.simulator.telegram.refusals import BLOCKED, CHAT_NOT_FOUND, WRONG_FILE, Refused, bad

Json = dict[str, Any]
BEGINNING = 1_767_225_600  # 2026-01-01 00:00 UTC, in Unix seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the bot sent, as its reader sees it now. `buttons` are (label, data)."""

    id: int
    chat: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = None
    file: bytes | None = None
    plain: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(slots=True)
class Chat:
    user: Json
    messages: dict[int, Json] = field(default_factory=dict)
    blocked: bool = False

    @property
    def place(self) -> Json:
        names: Json = {
            name: self.user[name] for name in ("first_name", "last_name", "username") if name in self.user
        }
        return {"id": self.user["id"], "type": "private", **names}


class World:
    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.presses: dict[str, float] = {}
        self.answered: list[str] = []
        self.commands: dict[str, list[Json]] = {}
        self.shift = 0.0
        self._ids = count(1)
        self._started = time.monotonic()

    def now(self) -> float:
        return BEGINNING + time.monotonic() - self._started + self.shift

    def chat(self, number: object) -> Chat:
        """Return a chat that the bot may write to."""
        if number in {None, ""}:
            raise bad("chat_id is empty")
        chat = self.chats.get(int(str(number))) if str(number).lstrip("-").isdecimal() else None
        if chat is None:
            raise bad(CHAT_NOT_FOUND)
        if chat.blocked:
            raise Refused(403, BLOCKED)
        return chat

    def message(self, chat: Chat, sender: Json, **content: Any) -> Json:  # noqa: ANN401 - JSON
        number = next(self._ids)
        known = {"message_id": number, "from": sender, "chat": chat.place, "date": int(self.now())}
        chat.messages[number] = known | content
        return chat.messages[number]

    def keep_file(self, content: bytes, path: str) -> Json:
        number = len(self.files) + 1
        name = f"FILE-{self.bot['id']}-{number}"
        self.files[name] = (content, path.format(number))
        return {"file_id": name, "file_unique_id": f"U{number}", "file_size": len(content)}

    def file(self, name: object) -> tuple[bytes, str]:
        try:
            return self.files[str(name)]
        except KeyError:
            raise bad(WRONG_FILE) from None

    def press(self) -> str:
        name = str(4_000_000_000 + next(self._ids))
        self.presses[name] = self.now()
        return name

    def sent(self, number: int) -> list[Sent]:
        chat = self.chats.get(number)
        messages = chat.messages.values() if chat else ()
        return [self._sent(message) for message in messages if message["from"] == self.bot]

    def _sent(self, message: Json) -> Sent:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        file = (message.get("photo") or [None])[-1] or message.get("document")
        return Sent(
            id=message["message_id"],
            chat=message["chat"]["id"],
            text=message.get("text") or message.get("caption", ""),
            buttons=tuple((b["text"], b.get("callback_data", "")) for row in rows for b in row),
            reply_to=message.get("reply_to_message", {}).get("message_id"),
            file=self.files[file["file_id"]][0] if file else None,
            plain=message,
        )
