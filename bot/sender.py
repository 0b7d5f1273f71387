"""Takes messages from the outbox to their channel: in order for each chat, at the channel's pace.

due → on the wire → sent. «On the wire» is ambiguous after a crash: such a message is sent again and marked,
because a citizen's answer twice is better than never; what goes to many is not. What a channel takes only
after the person's next word is held until then. A channel that fell silent is asked before more is sent.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.base import Channel, Fault, SendError
from bot.pace import Pace
from bot.silence import Silence
from bot.tasks import wait, whole
from feedback.messages import Address, Urgency
from feedback.windows import Reach
from handlers.actions import boards, delivery
from storage.outbox import Item
from storage.store import Changed, Refused, Store, Tx, Unavailable

AT_ONCE = 16
PATIENCE = 0.5  # seconds between looks when nothing wakes us
COMPANY = 0.03  # seconds that an outcome waits for others: they share a transaction
STAND_BY = 2.0  # seconds between looks whether the active sender of this account is gone
TRIES = 40  # of one message: with the longest back-off about three hours
UNSURE = (timedelta(seconds=2), timedelta(seconds=30), timedelta(minutes=5))  # before each repetition
UNKNOWN_TRIES = len(UNSURE)
TAKEN_OVER = (timedelta(0), *UNSURE)  # the same for what a dead sender left on the wire
LONGEST_WAIT = timedelta(minutes=5)
NEVER = datetime.fromtimestamp(0, UTC)
TROUBLES = {
    Fault.UNREACHABLE: boards.Trouble.OUTSIDE,
    Fault.LOST: boards.Trouble.LOST,
    Fault.RIGHTS: boards.Trouble.NO_TOPICS,
}
LOOK_BACK = timedelta(minutes=1)  # the longest that any rate counts

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one message; `began` is when it was put on the wire."""

    item: Item
    outcome: str | SendError
    began: datetime


class Sender:
    """The one active sender of a channel's account; others stand by.

    One transaction a turn: it keeps what became of the messages sent since the last one, and puts the next
    ones on the wire.
    """

    def __init__(
        self,
        store: Store,
        channel: Channel,
        now: Callable[[], datetime],
        woke: asyncio.Event,
        *,
        sent: Callable[[Address], None] | None = None,
    ) -> None:
        self._store = store
        self._channel = channel
        self._now = now
        self._woke = woke
        self._pace = Pace(channel.overall, channel.rate_of)
        self._silence = Silence()
        self._sent = sent
        self._on_the_wire: dict[int, asyncio.Task[None]] = {}
        self._done: list[Done] = []

    async def run(self) -> None:
        while True:
            try:
                await self._be_the_one()
            except (Unavailable, Refused, Changed) as error:
                log.error("sender starts anew", reason=str(error))
            await asyncio.sleep(STAND_BY)

    async def drain(self) -> None:
        """Let what is on the wire come to its end, and keep what became of it."""
        while self._on_the_wire:
            await asyncio.wait(self._on_the_wire.values())
        try:
            await self._keep_done()
        except (Unavailable, Refused, Changed) as error:
            log.error("outcome not stored: it will be sent again", reason=str(error))

    async def _be_the_one(self) -> None:
        async with self._store.only_one(f"sender {self._channel.name} {self._channel.account}") as mine:
            if not mine:
                return
            await whole(self.recover())
            while True:
                self._woke.clear()
                if not await whole(self.start_due()) and not await self.listen():
                    await wait(self._woke, self._pace.wait(self._now(), PATIENCE))

    async def recover(self) -> None:
        """Take over what a dead sender left on the wire: it may arrive twice."""
        name, account = self._channel.name, self._channel.account
        ours = {*self._on_the_wire, *(done.item.id for done in self._done)}
        async with self._store.begin(self._now()) as tx:
            self._pace.remember(await tx.outbox.sent_lately(name, account, tx.now - LOOK_BACK))
            for item in await tx.outbox.abandoned(name, account):
                if item.id not in ours:
                    self._pace.took(item.address, tx.now)
                    await _taken_over(tx, item)

    async def start_due(self) -> int:
        """Put what is due on the wire, as far as there is room; return how much was done."""
        if len(self._on_the_wire) == AT_ONCE and not self._done:
            await asyncio.wait(self._on_the_wire.values(), return_when=asyncio.FIRST_COMPLETED)
        now = self._now()
        room = min(AT_ONCE - len(self._on_the_wire), self._pace.room(now))
        room = self._silence.room(room, len(self._on_the_wire))
        items, more = await self._turn(room, self._pace.resting(now))
        for item in items:
            self._pace.begin(item.address)
            self._on_the_wire[item.id] = asyncio.create_task(self._deliver(item))
        return len(items) + more

    async def listen(self) -> bool:
        """Ask a silent channel whether it is there, when it is time to; return whether it is."""
        if self._on_the_wire or not self._silence.asks(self._now()):
            return False
        reachable = await self._channel.reachable()
        self._silence.asked(self._now(), reachable=reachable)
        return reachable

    async def _turn(self, room: int, resting: set[str]) -> tuple[list[Item], int]:
        """Return what was put on the wire, and how much else was done."""
        done, held = self._done[:], 0
        items: list[Item] = []
        if not done and not room:
            return [], 0
        try:
            async with self._store.begin(self._now()) as tx:
                for each in done:
                    await _remember(tx, each)
                if room:
                    items, held = await self._claim(tx, room, resting)
        except (Changed, Refused):
            if not done:
                raise
            await self._keep_done()
            return [], len(done)
        self._forget(done)
        return items, held + len(done)

    async def _claim(self, tx: Tx, room: int, resting: set[str]) -> tuple[list[Item], int]:
        """Take what may go now; hold what the channel would refuse before the person writes again."""
        name, account, window = self._channel.name, self._channel.account, self._channel.window
        if window:
            await tx.outbox.release(name, account)
        items = await tx.outbox.claim(name, account, room, resting)
        if window is None or not items:
            return items, 0
        acts = await tx.talks.acts([item.address.lane for item in items])
        open_: list[Item] = []
        for item in items:
            acted_at = acts.get(item.address.lane)
            if window.reach(acted_at, tx.now) is Reach.CLOSED:
                await _hold(tx, item, acted_at or NEVER, "nothing was written here for too long")
            else:
                open_.append(item)
        return open_, len(items) - len(open_)

    async def _keep_done(self) -> None:
        """One by one, so that an outcome which the database refuses costs no other."""
        for done in self._done[:]:
            try:
                async with self._store.begin(self._now()) as tx:
                    await _remember(tx, done)
            except (Changed, Refused) as error:
                log.error("outcome refused", message=done.item.id, reason=str(error))
                async with self._store.begin(self._now()) as tx:
                    tx.outbox.unknown(done.item, str(error))
            self._forget([done])

    def _forget(self, done: list[Done]) -> None:
        """These are committed."""
        for each in done:
            self._done.remove(each)
            if self._sent and isinstance(each.outcome, str):
                self._sent(each.item.address)

    async def _deliver(self, item: Item) -> None:
        outcome: str | SendError
        began = self._now()
        try:
            outcome = await self._channel.send(item.address, item.message)
        except SendError as error:
            outcome = error
        except Exception as error:  # a mistake in a channel costs one message, not the service
            log.exception("channel broke its promise", message=item.id)
            outcome = SendError(Fault.UNKNOWN, type(error).__name__)
        ended = self._now()
        self._pace.end(item.address, ended)
        if _is_answer(outcome):
            self._silence.answered()
        else:
            self._silence.unanswered(ended)
        self._done.append(Done(item, outcome, began))
        del self._on_the_wire[item.id]
        asyncio.get_running_loop().call_later(COMPANY, self._woke.set)


