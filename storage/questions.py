"""What was asked and what became of it, without who asked; and the answers that are switched off."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from feedback.masking import masked
from storage.tables import OPEN_QUESTION, Outcome, questions, switches

if TYPE_CHECKING:
    from storage.store import Tx

LONGEST = 1_000  # characters of a question that are kept


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it may be kept. `text` is masked; `entry` was shown or refused, `nearest` never shown.

    `settled_how` says what an officer made of it; it is empty while nobody did.
    """

    id: int
    at: datetime
    channel: str
    text: str
    outcome: Outcome
    entry: str
    version: str
    nearest: str
    settled_how: str
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Switch:
    """The last word on an entry: who switched it off or on again, when and why."""

    entry: str
    off: bool
    by: str
    at: datetime
    reason: str


class Questions:
    """The caller decides what is a question: nothing of a withheld kind may be handed over here."""

    def __init__(self, tx: "Tx") -> None:
        self._tx = tx
        self._off: frozenset[str] | None = None

    def keep(
        self,
        text: str,
        outcome: str,
        entry: str = "",
        nearest: str = "",
        *,
        version: str = "",
        channel: str = "",
    ) -> int:
        """Keep the question, masked, and return its id. Raises ValueError for an unknown outcome."""
        made = self._tx.new_id()
        row = {"id": made, "at": self._tx.now, "channel": channel, "text": masked(text)[:LONGEST],
               "outcome": Outcome(outcome), "entry": entry, "version": version,
               "nearest": nearest}  # fmt: skip
        self._tx.insert(questions, row)
        return made

    def chosen(self, question: int, entry: str, *, version: str = "") -> None:
        """One of the choices was taken."""
        self._change(question, outcome=Outcome.CHOSEN, entry=entry, version=version)

    def refuse(self, question: int) -> None:
        """«Không đúng ý tôi»: what was shown is no answer to it."""
        self._change(question, outcome=Outcome.REFUSED)

    async def latest(self, limit: int) -> list[Question]:
        """Return the newest first, whatever became of them."""
        return await self._many(select(questions).order_by(questions.c.id.desc()).limit(limit))

    async def by_ids(self, ids: Iterable[int]) -> list[Question]:
        return await self._many(select(questions).where(questions.c.id.in_(ids)).order_by(questions.c.id))

    async def unanswered(self, since: datetime, limit: int = 2_000) -> list[Question]:
        """Return what was not answered and nobody has settled, the newest first."""
        waiting = select(questions).where(OPEN_QUESTION, questions.c.at >= since)
        return await self._many(waiting.order_by(questions.c.at.desc(), questions.c.id.desc()).limit(limit))

    def settle(self, ids: Iterable[int], how: str, by: str) -> None:
        """Take them off the list; of two officers the first one is remembered."""
        done = {"settled_how": how, "settled_by": by, "settled_at": self._tx.now}
        for each in ids:
            self._tx.update(questions, {"id": each, "settled_how": ""}, done)

    def unsettle(self, ids: Iterable[int]) -> None:
        """Put them back on the list."""
        for each in ids:
            self._change(each, settled_how="", settled_by="", settled_at=None)

    async def counts(self, since: datetime) -> Counter[str]:
        """Return how many questions had each outcome, and how many are «open»: on the list of unanswered."""
        recent = questions.c.at >= since
        by_outcome = select(questions.c.outcome, func.count()).where(recent).group_by(questions.c.outcome)
        counted: Counter[str] = Counter(dict((await self._tx.connection.execute(by_outcome)).all()))
        waiting = select(func.count()).where(OPEN_QUESTION, recent).select_from(questions)
        counted["open"] = await self._tx.connection.scalar(waiting) or 0
        return counted

    async def switched_off(self) -> frozenset[str]:
        """Return the ids of the entries that must not be shown, as this transaction first saw them."""
        if self._off is None:
            off = select(switches.c.entry).where(switches.c.off)
            self._off = frozenset((await self._tx.connection.execute(off)).scalars())
        return self._off

    async def switches(self) -> dict[str, Switch]:
        """Return the last word on each entry that was ever switched, by its id."""
        rows = await self._tx.connection.execute(select(switches).order_by(switches.c.entry))
        return {row.entry: Switch(row.entry, row.off, row.by, row.at, row.reason) for row in rows}

    def switch(self, entry: str, *, off: bool, by: str, reason: str = "") -> None:
        self._tx.upsert(
            switches, {"entry": entry, "off": off, "by": by, "at": self._tx.now, "reason": reason}
        )
        self._tx.audit.add(by, "switched_off" if off else "switched_on", f"entry:{entry}"[:80], reason=reason)

    def _change(self, question: int, **change: object) -> None:
        self._tx.update(questions, {"id": question}, change)

    async def _many(self, statement: Select[Any]) -> list[Question]:
        rows = (await self._tx.connection.execute(statement)).mappings()
        return [Question(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]
