"""Takes messages from the outbox to their channel: in order for each chat, at the channel's pace.

due → leased → on the wire → sent. Only «on the wire» is ambiguous after a crash: such a message is
sent again and marked, because a citizen's answer twice is better than never.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from aiolimiter import AsyncLimiter

from bot.channels.base import Channel, Fault, SendError
from bot.tasks import wait, whole
from bot.worker import REST
from feedback.messages import Address
from handlers.actions import delivery
from storage.outbox import Item
from storage.store import Changed, Refused, Store, Tx, Unavailable
from storage.tables import OutboxStatus

AT_ONCE = 16
PATIENCE = 0.5  # seconds between looks when nothing wakes us
STAND_BY = 2.0  # seconds between looks whether the active sender of this account is gone
TRIES = 40  # of one message: with the longest back-off about three hours
UNKNOWN_TRIES = 3
LONGEST_WAIT = timedelta(minutes=5)

log = structlog.get_logger()


class Sender:
    """The one active sender of a channel's account; others stand by."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        now: Callable[[], datetime],
        woke: asyncio.Event,
        *,
        per_second: float = 1000,
        sent: Callable[[Address], None] | None = None,
    ) -> None:
        self._store = store
        self._channel = channel
        self._now = now
        self._woke = woke
        self._pace = AsyncLimiter(per_second, 1)
        self._sent = sent
        self._in_flight: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        while True:
            try:
                await self._be_the_one()
            except (Unavailable, Refused, Changed) as error:
                log.error("sender starts anew", reason=str(error))
            await asyncio.sleep(STAND_BY)

    async def drain(self) -> None:
        """Let what is on the wire come to its end."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _be_the_one(self) -> None:
        async with self._store.only_one(f"sender {self._channel.name} {self._channel.account}") as mine:
            if not mine:
                return
            await whole(self.recover())
            while True:
                self._woke.clear()
                if not await whole(self.start_due()):
                    await wait(self._woke, PATIENCE)

    async def recover(self) -> None:
        """Take over what a dead sender left: leased is safe, on the wire may arrive twice."""
        async with self._store.begin(self._now()) as tx:
            for item in await tx.outbox.abandoned(self._channel.name, self._channel.account):
                on_the_wire = item.status is OutboxStatus.ON_THE_WIRE
                tx.outbox.later(item, timedelta(0), "the sender died", maybe_twice=on_the_wire)
                if on_the_wire:
                    await delivery.uncertain(tx, item, resent=True)

    async def start_due(self) -> int:
        """Put what is due on the wire, as far as there is room; return how many messages."""
        room = AT_ONCE - len(self._in_flight)
        if not room:
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
            return 1
        async with self._store.begin(self._now()) as tx:
            items = await tx.outbox.claim(self._channel.name, self._channel.account, room)
        if items:
            for _ in items:
                await self._pace.acquire()
            async with self._store.begin(self._now()) as tx:
                tx.outbox.on_the_wire(items)
        for item in items:
            task = asyncio.create_task(self._deliver(item))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        return len(items)

    async def _deliver(self, item: Item) -> None:
        outcome: str | SendError
        try:
            outcome = await self._channel.send(item.address, item.message)
        except SendError as error:
            outcome = error
        except Exception as error:  # a mistake in a channel costs one message, not the service
            log.exception("channel broke its promise", message=item.id)
            outcome = SendError(Fault.UNKNOWN, type(error).__name__)
        await self._remember(item, outcome)
        self._woke.set()

    async def _remember(self, item: Item, outcome: str | SendError) -> None:
        """Until this commits the message stays «on the wire», and a crash resends and marks it."""
        while True:
            try:
                async with self._store.begin(self._now()) as tx:
                    if isinstance(outcome, str):
                        tx.outbox.sent(item, outcome)
                    else:
                        await _failed(tx, item, outcome)
            except (Unavailable, Changed, Refused) as error:
                log.error("outcome not stored yet", message=item.id, reason=str(error))
                await asyncio.sleep(REST)
            else:
                break
        if self._sent and isinstance(outcome, str):
            self._sent(item.address)


async def _failed(tx: Tx, item: Item, error: SendError) -> None:
    log.warning("not delivered", message=item.id, fault=error.fault, reason=error.reason)
    back_off = min(timedelta(seconds=2 ** min(item.tries, 10)), LONGEST_WAIT)
    match error.fault:
        case Fault.LATER if item.tries < TRIES:
            tx.outbox.later(item, error.wait or back_off, error.reason)
        case Fault.UNKNOWN if item.tries < UNKNOWN_TRIES:
            tx.outbox.later(item, back_off, error.reason, maybe_twice=True)
            await delivery.uncertain(tx, item, resent=True)
        case Fault.UNKNOWN:
            tx.outbox.unknown(item, error.reason)
            await delivery.uncertain(tx, item, resent=False)
        case _:
            tx.outbox.dead(item, error.reason)
            await delivery.undeliverable(tx, item, error.reason)
