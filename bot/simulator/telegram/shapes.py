"""What messages are made of, whoever writes them."""

from typing import Any

Json = dict[str, Any]
ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}  # in whose name an anonymous administrator writes
SERVICE = {
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
}  # notes that Telegram puts into a chat by itself
CIRCUMSTANCES = {
    "message_id",
    "from",
    "sender_chat",
    "chat",
    "date",
    "edit_date",
    "message_thread_id",
    "is_topic_message",
    "reply_to_message",
    "media_group_id",
    "forward_origin",
}  # all that is in a message besides its content


def units(text: str) -> int:
    """Count as Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_service(message: Json) -> bool:
    return not SERVICE.isdisjoint(message)


def bare(message: Json) -> Json:
    """Return a message as it stands within another: what it replies to is left out."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def content_of(message: Json) -> Json:
    return {name: value for name, value in message.items() if name not in CIRCUMSTANCES}


def without_presses(content: Json) -> Json:
    """Return what of a message is forwarded: of its buttons, only those that open a page."""
    rows = content.get("reply_markup", {}).get("inline_keyboard", [])
    kept = [[button for button in row if "callback_data" not in button] for row in rows]
    rest = {name: value for name, value in content.items() if name != "reply_markup"}
    return rest | ({"reply_markup": {"inline_keyboard": [row for row in kept if row]}} if any(kept) else {})


def topic_of(message: Json | None) -> int:
    """Return the topic that a message is in: 0 for the general one, and where there are none."""
    return int(message["message_thread_id"]) if message and message.get("is_topic_message") else 0


def wording(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def forwarded(message: Json, *, hidden: bool = False) -> Json:
    """Return where a forwarded message says that it comes from."""
    if "forward_origin" in message:
        return {"forward_origin": message["forward_origin"]}
    origin: Json = {"date": message["date"]}
    if hidden:
        origin |= {"type": "hidden_user", "sender_user_name": message["from"]["first_name"]}
    elif "sender_chat" in message:
        origin |= {"type": "chat", "sender_chat": message["sender_chat"]}
    else:
        origin |= {"type": "user", "sender_user": message["from"]}
    return {"forward_origin": origin}
