"""Who agreed to what, for which purpose, until when. Silence is not consent (Luật 91/2025/QH15, Điều 9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from storage.tables import consents

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person was shown: `version` of the words, `purpose`, and for how many `days` data are kept."""

    version: str
    purpose: str
    days: int
    given_at: datetime
    withdrawn_at: datetime | None = None


class Consents:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def give(self, lane: str, version: str, purpose: str = "", days: int = 0) -> None:
        self._tx.insert(
            consents,
            {
                "id": self._tx.new_id(),
                "lane": lane,
                "version": version,
                "purpose": purpose,
                "days": days,
                "given_at": self._tx.now,
            },
        )

    async def of(self, lane: str) -> list[Consent]:
        mine = select(consents).where(consents.c.lane == lane).order_by(consents.c.id)
        return [
            Consent(row.version, row.purpose, row.days, row.given_at, row.withdrawn_at)
            for row in await self._tx.connection.execute(mine)
        ]

    async def holds(self, lane: str) -> bool:
        """Whether the person agreed, and has not withdrawn it since."""
        stands = exists().where(consents.c.lane == lane, consents.c.withdrawn_at.is_(None))
        return bool(await self._tx.connection.scalar(select(stands)))

    async def withdrawn(self, lane: str) -> bool:
        """Whether the person agreed once, and does not any more."""
        return bool(await self.of(lane)) and not await self.holds(lane)

    async def withdraw(self, lane: str) -> bool:
        """False if there was nothing to withdraw."""
        stands = (consents.c.lane == lane) & consents.c.withdrawn_at.is_(None)
        done = consents.update().where(stands).values(withdrawn_at=self._tx.now)
        return bool((await self._tx.connection.execute(done)).rowcount)

    async def erase(self, lane: str) -> None:
        await self._tx.connection.execute(delete(consents).where(consents.c.lane == lane))
