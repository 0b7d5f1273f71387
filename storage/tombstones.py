"""Whom a restored backup must forget again: keyed hashes of conversations, from which nobody can be told."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from feedback.messages import Address
from storage.tables import cases, consents, inbox, outbox, parts, received, talks, tombstones

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Tombstone:
    """`how` says what the person wanted for their open cases."""

    hash: str
    at: datetime
    how: str


class Tombstones:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def name(self, lane: str) -> str:
        """Return the hash by which a conversation is known here and in the audit."""
        return hmac.new(self._tx.pepper, b"lane " + lane.encode(), hashlib.sha256).hexdigest()

    def subject(self, lane: str) -> str:
        """Return how the audit names the person."""
        return f"person:{self.name(lane)}"

    def add(self, stone: Tombstone) -> None:
        self._tx.upsert(tombstones, {"hash": stone.hash, "at": stone.at, "how": stone.how})
        self._tx.traces.stones.append(stone)

    async def all(self) -> dict[str, Tombstone]:
        rows = await self._tx.connection.execute(select(tombstones))
        return {row.hash: Tombstone(row.hash, row.at, row.how) for row in rows}

    async def known(self) -> dict[str, Address]:
        """Return everybody of whom anything is here, by hash."""
        found: set[str] = set()
        for table in (inbox, outbox, talks, consents, parts, received):
            found |= set(await self._tx.connection.scalars(select(table.c.lane).distinct()))
        found |= {
            Address(row.channel, row.account, row.chat).lane
            for row in await self._tx.connection.execute(
                select(cases.c.channel, cases.c.account, cases.c.chat).where(cases.c.chat != "").distinct()
            )
        }
        lanes = {lane: lane.split(":", 2) for lane in found}
        return {self.name(lane): Address(*parts) for lane, parts in lanes.items() if len(parts) == 3}
