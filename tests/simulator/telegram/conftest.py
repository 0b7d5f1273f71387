"""A fake Telegram, ways to call it, and a webhook."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram.types import Update
from aiohttp import web

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import Call, Json, posted, strict
from tests.simulator.telegram.hook import Hook


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
        for update in server.pending:
            strict(Update, update)


@pytest.fixture
async def call(fake: FakeTelegram) -> AsyncIterator[Call]:
    async with aiohttp.ClientSession() as session:

        async def post(method: str, **parameters: object) -> Json:
            return await posted(session, fake, method, parameters)

        yield post


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    told = Hook()
    app = web.Application()
    app.router.add_post("/", told.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield told
    await runner.cleanup()
