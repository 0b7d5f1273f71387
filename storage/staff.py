"""One-time sign-in links and the sessions of officers. Only hashes of secrets are kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import sessions, signins

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Session:
    officer: str
    csrf: str
    created_at: datetime
    seen_at: datetime


class Staff:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    async def use_link(self, token: str, officer: str, expires_at: datetime) -> bool:
        """False if it was used before: the primary key lets one of two clicks win."""
        row = {
            "token_hash": _hash(token),
            "officer": officer,
            "expires_at": expires_at,
            "used_at": self._tx.now,
        }
        dialect = postgresql if self._tx.connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(signins).values(row).on_conflict_do_nothing(index_elements=["token_hash"])
        return (await self._tx.connection.execute(first)).rowcount == 1

    def open_session(self, token: str, officer: str, csrf: str) -> None:
        now = self._tx.now
        row = {
            "token_hash": _hash(token),
            "officer": officer,
            "csrf": csrf,
            "created_at": now,
            "seen_at": now,
        }
        self._tx.insert(sessions, row)
        self._tx.audit.add(officer, "signed_in", f"officer:{officer}")

    async def session(self, token: str) -> Session | None:
        found = select(sessions).where(sessions.c.token_hash == _hash(token))
        row = (await self._tx.connection.execute(found)).one_or_none()
        return None if row is None else Session(row.officer, row.csrf, row.created_at, row.seen_at)

    def seen(self, token: str) -> None:
        self._tx.update(sessions, {"token_hash": _hash(token)}, {"seen_at": self._tx.now})

    async def close_session(self, token: str) -> None:
        await self._tx.connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
