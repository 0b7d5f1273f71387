"""Those who write to the Official Account. What they do returns the message's id, or the event's number."""

from collections.abc import Callable
from datetime import datetime

from bot.simulator.zalo import ids
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json, Sent
from bot.simulator.zalo.media import Media
from bot.simulator.zalo.oa import events
from bot.simulator.zalo.oa.events import Events
from bot.simulator.zalo.oa.users import User

Tell = Callable[[Json], int]
THUMB = "/-strong"


class Writer:
    """Somebody who can send a message to the account."""

    prefix = "user_send_"

    def __init__(self, user: User, clock: Clock, made: Events, media: Media, tell: Tell) -> None:
        self.id = user.id
        self._user = user
        self._clock = clock
        self._made = made
        self._media = media
        self._tell = tell

    @property
    def received(self) -> list[Sent]:
        """What the account sent, oldest first."""
        return list(self._user.received)

    async def says(self, text: str, quote: str = "") -> str:
        """Write a text, in answer to a message if it is quoted."""
        return self._send("text", {"text": text} | ({"quote_msg_id": quote} if quote else {}))

    async def sends_image(self, content: bytes, text: str = "") -> str:
        return self._attach("image", events.media("image", self._media.keep(content, "photo.jpg")), text)

    async def sends_file(self, content: bytes, name: str, text: str = "") -> str:
        return self._attach("file", events.file(content, name, self._media.keep(content, name)), text)

    async def sends_sticker(self, sticker: str = "46995") -> str:
        payload = {"id": sticker, "url": self._media.keep(b"sticker", "sticker.png")}
        return self._attach("sticker", {"type": "sticker", "payload": payload})

    def _attach(self, kind: str, attachment: Json, text: str = "") -> str:
        return self._send(kind, {"attachments": [attachment]} | ({"text": text} if text else {}))

    def _send(self, kind: str, content: Json) -> str:
        message = {**content, "msg_id": ids.message()}
        if self._user.conversation:
            message["conversation_id"] = self._user.conversation
        self._user.act(self._clock())
        self._user.heard.add(message["msg_id"])
        self._tell(self._made.user(self.prefix + kind, self.id, message))
        return str(message["msg_id"])


class Visitor(Writer):
    """Somebody without a Zalo account, on a page that shows the account's chat."""

    prefix = "anonymous_send_"


class Person(Writer):
    @property
    def blocked(self) -> bool:
        return self._user.blocked

    @property
    def is_follower(self) -> bool:
        return self._user.follows

    @property
    def last_act(self) -> datetime | None:
        """When they last did something that lets the account write."""
        return self._user.last_act

    async def sends_gif(self, content: bytes) -> str:
        return self._attach("gif", events.media("gif", self._media.keep(content, "picture.gif")))

    async def sends_location(self, latitude: float, longitude: float) -> str:
        return self._attach("location", events.location(latitude, longitude))

    async def sends_audio(self, content: bytes) -> str:
        payload = {"url": self._media.keep(content, "voice.amr")}
        return self._attach("audio", {"type": "audio", "payload": payload})

    async def sends_video(self, content: bytes, description: str = "") -> str:
        video = events.media("video", self._media.keep(content, "video.mp4"))
        video["payload"]["description"] = description
        return self._attach("video", video)

    async def sends_link(self, url: str, description: str = "") -> str:
        payload = {"url": url, "thumbnail": "", "description": description}
        return self._attach("link", {"type": "link", "payload": payload}, url)

    async def sends_card(self, phone: str) -> str:
        return self._attach("business_card", events.card(self._media.keep(b"code", "code.png"), phone))

    async def presses(self, wanted: str, message: str = "") -> str:
        """Press a button, by its title or payload, on a message or on the latest that has it.

        What it sends comes as a text that nobody can tell from a typed one; opening something sends nothing.
        """
        for shown in reversed(self._user.received):
            for button in shown.buttons if message in {"", shown.id} else ():
                if wanted in {button.title, button.payload}:
                    opens = button.kind.startswith("oa.open.")
                    return "" if opens else await self.says(button.payload)
        raise LookupError(f"{self.id} sees no button {wanted!r}")

    async def follows(self, source: str = "oa_profile") -> int:
        self._user.follows = True
        self._user.act(self._clock())
        return self._tell(self._made.follow("follow", self.id, source))

    async def unfollows(self) -> int:
        self._user.follows = False
        return self._tell(self._made.follow("unfollow", self.id))

    async def opens_chat(self) -> int:
        """Press the account's chat button on a page."""
        self._user.act(self._clock())
        return self._tell(self._made.about("user_click_chatnow", self.id))

    async def submits(self, **info: str) -> int:
        """Fill in the form that asks for contact data."""
        empty = dict.fromkeys(("name", "phone", "address", "city", "district", "ward"), "")
        self._user.shared = empty | info
        self._user.act(self._clock())
        return self._tell(self._made.form(self.id, self._user.shared))

    async def gets(self, message: str = "", *, sender: bool = False) -> int:
        """Have a message arrive on the phone, the latest unless told."""
        return self._receipt("user_received_message", {"msg_id": message or self._latest()}, sender=sender)

    async def sees(self, *messages: str, sender: bool = False) -> int:
        """Read messages, the latest unless told. Sources differ on whether the user is the sender of this."""
        return self._receipt(
            "user_seen_message", {"msg_ids": list(messages or (self._latest(),))}, sender=sender
        )

    async def reacts(self, message: str = "", icon: str = THUMB) -> int:
        told = {"msg_id": message or self._latest(), "react_icon": icon}
        return self._tell(self._made.user("user_reacted_message", self.id, told))

    async def withdraws(self) -> int:
        """Ask for everything about them to be deleted."""
        return self._tell(self._made.about("user_withdraw", self.id))

    async def changes(self, name: str) -> int:
        """Change the profile."""
        self._user.name = name
        return self._tell(self._made.about("update_user_info", self.id, info={"name": name}))

    async def blocks(self) -> None:
        """Stop the account's messages. No event tells of it."""
        self._user.blocked = True

    async def unblocks(self) -> None:
        self._user.blocked = False

    async def goes_silent(self) -> None:
        """Stop using Zalo for so long that nothing is delivered any more."""
        self._user.inactive = True

    def _receipt(self, name: str, message: Json, *, sender: bool) -> int:
        told = self._made.user if sender else self._made.account
        return self._tell(told(name, self.id, message))

    def _latest(self) -> str:
        if not self._user.received:
            raise LookupError(f"{self.id} has received nothing")
        return self._user.received[-1].id


class Group:
    """A group chat of the account (GMF)."""

    def __init__(self, group_id: str, made: Events, tell: Tell) -> None:
        self.id = group_id
        self.received: list[Sent] = []
        self._made = made
        self._tell = tell

    async def hears(self, person: Person, text: str) -> str:
        """Let a member write into the group."""
        number = ids.message()
        self._tells("user_send_group_text", person.id, message={"text": text, "msg_id": number})
        return number

    async def opens(self, person: Person) -> int:
        """Come about: somebody has made the group."""
        return self._tells("create_group", person.id)

    async def joins(self, person: Person) -> int:
        return self._tells("user_join_group", person.id)

    async def leaves(self, person: Person) -> int:
        return self._tells("user_out_group", person.id)

    def _tells(self, name: str, user_id: str, **more: object) -> int:
        return self._tell(self._made.group(name, self.id, user_id, **more))
