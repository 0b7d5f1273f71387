"""Messages that came in: kept before the channel is told so, handled once, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Insert, Select, Text, bindparam, cast, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.messages import Address, Incoming
from storage.tables import InboxStatus, inbox, written

if TYPE_CHECKING:
    from storage.store import Tx

INCOMING = TypeAdapter(Incoming)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the inbox; `tries` counts the failures so far, `more` are the rows joined to it."""

    id: int
    message: Incoming
    tries: int
    more: tuple[int, ...] = ()

    def joined(self, message: Incoming, rows: Sequence["Kept"]) -> "Kept":
        return replace(self, message=message, more=tuple(row.id for row in rows))


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What could not be handled. `content` may hold personal data: show it to the operator only."""

    id: int
    channel: str
    at: datetime
    tries: int
    error: str
    content: dict[str, Any] | None


def _heads() -> Select[Any]:
    """The oldest waiting message of each lane (made once, as in storage.outbox)."""
    older = inbox.alias()
    head = (
        select(func.min(older.c.id))
        .where(older.c.lane == inbox.c.lane, older.c.status == written(InboxStatus.WAITING))
        .scalar_subquery()
    )
    waiting = select(inbox.c.id, inbox.c.message, inbox.c.tries).where(
        inbox.c.status == written(InboxStatus.WAITING),
        inbox.c.next_at <= bindparam("now"),
        inbox.c.id == head,
    )
    return waiting.order_by(inbox.c.next_at, inbox.c.id).with_for_update(skip_locked=True)


HEADS = _heads()


class Inbox:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    async def add(self, messages: Sequence[Incoming]) -> None:
        """Keep what is new: channels deliver the same message twice."""
        await self._add([self._row(message) for message in messages])

    async def set_aside(self, channel: str, account: str, event: str, raw: str, error: str) -> None:
        """Keep what was authentic and could not be read, as a dead letter."""
        now = self._tx.now
        row = {"id": self._tx.new_id(), "channel": channel, "account": account, "event": event, "lane": "",
               "at": now, "message": {"raw": raw}, "status": InboxStatus.DEAD, "tries": 0, "next_at": now,
               "error": error}  # fmt: skip
        await self._add([row])

    async def claim(self, limit: int) -> list[Kept]:
        """Return the oldest waiting message of up to `limit` lanes, locked until this transaction ends."""
        return await self._many(HEADS.limit(limit), {"now": self._tx.now})

    async def behind(self, kept: Kept, limit: int) -> list[Kept]:
        """Return what waits in the lane after a claimed message: nobody else claims it meanwhile."""
        lane = (inbox.c.lane == kept.message.lane) & (inbox.c.status == InboxStatus.WAITING)
        waiting = select(inbox.c.id, inbox.c.message, inbox.c.tries).where(lane, inbox.c.id > kept.id)
        return await self._many(waiting.order_by(inbox.c.id).limit(limit))

    def leave(self, kept: Kept, until: datetime) -> None:
        """Claim it again later, and nothing of its lane before."""
        self._tx.update(inbox, {"id": kept.id}, {"next_at": until})

    def finish(self, kept: Kept) -> None:
        """Handled: only the key is kept, so that a second delivery is known."""
        for row in (kept.id, *kept.more):
            self._tx.update(inbox, {"id": row}, {"status": InboxStatus.DONE, "message": None})

    def fail(self, kept: Kept, error: str) -> None:
        """Try again later, up to TRIES times; then set it aside so that the person's next messages go on."""
        tries = kept.tries + 1
        status = InboxStatus.DEAD if tries >= TRIES else InboxStatus.WAITING
        wait = timedelta(seconds=2**tries)
        change = {"status": status, "tries": tries, "next_at": self._tx.now + wait, "error": error}
        for row in (kept.id, *kept.more):
            self._tx.update(inbox, {"id": row}, change)

    async def dead(self) -> list[DeadLetter]:
        rows = await self._tx.connection.execute(
            select(inbox).where(inbox.c.status == InboxStatus.DEAD).order_by(inbox.c.id)
        )
        return [DeadLetter(r.id, r.channel, r.at, r.tries, r.error, r.message) for r in rows]

    async def retry(self, letter: int) -> bool:
        """Put a dead letter back; False if it is none, or was never readable."""
        alive = (
            inbox.update()
            .where(inbox.c.id == letter, inbox.c.status == InboxStatus.DEAD, inbox.c.lane != "")
            .values(status=InboxStatus.WAITING, tries=0, next_at=self._tx.now, error="")
        )
        return (await self._tx.connection.execute(alive)).rowcount == 1

    async def erase(self, address: Address, until: datetime) -> None:
        """Forget who wrote what was handled by then, and all that is set aside of them.

        The keys of handled messages stay for a while: a second delivery must not bring anything back.
        """
        theirs = (inbox.c.lane == address.lane) & (inbox.c.at <= until)
        of_account = (inbox.c.channel == address.channel) & (inbox.c.account == address.account)
        names_them = cast(inbox.c.message, Text).contains(address.chat, autoescape=True)
        aside = (inbox.c.status == InboxStatus.DEAD) & of_account & (theirs | names_them)
        await self._tx.connection.execute(delete(inbox).where(aside))
        await self._tx.connection.execute(inbox.update().where(theirs).values(lane=""))

    async def waiting(self) -> int:
        counted = select(func.count()).where(inbox.c.status == InboxStatus.WAITING)
        return await self._tx.connection.scalar(counted) or 0

    async def due(self) -> bool:
        """Whether anything could be handled now."""
        waiting = (inbox.c.status == InboxStatus.WAITING) & (inbox.c.next_at <= self._tx.now)
        return bool(await self._tx.connection.scalar(select(exists().where(waiting))))

    async def _many(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> list[Kept]:
        rows = await self._tx.connection.execute(statement, values)
        return [Kept(row.id, INCOMING.validate_python(row.message), row.tries) for row in rows]

    def _row(self, message: Incoming) -> dict[str, Any]:
        return {"id": self._tx.new_id(), "channel": message.channel, "account": message.account,
                "event": message.event, "lane": message.lane, "at": message.at,
                "message": INCOMING.dump_python(message, mode="json"), "status": InboxStatus.WAITING,
                "tries": 0, "next_at": message.at, "error": ""}  # fmt: skip

    async def _add(self, rows: list[dict[str, Any]]) -> None:
        await self._tx.connection.execute(_new(self._tx.connection.dialect.name), rows)


@cache
def _new(database: str) -> Insert:
    dialect = postgresql if database == "postgresql" else sqlite
    new: Insert = dialect.insert(inbox).on_conflict_do_nothing(index_elements=["channel", "account", "event"])
    return new
