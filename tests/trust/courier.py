"""Between Telegram and the webhook: brings every update up to five times, at once and much later."""

import asyncio
import random
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

MOST = 5  # times that one update is brought
CONNECTIONS = 8
FREE = 2  # connections that copies leave to what comes first: Telegram gives a press up after 150 seconds
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Courier:
    """What goes through `url` reaches `target`, which is set before anything comes.

    `careful` names the chats whose updates are brought once; `late` is the longest time, in seconds, after
    which a copy comes. Copies may also come before their original, at the same time, or after later updates.
    """

    def __init__(self, rng: random.Random, careful: set[int], late: float) -> None:
        self.target = ""
        self.url = ""
        self.brought = 0
        self.refused = 0
        self._rng = rng
        self._careful = careful
        self._late = late
        self._copies: set[asyncio.Task[None]] = set()
        self._lines = asyncio.Semaphore(CONNECTIONS - FREE)
        app = web.Application()
        app.router.add_post("/{path:.*}", self._bring)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.over()
        await self._runner.cleanup()
        if self._session:
            await self._session.close()

    async def over(self) -> None:
        """Return when the last copy is brought."""
        while self._copies:
            await asyncio.wait(self._copies)

    async def _bring(self, request: web.Request) -> web.Response:
        body = await request.json()
        secret = request.headers.get(SECRET_HEADER, "")
        copies = 0 if _chat(body) in self._careful else self._rng.randint(0, MOST - 1)
        for _ in range(copies):
            delay = self._rng.choice([0.0, self._rng.uniform(0, self._late)])
            copy = asyncio.create_task(self._copy(request.path, body, secret, delay))
            self._copies.add(copy)
            copy.add_done_callback(self._copies.discard)
        return web.Response(status=await self._post(request.path, body, secret))

    async def _copy(self, path: str, body: object, secret: str, delay: float) -> None:
        await asyncio.sleep(delay)
        async with self._lines:
            self.refused += await self._post(path, body, secret) != 200

    async def _post(self, path: str, body: object, secret: str) -> int:
        assert self._session
        headers = {SECRET_HEADER: secret}
        async with self._session.post(self.target + path, json=body, headers=headers) as answer:
            self.brought += 1
            return answer.status


def _chat(update: dict[str, dict[str, object]]) -> object:
    """Return who wrote or pressed: in a chat with the bot that is the chat's number."""
    for content in update.values():
        if isinstance(content, dict) and isinstance(sender := content.get("from"), dict):
            return sender["id"]
    return None
