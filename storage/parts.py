"""Which messages of a person became part of which case, for as long as they can be changed or completed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Row, Select, delete, select

from feedback.messages import Part
from storage.tables import parts

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Filed:
    """A message as it stands in a case."""

    part: Part
    case_id: int


class Parts:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def keep(self, lane: str, case_id: int, messages: Iterable[Part]) -> None:
        """Remember what they say now; a channel without message ids has none to be changed."""
        for part in messages:
            if part.message:
                row = {"lane": lane, "message": part.message, "album": part.album, "text": part.text,
                       "case_id": case_id, "at": self._tx.now}  # fmt: skip
                self._tx.upsert(parts, row)

    async def of_message(self, lane: str, message: str) -> Filed | None:
        return await self._first(select(parts).where(parts.c.lane == lane, parts.c.message == message))

    async def of_album(self, lane: str, album: str) -> Filed | None:
        mine = select(parts).where(parts.c.lane == lane, parts.c.album == album)
        return await self._first(mine.order_by(parts.c.message).limit(1))

    async def erase(self, lane: str) -> None:
        await self._tx.connection.execute(delete(parts).where(parts.c.lane == lane))

    async def _first(self, statement: Select[tuple[Row[tuple[object, ...]]]]) -> Filed | None:
        row = (await self._tx.connection.execute(statement)).one_or_none()
        return None if row is None else Filed(Part(row.message, row.text, row.album), row.case_id)
