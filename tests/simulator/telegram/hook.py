"""A webhook of a bot, for tests."""

import asyncio

from aiogram.types import Update
from aiohttp import web

from tests.simulator.telegram.calls import Json, strict


class Hook:
    """It answers what a test tells it to, and remembers what came."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[Json] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self._came = asyncio.Condition()

    async def receive(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        strict(Update, self.updates[-1])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        answer = self.answers.pop(0) if self.answers else web.Response()
        async with self._came:
            self._came.notify_all()
        return answer

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]

    async def received(self, count: int) -> list[str]:
        """Wait until so many updates came; return the texts among them."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.updates) >= count)
        return self.texts
