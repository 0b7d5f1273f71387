"""Of all processes on one database one polls, and another takes over when it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import pytest
import structlog

from bot.door import Door
from bot.receivers import Post
from bot.settings import Settings
from bot.simulator.telegram import FakeTelegram
from bot.updates import Updates
from storage.blobs import Blobs
from storage.store import Store


@asynccontextmanager
async def process(telegram: FakeTelegram, store: Store, now: datetime, folder: Path) -> AsyncIterator[None]:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        telegram_token=telegram.token,  # type: ignore[arg-type]
        telegram_api_url=telegram.url,
    )
    door = Door(store, (), lambda: now, asyncio.Event())
    menus = {"": [("start", "Bắt đầu")]}
    updates = Updates(Post(settings, store, door, lambda: now, lambda _: None, menus, b"key", Blobs(folder)))
    tasks = [asyncio.create_task(door.run()), asyncio.create_task(updates.run())]
    yield
    for task in reversed(tasks):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await updates.stop()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_one_process_polls_and_another_takes_over(store: Store, now: datetime, tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        lan = telegram.person(1001)
        with structlog.testing.capture_logs() as logs:
            async with AsyncExitStack() as later:
                async with process(telegram, store, now, tmp_path):
                    await telegram.called("getUpdates")
                    await later.enter_async_context(process(telegram, store, now, tmp_path))
                    await telegram.called("setMyCommands", 2)
                    for number in range(10):
                        await lan.says(str(number))
                    await telegram.taken()
                await lan.says("mười")
                await telegram.taken()
    assert [log for log in logs if log["log_level"] != "info"] == []
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 11
