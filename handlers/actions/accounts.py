"""One-time links by which an officer shows which account of a chat service is theirs.

A link fits into 64 characters of A-Z a-z 0-9 _ -, so it names its officer only by its signature.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from feedback.messages import Incoming
from feedback.staff import Officer
from handlers.library import Library
from storage.store import Tx

LIFETIME = timedelta(minutes=10)
PURPOSE = b"caunoi account "  # the same secret may sign other things
START = "canbo_"
EXPIRES, NONCE, MAC = 5, 8, 20  # bytes


@dataclass(frozen=True, slots=True)
class Claim:
    officer: Officer
    expires: datetime


def make(secret: bytes, officer: str, expires: datetime) -> str:
    head = int(expires.timestamp()).to_bytes(EXPIRES) + secrets.token_bytes(NONCE)
    return base64.urlsafe_b64encode(head + _mac(secret, officer, head)).decode().rstrip("=")


def read(secret: bytes, token: str, staff: Iterable[Officer], now: datetime) -> Claim | None:
    """None if we signed it for nobody who works here, or it is too old; the database knows if it was used."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    head, mac = raw[: EXPIRES + NONCE], raw[EXPIRES + NONCE :]
    if len(mac) != MAC:
        return None
    known = [officer for officer in staff if hmac.compare_digest(mac, _mac(secret, officer.id, head))]
    expires = datetime.fromtimestamp(int.from_bytes(head[:EXPIRES]), UTC) if known else now
    return Claim(known[0], expires) if now < expires else None


async def officer(tx: Tx, library: Library, message: Incoming) -> Officer | None:
    """Return who wrote, if they have linked this account and still work here."""
    known = await tx.groups.officer_of(message.channel, message.account, message.person)
    return next((each for each in library.office.staff if each.id == known), None)


def _mac(secret: bytes, officer: str, head: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + officer.encode() + b" " + head, "sha256")[:MAC]
