"""By which rules the stored promises were made, and how far they were brought up to new ones."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.tables import rules

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Rule:
    """`print` is that of the rules in force; those of `applying` were applied up to the case `done`."""

    name: str
    print: str
    applying: str = ""
    done: int = 0


class Rules:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    async def find(self, name: str) -> Rule | None:
        row = (await self._tx.connection.execute(select(rules).where(rules.c.name == name))).one_or_none()
        return None if row is None else Rule(*row)

    def keep(self, rule: Rule) -> None:
        self._tx.upsert(rules, asdict(rule))
