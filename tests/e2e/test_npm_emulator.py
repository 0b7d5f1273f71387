"""The real service and an emulator of Telegram that nobody here wrote: start, a question, a button."""

from pathlib import Path

import pytest

from tests.e2e.inside import inside
from tests.fakes.npm_telegram import NpmTelegram

pytestmark = pytest.mark.npm
LAN = 1001


async def test_start_a_question_and_a_button(npm_emulator: NpmTelegram, tmp_path: Path) -> None:
    emulator = npm_emulator
    async with inside(tmp_path, telegram_token=emulator.token, telegram_api_url=emulator.url):
        await emulator.says(LAN, "/start")
        menu = await emulator.received(LAN)
        await emulator.says(LAN, "luong co so hien nay la bao nhieu")
        answer = await emulator.received(LAN)
        await emulator.presses(LAN, "menu:feedback", menu["messageId"])
        consent = await emulator.received(LAN)
    assert menu["message"]["text"].startswith("Kính chào Ông/Bà.")
    assert _buttons(menu["message"])[1] == ("2. Gửi phản ánh, kiến nghị, góp ý", "menu:feedback")
    assert "2.530.000 đồng/tháng" in answer["message"]["text"]
    assert "161/2026/NĐ-CP" in answer["message"]["text"]
    assert consent["message"]["text"].startswith("Trước khi gửi, xin Ông/Bà đọc và cho biết ý kiến:")
    assert _buttons(consent["message"]) == [
        ("1. Đồng ý", "consent:yes"),
        ("2. Không đồng ý", "consent:no"),
    ]


def _buttons(message: dict[str, dict[str, list[list[dict[str, str]]]]]) -> list[tuple[str, str]]:
    rows = message["reply_markup"]["inline_keyboard"]
    return [(button["text"], button["callback_data"]) for row in rows for button in row]
