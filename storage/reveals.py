"""Who asked to know the sender of an anonymous case, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from storage.audit import of_case
from storage.tables import reveals

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Reveal:
    """`approved` is None while nobody has decided; `shown_at` says when the one who asked has seen it."""

    id: int
    case_id: int
    asked_by: str
    reason: str
    at: datetime
    approved: bool | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    shown_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for a decision, or may still be looked at."""
        return self.approved is None or (self.approved and self.shown_at is None)


class Reveals:
    """Every act here is in the audit, too, under the case."""

    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def ask(self, case_id: int, officer: str, reason: str) -> None:
        reveal = Reveal(self._tx.new_id(), case_id, officer, reason, self._tx.now)
        self._tx.insert(reveals, {name: getattr(reveal, name) for name in reveal.__dataclass_fields__})
        self._tx.audit.add(officer, "identity_asked", of_case(case_id), reveal=reveal.id, reason=reason)

    def decide(self, reveal: Reveal, officer: str, *, approved: bool) -> None:
        """The commit raises Changed if somebody else was faster."""
        waits = (reveals.c.id == reveal.id) & reveals.c.approved.is_(None)
        decided = {"approved": approved, "decided_by": officer, "decided_at": self._tx.now}
        self._tx.update_or_fail(reveals.update().where(waits).values(decided))
        what = "identity_approved" if approved else "identity_declined"
        self._tx.audit.add(officer, what, of_case(reveal.case_id), reveal=reveal.id)

    def show(self, reveal: Reveal) -> None:
        """Once: the commit raises Changed if it was shown before."""
        unseen = (reveals.c.id == reveal.id) & reveals.c.approved & reveals.c.shown_at.is_(None)
        self._tx.update_or_fail(reveals.update().where(unseen).values(shown_at=self._tx.now))
        self._tx.audit.add(reveal.asked_by, "identity_shown", of_case(reveal.case_id), reveal=reveal.id)

    async def erase(self, case_id: int) -> None:
        """Forget the reasons: they tell of the person."""
        theirs = reveals.update().where(reveals.c.case_id == case_id)
        await self._tx.connection.execute(theirs.values(reason=""))

    async def waiting(self) -> list[Reveal]:
        return await self._many(select(reveals).where(reveals.c.approved.is_(None)).order_by(reveals.c.id))

    async def by_id(self, reveal_id: int) -> Reveal | None:
        return next(iter(await self._many(select(reveals).where(reveals.c.id == reveal_id))), None)

    async def of_case(self, case_id: int) -> list[Reveal]:
        return await self._many(select(reveals).where(reveals.c.case_id == case_id).order_by(reveals.c.id))

    async def _many(self, statement: Select[Any]) -> list[Reveal]:
        return [Reveal(**row._mapping) for row in await self._tx.connection.execute(statement)]  # noqa: SLF001
