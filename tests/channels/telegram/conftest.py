"""A fake Telegram, our channel connected to it and quick, and the emulator from npm."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram.http import Patience
from bot.simulator.telegram import FakeTelegram
from tests.fakes.npm_telegram import NpmTelegram, Unavailable, install

QUICK = Patience(connect=2, answer=2, poll=1, first=0.01, longest=0.05, conflict=0.05)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[Telegram]:
    channel = Telegram(fake.token, fake.url, QUICK)
    await channel.start()
    yield channel
    await channel.stop()


@pytest.fixture(scope="session")
def npm_folder() -> Path:
    try:
        return install()
    except Unavailable as reason:
        if os.environ.get("TESTS_REQUIRE_ALL") == "1":
            raise
        pytest.skip(str(reason))


@pytest.fixture
async def npm_emulator(npm_folder: Path) -> AsyncIterator[NpmTelegram]:
    async with NpmTelegram(npm_folder) as emulator:
        yield emulator
