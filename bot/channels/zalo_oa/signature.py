"""Whether Zalo sent this: mac = sha256(app_id + body + timestamp + the webhook's secret key), no HMAC."""

import hmac
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

HEADER = "X-ZEvent-Signature"
OLDEST = timedelta(hours=2, minutes=30)  # events are sent again for almost two hours, with the same signature
STAMP = re.compile(rb'"timestamp"\s*:\s*"?(\d{1,20})"?')


def mac(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    return sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def parsed(raw: bytes) -> dict[str, Any] | None:
    """Return the body if it is a JSON object."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def stamp_of(raw: bytes) -> str:
    """Return the timestamp as it is signed, from a body that cannot be read, too."""
    body = parsed(raw)
    if body is not None:
        return str(body.get("timestamp", ""))
    found = STAMP.search(raw)
    return found[1].decode() if found else ""


def is_genuine(headers: Sequence[str], raw: bytes, app_id: str, secret: str) -> bool:
    """Whoever sends the header twice hopes that somebody reads the other one."""
    given = headers[0].strip().removeprefix("mac=") if len(headers) == 1 else ""
    right = mac(app_id, raw, stamp_of(raw).encode("utf-8", "replace").decode(), secret)
    return hmac.compare_digest(given.lower().encode("utf-8", "surrogateescape"), right.encode())


def is_timely(raw: bytes, now: datetime) -> bool:
    """A moment far from now is an old event played again, or a clock that is wrong."""
    try:
        moment = datetime.fromtimestamp(int(stamp_of(raw)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return abs(now - moment) <= OLDEST
