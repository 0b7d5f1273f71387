"""The same channel against an emulator that nobody here wrote."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram.incoming import press_of, read
from feedback.messages import Address, Button, Kind, Outgoing
from tests.fakes.npm_telegram import NpmTelegram

pytestmark = pytest.mark.npm
AT = datetime(2026, 3, 2, 4, 1, tzinfo=UTC)
LAN = 1001
MENU = (Button("Gửi phản ánh", "new"), Button("Tra cứu", "case"))


async def test_start_question_and_keyboard(npm_emulator: NpmTelegram) -> None:
    telegram = Telegram(npm_emulator.token, npm_emulator.url)
    assert await telegram.start() == "TestNameBot"
    kinds: list[Kind] = []

    async def echo(update: dict[str, Any]) -> None:
        incoming = read(update, telegram.account, AT)
        assert incoming
        kinds.append(incoming.kind)
        if press := press_of(update):
            await telegram.answer_button(press)
        buttons = MENU if incoming.text == "/start" else ()
        address = Address("telegram", telegram.account, incoming.chat)
        await telegram.send(address, Outgoing(f"{incoming.name}: {incoming.text}", buttons, incoming.message))

    polling = asyncio.create_task(telegram.poll(echo))
    await npm_emulator.says(LAN, "/start")
    menu = await npm_emulator.received(LAN)
    await npm_emulator.presses(LAN, "case", menu["messageId"])
    pressed = await npm_emulator.received(LAN)
    await npm_emulator.says(LAN, "Mấy giờ mở cửa?")
    answered = await npm_emulator.received(LAN)
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    await telegram.stop()

    assert menu["message"]["text"] == "Lan: /start"
    assert menu["message"]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Gửi phản ánh", "callback_data": "new"}],
        [{"text": "Tra cứu", "callback_data": "case"}],
    ]
    assert pressed["message"]["text"] == "Lan: case"
    assert answered["message"]["text"] == "Lan: Mấy giờ mở cửa?"
    assert kinds == [Kind.TEXT, Kind.BUTTON, Kind.TEXT]
