"""Messages that go out: kept in the transaction that caused them, sent after it, in order for each chat."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Select, Update, bindparam, delete, exists, func, select

from feedback.messages import Address, Outgoing, Urgency, fit
from storage.tables import OUTBOX_OPEN, OutboxStatus, outbox, talks, written

if TYPE_CHECKING:
    from storage.store import Tx

OUTGOING = TypeAdapter(Outgoing)
Row = Mapping[str, Any]


def _sent() -> Update:
    """A chat has one message in flight, so what is sent next sees the newest position and goes behind it.

    The first takes its id, so that a chat whose old messages are forgotten goes on where it was.
    """
    others = outbox.alias()
    newest = (
        select(func.max(others.c.position)).where(others.c.lane == bindparam("its_lane")).scalar_subquery()
    )
    return (
        outbox.update()
        .where(outbox.c.id == bindparam("item"))
        .values(
            status=OutboxStatus.SENT,
            remote=bindparam("as"),
            sent_at=bindparam("now"),
            error="",
            position=func.coalesce(outbox.c.position, newest + 1, outbox.c.id),
        )
    )


SENT = _sent()


@dataclass(frozen=True, slots=True)
class Item:
    """A message in the outbox. `maybe_twice` says that an earlier try may have arrived.

    `position` orders what a chat was sent as it was sent; 0 before that. Ids cannot do this: another
    process may have made a smaller one and commit it later.
    """

    id: int
    address: Address
    message: Outgoing
    case_id: int | None
    at: datetime
    tries: int
    status: OutboxStatus
    maybe_twice: bool
    urgency: Urgency = Urgency.REPLY
    error: str = ""
    position: int = 0
    card_id: int | None = None
    remote: str = ""


def _heads() -> Select[Any]:
    """The first unsent message of each chat of one account that has none on the wire.

    Made once, since making a statement costs more than running it; statuses stand in it as they are, so that
    both databases see that their partial indexes fit.
    """
    older = outbox.alias()
    unsent = older.c.status.in_([written(status) for status in OUTBOX_OPEN])
    on_the_wire = older.c.status == written(OutboxStatus.ON_THE_WIRE)
    busy = exists().where(older.c.lane == outbox.c.lane, on_the_wire)
    head = (
        select(older.c.id)
        .where(older.c.lane == outbox.c.lane, unsent)
        .order_by(older.c.urgency, older.c.id)
        .limit(1)
        .scalar_subquery()
    )
    due = select(outbox).where(
        outbox.c.status == written(OutboxStatus.DUE),
        ~busy,
        outbox.c.next_at <= bindparam("now"),
        outbox.c.id == head,
        outbox.c.channel == bindparam("channel"),
        outbox.c.account == bindparam("account"),
        outbox.c.lane.not_in(bindparam("resting", expanding=True)),
    )
    order = due.order_by(outbox.c.urgency, outbox.c.next_at, outbox.c.id)
    return order.with_for_update(skip_locked=True)


HEADS = _heads()


class Outbox:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def put(
        self,
        address: Address,
        message: Outgoing,
        case_id: int | None = None,
        urgency: Urgency = Urgency.REPLY,
        card_id: int | None = None,
        forget_at: datetime | None = None,
    ) -> None:
        """Send after commit. What is too long for one message of the channel becomes several.

        At `forget_at` nobody needs to know any more what it said.
        """
        for piece in fit(message, address.channel):
            row = self._row(address, piece, case_id, urgency, card_id)
            self._tx.insert(outbox, row | {"forget_at": forget_at})

    async def put_card(self, address: Address, message: Outgoing, card_id: int) -> bool:
        """Like `put`; but a version of the card that still waits is replaced by this one.

        False if the card is only just being sent for the first time: then nobody knows yet what to change.
        """
        waiting = (outbox.c.card_id == card_id) & (outbox.c.status == OutboxStatus.DUE)
        body = OUTGOING.dump_python(message, mode="json")
        changed = await self._tx.connection.execute(outbox.update().where(waiting).values(message=body))
        if changed.rowcount:
            return True
        if not message.edits:
            busy = exists().where(outbox.c.card_id == card_id, outbox.c.status.in_(OUTBOX_OPEN))
            if await self._tx.connection.scalar(select(busy)):
                return False
        self.put(address, message, urgency=Urgency.NOTICE, card_id=card_id)
        return True

    async def load(self, address: Address, since: datetime) -> int:
        """Count what waits for a chat, and what went there since then."""
        waiting = outbox.c.status.in_(OUTBOX_OPEN) | (outbox.c.sent_at > since)
        counted = select(func.count()).where(outbox.c.lane == address.lane, waiting)
        return await self._tx.connection.scalar(counted) or 0

    async def is_ours(self, address: Address, remote: str) -> bool:
        """Whether we wrote this message of the chat."""
        ours = exists().where(outbox.c.lane == address.lane, outbox.c.remote == remote)
        return bool(remote) and bool(await self._tx.connection.scalar(select(ours)))

    async def moved(self, old: Address, new: Address) -> None:
        """What waits for a chat goes to its new address, where no thread and no message is known any more."""
        waits = (outbox.c.lane == old.lane) & outbox.c.status.in_(OUTBOX_OPEN)
        await self._tx.connection.execute(delete(outbox).where(waits, outbox.c.card_id.is_not(None)))
        rows = await self._tx.connection.execute(select(outbox.c.id, outbox.c.message).where(waits))
        for row in rows.all():
            message = row.message | {"topic": "", "edits": "", "reply_to": ""}
            there = {"chat": new.chat, "lane": new.lane, "message": message,
                     "status": OutboxStatus.DUE, "next_at": self._tx.now}  # fmt: skip
            await self._tx.connection.execute(outbox.update().where(outbox.c.id == row.id).values(there))

    async def claim(
        self, channel: str, account: str, limit: int, resting: Collection[str] = ()
    ) -> list[Item]:
        """Put the first unsent message of up to `limit` chats on the wire, but not of `resting` lanes.

        From here on until an answer comes, only the channel knows whether it arrived. Of one chat the oldest
        comes first; only what is urgent overtakes what goes to many.
        """
        wanted = {"channel": channel, "account": account, "resting": list(resting), "now": self._tx.now}
        items = await self._items(HEADS.limit(limit), wanted)
        for item in items:
            self._tx.update(outbox, {"id": item.id}, {"status": OutboxStatus.ON_THE_WIRE})
        return items

    def sent(self, item: Item, remote: str) -> None:
        done = {"item": item.id, "its_lane": item.address.lane, "as": remote, "now": self._tx.now}
        self._tx.change(SENT, done)

    def later(self, item: Item, wait: timedelta, error: str, *, maybe_twice: bool = False) -> None:
        again = {"status": OutboxStatus.DUE, "tries": item.tries + 1, "next_at": self._tx.now + wait,
                 "error": error, "maybe_twice": item.maybe_twice or maybe_twice}  # fmt: skip
        self._tx.update(outbox, {"id": item.id}, again)

    def hold(self, item: Item, since: datetime, error: str) -> None:
        """Keep it until the person does something after `since`: see `release`."""
        held = {"status": OutboxStatus.HELD, "next_at": since, "error": error}
        self._tx.update(outbox, {"id": item.id}, held)

    async def release(self, channel: str, account: str) -> int:
        """Let out what was held for people who have written since."""
        back = exists().where(talks.c.lane == outbox.c.lane, talks.c.acted_at > outbox.c.next_at)
        held = outbox.update().where(
            outbox.c.status == OutboxStatus.HELD,
            outbox.c.channel == channel,
            outbox.c.account == account,
            back,
        )
        due = held.values(status=OutboxStatus.DUE, next_at=self._tx.now, error="")
        return (await self._tx.connection.execute(due)).rowcount

    async def hurry(self, channel: str, account: str) -> None:
        """What was put off is tried at once."""
        waiting = outbox.update().where(
            outbox.c.status == OutboxStatus.DUE,
            outbox.c.channel == channel,
            outbox.c.account == account,
            outbox.c.next_at > self._tx.now,
        )
        await self._tx.connection.execute(waiting.values(next_at=self._tx.now, tries=0))

    async def erase(self, lane: str) -> None:
        """Forget all that was ever said, or is still to be said, to one person."""
        await self._tx.connection.execute(delete(outbox).where(outbox.c.lane == lane))

    async def erase_of_case(self, case_id: int) -> None:
        await self._tx.connection.execute(delete(outbox).where(outbox.c.case_id == case_id))

    async def to(self, address: Address) -> list[Item]:
        """Return everything that is known of what a chat was sent, or is to be sent."""
        return await self._items(select(outbox).where(outbox.c.lane == address.lane).order_by(outbox.c.id))

    async def drop(self, items: Collection[int]) -> None:
        await self._tx.connection.execute(delete(outbox).where(outbox.c.id.in_(items)))

    def unknown(self, item: Item, error: str) -> None:
        self._tx.update(outbox, {"id": item.id}, {"status": OutboxStatus.UNKNOWN, "error": error})

    def dead(self, item: Item, error: str) -> None:
        self._tx.update(outbox, {"id": item.id}, {"status": OutboxStatus.DEAD, "error": error})

    async def abandoned(self, channel: str, account: str) -> list[Item]:
        """Return what a dead sender of this account left on the wire."""
        left = select(outbox).where(
            outbox.c.channel == channel,
            outbox.c.account == account,
            outbox.c.status == OutboxStatus.ON_THE_WIRE,
        )
        return await self._items(left.order_by(outbox.c.id))

    async def since(self, address: Address, after: int, limit: int = 200) -> list[Item]:
        """Return what this chat was sent after the given position. Nothing ever comes to stand before it."""
        sent = select(outbox).where(outbox.c.lane == address.lane, outbox.c.position > after)
        return await self._items(sent.order_by(outbox.c.position).limit(limit))

    async def sent_lately(
        self, channel: str, account: str, since: datetime
    ) -> list[tuple[Address, datetime]]:
        """Return to whom this account wrote since then, oldest first."""
        columns = outbox.c.channel, outbox.c.account, outbox.c.chat, outbox.c.sent_at
        lately = select(*columns).where(
            outbox.c.channel == channel, outbox.c.account == account, outbox.c.sent_at > since
        )
        rows = await self._tx.connection.execute(lately.order_by(outbox.c.sent_at))
        return [(Address(row.channel, row.account, row.chat), row.sent_at) for row in rows]

    async def of_case(self, case_id: int) -> list[Item]:
        return await self._items(select(outbox).where(outbox.c.case_id == case_id).order_by(outbox.c.id))

    async def unsent(self) -> int:
        return (
            await self._tx.connection.scalar(select(func.count()).where(outbox.c.status.in_(OUTBOX_OPEN)))
            or 0
        )

    async def due(self, channels: Collection[str]) -> bool:
        """Whether anything could be sent on these channels now, or is being sent."""
        due = (outbox.c.status == OutboxStatus.DUE) & (outbox.c.next_at <= self._tx.now)
        busy = outbox.c.status == OutboxStatus.ON_THE_WIRE
        theirs = exists().where(due | busy, outbox.c.channel.in_(channels))
        return bool(await self._tx.connection.scalar(select(theirs)))

    async def dead_letters(self) -> list[Item]:
        lost = outbox.c.status.in_((OutboxStatus.DEAD, OutboxStatus.UNKNOWN))
        return await self._items(select(outbox).where(lost).order_by(outbox.c.id))

    async def _items(self, statement: Any, values: Row | None = None) -> list[Item]:  # noqa: ANN401
        return [
            Item(
                row.id,
                Address(row.channel, row.account, row.chat),
                OUTGOING.validate_python(row.message),
                row.case_id,
                row.at,
                row.tries,
                OutboxStatus(row.status),
                row.maybe_twice,
                Urgency(row.urgency),
                row.error,
                row.position or 0,
                row.card_id,
                row.remote,
            )
            for row in await self._tx.connection.execute(statement, values)
        ]

    def _row(
        self,
        address: Address,
        message: Outgoing,
        case_id: int | None,
        urgency: Urgency,
        card_id: int | None,
    ) -> dict[str, Any]:
        now = self._tx.now
        body = OUTGOING.dump_python(message, mode="json")
        return {"id": self._tx.new_id(), "channel": address.channel, "account": address.account,
                "chat": address.chat, "lane": address.lane, "message": body, "case_id": case_id,
                "card_id": card_id, "urgency": urgency, "at": now, "status": OutboxStatus.DUE, "tries": 0,
                "next_at": now, "maybe_twice": False}  # fmt: skip
