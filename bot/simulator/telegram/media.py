"""Everything that is not just text, sent by a person."""

from typing import Any

from bot.simulator.telegram import kinds
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World


class Media:
    def __init__(self, user: Json, world: World) -> None:
        self.id = int(user["id"])
        self.user = user
        self._world = world

    async def sends(self, *, reply_to: int | None = None, topic: int = 0, **content: Any) -> int:  # noqa: ANN401
        raise NotImplementedError

    async def sends_photo(self, content: bytes, caption: str = "", topic: int = 0) -> int:
        return await self.sends(
            topic=topic, **kinds.photo(self._world.files, content), **kinds.caption(caption)
        )

    async def sends_album(self, photos: list[bytes], caption: str = "", topic: int = 0) -> list[int]:
        """Send several photos at once: a message each, the caption on the first."""
        album = self._world.names()
        captions = [kinds.caption(caption), *({} for _ in photos[1:])]
        contents = [kinds.photo(self._world.files, photo) for photo in photos]
        return [
            await self.sends(topic=topic, media_group_id=album, **content, **words)
            for content, words in zip(contents, captions, strict=True)
        ]

    async def sends_document(
        self,
        content: bytes,
        name: str,
        mime: str = "application/octet-stream",
        caption: str = "",
        topic: int = 0,
    ) -> int:
        file = kinds.document(self._world.files, content, name, mime)
        return await self.sends(topic=topic, **file, **kinds.caption(caption))

    async def sends_voice(self, content: bytes, seconds: int = 3) -> int:
        return await self.sends(**kinds.voice(self._world.files, content, seconds))

    async def sends_audio(self, content: bytes, name: str, seconds: int = 3) -> int:
        return await self.sends(**kinds.audio(self._world.files, content, name, seconds))

    async def sends_video(self, content: bytes, name: str, caption: str = "", seconds: int = 3) -> int:
        film = kinds.video(self._world.files, content, name, seconds)
        return await self.sends(**film, **kinds.caption(caption))

    async def sends_video_note(self, content: bytes, seconds: int = 3) -> int:
        return await self.sends(**kinds.video_note(self._world.files, content, seconds))

    async def sends_animation(self, content: bytes, name: str) -> int:
        return await self.sends(**kinds.animation(self._world.files, content, name))

    async def sends_sticker(self, emoji: str = "👍") -> int:
        return await self.sends(**kinds.sticker(self._world.files, emoji))

    async def sends_location(self, latitude: float, longitude: float) -> int:
        return await self.sends(**kinds.location(latitude, longitude))

    async def sends_venue(self, title: str, address: str, latitude: float, longitude: float) -> int:
        return await self.sends(**kinds.venue(title, address, latitude, longitude))

    async def sends_contact(self, phone: str, name: str = "", user: int | None = None) -> int:
        """Send a contact, their own unless a name is given."""
        if not name:
            name, user = self.user["first_name"], self.id
        return await self.sends(**kinds.contact(phone, name, user))

    async def sends_poll(self, question: str, *options: str) -> int:
        return await self.sends(**kinds.poll(self._world.names(), question, options))

    async def sends_dice(self, value: int, emoji: str = "🎲") -> int:
        return await self.sends(**kinds.dice(emoji, value))
