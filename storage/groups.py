"""The units' groups: which chats they are, who writes there, and the cards that stand there for cases."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, delete, exists, func, or_, select

from feedback.cases import Case
from feedback.messages import Address
from storage.tables import CardStatus, cards, case_news, cases, groups, officer_accounts, refusals

if TYPE_CHECKING:
    from storage.store import Tx

LATELY = timedelta(days=30)
TO_OPEN = (CardStatus.WAITING, CardStatus.LISTED)


@dataclass(frozen=True, slots=True)
class Group:
    """The chat of a unit. `topics` says that each case is to have one; `wrong` what stands against it.

    `digest_day` is the day of the last morning's digest, `listed_at` when new cases were last listed.
    """

    id: int
    unit: str
    address: Address
    forum: bool
    topics: bool
    bound_by: str
    bound_at: datetime
    wrong: str = ""
    digest_day: str = ""
    listed_at: datetime | None = None

    @property
    def has_topics(self) -> bool:
        return self.forum and self.topics and self.wrong != "topics"

    @property
    def lost(self) -> bool:
        """Nothing can be written there."""
        return self.wrong not in ("", "topics")


@dataclass(frozen=True, slots=True)
class Card:
    """What stands in a group for a case.

    `topic` and `message` are the channel's ids, empty before they are known; `told` counts how much of the
    case's timeline was told there, `shown` is what the card says, in short.
    """

    id: int
    case_id: int
    group_id: int
    status: CardStatus = CardStatus.WAITING
    topic: str = ""
    message: str = ""
    told: int = 0
    shown: str = ""
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An officer's own account on a channel."""

    officer: str
    channel: str
    account: str
    person: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody tried in a unit's group `what` was not theirs to do. `officer` is empty for a stranger."""

    at: datetime
    unit: str
    person: str
    officer: str
    code: str
    what: str
    why: str


