"""Our messages as requests to the Bot API. Protocol: https://core.telegram.org/bots/api#sendmessage."""

from typing import Any

from feedback.messages import Button, Outgoing

LONGEST_TITLE = 128
LONGEST_TOAST = 200
GENERAL = "1"  # the thread that is written to without its number

Call = tuple[str, dict[str, Any]]


def call_of(chat: str, message: Outgoing) -> Call:
    """Return the method, and its parameters."""
    if message.toast:
        text = message.text[:LONGEST_TOAST]
        return "answerCallbackQuery", {"callback_query_id": message.toast, "text": text}
    if message.opens:
        return "createForumTopic", {"chat_id": chat, "name": message.opens[:LONGEST_TITLE]}
    if message.edits:
        return "editMessageText", {"chat_id": chat, "message_id": int(message.edits), **_content(message)}
    return "sendMessage", {"chat_id": chat, **_place(message), **_content(message)}


def id_in(result: object, message: Outgoing) -> str:
    """Return the id of what was sent or opened. Raises LookupError or TypeError if there is none."""
    if message.toast:
        return ""
    name = "message_thread_id" if message.opens else "message_id"
    return str(result[name])  # type: ignore[index]


def _content(message: Outgoing) -> dict[str, Any]:
    content: dict[str, Any] = {"text": message.text, "link_preview_options": {"is_disabled": True}}
    if message.buttons:
        content["reply_markup"] = {"inline_keyboard": [[_button(button)] for button in message.buttons]}
    return content


def _button(button: Button) -> dict[str, str]:
    action = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.label, **action}


def _place(message: Outgoing) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if message.topic.isdecimal() and message.topic != GENERAL:
        place["message_thread_id"] = int(message.topic)
    if message.reply_to.isdecimal():
        place["reply_parameters"] = {
            "message_id": int(message.reply_to),
            "allow_sending_without_reply": True,
        }
    return place
