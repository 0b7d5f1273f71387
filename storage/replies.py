"""What officers answered by mail: drafts that wait at the desk until somebody reads and sends them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select

from storage.tables import ReplyStatus, replies

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Reply:
    """`left_out` names the files that came with it and are not kept."""

    id: int
    case_id: int
    officer: str
    text: str
    left_out: tuple[str, ...]
    at: datetime
    status: ReplyStatus = ReplyStatus.WAITING


class Replies:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def add(self, reply: Reply) -> None:
        row = {name: getattr(reply, name) for name in reply.__dataclass_fields__}
        self._tx.insert(replies, row | {"left_out": list(reply.left_out)})

    async def waiting(self, case_id: int) -> list[Reply]:
        """Return the drafts of a case that nobody sent or dropped, the newest first."""
        here = select(replies).where(replies.c.case_id == case_id, replies.c.status == ReplyStatus.WAITING)
        rows = await self._tx.connection.execute(here.order_by(replies.c.id.desc()))
        return [_reply(row) for row in rows]

    def move(self, reply_id: int, case_id: int, status: ReplyStatus) -> None:
        """Nothing happens if it is of another case, or does not wait any more."""
        here = {"id": reply_id, "case_id": case_id, "status": ReplyStatus.WAITING}
        self._tx.update(replies, here, {"status": status})

    async def erase(self, case_id: int) -> None:
        await self._tx.connection.execute(delete(replies).where(replies.c.case_id == case_id))


def _reply(row: Row[Any]) -> Reply:
    values = dict(row._mapping)  # noqa: SLF001
    return Reply(**values | {"status": ReplyStatus(values["status"]), "left_out": tuple(values["left_out"])})
