"""What someone does in a chat with the bot, be it their own or a group."""

from typing import Any

from bot.simulator.telegram import kinds
from bot.simulator.telegram.chats import Chat
from bot.simulator.telegram.media import Media
from bot.simulator.telegram.shapes import (
    ANONYMOUS,
    Json,
    buttons,
    content_of,
    forwarded,
    topic_of,
    without_presses,
)
from bot.simulator.telegram.world import World


class Acts(Media):
    """What they write returns the message's number, everything else the update's, or 0 if there is none.

    `topic` is one of the group's; what replies to a message is in the topic of that message.
    """

    def __init__(self, user: Json, chat: Chat, world: World, *, anonymous: bool = False) -> None:
        super().__init__(user, world)
        self._chat = chat
        self._anonymous = anonymous

    async def says(self, text: str, reply_to: int | None = None, topic: int = 0) -> int:
        return await self.sends(reply_to=reply_to, topic=topic, **kinds.text(text))

    async def replies(self, message: int, text: str) -> int:
        return await self.says(text, reply_to=message)

    async def sends(
        self,
        *,
        reply_to: int | None = None,
        topic: int = 0,
        **content: Any,  # noqa: ANN401 - JSON
    ) -> int:
        """Send anything that a Message can hold, such as location={...}."""
        target = self._chat.messages[reply_to] if reply_to is not None else None
        self._enter(topic or topic_of(target))
        message = self._world.message(
            self._chat, self._sender(), topic=topic, target=target, **self._signed(), **content
        )
        self._world.tell(self._chat, "message", message)
        return int(message["message_id"])

    async def edits(self, text: str, message: int | None = None) -> int:
        """Edit the text or caption of a message of theirs, the latest unless told."""
        own = [number for number, one in self._chat.messages.items() if self._is_own(one)]
        edited = self._chat.messages[message or own[-1]]
        new = kinds.text(text) if "text" in edited else kinds.caption(text)
        for name in ("text", "entities", "caption", "caption_entities"):
            edited.pop(name, None)
        edited |= new | {"edit_date": self._world.clock.date()}
        self._world.tell(self._chat, "edited_message", edited)
        return int(edited["message_id"])

    async def deletes(self, message: int) -> None:
        """No update says so."""
        del self._chat.messages[message]

    async def forwards(
        self, message: int, source: int | None = None, *, hidden: bool = False, topic: int = 0
    ) -> int:
        """Forward a message of this chat or another; `hidden` authors let only their name be seen.

        Of its buttons, those stay that open a page.
        """
        chat = self._world.known(source) if source else self._chat
        original = chat.messages[message]
        shown = without_presses(content_of(original))
        return await self.sends(topic=topic, **shown, **forwarded(original, hidden=hidden))

    async def reacts(self, message: int, emoji: str) -> int:
        """Bots hear of it only if they have asked for it."""
        change: Json = {
            "chat": self._chat.place,
            "message_id": message,
            "user": self.user,
            "date": self._world.clock.date(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        return self._world.tell(self._chat, "message_reaction", change)

    async def presses_data(self, message: int, data: str) -> int:
        """Press what is on no button: a forged client can, and on a message that is gone too."""
        gone = {"chat": self._chat.place, "message_id": message, "date": 0}
        query: Json = {
            "id": self._world.press(self.id, self._chat.id),
            "from": self.user,
            "chat_instance": str(-1_000 - abs(self._chat.id)),
            "message": dict(self._chat.messages.get(message, gone)),
            "data": data,
        }
        return self._world.tell(self._chat, "callback_query", query)

    async def _presses(self, wanted: str, message: int | None) -> int:
        for shown in reversed(self._chat.messages.values()):
            for button in buttons(shown):
                fits = message in {None, shown["message_id"]}
                if fits and wanted in {button["text"], button.get("callback_data")}:
                    return await self.presses_data(shown["message_id"], button["callback_data"])
        raise LookupError(f"{self.id} sees no button {wanted!r}")

    def sees(self) -> list[Json]:
        """Return the messages that stand in the chat, oldest first."""
        return list(self._chat.messages.values())

    def _enter(self, topic: int) -> None:
        """Raise PermissionError where they cannot write."""

    def _sender(self) -> Json:
        return ANONYMOUS if self._anonymous else self.user

    def _signed(self) -> Json:
        return {"sender_chat": self._chat.place} if self._anonymous else {}

    def _is_own(self, message: Json) -> bool:
        return bool(message["from"] == self._sender())
