"""The Zalo bot's updates on their way to the door, by webhook or by polling."""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import structlog
from aiohttp import web

from bot.channels.base import SendError
from bot.channels.zalo_bot import NAME, Unreadable, ZaloBot, read
from bot.door import Full
from bot.door import Unreadable as DeadLetter
from bot.receivers import Post
from storage.store import Refused, Unavailable

PATH = "/webhooks/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
REST = 1.0  # seconds before storing is tried again
STAND_BY = 5.0  # seconds between looks whether the process that polls is gone
LONGEST_WAIT = 60.0  # seconds between tries to connect

log = structlog.get_logger()


class ZaloBotUpdates:
    """One bot."""

    def __init__(self, post: Post) -> None:
        settings = post.settings
        self._post = post
        self._secret = settings.zalo_bot_secret.get_secret_value()
        self._bot = ZaloBot(
            settings.zalo_bot_token.get_secret_value(), settings.zalo_bot_api_url, hosts=settings.zalo_hosts
        )

    @property
    def _hooked(self) -> bool:
        return bool(self._post.settings.public_url)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook)] if self._hooked else []

    async def run(self) -> None:
        """Connect, then receive for ever."""
        await self._connect()
        self._post.attach(self._bot)
        if self._hooked:
            return
        while True:
            try:
                async with self._post.store.only_one(f"poll {NAME} {self._bot.account}") as mine:
                    if mine:
                        await self._bot.poll(self._until_kept)
            except Unavailable as error:
                log.error("zalo_bot.not_polled", reason=str(error))
            await asyncio.sleep(STAND_BY)

    async def stop(self) -> None:
        await self._bot.stop()

    async def _connect(self) -> None:
        """Reach Zalo, however long it takes: the other channels do not wait for it."""
        wait = 1.0
        while True:
            try:
                name = await self._bot.start()
                if self._hooked:
                    await self._bot.set_webhook(self._post.settings.public_url + PATH, self._secret)
            except SendError as error:
                log.warning("zalo_bot not reached", reason=error.reason, wait=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("zalo_bot ready", bot=name, webhook=self._hooked)
                return

    async def _webhook(self, request: web.Request) -> web.Response:
        """200 only after the commit."""
        given = request.headers.getall(SECRET_HEADER, ())
        only = given[0] if len(given) == 1 else ""
        if not hmac.compare_digest(only.encode("utf-8", "surrogateescape"), self._secret.encode()):
            return web.Response(status=401)
        raw = await request.read()
        try:
            update = json.loads(raw)
        except (ValueError, RecursionError):
            update = None
        await self._keep(update if isinstance(update, dict) else {}, raw.decode("utf-8", "replace"))
        return web.Response()

    async def _until_kept(self, update: dict[str, Any]) -> None:
        """An update is handed out once, so it is held on to until it is stored."""
        while True:
            try:
                return await self._keep(update, json.dumps(update, ensure_ascii=False))
            except (Full, Unavailable):
                await asyncio.sleep(REST)

    async def _keep(self, update: dict[str, Any], raw: str) -> None:
        """What cannot be read, or what the database refuses, would come again forever: it is set aside."""
        try:
            message = read(update, self._bot.account, self._post.now())
            if message is not None:
                await self._post.door.keep(message)
        except (Unreadable, Refused) as error:
            key = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
            text = raw.encode("utf-8", "replace").decode().replace("\0", "")
            letter = DeadLetter(NAME, self._bot.account, f"unreadable:{key}", text, str(error))
            await self._post.door.keep(letter)
