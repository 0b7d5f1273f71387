"""Updates of groups, translated: what is written and pressed there, and what becomes of the group itself."""

from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberAdministrator, ChatMemberOwner, Message, Update

from feedback.messages import Incoming, Kind
from feedback.vietnamese import sound

GROUPS = ("group", "supergroup")
PLACE = ("message_id", "date", "chat")
READ: tuple[str, ...] = (
    *PLACE,
    "id",
    "chat_instance",
    "message",
    "data",
    "from",
    "sender_chat",
    "text",
    "caption",
)
READ += ("message_thread_id", "is_topic_message", "migrate_to_chat_id", "reply_to_message")
FILES = ("photo", "document", "video", "voice", "audio", "video_note", "animation")
OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)
WRITE, TOPICS = "write", "topics"  # what we may do in a group


def is_group(update: dict[str, Any]) -> bool:
    for name in ("callback_query", "message", "edited_message", "my_chat_member"):
        match update.get(name):
            case {"message": {"chat": {"type": kind}}} | {"chat": {"type": kind}}:
                return kind in GROUPS
    return False


def read(update: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """Translate an update of a group; None if it only tells of members, pins, titles and topics."""
    if "my_chat_member" in update:
        parsed = Update.de_json({name: update[name] for name in ("update_id", "my_chat_member")}, None)
        return _placed(parsed, account, at)
    kind = next(name for name in ("callback_query", "message", "edited_message") if name in update)
    parsed = Update.de_json({"update_id": update["update_id"], kind: _needed(update[kind])}, None)
    source = parsed.callback_query or parsed.message or parsed.edited_message
    place = source.message if isinstance(source, CallbackQuery) else source
    if source is None or not isinstance(place, Message):
        return None
    said = _said(source, has_files=any(name in update[kind] for name in FILES))
    person = _person(source)
    if said is None or not person:
        return None
    what, text = said
    replied = place.reply_to_message
    return Incoming(
        channel="telegram",
        account=account,
        event=_number(parsed.update_id),
        person=person,
        chat=_number(place.chat.id),
        at=at,
        kind=Kind.EDIT if parsed.edited_message else what,
        text=sound(text),
        message=_number(place.message_id),
        forwarded="forward_origin" in update[kind],
        group=True,
        forum=place.chat.is_forum is True,
        topic=_number(place.message_thread_id) if place.is_topic_message and place.message_thread_id else "",
        replies_to=_number(replied.message_id) if replied else "",
        press=sound(source.id) if isinstance(source, CallbackQuery) else "",
    )


def _needed(content: dict[str, Any]) -> dict[str, Any]:
    needed = {name: value for name, value in content.items() if name in READ}
    if isinstance(needed.get("message"), dict):
        needed["message"] = _needed(needed["message"])
    if isinstance(needed.get("reply_to_message"), dict):
        replied = needed["reply_to_message"]
        needed["reply_to_message"] = {name: replied[name] for name in PLACE}
    return needed


def _person(source: CallbackQuery | Message) -> str:
    """Name who acts. Who writes as a group or a channel is nobody whom we know: theirs is its number."""
    if isinstance(source, Message) and source.sender_chat:
        return _number(source.sender_chat.id)
    who = source.from_user
    return "" if who is None or who.is_bot else _number(who.id)


def _said(source: CallbackQuery | Message, *, has_files: bool) -> tuple[Kind, str] | None:
    if isinstance(source, CallbackQuery):
        return Kind.BUTTON, source.data or ""
    if source.migrate_to_chat_id:
        return Kind.MOVED, _number(source.migrate_to_chat_id)
    if has_files:
        return Kind.FILES, source.caption or ""
    return (Kind.TEXT, source.text) if source.text else None


def _placed(update: Update, account: str, at: datetime) -> Incoming | None:
    change = update.my_chat_member
    if change is None:
        return None
    return Incoming(
        channel="telegram",
        account=account,
        event=_number(update.update_id),
        person=_number(change.from_user.id),
        chat=_number(change.chat.id),
        at=at,
        kind=Kind.PLACED,
        text=_rights(change.new_chat_member),
        group=True,
        forum=change.chat.is_forum is True,
    )


def _rights(member: ChatMember) -> str:
    match member:
        case ChatMemberOwner():
            return f"{WRITE} {TOPICS}"
        case ChatMemberAdministrator():
            return f"{WRITE} {TOPICS}" if member.can_manage_topics else WRITE
        case _ if member.status in OUTSIDE or getattr(member, "can_send_messages", True) is False:
            return ""
        case _:
            return WRITE


def _number(given: int) -> str:
    """Telegram's ids have at most 64 bits; what is longer fits into no column."""
    if abs(given) >= 2**63:
        raise ValueError("too large for an id")
    return f"{given:d}"
