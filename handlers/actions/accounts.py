"""One-time links by which an officer shows which account of a chat service is theirs.

A link fits into 64 characters of A-Z a-z 0-9 _ -, so it names its officer only by its signature.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from feedback.messages import Incoming
from feedback.staff import Officer
from handlers import signed
from handlers.library import Library
from storage.store import Tx

LIFETIME = timedelta(minutes=10)
PURPOSE = b"caunoi account "
START = "canbo_"
EXPIRES, NONCE = 5, 8  # bytes


@dataclass(frozen=True, slots=True)
class Claim:
    officer: Officer
    expires: datetime


def make(secret: bytes, officer: str, expires: datetime) -> str:
    head = int(expires.timestamp()).to_bytes(EXPIRES) + secrets.token_bytes(NONCE)
    return signed.token(secret, _purpose(officer), head)


def read(secret: bytes, token: str, staff: Iterable[Officer], now: datetime) -> Claim | None:
    """None if we signed it for nobody who works here, or it is too old; the database knows if it was used."""
    for officer in staff:
        if head := signed.head(secret, _purpose(officer.id), token, EXPIRES + NONCE):
            expires = datetime.fromtimestamp(int.from_bytes(head[:EXPIRES]), UTC)
            return Claim(officer, expires) if now < expires else None
    return None


async def officer(tx: Tx, library: Library, message: Incoming) -> Officer | None:
    """Return who wrote, if they have linked this account and still work here."""
    known = await tx.groups.officer_of(message.channel, message.account, message.person)
    return next((each for each in library.office.staff if each.id == known), None)


def _purpose(officer: str) -> bytes:
    return PURPOSE + officer.encode() + b" "
