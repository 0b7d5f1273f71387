"""A fake Zalo, and our bot connected to it and quick."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.client import Patience
from bot.channels.zalo_bot import ZaloBot
from bot.simulator.zalo import FakeZalo

QUICK = Patience(connect=2, answer=1, poll=1, first=0.01, longest=0.05)


@pytest.fixture
async def fake() -> AsyncIterator[FakeZalo]:
    async with FakeZalo() as server:
        yield server


@pytest.fixture
async def bot(fake: FakeZalo) -> AsyncIterator[ZaloBot]:
    channel = ZaloBot(fake.app.bot_token, fake.url, hosts=("127.0.0.1",), patience=QUICK)
    yield channel
    await channel.stop()
