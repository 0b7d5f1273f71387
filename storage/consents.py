"""Who agreed to what, and when. Silence is not consent (Luật 91/2025/QH15, Điều 9)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete

from storage.tables import consents

if TYPE_CHECKING:
    from storage.store import Tx


class Consents:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def give(self, lane: str, version: str) -> None:
        self._tx.insert(
            consents,
            {"id": self._tx.new_id(), "lane": lane, "version": version, "given_at": self._tx.now},
        )

    async def erase(self, lane: str) -> None:
        await self._tx.connection.execute(delete(consents).where(consents.c.lane == lane))

    async def purge(self, before: datetime) -> int:
        old = delete(consents).where(consents.c.given_at < before)
        return (await self._tx.connection.execute(old)).rowcount
