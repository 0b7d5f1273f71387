"""Files that an officer sends along with an answer: a link in the message, signed, which ends.

A link leads to one file for as long as it lives, and whoever has it may open it: like the message itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers import signed

LIFETIME = timedelta(days=30)
PATH = "/tep/"
PURPOSE = b"caunoi enclosure "
ID, EXPIRES = 8, 5  # bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as the citizen finds it in the message."""

    name: str
    url: str

    def __str__(self) -> str:
        return f"• {self.name}: {self.url}"


def token(secret: bytes, file: int, expires: datetime) -> str:
    head = file.to_bytes(ID) + int(expires.timestamp()).to_bytes(EXPIRES)
    return signed.token(secret, PURPOSE, head)


def read(secret: bytes, given: str, now: datetime) -> int | None:
    """Return the id of the file; None if we did not sign it so, or it has ended."""
    head = signed.head(secret, PURPOSE, given, ID + EXPIRES)
    if head is None or now >= datetime.fromtimestamp(int.from_bytes(head[ID:]), UTC):
        return None
    return int.from_bytes(head[:ID])
