"""How updates reach the bot: getUpdates, or one ordered lane per chat to its webhook."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp

from bot.simulator.telegram.refusals import OTHER_POLL, WEBHOOK_ACTIVE, WEBHOOK_SET, Refused, bad

Json = dict[str, Any]
LONGEST_DELAY = 60  # seconds between two tries of a webhook
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret: str = ""
    connections: int = 40


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery to the webhook. `status` is 0 if there was no answer."""

    update: int
    status: int


class Delivery:
    """`second` is how long a second of the webhook's back-off lasts, in seconds.

    `changed` is told whenever an update was tried or confirmed.
    """

    def __init__(
        self,
        call: Callable[[str, Json], Awaitable[object]],
        changed: Callable[[], None],
        second: float,
    ) -> None:
        self.pending: list[Json] = []
        self.webhook = Webhook("")
        self.allowed: list[str] = []
        self.tries: list[Try] = []
        self._call = call
        self._changed = changed
        self._second = second
        self._numbers = count(700_000_001)
        self._lanes: dict[object, asyncio.Task[None]] = {}
        self._waiting: asyncio.Future[None] | None = None
        self._slots = asyncio.Semaphore(self.webhook.connections)

    def add(self, update: Json) -> int:
        """Deliver an update, and give it a number unless it has one."""
        update = {"update_id": next(self._numbers), **update}
        kinds = update.keys() - {"update_id"}
        if kinds <= set(self.allowed) or (not self.allowed and not kinds & NOT_BY_DEFAULT):
            self.pending.append(update)
            self._wake()
        return int(update["update_id"])

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - the API's word
        if self.webhook.url:
            raise Refused(409, WEBHOOK_ACTIVE)
        self._interrupt(OTHER_POLL)
        self._forget(offset)
        if not self.pending and timeout:
            waiting = self._waiting = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                await asyncio.wait_for(waiting, min(timeout, 50))
            if self._waiting is waiting:
                self._waiting = None
        return self.pending[: min(max(limit, 1), 100)]

    async def hook(self, webhook: Webhook, allowed: list[str] | None, *, drop: bool) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", webhook.secret):
            raise bad("secret token contains unallowed characters")
        if webhook.url:
            self._interrupt(WEBHOOK_SET)
        await self.stop()
        self.webhook = webhook
        self._slots = asyncio.Semaphore(webhook.connections)
        self.allowed = self.allowed if allowed is None else allowed
        if drop:
            self.pending.clear()
        self._wake()

    async def stop(self) -> None:
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    def release(self) -> None:
        """Let a waiting getUpdates answer with nothing."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def _forget(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        self._changed()

    def _interrupt(self, reason: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Refused(409, reason))

    def _wake(self) -> None:
        if not self.webhook.url:
            if self.pending:
                self.release()
            return
        for update in self.pending:
            lane = lane_of(update)
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._deliver(lane))

    async def _deliver(self, lane: object) -> None:
        """One update of a chat at a time, in order, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            delay = 1.0
            while update := next((u for u in self.pending if lane_of(u) == lane), None):
                async with self._slots:
                    status, asked = await self._try(session, update)
                self.tries.append(Try(update["update_id"], status))
                taken = 200 <= status < 300
                if taken:
                    self.pending.remove(update)
                    delay = 1.0
                self._changed()
                if not taken:
                    await asyncio.sleep(max(delay, asked) * self._second)
                    delay = min(delay * 2, LONGEST_DELAY)
            self._lanes.pop(lane, None)

    async def _try(self, session: aiohttp.ClientSession, update: Json) -> tuple[int, float]:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.secret} if self.webhook.secret else {}
        try:
            async with session.post(self.webhook.url, json=update, headers=headers) as answer:
                body = await answer.json() if answer.content_type == "application/json" else None
                if answer.ok and isinstance(body, dict) and "method" in body:
                    await self._call_back(body)
                return answer.status, float(answer.headers.get("Retry-After", 0))
        except (aiohttp.ClientError, OSError, ValueError):
            return 0, 0.0

    async def _call_back(self, body: Json) -> None:
        """Do what the webhook's answer asks for; the bot never learns how it went."""
        method = str(body.pop("method"))
        if not method.lower().startswith(("get", "setwebhook", "deletewebhook", "close", "logout")):
            with suppress(Refused):
                await self._call(method, body)


def lane_of(update: Json) -> object:
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message", content)
            return message.get("chat", content.get("from", {})).get("id")
    return None