def _is_answer(outcome: str | SendError) -> bool:
    """Whether the channel itself spoke; «later» without saying when is what stands in for a dead server."""
    match outcome:
        case SendError(fault=Fault.UNKNOWN) | SendError(fault=Fault.LATER, wait=None):
            return False
    return True


async def _remember(tx: Tx, done: Done) -> None:
    if isinstance(done.outcome, str):
        tx.outbox.sent(done.item, done.outcome)
        await boards.arrived(tx, done.item, done.outcome)
    else:
        await _failed(tx, done.item, done.outcome, done.began)


async def _failed(tx: Tx, item: Item, error: SendError, began: datetime) -> None:
    log.warning("not delivered", message=item.id, fault=error.fault, reason=error.reason)
    back_off = min(timedelta(seconds=2 ** min(item.tries, 10)), LONGEST_WAIT)
    match error.fault:
        case Fault.LATER if item.tries < TRIES:
            tx.outbox.later(item, error.wait or back_off, error.reason)
        case Fault.UNKNOWN:
            await _unsure(tx, item, UNSURE[min(item.tries, UNKNOWN_TRIES - 1)], error.reason)
        case Fault.CLOSED:
            await _hold(tx, item, began, error.reason)
        case Fault.MOVED:
            await tx.groups.moved(item.address, replace(item.address, chat=error.moved_to))
        case _:
            if error.fault is Fault.UNREACHABLE:
                tx.talks.left(item.address.lane)
            tx.outbox.dead(item, error.reason)
            await boards.failed(tx, item, TROUBLES.get(error.fault, boards.Trouble.OTHER))
            await delivery.undeliverable(tx, item, error.reason)


async def _taken_over(tx: Tx, item: Item) -> None:
    """That its sender died says nothing of the message: it is not given up before any other."""
    wait = TAKEN_OVER[min(item.tries, UNKNOWN_TRIES)]
    await _unsure(tx, item, wait, "the sender died", TRIES)


async def _unsure(tx: Tx, item: Item, wait: timedelta, reason: str, tries: int = UNKNOWN_TRIES) -> None:
    """It may have arrived: a reply goes again, marked; after several tries a person decides.

    Refusals for now are no such tries: the first time that we are unsure, it always goes again.
    """
    again = item.tries < tries or not item.maybe_twice
    resent = again and item.urgency is not Urgency.BULK
    if resent:
        tx.outbox.later(item, wait, reason, maybe_twice=True)
    else:
        tx.outbox.unknown(item, reason)
        await boards.failed(tx, item, boards.Trouble.OTHER)
    await delivery.uncertain(tx, item, resent=resent)


async def _hold(tx: Tx, item: Item, since: datetime, reason: str) -> None:
    tx.outbox.hold(item, since, reason)
    await delivery.held(tx, item)
