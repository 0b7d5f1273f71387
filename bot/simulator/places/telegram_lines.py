"""Messages of Telegram as people read them."""

from collections.abc import Collection, Mapping

from bot.simulator.shown import Button, File, Line
from bot.simulator.telegram.shapes import Json, buttons, is_service, wording

FILES = {
    "document": "Tệp",
    "voice": "Tin thoại",
    "audio": "Âm thanh",
    "video": "Video",
    "video_note": "Video tròn",
    "animation": "Ảnh động",
}
NOTES = {
    "new_chat_members": "{} đã vào nhóm",
    "left_chat_member": "{} đã rời nhóm",
    "pinned_message": "{} đã ghim một tin",
    "forum_topic_created": "{} đã mở chủ đề «{name}»",
    "forum_topic_edited": "{} đã đổi chủ đề thành «{name}»",
    "forum_topic_closed": "{} đã đóng chủ đề",
    "forum_topic_reopened": "{} đã mở lại chủ đề",
}


def line(
    message: Json,
    bot: int,
    owners: Mapping[int, str],
    pinned: Collection[int] = (),
    waiting: Collection[int] = (),
) -> Line:
    """`pinned` and `waiting` are numbers of messages: the latter have not reached the bot yet."""
    number, sender = int(message["message_id"]), message["from"]
    by = "note" if is_service(message) else "bot" if sender["id"] == bot else "person"
    return Line(
        id=str(number),
        by=by,
        text=_note(message) if by == "note" else _words(message),
        author=name_of(sender),
        at=int(message.get("edit_date") or message["date"]),
        buttons=tuple(map(_button, buttons(message))),
        files=_files(message),
        quote=_quote(message),
        marks=tuple(_marks(message, number in pinned, is_waiting=number in waiting)),
        owner=owners.get(sender["id"], "") if by == "person" else "",
    )


def name_of(user: Json) -> str:
    return " ".join(filter(None, (user.get("last_name", ""), user["first_name"])))


def _words(message: Json) -> str:
    match message:
        case {"sticker": {"emoji": str(emoji)}}:
            return emoji
        case {"location": {"latitude": latitude, "longitude": longitude}}:
            return f"Vị trí: {latitude:.4f}, {longitude:.4f}"
        case {"contact": {"phone_number": phone, "first_name": name}}:
            return f"Danh thiếp: {name}, {phone}"
        case {"poll": {"question": str(question)}}:
            return f"Bình chọn: {question}"
    return wording(message)


def _note(message: Json) -> str:
    kind = next((kind for kind in NOTES if kind in message), "")
    about = message.get(kind)
    found = about[0] if isinstance(about, list) else about
    known: Json = found if isinstance(found, dict) else {}
    who = known if "first_name" in known else message["from"]
    return NOTES.get(kind, "{}").format(name_of(who), name=known.get("name", ""))


def _button(button: Json) -> Button:
    return Button(button["text"], button.get("callback_data", ""), button.get("url", ""))


def _files(message: Json) -> tuple[File, ...]:
    if "photo" in message:
        return (File(message["photo"][-1]["file_id"], "Ảnh", is_image=True),)
    kind = next((kind for kind in FILES if kind in message), "")
    return (File(message[kind]["file_id"], message[kind].get("file_name", FILES[kind])),) if kind else ()


def _quote(message: Json) -> str:
    """Return what a message replies to; that all in a topic reply to its first message says nothing."""
    target = message.get("reply_to_message")
    if not target or is_service(target):
        return ""
    return _words(target)[:200] or "Ảnh hoặc tệp"


def _marks(message: Json, is_pinned: bool, *, is_waiting: bool) -> list[str]:  # noqa: FBT001
    given = {"đã ghim": is_pinned, "đã sửa": "edit_date" in message, "chưa tới bot": is_waiting}
    return [mark for mark, holds in given.items() if holds]
