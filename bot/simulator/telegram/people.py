"""Those who write to the bot."""

from typing import Any

from bot.simulator.telegram import checks
from bot.simulator.telegram.delivery import Delivery
from bot.simulator.telegram.world import Chat, Json, World

PIXEL = {"width": 1280, "height": 960}
THUMBNAIL = {"width": 90, "height": 67}


class Person:
    """A person in a private chat with the bot. What they do returns the message's number, or the update's."""

    def __init__(self, chat: Chat, world: World, delivery: Delivery) -> None:
        self.id = int(chat.user["id"])
        self._chat = chat
        self._world = world
        self._delivery = delivery

    async def says(self, text: str, reply_to: int | None = None) -> int:
        content = checks.text({"text": text}, "text", 4096)
        if reply_to is not None:
            content["reply_to_message"] = self._chat.messages[reply_to]
        return await self.sends(**content)

    async def sends(self, **content: Any) -> int:  # noqa: ANN401 - JSON
        """Send anything that a Message can hold, such as location={...}."""
        message = self._world.message(self._chat, self._chat.user, **content)
        self._delivery.add({"message": dict(message)})
        return int(message["message_id"])

    async def presses(self, wanted: str, message: int | None = None) -> int:
        """Press a button, by its label or data, on a message or on the latest that has it."""
        for shown in reversed(self._chat.messages.values()):
            rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                fits = message in {None, shown["message_id"]}
                if fits and wanted in {button["text"], button.get("callback_data")}:
                    return self._press(dict(shown), button["callback_data"])
        raise LookupError(f"{self.id} sees no button {wanted!r}")

    def _press(self, message: Json, data: str) -> int:
        query = {
            "id": self._world.press(),
            "from": self._chat.user,
            "chat_instance": str(-self.id),
            "message": message,
            "data": data,
        }
        return self._delivery.add({"callback_query": query})

    async def edits(self, text: str, message: int | None = None) -> int:
        """Edit a message of theirs, the latest unless told."""
        own = [number for number, one in self._chat.messages.items() if one["from"] == self._chat.user]
        edited = self._chat.messages[message or own[-1]]
        field = "text" if "text" in edited else "caption"
        edited |= checks.text({field: text}, field, 4096) | {"edit_date": int(self._world.now())}
        self._delivery.add({"edited_message": dict(edited)})
        return int(edited["message_id"])

    async def sends_photo(self, content: bytes, caption: str = "") -> int:
        small = self._world.keep_file(content[:100], "thumbnails/file_{}.jpg") | THUMBNAIL
        large = self._world.keep_file(content, "photos/file_{}.jpg") | PIXEL
        return await self.sends(photo=[small, large], **_caption(caption))

    async def sends_document(
        self, content: bytes, name: str, mime: str = "application/octet-stream", caption: str = ""
    ) -> int:
        file = self._world.keep_file(content, "documents/file_{}") | {"file_name": name, "mime_type": mime}
        return await self.sends(document=file, **_caption(caption))

    async def sends_sticker(self) -> int:
        sticker = self._world.keep_file(b"sticker", "stickers/file_{}.webp") | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }
        return await self.sends(sticker=sticker)

    async def blocks(self) -> int:
        return self._membership(blocked=True)

    async def unblocks(self) -> int:
        return self._membership(blocked=False)

    def _membership(self, *, blocked: bool) -> int:
        self._chat.blocked = blocked
        member = {"status": "member", "user": self._world.bot}
        banned = {"status": "kicked", "user": self._world.bot, "until_date": 0}
        change = {
            "chat": self._chat.place,
            "from": self._chat.user,
            "date": int(self._world.now()),
            "old_chat_member": member if blocked else banned,
            "new_chat_member": banned if blocked else member,
        }
        return self._delivery.add({"my_chat_member": change})


def _caption(text: str) -> Json:
    return checks.text({"caption": text}, "caption", 1024)
