"""What an officer wrote in a group for a citizen: shown first, stopped perhaps, and sent once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select

from storage.tables import DraftStatus, drafts

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Draft:
    """`act` with what is `filled` in, as in the desk's forms; `seen` is how much of the timeline they knew.

    `topic` and `message` say where the preview stands.
    """

    id: int
    case_id: int
    group_id: int
    officer: str
    act: str
    filled: dict[str, str]
    seen: int
    topic: str
    at: datetime
    message: str = ""
    status: DraftStatus = DraftStatus.WRITTEN
    leave_at: datetime | None = None


class Drafts:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def add(self, draft: Draft) -> None:
        self._tx.insert(drafts, {name: getattr(draft, name) for name in draft.__dataclass_fields__})

    async def by_id(self, draft_id: int) -> Draft | None:
        row = (await self._tx.connection.execute(select(drafts).where(drafts.c.id == draft_id))).one_or_none()
        return None if row is None else _draft(row)

    async def leaving(self, limit: int = 20) -> list[Draft]:
        """Return what leaves now, the first first."""
        due = drafts.c.leave_at <= self._tx.now
        leaving = select(drafts).where(drafts.c.status == DraftStatus.LEAVING, due)
        rows = await self._tx.connection.execute(
            leaving.order_by(drafts.c.leave_at, drafts.c.id).limit(limit)
        )
        return [_draft(row) for row in rows]

    def move(self, draft: Draft, status: DraftStatus, **values: object) -> None:
        """The commit raises Changed if somebody else has moved it: the database picks the winner."""
        still = (drafts.c.id == draft.id) & (drafts.c.status == draft.status)
        self._tx.update_or_fail(drafts.update().where(still).values(status=status, **values))

    async def erase(self, case_id: int) -> None:
        await self._tx.connection.execute(delete(drafts).where(drafts.c.case_id == case_id))


def _draft(row: Row[Any]) -> Draft:
    values = dict(row._mapping)  # noqa: SLF001
    return Draft(**values | {"status": DraftStatus(values["status"])})
