"""What we hand to the Bot Platform, how it fails, and how updates are polled."""

import asyncio
import traceback
from typing import Any

import pytest
import structlog

from bot.channels.base import Channel, FetchError, SendError
from bot.channels.base import Fault as Ours
from bot.channels.zalo_bot import Unreadable, ZaloBot
from bot.simulator.zalo import FakeZalo, Fault
from feedback.messages import Address, Attachment, Button, Outgoing, fit
from tests.channels.zalo_bot.conftest import QUICK

HELLO = Outgoing("Chào bà Lan")


async def known(fake: FakeZalo) -> Address:
    person = fake.bot.person()
    await person.says("Xin chào")
    return Address("zalo_bot", fake.app.bot_id, person.id)


async def test_a_text_goes_out_as_it_is(fake: FakeZalo, bot: ZaloBot) -> None:
    lan = await known(fake)
    number = await bot.send(lan, Outgoing("1 < 2 & *b*"))
    (sent,) = fake.sent(lan.chat)
    assert (sent.id, sent.text) == (number, "1 < 2 & *b*")
    assert sent.plain == {"chat_id": lan.chat, "text": "1 < 2 & *b*"}


async def test_buttons_are_lines_whose_numbers_can_be_typed(fake: FakeZalo, bot: ZaloBot) -> None:
    lan = await known(fake)
    buttons = (Button("1. Có", "yes"), Button("2. Cổng dịch vụ", url="https://dichvu.example.vn/"))
    for piece in fit(Outgoing("x " * 1500 + "Chọn:", buttons), "zalo_bot"):
        await bot.send(lan, piece)
    texts = [sent.text for sent in fake.sent(lan.chat)]
    assert texts[-1].endswith("Chọn:\n1. Có\n2. Cổng dịch vụ: https://dichvu.example.vn/")
    assert max(map(len, texts)) <= 2000


async def test_it_is_a_channel_and_learns_its_name(fake: FakeZalo, bot: ZaloBot) -> None:
    channel: Channel = bot
    assert (channel.name, channel.account) == ("zalo_bot", fake.app.bot_id)
    assert await bot.start() == f"bot.{fake.app.bot_id[-9:]}"


WIRE: dict[str, tuple[Fault, Ours]] = {
    "rate": (Fault.RATE, Ours.LATER),
    "wrong token": (Fault.EXPIRED, Ours.LATER),
    "blocked": (Fault.BLOCKED, Ours.UNREACHABLE),
    "broken": (Fault.BROKEN, Ours.UNKNOWN),
    "gateway": (Fault.GATEWAY, Ours.UNKNOWN),
    "reset": (Fault.RESET, Ours.UNKNOWN),
    "hang": (Fault.HANG, Ours.UNKNOWN),
    "lost": (Fault.LOST, Ours.UNKNOWN),
    "half": (Fault.HALF, Ours.UNKNOWN),
}


@pytest.mark.parametrize(("kind", "fault"), WIRE.values(), ids=WIRE)
async def test_faults(fake: FakeZalo, bot: ZaloBot, kind: Fault, fault: Ours) -> None:
    lan = await known(fake)
    fake.faults.next("sendMessage", kind)
    with pytest.raises(SendError) as refused:
        await bot.send(lan, HELLO)
    assert refused.value.fault is fault
    assert fake.app.bot_secret not in "".join(traceback.format_exception(refused.value)) + repr(bot)
    assert await bot.send(lan, HELLO)


async def test_nobody_and_too_much_are_refused_for_good(fake: FakeZalo, bot: ZaloBot) -> None:
    lan = await known(fake)
    with pytest.raises(SendError) as nobody:
        await bot.send(Address("zalo_bot", "1", "5"), HELLO)
    with pytest.raises(SendError) as too_long:
        await bot.send(lan, Outgoing("a" * 2001))
    assert (nobody.value.fault, too_long.value.fault) == (Ours.UNREACHABLE, Ours.PERMANENT)


async def test_without_a_server_nothing_was_sent_and_no_token_is_shown() -> None:
    bot = ZaloBot("123456789:a-sample-secret", "http://127.0.0.1:1", patience=QUICK)
    with structlog.testing.capture_logs() as logs, pytest.raises(SendError) as refused:
        await bot.send(Address("zalo_bot", "1", "5"), HELLO)
    await bot.stop()
    assert refused.value.fault is Ours.LATER
    assert "a-sample-secret" not in "".join(traceback.format_exception(refused.value)) + repr(logs)


async def test_a_photo_is_fetched_from_zalo_only(fake: FakeZalo, bot: ZaloBot) -> None:
    url = fake.media.keep(b"photo", "photo.jpg")
    assert await bot.fetch(Attachment(url), 10) == b"photo"
    with pytest.raises(FetchError):
        await bot.fetch(Attachment("https://evil.example/x.jpg"), 10)


async def polled(bot: ZaloBot, count: int) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    enough = asyncio.Event()

    async def receive(update: dict[str, Any]) -> None:
        got.append(update)
        if len(got) >= count:
            enough.set()
        if "message" not in update:
            raise Unreadable("no message")

    task = asyncio.create_task(bot.poll(receive))
    async with asyncio.timeout(10):
        await enough.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return got


async def test_updates_are_polled_one_by_one_through_idleness_and_faults(
    fake: FakeZalo, bot: ZaloBot
) -> None:
    for fault in (Fault.BROKEN, Fault.RATE, Fault.RESET, Fault.LOST):
        fake.faults.next("getUpdates", fault)
    lan = fake.bot.person()
    for number in range(3):
        await lan.says(f"{number}")
    got = await polled(bot, 3)
    assert {update["message"]["text"] for update in got} == {"0", "1", "2"}


async def test_what_cannot_be_read_is_passed_over(fake: FakeZalo, bot: ZaloBot) -> None:
    fake.bot.raw({"event_name": "message.text.received"})
    await fake.bot.person().says("sau đó")
    got = await polled(bot, 2)
    assert got[-1]["message"]["text"] == "sau đó"


async def test_a_webhook_that_was_set_before_is_taken_off(fake: FakeZalo, bot: ZaloBot) -> None:
    await bot.set_webhook("http://127.0.0.1:1/x", "a-sample-secret-01")
    await fake.bot.person().says("đến webhook hỏng")
    task = asyncio.create_task(polled(bot, 1))
    async with asyncio.timeout(5):
        await fake.called("deleteWebhook", 1)
    await fake.bot.person().says("đến đây")
    assert (await task)[0]["message"]["text"] == "đến đây"
