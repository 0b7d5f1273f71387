"""When to look at a case again, of what somebody was reminded, and which units show no life."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Insert, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import ROUTED_CASE, case_events, cases, reminders, sessions, silences

if TYPE_CHECKING:
    from storage.store import Tx


def _look(dialect: str) -> Insert:
    """What was told stays: only the moment of the next look changes."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(reminders)
    row = insert.values(case_id=bindparam("its_case"), at=bindparam("its_moment"))
    changed: Insert = row.on_conflict_do_update(index_elements=["case_id"], set_={"at": insert.excluded.at})
    return changed


LOOK = {dialect: _look(dialect) for dialect in ("postgresql", "sqlite")}


@dataclass(frozen=True, slots=True)
class Reminder:
    """`step` and `told` are of the last reminder of the case, `times` how many there were."""

    case_id: int
    at: datetime
    step: int
    told: str
    times: int


@dataclass(frozen=True, slots=True)
class Silence:
    """How far a unit's silence was told, and when, since it last showed life."""

    unit: str
    stage: int
    since: datetime
    told_at: datetime


class Reminders:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def look_at(self, case_id: int, at: datetime) -> None:
        """Look at the case then, and not when it was planned before."""
        self._tx.change(LOOK[self._tx.connection.dialect.name], {"its_case": case_id, "its_moment": at})

    async def due(self, limit: int) -> list[Reminder]:
        late = select(reminders).where(reminders.c.at <= self._tx.now)
        found = await self._tx.connection.execute(
            late.order_by(reminders.c.at, reminders.c.case_id).limit(limit)
        )
        return [Reminder(*row) for row in found]

    def told(self, before: Reminder, at: datetime, step: int, told: str) -> None:
        """The commit raises Changed if somebody else reminded meanwhile."""
        same = (reminders.c.case_id == before.case_id) & (reminders.c.times == before.times)
        row = {"at": at, "step": step, "told": told, "times": before.times + 1}
        self._tx.update_or_fail(reminders.update().where(same).values(row))

    async def forget(self, case_ids: Collection[int]) -> None:
        """Nothing is to be looked at there any more, until something happens to the case."""
        if case_ids:
            await self._tx.connection.execute(delete(reminders).where(reminders.c.case_id.in_(case_ids)))

    async def of(self, officer: str, limit: int) -> list[Reminder]:
        """Return what an officer was last reminded of and is still open, the latest step first."""
        mine = (reminders.c.step > 0) & reminders.c.told.contains(f",{officer},", autoescape=True)
        found = select(reminders).where(mine).order_by(reminders.c.step.desc()).limit(limit)
        return [Reminder(*row) for row in await self._tx.connection.execute(found)]

    async def untouched(self) -> dict[str, datetime]:
        """Return the units that have cases which nobody accepted, and when the oldest of them came to us."""
        waiting = select(cases.c.unit, func.min(cases.c.received)).where(ROUTED_CASE)
        return dict((await self._tx.connection.execute(waiting.group_by(cases.c.unit))).all())

    async def last_seen(self, officers: Collection[str]) -> datetime | None:
        """Return when one of them last did something to a case, or looked at the desk."""
        newest = [
            select(case_events.c.at).where(case_events.c.actor == officer).order_by(case_events.c.id.desc())
            for officer in officers
        ]
        seen = [await self._tx.connection.scalar(each.limit(1)) for each in newest]
        desk = select(func.max(sessions.c.seen_at)).where(sessions.c.officer.in_(officers))
        return max((each for each in [*seen, await self._tx.connection.scalar(desk)] if each), default=None)

    async def silences(self) -> dict[str, Silence]:
        found = await self._tx.connection.execute(select(silences))
        return {row.unit: Silence(*row) for row in found}

    def silent(self, silence: Silence) -> None:
        self._tx.upsert(silences, asdict(silence))

    async def shows_life(self, units: Collection[str]) -> None:
        if units:
            await self._tx.connection.execute(delete(silences).where(silences.c.unit.in_(units)))
