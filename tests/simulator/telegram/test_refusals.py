"""What is refused, in Telegram's own words."""

import aiohttp
import pytest

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import LAN, Call, Json

REFUSALS: dict[str, tuple[str, Json, str]] = {
    "unknown chat": ("sendMessage", {"chat_id": 5, "text": "a"}, "chat not found"),
    "no chat": ("sendMessage", {"text": "a"}, "chat_id is empty"),
    "empty": ("sendMessage", {"text": " \n"}, "message text is empty"),
    "too long": ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
    "caption": ("sendPhoto", {"photo": "FILE", "caption": "a" * 1025}, "wrong file_id or the file is"),
    "button data": (
        "sendMessage",
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "ấ" * 22}]]}},
        "BUTTON_DATA_INVALID",
    ),
    "reply": (
        "sendMessage",
        {"text": "a", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    "tag": (
        "sendMessage",
        {"text": "ấ<x>", "parse_mode": "HTML"},
        'Unsupported start tag "x" at byte offset 3',
    ),
    "bare <": (
        "sendMessage",
        {"text": "1 < 2", "parse_mode": "HTML"},
        'Unsupported start tag "" at byte offset 2',
    ),
    "open": ("sendMessage", {"text": "<b>a", "parse_mode": "HTML"}, "Can't find end tag corresponding to"),
    "crossed": (
        "sendMessage",
        {"text": "<b><i>a</b>", "parse_mode": "HTML"},
        'expected "</i>", found "</b>"',
    ),
    "edit": ("editMessageText", {"message_id": 99, "text": "a"}, "message to edit not found"),
    "delete": ("deleteMessage", {"message_id": 99}, "message to delete not found"),
    "file": ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    "query": (
        "answerCallbackQuery",
        {"callback_query_id": "x"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "secret": (
        "setWebhook",
        {"url": "http://x", "secret_token": "có dấu"},
        "secret token contains unallowed",
    ),
}


@pytest.mark.parametrize(("method", "parameters", "text"), REFUSALS.values(), ids=REFUSALS)
async def test_refusals(fake: FakeTelegram, call: Call, method: str, parameters: Json, text: str) -> None:
    fake.person(LAN)
    where = {} if text.startswith("chat_id") else {"chat_id": LAN}

    answer = await call(method, **where | parameters)

    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert text in answer["description"]


async def test_strangers_are_turned_away(fake: FakeTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        for path, code, text in (
            ("/bot1:wrong/getMe", 401, "Unauthorized"),
            ("/botwrong/getMe", 404, "Not Found"),
            (f"/bot{fake.token}/sendGift", 404, "Not Found"),
        ):
            async with session.get(fake.url + path) as answer:
                assert await answer.json() == {"ok": False, "error_code": code, "description": text}
