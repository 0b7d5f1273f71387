"""How updates reach the bot: getUpdates, or ordered lanes to its webhook."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import responses

import aiohttp

from bot.simulator.telegram.clock import Clock
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.ledger import Ledger
from bot.simulator.telegram.refusals import OTHER_POLL, WEBHOOK_ACTIVE, WEBHOOK_SET, Refused, bad
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.updates import Updates

LONGEST_DELAY = 60  # seconds between two tries of a webhook
LONGEST_RETRY_AFTER = 3600
LONGEST_POLL = 50


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
        call: Callable[[str, Given], Awaitable[object]],
        changed: Callable[[], None],
        clock: Clock,
        ledger: Ledger,
        *,
        second: float,
        first: int,
    ) -> None:
        self.updates = Updates(clock, ledger, self.wake, second, first)
        self.webhook = Webhook("")
        self.tries: list[Try] = []
        self.trouble: Json = {}  # as in WebhookInfo
        self.stopped = False  # by an outage
        self._call = call
        self._changed = changed
        self._clock = clock
        self._second = second
        self._lanes: dict[object, asyncio.Task[None]] = {}
        self._waiting: asyncio.Future[None] | None = None
        self._slots = asyncio.Semaphore(self.webhook.connections)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - the API's word
        if self.webhook.url:
            raise Refused(409, WEBHOOK_ACTIVE)
        self._interrupt(OTHER_POLL)
        self._confirm(offset)
        if not self.updates.current() and timeout:
            waiting = self._waiting = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                await asyncio.wait_for(waiting, min(timeout, LONGEST_POLL))
            if self._waiting is waiting:
                self._waiting = None
        if self.stopped:
            return []
        batch = self.updates.disorder.arranged(self.updates.current()[: min(max(limit, 1), 100)])
        self.updates.hand_over(batch)
        return batch

    async def hook(self, webhook: Webhook, allowed: list[str] | None, *, drop: bool) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", webhook.secret):
            raise bad("secret token contains unallowed characters")
        if webhook.url:
            self._interrupt(WEBHOOK_SET)
        await self.stop()
        self.webhook = webhook
        self.trouble = {}
        self._slots = asyncio.Semaphore(webhook.connections)
        self.updates.allowed = self.updates.allowed if allowed is None else allowed
        if drop:
            self.updates.forget()
        self.wake()

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

    def wake(self) -> None:
        """Deliver what waits."""
        if self.stopped or not self.webhook.url:
            if self.stopped or self.updates.pending:
                self.release()
            return
        for update in self.updates.current():
            lane = self.updates.lane(update)
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._deliver(lane))

    def _confirm(self, offset: int) -> None:
        pending = self.updates.pending
        if offset < 0:
            self.updates.take(pending[:offset])
        elif offset:
            self.updates.take([update for update in pending if update["update_id"] < offset])
        self._changed()

    def _interrupt(self, reason: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Refused(409, reason))

    async def _deliver(self, lane: object) -> None:
        """One update of a lane at a time, in order, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            delay = 1.0
            while update := self._first_of(lane):
                if pause := self.updates.disorder.pause():
                    await asyncio.sleep(pause * self._second)
                async with self._slots:
                    status, asked = await self._try(session, update)
                self._note(update, status)
                if taken := 200 <= status < 300:
                    self.updates.take([update])
                    delay = 1.0
                self._changed()
                if not taken:
                    await asyncio.sleep(max(delay, min(asked, LONGEST_RETRY_AFTER)) * self._second)
                    delay = min(delay * 2, LONGEST_DELAY)
            self._lanes.pop(lane, None)

    def _first_of(self, lane: object) -> Json | None:
        if self.stopped:
            return None
        return next((one for one in self.updates.current() if self.updates.lane(one) == lane), None)

    def _note(self, update: Json, status: int) -> None:
        self.tries.append(Try(update["update_id"], status))
        if status:
            self.updates.hand_over([update])
        if not 200 <= status < 300:
            said = f"Wrong response from the webhook: {status} {responses.get(status, '')}".strip()
            message = said if status else "Connection failed"
            self.trouble = {"last_error_date": self._clock.date(), "last_error_message": message}

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
                await self._call(method, Given(body))
