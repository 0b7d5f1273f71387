"""Telegram's updates on their way to the door, by webhook or by polling."""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import structlog
from aiohttp import web

from bot.channels.base import SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram.incoming import Unreadable, press_of, read
from bot.door import Full, Late
from bot.door import Unreadable as DeadLetter
from bot.limits import Limit, client
from bot.receivers import Post
from storage.store import Refused, Unavailable

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
FAILED_TRIES, MINUTE = 60, 60.0  # of one address; the tries that succeed cost nothing
REST = 1.0  # seconds before storing is tried again
LONGEST_WAIT = 60.0  # seconds between tries to connect

log = structlog.get_logger()


class Updates:
    """One bot of Telegram: connected, its updates brought to the door."""

    def __init__(self, post: Post) -> None:
        self._post = post
        settings = post.settings
        self._telegram = Telegram(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        self._secret = settings.telegram_secret.get_secret_value()
        self._failed = Limit(FAILED_TRIES, MINUTE)
        self.username = ""
        self._background: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook)] if self._post.settings.uses_webhook else []

    async def run(self) -> None:
        """Connect, then receive for ever. What cannot be stored now is tried again, not confirmed."""
        await self._connect()
        self._post.attach(self._telegram)
        if not self._post.settings.uses_webhook:
            await self._poll()

    async def _poll(self) -> None:
        """Of all processes on one database, one polls; when it ends, another takes over."""
        while True:
            try:
                async with self._post.store.only_one(f"poll {self._telegram.account}") as alone:
                    if alone:
                        await self._telegram.poll(self._until_kept)
            except Unavailable as error:
                log.warning("not polling yet", reason=str(error))
            await asyncio.sleep(REST)

    async def stop(self) -> None:
        await self._telegram.stop()

    async def _connect(self) -> None:
        """Reach Telegram, however long it takes: the other channels do not wait for it."""
        wait = 1.0
        while True:
            try:
                self.username = await self._telegram.start()
                for language, menu in self._post.menus.items():
                    await self._telegram.set_commands(menu, language)
                if self._post.settings.uses_webhook:
                    await self._telegram.set_webhook(self._post.settings.public_url + PATH, self._secret)
            except SendError as error:
                log.warning("telegram not reached", reason=error.reason, wait=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("telegram ready", bot=self.username, webhook=self._post.settings.uses_webhook)
                return

    async def _webhook(self, request: web.Request) -> web.Response:
        """200 only after the commit. Nothing is read of what does not carry the secret."""
        if not self._is_from_telegram(request):
            address = client(request, self._post.settings.proxies) or request.remote or ""
            within = self._failed.allows(address, asyncio.get_running_loop().time())
            return web.Response(status=401 if within else 429)
        raw = await request.read()
        try:
            update = json.loads(raw)
        except (ValueError, RecursionError):
            update = None
        await self._keep(update if isinstance(update, dict) else {}, raw.decode("utf-8", "replace"))
        return web.Response()

    def _is_from_telegram(self, request: web.Request) -> bool:
        """Telegram sends the secret once; who sends it twice hopes that somebody reads the other one."""
        given = request.headers.getall(SECRET_HEADER, ())
        only = given[0] if len(given) == 1 else ""
        return hmac.compare_digest(only.encode("utf-8", "surrogateescape"), self._secret.encode())

    async def _until_kept(self, update: dict[str, Any]) -> None:
        while True:
            try:
                return await self._keep(update, json.dumps(update, ensure_ascii=False))
            except (Full, Late, Unavailable):
                await asyncio.sleep(REST)

    async def _keep(self, update: dict[str, Any], raw: str) -> None:
        """What cannot be read, or what the database refuses, would come again forever: it is set aside."""
        try:
            message = read(update, self._telegram.account, self._post.now())
            if message is not None:
                await self._post.door.keep(message)
        except (Unreadable, Refused) as error:
            await self._post.door.keep(self._dead_letter(update, raw, str(error)))
            return
        if press := press_of(update):
            task = asyncio.create_task(self._telegram.answer_button(press))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    def _dead_letter(self, update: dict[str, Any], raw: str, error: str) -> DeadLetter:
        number = update.get("update_id")
        digest = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
        event = str(number) if isinstance(number, int) and abs(number) < 2**63 else digest
        return DeadLetter(Telegram.name, self._telegram.account, f"unreadable:{event}"[:80], raw, error)
