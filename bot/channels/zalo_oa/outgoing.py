"""Our messages as requests to the Official Account: plain text, at most five buttons."""

from typing import Any

from feedback.messages import Button, Outgoing

PRESS = "#"  # begins what a pressed button sends, so that it is told from a sentence


def request_of(chat: str, message: Outgoing) -> dict[str, Any]:
    said: dict[str, Any] = {"text": message.text}
    if message.reply_to:
        said["quote_message_id"] = message.reply_to
    if message.buttons:
        buttons = [_button(button) for button in message.buttons]
        said["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    return {"recipient": {"user_id": chat}, "message": said}


def _button(button: Button) -> dict[str, Any]:
    if button.url:
        return {"title": button.label, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": button.label, "type": "oa.query.hide", "payload": PRESS + button.data}
