"""Private chats, groups, and supergroups with their topics."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bot.simulator.telegram import refusals
from bot.simulator.telegram.refusals import Refused, bad, upgraded
from bot.simulator.telegram.roles import IN_CHARGE, INSIDE, Role, Status
from bot.simulator.telegram.shapes import Json, bare, is_service, topic_of, wording

FIRST_SUPERGROUP = -1_000_000_000_001


class Chat(Protocol):
    id: int
    numbers: Iterator[int]
    messages: dict[int, Json]
    pinned: list[int]
    reactions: dict[int, list[Json]]

    @property
    def place(self) -> Json:
        """Return the chat as it stands in a message."""

    def admit(self, bot: int) -> None:
        """Raise Refused unless the bot may act here."""

    def setting(self, topic: int, target: Json | None) -> Json:
        """Return what a message gets from its place: the topic, and what it replies to. Raises Refused."""

    def bot_may(self, bot: int, right: str) -> bool: ...

    def shows(self, kind: str, message: Json, bot: Json, *, privacy: bool) -> bool:
        """Whether the bot gets to see an update."""


@dataclass(slots=True, kw_only=True)
class Private:
    user: Json
    numbers: Iterator[int]
    started: bool
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, Json] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    id: int = field(init=False)

    def __post_init__(self) -> None:
        self.id = int(self.user["id"])

    @property
    def place(self) -> Json:
        names: Json = {
            name: self.user[name] for name in ("first_name", "last_name", "username") if name in self.user
        }
        return {"id": self.id, "type": "private", **names}

    def admit(self, bot: int) -> None:  # noqa: ARG002 - groups ask who
        if self.deactivated:
            raise Refused(403, refusals.DEACTIVATED)
        if self.blocked:
            raise Refused(403, refusals.BLOCKED)
        if not self.started:
            raise Refused(403, refusals.NEVER_STARTED)

    def setting(self, topic: int, target: Json | None) -> Json:
        if topic:
            raise bad(refusals.NO_THREAD)
        return {"reply_to_message": bare(target)} if target else {}

    def bot_may(self, bot: int, right: str) -> bool:  # noqa: ARG002 - groups ask who and what
        return True

    def shows(self, kind: str, message: Json, bot: Json, *, privacy: bool) -> bool:  # noqa: ARG002
        return True


@dataclass(slots=True)
class Topic:
    id: int
    name: str
    color: int
    icon: str = ""
    creator: int = 0
    closed: bool = False

    @property
    def shown(self) -> Json:
        icon = {"icon_custom_emoji_id": self.icon} if self.icon else {}
        return {"name": self.name, "icon_color": self.color, **icon}


@dataclass(slots=True, kw_only=True)
class GroupChat:
    """`upgraded_to` is the supergroup that a group has become."""

    id: int
    title: str
    numbers: Iterator[int]
    forum: bool = False
    upgraded_to: int = 0
    roles: dict[int, Role] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def is_super(self) -> bool:
        return self.id <= FIRST_SUPERGROUP

    @property
    def kind(self) -> str:
        return "supergroup" if self.is_super else "group"

    @property
    def place(self) -> Json:
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.kind, "title": self.title, **forum}

    def admit(self, bot: int) -> None:
        if self.upgraded_to:
            raise upgraded(self.upgraded_to)
        status = self.status(bot)
        if status is Status.KICKED:
            raise Refused(403, refusals.KICKED.format(self.kind))
        if status not in INSIDE:
            raise Refused(403, refusals.NO_MEMBER.format(self.kind))

    def status(self, user: int) -> Status:
        role = self.roles.get(user)
        return role.status if role else Status.LEFT

    def bot_may(self, bot: int, right: str) -> bool:
        return bot in self.roles and self.roles[bot].may(right)

    def setting(self, topic: int, target: Json | None) -> Json:
        """In a topic everything replies to something: if nothing else, to the topic's first message."""
        reply = {"reply_to_message": bare(target)} if target else {}
        if topic and topic not in self.topics:
            raise bad(refusals.NO_THREAD)
        if not self.forum:
            return ({"message_thread_id": _thread(target)} if target and self.is_super else {}) | reply
        topic = topic or topic_of(target)
        if not topic:
            return reply
        first = self.messages.get(topic)
        reply = reply or ({"reply_to_message": bare(first)} if first else {})
        return {"message_thread_id": topic, "is_topic_message": True} | reply

    def shows(self, kind: str, message: Json, bot: Json, *, privacy: bool) -> bool:
        status = self.status(bot["id"])
        if kind == "my_chat_member":
            return True
        if status not in INSIDE:
            return bool(message.get("left_chat_member", {}).get("id") == bot["id"])
        if kind in {"chat_member", "message_reaction"}:
            return status in IN_CHARGE
        if kind == "callback_query" or status in IN_CHARGE or not privacy or is_service(message):
            return True
        return self._is_meant_for(bot, message)

    def _is_meant_for(self, bot: Json, message: Json) -> bool:
        """With privacy: replies to the bot, commands with its name, and bare ones after it has spoken."""
        replied = message.get("reply_to_message", {})
        if replied.get("from") == bot and not is_service(replied):
            return True
        command = re.match(r"/\w+(?:@(\w+))?", wording(message))
        if command is None:
            return False
        return command[1].lower() == bot["username"].lower() if command[1] else self._has_spoken(bot)

    def _has_spoken(self, bot: Json) -> bool:
        return any(one["from"] == bot and not is_service(one) for one in self.messages.values())


def _thread(target: Json) -> int:
    return int(target.get("message_thread_id") or target["message_id"])
