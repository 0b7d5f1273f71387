"""What happens to the topics of a supergroup, whoever does it."""

from bot.simulator.telegram.chats import GroupChat, Topic
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World

BLUE = 7322096
COLORS = {BLUE, 16766590, 13338331, 9367192, 16749490, 16478047}


def begin(world: World, chat: GroupChat, by: Json, name: str, color: int = BLUE, icon: str = "") -> Topic:
    """Open a topic: its number is that of its first message."""
    topic = Topic(0, name, color, icon, by["id"])
    first = world.message(chat, by, forum_topic_created=topic.shown)
    topic.id = first["message_id"]
    chat.topics[topic.id] = topic
    first |= {"message_thread_id": topic.id, "is_topic_message": True}
    world.tell(chat, "message", first)
    return topic


def change(world: World, chat: GroupChat, by: Json, topic: Topic, changes: Json) -> bool:
    """Change name or icon; False if they are so already."""
    new = {name: value for name, value in changes.items() if topic.shown.get(name, "") != value}
    topic.name = changes.get("name", topic.name)
    topic.icon = changes.get("icon_custom_emoji_id", topic.icon)
    if new:
        world.note(chat, by, topic=topic.id, forum_topic_edited=new)
    return bool(new)


def close(world: World, chat: GroupChat, by: Json, topic: Topic, *, closed: bool) -> bool:
    """Close or reopen; False if it is so already."""
    if topic.closed is closed:
        return False
    topic.closed = closed
    world.note(chat, by, topic=topic.id, **{"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def delete(chat: GroupChat, topic: Topic) -> None:
    """The topic is gone with all its messages, and no update says so."""
    del chat.topics[topic.id]
    for number in [
        number for number, one in chat.messages.items() if one.get("message_thread_id") == topic.id
    ]:
        del chat.messages[number]
