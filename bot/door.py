"""The door: a message is on the disk before its channel is told so.

Everything that arrives while one commit is under way shares the next one.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.tasks import whole
from feedback.kinds import Kind, recognise
from feedback.messages import Incoming
from feedback.messages import Kind as MessageKind
from feedback.vietnamese import sound
from storage.store import Refused, Store, Tx, Unavailable

MOST_WAITING = 2000  # beyond this a channel is told to come again
MOST_AT_ONCE = 256
PATIENCE = 1.0  # seconds that a channel is let wait: Zalo gives up after two


class Full(Exception):
    """Too much is waiting to be stored; nothing of this message was kept."""


class Late(Exception):
    """Storing takes too long. Perhaps the message is kept in the end: to bring it again does no harm."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Authentic, but not to be understood: kept as a dead letter."""

    channel: str
    account: str
    event: str
    raw: str
    error: str


@dataclass(slots=True)
class _Waiting:
    what: Incoming | Unreadable
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Door:
    def __init__(
        self,
        store: Store,
        kinds: Sequence[Kind],
        now: Callable[[], datetime],
        woke: asyncio.Event,
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._now = now
        self._woke = woke
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(MOST_WAITING)

    async def keep(self, what: Incoming | Unreadable) -> None:
        """Return when it is committed. Raises Full, Unavailable, Refused: nothing was kept then; and Late."""
        if isinstance(what, Incoming):
            what = withhold(_sound(what), self._kinds)
        waiting = _Waiting(what)
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            raise Full from None
        try:
            async with asyncio.timeout(PATIENCE):
                await waiting.done
        except TimeoutError:
            raise Late from None

    async def run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < MOST_AT_ONCE:
                batch.append(self._queue.get_nowait())
            wanted = [waiting for waiting in batch if not waiting.done.done()]  # the others will come again
            if wanted:
                await whole(self._write(wanted))

    async def _write(self, batch: list[_Waiting]) -> None:
        try:
            async with self._store.begin(self._now()) as tx:
                await _add(tx, [waiting.what for waiting in batch])
        except (Unavailable, Refused) as error:
            if len(batch) > 1 and isinstance(error, Refused):
                for waiting in batch:
                    await self._write([waiting])
                return
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_exception(error)
            return
        self._woke.set()
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_result(None)


async def _add(tx: Tx, batch: Sequence[Incoming | Unreadable]) -> None:
    if messages := [what for what in batch if isinstance(what, Incoming)]:
        await tx.inbox.add(messages)
    for what in batch:
        if isinstance(what, Unreadable):
            await tx.inbox.set_aside(what.channel, what.account, what.event, what.raw, what.error)


def withhold(message: Incoming, kinds: Sequence[Kind]) -> Incoming:
    """Drop the content that must never be kept, before it touches the disk.

    Of a denunciation only its kind and its time remain (Luật Tố cáo 25/2018/QH14, Điều 47, 56).
    """
    if message.kind is MessageKind.BUTTON or not message.text or message.group or message.official:
        return message
    kind = recognise(message.text, kinds)
    if kind is None or kind.keep_content:
        return message
    return message.without(kind.code)


def _sound(message: Incoming) -> Incoming:
    text, name = sound(message.text), sound(message.name)
    return message if (text, name) == (message.text, message.name) else replace(message, text=text, name=name)
