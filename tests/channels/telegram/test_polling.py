"""Long polling: nothing is confirmed before it is kept, and nothing stops it but us."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot.channels.base import SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram.http import Patience
from bot.channels.telegram.incoming import read
from bot.simulator.telegram import FakeTelegram, Fault

Receive = Callable[[dict[str, Any]], Awaitable[None]]
QUICK = Patience(answer=3, first=0.01, longest=0.05)
AT = datetime(2026, 3, 2, 4, 1, tzinfo=UTC)


@asynccontextmanager
async def polling(telegram: Telegram, receive: Receive) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(telegram.poll(receive))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Inbox:
    """Keeps texts; `fails` is raised instead, once, at the text `at`."""

    def __init__(self, at: str = "", fails: Exception | None = None) -> None:
        self.texts: list[str] = []
        self._at = at
        self._fails = fails

    async def receive(self, update: dict[str, Any]) -> None:
        incoming = read(update, "123456789", AT)
        text = incoming.text if incoming else ""
        if self._fails and text == self._at:
            fails, self._fails = self._fails, None
            raise fails
        self.texts.append(text)


async def test_what_people_write_arrives_in_order(fake: FakeTelegram, telegram: Telegram) -> None:
    lan, minh, inbox = fake.person(1001, "Lan"), fake.person(1002, "Minh"), Inbox()
    await lan.says("một")
    async with polling(telegram, inbox.receive):
        await fake.taken()
        await lan.says("hai")
        await minh.says("ba")
        await fake.taken()

    assert inbox.texts == ["một", "hai", "ba"]


async def test_a_webhook_is_deleted_first(fake: FakeTelegram, telegram: Telegram) -> None:
    await telegram.set_webhook("http://127.0.0.1:9/", "bi-mat")
    inbox = Inbox()
    async with polling(telegram, inbox.receive):
        await fake.called("getUpdates")
        await fake.person(1001).says("một")
        await fake.taken()

    assert inbox.texts == ["một"]


async def test_a_batch_that_was_not_kept_comes_again(fake: FakeTelegram, telegram: Telegram) -> None:
    lan, inbox = fake.person(1001), Inbox("hai", OSError("disk full"))
    for text in ("một", "hai", "ba"):
        await lan.says(text)

    with pytest.raises(OSError, match="disk full"):
        await telegram.poll(inbox.receive)

    assert inbox.texts == ["một"]
    assert len(fake.pending) == 3
    async with polling(telegram, inbox.receive):
        await fake.taken()
    assert inbox.texts == ["một", "một", "hai", "ba"]


async def test_a_crash_before_the_confirmation_loses_nothing(fake: FakeTelegram, telegram: Telegram) -> None:
    await fake.person(1001).says("một")
    held, kept = asyncio.Event(), Inbox()

    async def receive(update: dict[str, Any]) -> None:
        await kept.receive(update)
        held.set()
        await asyncio.Event().wait()

    async with polling(telegram, receive):
        await held.wait()

    assert kept.texts == ["một"]
    async with polling(telegram, kept.receive):
        await fake.taken()
    assert kept.texts == ["một", "một"]


async def test_one_unreadable_update_does_not_hold_up_the_rest(
    fake: FakeTelegram, telegram: Telegram
) -> None:
    lan, inbox = fake.person(1001), Inbox()
    await lan.says("một")
    broken = fake.raw({"message": {"message_id": "x", "text": "Đèn đường hỏng"}})
    await lan.says("hai")

    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, inbox.receive):
            await fake.taken()

    assert inbox.texts == ["một", "hai"]
    assert [(log["event"], log["update"]) for log in logs] == [("telegram.unreadable", broken)]
    assert "Đèn" not in repr(logs)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.reset(),
        Fault.half(),
        Fault.hang(),
        Fault.page(502),
        Fault.refused(500),
        Fault.refused(409, "Conflict"),
        Fault.refused(401, "Unauthorized"),
    ],
)
async def test_it_comes_back_after_trouble(fake: FakeTelegram, telegram: Telegram, fault: Fault) -> None:
    fake.faults.next("deleteWebhook", fault)
    fake.faults.next("getUpdates", fault if fault != Fault.hang() else Fault.reset(), times=2)
    inbox = Inbox()
    await fake.person(1001).says("một")

    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, inbox.receive):
            await fake.taken()

    assert inbox.texts == ["một"]
    assert [log["event"] for log in logs] == ["telegram.poll_failed"] * 3
    assert fake.token not in repr(logs)


async def test_it_waits_as_long_as_telegram_asks(fake: FakeTelegram, telegram: Telegram) -> None:
    fake.faults.next("getUpdates", Fault.flood(1))
    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, Inbox().receive):
            await fake.called("getUpdates")

    assert [log["wait"] for log in logs] == [1.0]


async def test_it_waits_longer_each_time_but_not_for_ever(fake: FakeTelegram, telegram: Telegram) -> None:
    fake.faults.next("getUpdates", Fault.refused(500), times=5)
    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, Inbox().receive):
            await fake.called("getUpdates")

    assert [log["wait"] for log in logs] == [0.01, 0.02, 0.04, 0.05, 0.05]


async def test_another_program_with_our_token_is_told_of(fake: FakeTelegram, telegram: Telegram) -> None:
    other = Telegram(fake.token, fake.url)
    await other.start()
    inbox = Inbox()
    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, inbox.receive):
            await fake.called("getUpdates")
            async with polling(other, inbox.receive):
                await fake.called("getUpdates", 3)
    await other.stop()

    assert "make sure that only one bot instance is running" in logs[0]["reason"]


async def test_it_polls_as_soon_as_the_server_is_there() -> None:
    async with FakeTelegram() as gone:
        port = int(gone.url.rpartition(":")[2])
    telegram, inbox = Telegram(gone.token, gone.url, QUICK), Inbox()
    with pytest.raises(SendError):
        await telegram.start()
    async with polling(telegram, inbox.receive), FakeTelegram(port=port) as fake:
        await fake.person(1001).says("một")
        await fake.taken()
    await telegram.stop()

    assert inbox.texts == ["một"]