class Groups:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    # Which chats

    def bind(self, group: Group) -> None:
        """The commit raises Changed if the unit or the chat was bound meanwhile."""
        row = {"id": group.id, "unit": group.unit, "channel": group.address.channel,
               "account": group.address.account, "chat": group.address.chat, "forum": group.forum,
               "topics": group.topics, "bound_by": group.bound_by, "bound_at": group.bound_at}  # fmt: skip
        self._tx.insert(groups, row)

    async def unbind(self, group_id: int) -> None:
        await self._tx.connection.execute(delete(groups).where(groups.c.id == group_id))

    def change(self, group: Group, **values: object) -> None:
        self._tx.update(groups, {"id": group.id}, values)

    async def all(self) -> list[Group]:
        return await self._groups(select(groups).order_by(groups.c.unit))

    async def of_unit(self, unit: str) -> Group | None:
        return next(iter(await self._groups(select(groups).where(groups.c.unit == unit))), None)

    async def at(self, address: Address) -> Group | None:
        here = select(groups).where(
            groups.c.channel == address.channel,
            groups.c.account == address.account,
            groups.c.chat == address.chat,
        )
        return next(iter(await self._groups(here)), None)

    async def by_id(self, group_id: int) -> Group | None:
        return next(iter(await self._groups(select(groups).where(groups.c.id == group_id))), None)

    async def wrong(self) -> int:
        """Count the groups with which something is wrong."""
        return await self._tx.connection.scalar(select(func.count()).where(groups.c.wrong != "")) or 0

    async def moved(self, old: Address, new: Address) -> None:
        """The chat has another number now, and nothing that stood in the old one can be changed any more."""
        group = await self.at(old)
        if group is None:
            return
        await self._tx.connection.execute(
            groups.update().where(groups.c.id == group.id).values(chat=new.chat, wrong="")
        )
        fresh = {"status": CardStatus.WAITING, "topic": "", "message": "", "shown": ""}
        await self._tx.connection.execute(cards.update().where(cards.c.group_id == group.id).values(fresh))
        await self._tx.outbox.moved(old, new)
        await self.look_again(group.unit)

    # Who is who

    async def link(self, link: Link) -> None:
        """One account for an officer, one officer for an account: the last link counts."""
        await self._tx.connection.execute(
            delete(officer_accounts).where(
                officer_accounts.c.channel == link.channel,
                officer_accounts.c.account == link.account,
                or_(officer_accounts.c.person == link.person, officer_accounts.c.officer == link.officer),
            )
        )
        row = {"officer": link.officer, "channel": link.channel, "account": link.account,
               "person": link.person, "linked_at": link.linked_at}  # fmt: skip
        self._tx.insert(officer_accounts, row)

    async def unlink(self, officer: str) -> None:
        theirs = delete(officer_accounts).where(officer_accounts.c.officer == officer)
        await self._tx.connection.execute(theirs)

    async def links(self) -> list[Link]:
        rows = await self._tx.connection.execute(
            select(officer_accounts).order_by(officer_accounts.c.officer)
        )
        return [Link(row.officer, row.channel, row.account, row.person, row.linked_at) for row in rows]

    async def officer_of(self, channel: str, account: str, person: str) -> str:
        """Return the id of the officer who linked this account, or nothing."""
        who = select(officer_accounts.c.officer).where(
            officer_accounts.c.channel == channel,
            officer_accounts.c.account == account,
            officer_accounts.c.person == person,
        )
        return await self._tx.connection.scalar(who) or ""

    # What changed

    def changed(self, case_id: int) -> None:
        """The groups are brought up to date soon after the commit."""
        self._tx.upsert(case_news, {"case_id": case_id, "mark": self._tx.new_id()})

    async def look_again(self, unit: str) -> None:
        """Bring a unit's group up to date about all its cases, but for the long closed."""
        stale = select(cards.c.case_id).join(groups, groups.c.id == cards.c.group_id)
        these = or_(cases.c.unit == unit, cases.c.id.in_(stale.where(groups.c.unit == unit)))
        lately = or_(cases.c.closed.is_(None), cases.c.closed > self._tx.now - LATELY)
        wanted = select(cases.c.id).where(these, lately)
        for case_id in (await self._tx.connection.scalars(wanted)).all():
            self.changed(case_id)

    async def news(self, limit: int, busy: Collection[int] = ()) -> list[tuple[Case, int]]:
        """Return cases that changed, the first to change first, each with the mark to forget it by.

        Those whose card stands in a busy group can wait.
        """
        waits = exists().where(
            cards.c.case_id == case_news.c.case_id,
            cards.c.group_id.in_(busy),
            cards.c.status == CardStatus.OPEN,
        )
        oldest = select(case_news).where(~waits).order_by(case_news.c.mark).limit(limit)
        rows = (await self._tx.connection.execute(oldest)).all()
        found = {case.id: case for case in await self._tx.cases.by_ids([row.case_id for row in rows])}
        return [(found[row.case_id], row.mark) for row in rows if row.case_id in found]

    async def seen(self, case_id: int, mark: int) -> None:
        """Forget that it changed, unless it has changed again."""
        old = and_(case_news.c.case_id == case_id, case_news.c.mark == mark)
        await self._tx.connection.execute(delete(case_news).where(old))

    # Cards

    async def cards_of(self, case_id: int) -> list[Card]:
        return await self._cards(select(cards).where(cards.c.case_id == case_id))

    async def card(self, card_id: int) -> Card | None:
        return next(iter(await self._cards(select(cards).where(cards.c.id == card_id))), None)

    async def card_at(self, group: Group, *, topic: str = "", message: str = "") -> Card | None:
        """Return the card of a topic, or the one that is a message."""
        here = select(cards).where(cards.c.group_id == group.id)
        if message and (found := await self._cards(here.where(cards.c.message == message))):
            return found[0]
        found = await self._cards(here.where(cards.c.topic == topic)) if topic else []
        return found[0] if found else None

    def add_card(self, card: Card) -> None:
        row = {name: getattr(card, name) for name in card.__dataclass_fields__}
        self._tx.insert(cards, row)

    def change_card(self, card: Card, **values: Any) -> Card:  # noqa: ANN401 - the fields of a card
        self._tx.update(cards, {"id": card.id}, values)
        return replace(card, **values)

    async def to_open(self, group: Group, limit: int) -> list[tuple[Card, Case]]:
        """Return cards that wait for their topic, the oldest first, as long as their cases are the unit's."""
        waiting = select(cards).join(cases, cases.c.id == cards.c.case_id).where(_waits_in(group))
        found = await self._cards(waiting.order_by(cards.c.case_id).limit(limit))
        of = {case.id: case for case in await self._tx.cases.by_ids([card.case_id for card in found])}
        return [(card, of[card.case_id]) for card in found]

    async def to_come(self, group: Group) -> int:
        """Count the cards that will be sent as soon as their topic is there."""
        bare = (cards.c.status == CardStatus.OPEN) & (cards.c.message == "") & (cards.c.shown == "")
        coming = cards.c.group_id == group.id, bare | (cards.c.status == CardStatus.OPENING)
        return await self._tx.connection.scalar(select(func.count()).where(*coming)) or 0

    async def list_new(self, group: Group) -> list[Case]:
        """Return the cases that wait and were not listed yet, and count them as listed from now on."""
        new = (
            select(cards.c.case_id)
            .join(cases, cases.c.id == cards.c.case_id)
            .where(_waits_in(group), cards.c.status == CardStatus.WAITING)
        )
        ids = list((await self._tx.connection.scalars(new.order_by(cards.c.case_id))).all())
        listed = cards.update().where(cards.c.group_id == group.id, cards.c.case_id.in_(ids))
        await self._tx.connection.execute(listed.values(status=CardStatus.LISTED))
        return await self._tx.cases.by_ids(ids)

    async def with_waiting_cards(self) -> list[Group]:
        waiting = select(cards.c.group_id).where(cards.c.status.in_(TO_OPEN))
        return await self._groups(select(groups).where(groups.c.id.in_(waiting)))

    # What was refused

    def refuse(self, refusal: Refusal) -> None:
        row = {name: getattr(refusal, name) for name in refusal.__dataclass_fields__}
        self._tx.insert(refusals, row | {"id": self._tx.new_id()})
        said = {"unit": refusal.unit, "code": refusal.code, "what": refusal.what, "why": refusal.why}
        self._tx.audit.add(refusal.officer or "stranger", "refused", f"group:{refusal.unit}", **said)

    async def erase(self, person: str) -> None:
        """Forget that a person was refused anything."""
        await self._tx.connection.execute(delete(refusals).where(refusals.c.person == person))

    async def refused(self, units: Collection[str] | None = None, limit: int = 50) -> list[Refusal]:
        """Return what was refused in the groups of the units (None: of all), the latest first."""
        found = select(refusals).order_by(refusals.c.id.desc()).limit(limit)
        if units is not None:
            found = found.where(refusals.c.unit.in_(units))
        rows = await self._tx.connection.execute(found)
        return [Refusal(r.at, r.unit, r.person, r.officer, r.code, r.what, r.why) for r in rows]

    async def refused_since(self, person: str, since: datetime) -> int:
        these = select(func.count()).where(refusals.c.person == person, refusals.c.at > since)
        return await self._tx.connection.scalar(these) or 0

    async def _groups(self, statement: Select[Any]) -> list[Group]:
        return [_group(row) for row in await self._tx.connection.execute(statement)]

    async def _cards(self, statement: Select[Any]) -> list[Card]:
        return [
            Card(
                row.id,
                row.case_id,
                row.group_id,
                CardStatus(row.status),
                row.topic,
                row.message,
                row.told,
                row.shown,
                row.repairs,
            )
            for row in await self._tx.connection.execute(statement)
        ]


def _waits_in(group: Group) -> Any:  # noqa: ANN401 - an expression
    """Whether a case of the unit waits to be shown in its group."""
    mine = (cards.c.group_id == group.id) & (cases.c.unit == group.unit)
    return mine & cards.c.status.in_(TO_OPEN) & cases.c.closed.is_(None)


def _group(row: Row[Any]) -> Group:
    return Group(
        row.id,
        row.unit,
        Address(row.channel, row.account, row.chat),
        row.forum,
        row.topics,
        row.bound_by,
        row.bound_at,
        row.wrong,
        row.digest_day,
        row.listed_at,
    )
