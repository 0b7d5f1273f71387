"""Files that an officer sends along with an answer: a link in the message, signed, which ends.

A link leads to one file for as long as it lives, and whoever has it may open it: like the message itself.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LIFETIME = timedelta(days=30)
PATH = "/tep/"
PURPOSE = b"caunoi enclosure "  # the same secret may sign other things
ID, EXPIRES, MAC = 8, 5, 20  # bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as the citizen finds it in the message."""

    name: str
    url: str

    def __str__(self) -> str:
        return f"• {self.name}: {self.url}"


def token(secret: bytes, file: int, expires: datetime) -> str:
    head = file.to_bytes(ID) + int(expires.timestamp()).to_bytes(EXPIRES)
    return base64.urlsafe_b64encode(head + _mac(secret, head)).decode().rstrip("=")


def read(secret: bytes, given: str, now: datetime) -> int | None:
    """Return the id of the file; None if we did not sign it so, or it has ended."""
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    head, mac = raw[: ID + EXPIRES], raw[ID + EXPIRES :]
    if len(mac) != MAC or not hmac.compare_digest(mac, _mac(secret, head)):
        return None
    expires = datetime.fromtimestamp(int.from_bytes(head[ID:]), UTC)
    return int.from_bytes(head[:ID]) if now < expires else None


def _mac(secret: bytes, head: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + head, "sha256")[:MAC]
