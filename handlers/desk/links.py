"""One-time sign-in links: «officer.expires.nonce.mac».

They are signed, so nothing is kept of a link until it is used.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from feedback.vietnamese import sound

LIFETIME = timedelta(minutes=10)
PURPOSE = b"caunoi signin "  # the same secret may sign other things


@dataclass(frozen=True, slots=True)
class Link:
    officer: str
    expires: datetime


def make(secret: bytes, officer: str, expires: datetime) -> str:
    body = f"{officer}.{int(expires.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{body}.{_mac(secret, body)}"


def read(secret: bytes, token: str, now: datetime) -> Link | None:
    """None if we did not sign it, or it is too old. Whether it was used, only the database knows."""
    body, _, mac = sound(token).rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(secret, body).encode()):
        return None
    officer, expires, _ = body.rsplit(".", 2)
    link = Link(officer, datetime.fromtimestamp(int(expires), UTC))
    return link if now < link.expires else None


def _mac(secret: bytes, body: str) -> str:
    return hmac.digest(secret, PURPOSE + body.encode(), "sha256").hex()
