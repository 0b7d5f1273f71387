from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.simulator.zalo import FakeZalo
from tests.simulator.zalo.hook import Client, Hook

MORNING = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 9 o'clock in Hà Nội


@pytest.fixture
async def fake() -> AsyncIterator[FakeZalo]:
    async with FakeZalo(now=lambda: MORNING) as server:
        yield server


@pytest.fixture
async def client(fake: FakeZalo) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(fake, session, fake.oauth.pair().access_token)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with Hook() as told:
        yield told
