"""How updates reach the bot: one at a time by getUpdates, or by its webhook."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from bot.simulator.zalo.addresses import reachable
from bot.simulator.zalo.bots.refusals import bad, idle, not_found
from bot.simulator.zalo.delivery import Delivery, Letter
from bot.simulator.zalo.ledger import Event, Json, Ledger, Try

LONGEST_WAIT = 60  # seconds
SHORTEST_SECRET, LONGEST_SECRET = 8, 256


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    updated: int
    secret: str = field(default="", repr=False)

    @property
    def info(self) -> Json:
        return {"url": self.url, "updated_at": self.updated}


class Updates:
    """`wrapped` is the documented form of what the webhook is told; flat has been seen, too."""

    def __init__(self, ledger: Ledger, delivery: Delivery) -> None:
        self.wrapped = True
        self.webhook: Webhook | None = None
        self._ledger = ledger
        self._delivery = delivery
        self._waiting: deque[Event] = deque()
        self._last: Event | None = None
        self._came = asyncio.Event()

    @property
    def pending(self) -> list[Json]:
        """Updates that wait for getUpdates."""
        return [event.body for event in self._waiting]

    def add(self, update: Json) -> int:
        event = self._ledger.event(str(update.get("event_name", "")), update)
        if self.webhook:
            self._send(event, self.webhook)
        else:
            self._waiting.append(event)
            self._came.set()
        return event.number

    async def poll(self, timeout: float) -> Json:  # noqa: ASYNC109 - the API's word
        """Return one update. Raises Refused."""
        if self.webhook:
            raise bad("can't use getUpdates method while webhook is active")
        with suppress(TimeoutError):
            async with asyncio.timeout(min(timeout, LONGEST_WAIT)):
                while not self._waiting:
                    self._came.clear()
                    await self._came.wait()
        if not self._waiting:
            raise idle()
        self._last = self._waiting.popleft()
        return self._last.body

    def repeat(self) -> None:
        """Let the update that was handed out last be the next one, too."""
        if self._last:
            self._waiting.appendleft(self._last)

    def handed_out(self, *, arrived: bool) -> None:
        """Note what became of the answer with the last update: one that got lost is handed out again."""
        if self._last is None:
            return
        self._ledger.add(Try(self._last.number, 200 if arrived else 0))
        if not arrived:
            self._waiting.appendleft(self._last)

    def hook(self, webhook: Webhook) -> Json:
        if not reachable(webhook.url):
            raise bad("url must be https")
        if not SHORTEST_SECRET <= len(webhook.secret) <= LONGEST_SECRET:
            raise bad("secret_token must have 8 to 256 characters")
        self.webhook = webhook
        self._delivery.url = webhook.url
        while self._waiting:
            self._send(self._waiting.popleft(), webhook)
        return webhook.info

    def unhook(self, now: int) -> Json:
        self.known()
        self.webhook = None
        self._delivery.url = ""
        return Webhook("", now).info

    def known(self) -> Json:
        """Return the webhook. Raises Refused if there is none."""
        if self.webhook is None:
            raise not_found()
        return self.webhook.info

    def _send(self, event: Event, webhook: Webhook) -> None:
        told = {"ok": True, "result": event.body} if self.wrapped else event.body
        body = json.dumps(told, ensure_ascii=False).encode(errors="replace")
        headers = {"X-Bot-Api-Secret-Token": webhook.secret}
        self._delivery.add(Letter(event.number, event.name, body, headers))
