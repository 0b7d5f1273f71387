"""Cases and what happened to them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, TextClause, and_, func, or_, select

from feedback.cases import (
    OPEN,
    RUNNING,
    Case,
    Event,
    Happening,
    Reminded,
    Routed,
    Status,
    emptied,
    from_data,
    to_data,
)
from feedback.messages import Address
from storage.audit import of_case
from storage.tables import (
    ANSWERED_CASE,
    ANSWERED_ONCE,
    DECLINED,
    ERASED_EVENT,
    MOVED_EVENT,
    OPEN_CASE,
    PAUSED_CASE,
    PROPOSED,
    RATED_LOW,
    ROUTED_CASE,
    case_events,
    cases,
)

if TYPE_CHECKING:
    from storage.store import Tx


PENDING = {"proposed": PROPOSED, "declined": DECLINED}
MOST = 1000  # cases that are counted for one filter


class Cases:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def add(self, case: Case, happenings: Iterable[Happening]) -> None:
        """A new case; the commit raises IntegrityError if its code is taken."""
        self._tx.insert(cases, _to_row(case))
        for happening in happenings:
            self._remember(case, happening.actor, happening.event)

    def record(self, before: Case, after: Case, actor: str, event: Event) -> None:
        """The commit raises Changed if the case is no longer as it was before."""
        if after is not before:
            unchanged = (cases.c.id == before.id) & (cases.c.version == before.version)
            self._tx.update_or_fail(cases.update().where(unchanged).values(_to_row(after)))
        self._remember(after, actor, event)

    async def by_code(self, code: str) -> Case | None:
        return await self._one(select(cases).where(cases.c.code == code))

    async def by_id(self, case_id: int) -> Case | None:
        return await self._one(select(cases).where(cases.c.id == case_id))

    async def by_ids(self, case_ids: Sequence[int]) -> list[Case]:
        return await self._many(select(cases).where(cases.c.id.in_(case_ids)).order_by(cases.c.id))

    async def of_sender(self, address: Address, limit: int = 5) -> list[Case]:
        """Return the newest cases of a chat first."""
        return await self._many(_of(address).order_by(cases.c.id.desc()).limit(limit))

    async def all_of_sender(self, address: Address) -> list[Case]:
        return await self._many(_of(address).order_by(cases.c.id))

    async def work_list(
        self,
        units: Collection[str] | None,
        statuses: Collection[Status],
        *,
        after: datetime | None = None,
        before: datetime | None = None,
        limit: int = 200,
    ) -> list[Case]:
        """Return the cases of the units (None: of all) due between the moments, the earliest first."""
        wanted = _due(self._of_units(select(cases), units), after, before).where(_are(statuses))
        return await self._many(wanted.order_by(cases.c.due, cases.c.id).limit(limit))

    async def done_list(self, units: Collection[str] | None, status: Status, limit: int = 200) -> list[Case]:
        """Return the cases that were answered or closed, the newest first."""
        wanted = self._of_units(select(cases), units).where(cases.c.status == status)
        return await self._many(wanted.order_by(cases.c.id.desc()).limit(limit))

    async def pending_list(self, units: Collection[str] | None, which: str, limit: int = 200) -> list[Case]:
        """Return the cases whose answer was «proposed», or «declined» and is to be written again."""
        wanted = self._of_units(select(cases), units).where(PENDING[which])
        return await self._many(wanted.order_by(cases.c.due, cases.c.id).limit(limit))

    async def low_list(self, units: Collection[str] | None, limit: int = 200) -> list[Case]:
        """Return the cases whose answer the citizen found bad, the newest first."""
        wanted = self._of_units(select(cases), units).where(RATED_LOW)
        return await self._many(wanted.order_by(cases.c.id.desc()).limit(limit))

    async def counts(self, units: Collection[str] | None, soon: datetime) -> Counter[str]:
        """Count by status, and the «overdue», due «soon», «proposed», «declined», rated «low», «all» open.

        Nobody reads a list beyond MOST: more are not counted, so that a page costs the same in each year.
        """
        now = self._tx.now
        wanted = {str(status): cases.c.status == status for status in Status}
        wanted |= {"all": _are(OPEN), "overdue": _are(RUNNING) & (cases.c.due < now)}
        wanted["soon"] = and_(_are(RUNNING), cases.c.due >= now, cases.c.due < soon)
        lists: dict[str, ColumnElement[bool] | TextClause] = {**wanted, **PENDING, "low": RATED_LOW}
        each = [self._up_to_most(units, which).label(name) for name, which in lists.items()]
        row = (await self._tx.connection.execute(select(*each))).one()
        return Counter(dict(row._mapping))  # noqa: SLF001

    def _up_to_most(
        self, units: Collection[str] | None, which: ColumnElement[bool] | TextClause
    ) -> ScalarSelect[int]:
        some = self._of_units(select(cases.c.id), units).where(which).limit(MOST + 1).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    async def newly_overdue(self, limit: int = 100) -> list[Case]:
        late = select(cases).where(OPEN_CASE, _runs(), cases.c.overdue.is_(False), cases.c.due < self._tx.now)
        return await self._many(late.order_by(cases.c.due).limit(limit))

    async def paused_before(self, moment: datetime, limit: int = 100) -> list[Case]:
        """Return cases whose clock stands since before, the longest first."""
        standing = select(cases).where(PAUSED_CASE, cases.c.paused < moment)
        return await self._many(standing.order_by(cases.c.paused).limit(limit))

    async def open_after(self, case_id: int, limit: int) -> list[Case]:
        """Return open cases in the order of their ids."""
        found = select(cases).where(OPEN_CASE, cases.c.id > case_id)
        return await self._many(found.order_by(cases.c.id).limit(limit))

    async def untouched_of(self, unit: str, limit: int = 100) -> list[Case]:
        """Return the cases that nobody of the unit has accepted."""
        waiting = select(cases).where(ROUTED_CASE, cases.c.unit == unit)
        return await self._many(waiting.order_by(cases.c.due, cases.c.id).limit(limit))

    async def open_of_kind(self, kind: str, turn: int, size: int = 50) -> list[Case]:
        """Return up to `size` open cases; the next turn returns the next ones, round and round."""
        these = and_(OPEN_CASE, cases.c.kind == kind)
        waiting = await self._tx.connection.scalar(select(func.count()).select_from(cases).where(these)) or 0
        start = turn % max(1, ceil(waiting / size)) * size
        return await self._many(select(cases).where(these).order_by(cases.c.id).offset(start).limit(size))

    async def answered_before(self, moment: datetime, limit: int = 100) -> list[Case]:
        old = select(cases).where(ANSWERED_CASE, cases.c.answered < moment)
        return await self._many(old.order_by(cases.c.answered).limit(limit))

    async def empty(self, case_id: int, actor: str) -> None:
        """Leave of its timeline only when which unit did what, and chain it as it is left."""
        rows = (await self._tx.connection.execute(_events_of(case_id))).all()
        await self._tx.audit.erase(of_case(case_id), actor)
        for row in rows:
            left = to_data(emptied(from_data(row.event, row.data)))[1]
            await self._tx.connection.execute(
                case_events.update().where(case_events.c.id == row.id).values(data=left)
            )
            self._tx.audit.left(row, left)

    async def kept_and_closed(self, limit: int = 50) -> list[Case]:
        """Return what went on without its sender, who wanted it forgotten when it is closed."""
        erased = select(case_events.c.case_id).where(ERASED_EVENT)
        over = cases.c.status.in_((Status.ANSWERED, Status.CLOSED)) & (cases.c.text != "")
        return await self._many(
            select(cases).where(over, cases.c.chat == "", cases.c.id.in_(erased)).limit(limit)
        )

    async def happened(self, case_ids: Collection[int]) -> dict[int, int]:
        """Count what happened to each case."""
        counted = select(case_events.c.case_id, func.count()).where(case_events.c.case_id.in_(case_ids))
        return dict((await self._tx.connection.execute(counted.group_by(case_events.c.case_id))).all())

    async def answers_to_others(self, case: Case, limit: int) -> list[str]:
        """Return what the unit last answered, or corrected, in cases of other people."""
        others = (
            select(cases.c.id)
            .where(ANSWERED_ONCE, cases.c.unit == case.unit, cases.c.id != case.id)
            .where(cases.c.chat != case.address.chat)
            .order_by(cases.c.answered.desc())
            .limit(limit)
        )
        ids = (await self._tx.connection.scalars(others)).all()
        sent = select(case_events.c.data).where(
            case_events.c.case_id.in_(ids), case_events.c.event.in_(("Answered", "Corrected"))
        )
        newest = sent.order_by(case_events.c.id.desc()).limit(limit)
        return [data["text"] for data in await self._tx.connection.scalars(newest)]

    async def timelines(self, case_ids: Sequence[int]) -> dict[int, list[Happening]]:
        found: dict[int, list[Happening]] = {case_id: [] for case_id in case_ids}
        events = select(case_events).where(case_events.c.case_id.in_(case_ids))
        for row in await self._tx.connection.execute(
            events.order_by(case_events.c.case_id, case_events.c.id)
        ):
            found[row.case_id].append(Happening(row.at, row.actor, from_data(row.event, row.data)))
        return found

    async def timeline(self, case: Case) -> list[Happening]:
        return [
            Happening(row.at, row.actor, from_data(row.event, row.data))
            for row in await self._tx.connection.execute(_events_of(case.id))
        ]

    async def moved(self, since: datetime, limit: int = 1000) -> list[tuple[Case, Routed]]:
        """Return the cases that officers passed on since then, the newest first, with their first routing."""
        newest = select(case_events.c.case_id).where(MOVED_EVENT, case_events.c.at >= since).distinct()
        these = newest.order_by(case_events.c.case_id.desc()).limit(limit)
        ids = list(await self._tx.connection.scalars(these))
        routed = select(case_events).where(
            case_events.c.case_id.in_(ids), case_events.c.event == Routed.__name__
        )
        first: dict[int, Event] = {}
        for row in await self._tx.connection.execute(routed.order_by(case_events.c.id)):
            first.setdefault(row.case_id, from_data(row.event, row.data))
        known = [(case, first.get(case.id)) for case in reversed(await self.by_ids(ids))]
        return [(case, event) for case, event in known if isinstance(event, Routed)]

    def _of_units(self, statement: Select[Any], units: Collection[str] | None) -> Select[Any]:
        return statement if units is None else statement.where(cases.c.unit.in_(units))

    def _remember(self, case: Case, actor: str, event: Event) -> None:
        self._tx.groups.changed(case.id)
        if not isinstance(event, Reminded):
            self._tx.reminders.look_at(case.id, self._tx.now)
        (name, data), made = to_data(event), self._tx.new_id()
        self._tx.insert(case_events, {"id": made, "case_id": case.id, "at": self._tx.now,
                                      "actor": actor, "event": name, "data": data})  # fmt: skip
        self._tx.audit.event(actor, name, case.id, made, data)

    async def _one(self, statement: Select[Any]) -> Case | None:
        row = (await self._tx.connection.execute(statement)).one_or_none()
        return None if row is None else _from_row(row)

    async def _many(self, statement: Select[Any]) -> list[Case]:
        rows: Sequence[Row[Any]] = (await self._tx.connection.execute(statement)).all()
        return [_from_row(row) for row in rows]


def _events_of(case_id: int) -> Select[Any]:
    return select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)


def _of(address: Address) -> Select[Any]:
    return select(cases).where(
        cases.c.channel == address.channel,
        cases.c.account == address.account,
        cases.c.chat == address.chat,
    )


def _are(statuses: Collection[Status]) -> ColumnElement[bool]:
    """Name the open ones as the indexes do; a case that ran out before the citizen was asked runs on."""
    if tuple(statuses) == OPEN:
        return and_(OPEN_CASE)
    if tuple(statuses) == RUNNING:
        return and_(OPEN_CASE, _runs())
    return cases.c.status.in_(statuses)


def _runs() -> ColumnElement[bool]:
    """The clock runs on when the citizen was asked too late."""
    late = (cases.c.status == Status.WAITING) & (cases.c.paused > cases.c.due)
    return or_(cases.c.status.in_(RUNNING), late)


def _due(statement: Select[Any], after: datetime | None, before: datetime | None) -> Select[Any]:
    if after is not None:
        statement = statement.where(cases.c.due >= after)
    return statement if before is None else statement.where(cases.c.due < before)


def _to_row(case: Case) -> dict[str, Any]:
    row: dict[str, Any] = asdict(case)
    address: dict[str, Any] = row.pop("address")
    return row | address


def _from_row(row: Row[Any]) -> Case:
    values = dict(row._mapping)  # noqa: SLF001
    address = Address(values.pop("channel"), values.pop("account"), values.pop("chat"))
    return Case(**values | {"address": address, "status": Status(values["status"])})
