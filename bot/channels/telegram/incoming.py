"""Updates of the Bot API, translated. Protocol: https://core.telegram.org/bots/api#update."""

from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Contact, Message, Update

from bot.channels.telegram import groups
from feedback.messages import Attachment, Incoming, Kind

NAME = "telegram"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
READ = {"message_id", "date", "chat", "from", "id", "chat_instance", "message", "data", "text", "caption"}
READ |= {"photo", "document", "video", "voice", "audio", "video_note", "location", "venue", "contact"}
READ |= {"media_group_id", "old_chat_member", "new_chat_member"}
QUIET = (  # notes that Telegram puts into a chat by itself
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
)
NO_UPDATE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)  # what the parser raises at dates, numbers and shapes that cannot be

Content = tuple[Kind, str, tuple[Attachment, ...]]


class Unreadable(ValueError):
    """This is not an update of the Bot API: delivering it again cannot help."""


def press_of(update: dict[str, Any]) -> str:
    """Name the button press that waits for `answer_button`, or nothing: in a group it waits for a word."""
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, dict) and not groups.is_group(update) else ""


def read(update: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """Translate an update; None if it is not for us: channels, other bots, Telegram's own notes.

    Raises Unreadable, which never quotes what the person wrote.
    """
    try:
        if groups.is_group(update):
            return groups.read(update, account, at)
        if any(note in update.get("message", ()) for note in QUIET):
            return None
        needed = {name: _needed(update[name]) for name in WANTED if name in update}
        parsed = Update.de_json({"update_id": update["update_id"], **needed}, None)
        if parsed.my_chat_member:
            return _left(parsed.my_chat_member, update["update_id"], account, at)
        written = update.get("message")
        return _incoming(
            parsed, account, at, forwarded=_is_of_another(written), replies_to=_replied_to(written)
        )
    except NO_UPDATE as error:
        raise Unreadable(f"not an update of the Bot API: {type(error).__name__}") from None


def _needed(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what we do not read: no strange quotation may cost us the text beside it."""
    return {
        key: _needed(value) if key == "message" else value for key, value in content.items() if key in READ
    }


def _is_of_another(message: object) -> bool:
    match message:
        case {"forward_origin": {"sender_user": {"id": author}}, "from": {"id": sender}}:
            return bool(author != sender)
        case {"forward_origin": _}:
            return True
    return False


def _replied_to(message: object) -> str:
    match message:
        case {"reply_to_message": {"message_id": int(number)}}:
            return _number(number)
    return ""


def _left(change: ChatMemberUpdated, update: int, account: str, at: datetime) -> Incoming | None:
    """A person blocked us. Who comes back writes, and that is word enough."""
    if change.chat.type != "private" or change.new_chat_member.status != ChatMember.BANNED:
        return None
    person, chat = _number(change.from_user.id), _number(change.chat.id)
    return Incoming(NAME, account, _number(update), person, chat, at, Kind.LEFT)


def _incoming(
    update: Update, account: str, at: datetime, *, forwarded: bool, replies_to: str
) -> Incoming | None:
    source = update.callback_query or update.message or update.edited_message
    if source is None or source.from_user is None or source.from_user.is_bot:
        return None
    place = source.message if isinstance(source, CallbackQuery) else source
    if place is None or place.chat.type != "private":
        return None
    kind, text, attachments = _pressed(source) if isinstance(source, CallbackQuery) else _written(source)
    if update.edited_message and kind not in (Kind.TEXT, Kind.FILES):  # such as a live location that moves
        return None
    return Incoming(
        channel=NAME,
        account=account,
        event=_number(update.update_id),
        person=_number(source.from_user.id),
        chat=_number(place.chat.id),
        at=at,
        kind=Kind.EDIT if update.edited_message else kind,
        text=_clean(text),
        attachments=attachments,
        name=_clean(source.from_user.full_name),
        message=_number(place.message_id),
        forwarded=forwarded,
        replies_to=replies_to,
        album=_clean(getattr(source, "media_group_id", None) or ""),
    )


def _number(given: int) -> str:
    """Telegram's ids have at most 64 bits; what is longer fits into no column."""
    if abs(given) >= 2**63:
        raise ValueError("too large for an id")
    return f"{given:d}"


def _pressed(query: CallbackQuery) -> Content:
    return (Kind.BUTTON, query.data, ()) if query.data else (Kind.UNSUPPORTED, "", ())


def _written(message: Message) -> Content:
    if files := _files(message):
        return Kind.FILES, message.caption or "", files
    if message.text:
        return Kind.TEXT, message.text, ()
    if message.contact:
        return Kind.CONTACT, _card(message.contact), ()
    place = _place(message)
    return (Kind.LOCATION, place, ()) if place else (Kind.UNSUPPORTED, message.caption or "", ())


def _place(message: Message) -> str:
    """Six decimals of a degree are some centimetres."""
    venue, location = message.venue, message.location
    if location is None:
        return ""
    point = f"{location.latitude:.6f}, {location.longitude:.6f}"
    return f"{point} ({', '.join(filter(None, (venue.title, venue.address)))})" if venue else point


def _card(contact: Contact) -> str:
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return f"{name}, {contact.phone_number}"


def _files(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return (_file(photo, "", "image/jpeg"),)
    if message.video_note:
        return (_file(message.video_note, "", "video/mp4"),)
    if message.voice:
        return (_file(message.voice, "", message.voice.mime_type),)
    file = message.document or message.video or message.audio
    return (_file(file, file.file_name, file.mime_type),) if file else ()


def _file(file: Any, name: str | None, mime: str | None) -> Attachment:  # noqa: ANN401 - seven types alike
    return Attachment(_clean(file.file_id), _clean(name or ""), _clean(mime or ""), int(file.file_size or 0))


def _clean(text: str) -> str:
    """No lone surrogates and no NUL: no database takes them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
