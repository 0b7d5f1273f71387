"""Our messages as requests to the Bot API. Protocol: https://core.telegram.org/bots/api#sendmessage."""

from typing import Any

from feedback.messages import Outgoing


def request_of(message: Outgoing) -> dict[str, Any]:
    request: dict[str, Any] = {"text": message.text, "link_preview_options": {"is_disabled": True}}
    if message.buttons:
        rows = [[{"text": button.label, "callback_data": button.data}] for button in message.buttons]
        request["reply_markup"] = {"inline_keyboard": rows}
    if message.reply_to.isdecimal():
        request["reply_parameters"] = {
            "message_id": int(message.reply_to),
            "allow_sending_without_reply": True,
        }
    return request
