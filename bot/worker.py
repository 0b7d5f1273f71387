"""Handles what the door has kept: a batch in one transaction, one message of each conversation."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.tasks import wait, whole
from feedback import gathering
from feedback.messages import Incoming
from storage.inbox import Kept
from storage.store import Changed, Refused, Store, Tx, Unavailable

BATCH = 32
PATIENCE = 0.2  # seconds between looks when nothing wakes us
REST = 1.0  # seconds before trying a database that cannot be reached

log = structlog.get_logger()
Handler = Callable[[Incoming, Tx], Awaitable[None]]
GoesOn = Callable[[Incoming, str], bool]


def alone(_message: Incoming, _step: str) -> bool:
    """Every message is a thought of its own."""
    return False


class Worker:
    """`goes_on` says whether a message, at a step of its conversation, is a thought that may go on."""

    def __init__(
        self,
        store: Store,
        handle: Handler,
        now: Callable[[], datetime],
        woke: asyncio.Event,
        wake_senders: Callable[[], None],
        goes_on: GoesOn = alone,
    ) -> None:
        self._goes_on = goes_on
        self._store = store
        self._handle = handle
        self._now = now
        self._woke = woke
        self._wake_senders = wake_senders

    async def run(self) -> None:
        while True:
            self._woke.clear()
            try:
                worked = await whole(self.work())
            except (Unavailable, Refused, Changed) as error:
                log.error("not handled yet", reason=str(error))
                await asyncio.sleep(REST)
                continue
            if not worked:
                await wait(self._woke, PATIENCE)

    async def work(self, limit: int = BATCH) -> int:
        """Look at the oldest message of up to `limit` conversations; return how many. Raises Unavailable."""
        batch: list[Kept] = []
        try:
            async with self._store.begin(self._now()) as tx:
                batch = await tx.inbox.claim(limit)
                await tx.talks.look_ahead([kept.message.lane for kept in batch])
                for kept in batch:
                    if whole_message := await self._whole(kept, tx):
                        await self._try(whole_message, tx)
        except (Changed, Refused) as error:
            await self._one_by_one(batch, error)
        if batch:
            self._wake_senders()
        return len(batch)

    async def _whole(self, kept: Kept, tx: Tx) -> Kept | None:
        """Join what belongs to it; None while more of it may be on its way, and then it is left for later."""
        step = tx.talks.step_ahead(kept.message.lane)

        def goes_on(message: Incoming) -> bool:
            return self._goes_on(message, step)

        if not gathering.may_go_on(kept.message, goes_on):
            return kept
        behind = await tx.inbox.behind(kept, gathering.MOST)
        one = gathering.together([kept.message, *(row.message for row in behind)], goes_on)
        complete = gathering.complete_at(one, goes_on)
        if len(one) > len(behind) and len(one) < gathering.MOST and tx.now < complete:
            tx.inbox.leave(kept, complete)
            return None
        return kept.joined(gathering.joined(one), behind[: len(one) - 1])

    async def _try(self, kept: Kept, tx: Tx) -> None:
        """A handler that raises loses what it wrote, and nothing else."""
        mark = tx.pending.mark()
        try:
            await self._handle(kept.message, tx)
        except Exception as error:  # noqa: BLE001 - nothing may stop the lane
            tx.pending.forget_since(mark)
            _fail(tx, kept, error)
        else:
            tx.inbox.finish(kept)

    async def _one_by_one(self, batch: list[Kept], error: Exception) -> None:
        if len(batch) > 1:
            for _ in batch:
                await self.work(1)
        elif batch:
            async with self._store.begin(self._now()) as tx:
                _fail(tx, batch[0], error)


def _fail(tx: Tx, kept: Kept, error: Exception) -> None:
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    line = f"{where.tb_frame.f_code.co_filename.rpartition('/')[2]}:{where.tb_lineno}" if where else ""
    log.error("message failed", message=kept.id, error=type(error).__name__, at=line, tries=kept.tries + 1)
    tx.inbox.fail(kept, f"{type(error).__name__} {line}")
