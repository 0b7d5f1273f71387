"""The topics of a supergroup. The general one (1) is written to without a number and is none of these."""

from bot.simulator.telegram import forum
from bot.simulator.telegram.chats import GroupChat, Topic
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.refusals import NO_FORUM, NO_TOPIC, TOPIC_NOT_MODIFIED, bad
from bot.simulator.telegram.world import World

LONGEST_NAME = 128


class Topics:
    def __init__(self, world: World) -> None:
        self._world = world

    async def create_forum_topic(self, given: Given) -> object:
        chat = self._forum(given)
        if not self._may(chat, "can_manage_topics"):
            raise bad("not enough rights to create a topic")
        name, color = _name(given), given.number("icon_color", forum.BLUE)
        if color not in forum.COLORS:
            raise bad("invalid icon color specified")
        icon = given.text("icon_custom_emoji_id")
        topic = forum.begin(self._world, chat, self._world.bot, name, color, icon)
        return {"message_thread_id": topic.id, **topic.shown}

    async def edit_forum_topic(self, given: Given) -> object:
        chat, topic = self._own(given, "edit")
        changes = {"name": _name(given)} if "name" in given else {}
        if "icon_custom_emoji_id" in given.raw:
            changes["icon_custom_emoji_id"] = given.text("icon_custom_emoji_id")
        if changes and not forum.change(self._world, chat, self._world.bot, topic, changes):
            raise bad(TOPIC_NOT_MODIFIED)
        return True

    async def close_forum_topic(self, given: Given) -> object:
        return self._close(given, closed=True)

    async def reopen_forum_topic(self, given: Given) -> object:
        return self._close(given, closed=False)

    async def delete_forum_topic(self, given: Given) -> object:
        chat = self._forum(given)
        if not self._may(chat, "can_delete_messages"):
            raise bad("not enough rights to delete the topic")
        forum.delete(chat, _topic(chat, given))
        return True

    def _close(self, given: Given, *, closed: bool) -> bool:
        chat, topic = self._own(given, "close or open")
        if not forum.close(self._world, chat, self._world.bot, topic, closed=closed):
            raise bad(TOPIC_NOT_MODIFIED)
        return True

    def _own(self, given: Given, verb: str) -> tuple[GroupChat, Topic]:
        chat = self._forum(given)
        topic = _topic(chat, given)
        if not self._may(chat, "can_manage_topics") and topic.creator != self._world.bot["id"]:
            raise bad(f"not enough rights to {verb} the topic")
        return chat, topic

    def _forum(self, given: Given) -> GroupChat:
        chat = self._world.chat(given.get("chat_id"))
        if not isinstance(chat, GroupChat) or not chat.forum:
            raise bad(NO_FORUM)
        return chat

    def _may(self, chat: GroupChat, right: str) -> bool:
        return chat.bot_may(self._world.bot["id"], right)


def _topic(chat: GroupChat, given: Given) -> Topic:
    try:
        return chat.topics[given.number("message_thread_id", 0)]
    except KeyError:
        raise bad(NO_TOPIC) from None


def _name(given: Given) -> str:
    """Return the name, cut off after 128 letters as Telegram does."""
    name = given.text("name").strip()[:LONGEST_NAME]
    if not name:
        raise bad("title must be non-empty")
    return name
