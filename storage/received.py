"""Which version of which answer each person was given, and the corrections of what was wrong."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, delete, exists, func, select

from storage.tables import recalls, received, talks, versions

if TYPE_CHECKING:
    from storage.store import Tx

WITHDRAWN = ""  # the version of an answer that holds no more, with nothing in its place


@dataclass(frozen=True, slots=True)
class Given:
    """One answer in one person's hands."""

    lane: str
    entry: str
    version: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a version of an answer said."""

    entry: str
    version: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Recall:
    """A correction that is on its way to whoever was given `entry` after `since`, but not as it holds now.

    `answer` names the entry that holds in its place (mostly itself), in this `version`. `told` counts the
    persons so far; `ended` is empty while there may be more.
    """

    id: int
    entry: str
    answer: str
    version: str
    since: datetime
    reason: str
    by: str
    at: datetime
    told: int = 0
    ended: str = ""
    ended_at: datetime | None = None


class Received:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def keep(self, lane: str, entry: str, version: str, language: str) -> None:
        row = {"id": self._tx.new_id(), "lane": lane, "entry": entry, "version": version,
               "language": language, "at": self._tx.now}  # fmt: skip
        self._tx.insert(received, row)

    async def erase(self, lane: str) -> None:
        await self._tx.connection.execute(delete(received).where(received.c.lane == lane))

    # What was said

    async def known_versions(self) -> set[tuple[str, str]]:
        rows = await self._tx.connection.execute(select(versions.c.entry, versions.c.version))
        return {(row.entry, row.version) for row in rows}

    def keep_text(self, said: Version) -> None:
        row = {name: getattr(said, name) for name in said.__dataclass_fields__}
        self._tx.upsert(versions, row | {"seen_at": self._tx.now})

    async def texts(self, entry: str) -> dict[str, Version]:
        """Return what the versions of an entry said, the oldest first."""
        of = select(versions).where(versions.c.entry == entry).order_by(versions.c.seen_at)
        rows = await self._tx.connection.execute(of)
        return {row.version: Version(row.entry, row.version, row.question, row.answer) for row in rows}

    # Who is owed a correction

    async def owed(self, recall: Recall, limit: int) -> list[Given]:
        """Return to whom it is still to be said, the first first."""
        columns = (received.c.lane, received.c.entry, received.c.version, received.c.language, received.c.at)
        rows = await self._tx.connection.execute(
            _owed(select(*columns), recall).order_by(received.c.id).limit(limit)
        )
        return [Given(*row) for row in rows]

    async def counts(self, recall: Recall) -> list[tuple[str, str, int]]:
        """Count those who are owed it, by the version that they have and by channel."""
        channel = func.substr(received.c.lane, 1, _until_colon(self._tx.connection.dialect.name))
        counted = select(received.c.version, channel.label("channel"), func.count().label("n"))
        rows = await self._tx.connection.execute(
            _owed(counted, recall).group_by(received.c.version, "channel")
        )
        return sorted((row.version, row.channel, row.n) for row in rows)

    # What was ordered

    def order(self, recall: Recall) -> None:
        self._tx.insert(recalls, {name: getattr(recall, name) for name in recall.__dataclass_fields__})

    async def under_way(self) -> list[Recall]:
        return await self._recalls(select(recalls).where(recalls.c.ended == "").order_by(recalls.c.id))

    async def of_entries(self, entries: Collection[str], limit: int = 20) -> list[Recall]:
        """Return the recalls of these answers, the latest first."""
        of = select(recalls).where(recalls.c.entry.in_(entries))
        return await self._recalls(of.order_by(recalls.c.id.desc()).limit(limit))

    def told(self, recall: Recall, persons: int) -> None:
        self._tx.update(recalls, {"id": recall.id}, {"told": recall.told + persons})

    def end(self, recall: Recall, how: str) -> None:
        self._tx.update(recalls, {"id": recall.id}, {"ended": how, "ended_at": self._tx.now})

    async def _recalls(self, statement: Select[Any]) -> list[Recall]:
        rows: list[Row[Any]] = list((await self._tx.connection.execute(statement)).all())
        return [Recall(**row._mapping) for row in rows]  # noqa: SLF001


def _until_colon(database: str) -> Any:  # noqa: ANN401
    find = func.strpos if database == "postgresql" else func.instr
    return find(received.c.lane, ":") - 1


def _owed(statement: Select[Any], recall: Recall) -> Select[Any]:
    """Of each person only the last of these answers counts: whoever has the right one by now is not told."""
    later = received.alias()
    these = {recall.entry, recall.answer}
    newer = exists().where(
        later.c.lane == received.c.lane, later.c.entry.in_(these), later.c.id > received.c.id
    )
    gone = exists().where(talks.c.lane == received.c.lane, talks.c.gone)
    right = and_(received.c.entry == recall.answer, received.c.version == recall.version)
    return statement.where(
        received.c.entry == recall.entry, received.c.at >= recall.since, ~right, ~newer, ~gone
    )
