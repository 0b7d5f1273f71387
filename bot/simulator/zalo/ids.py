"""Zalo's identifiers: long strings in which nothing can be read."""

import secrets
from hashlib import sha256

LEAST = 10**18  # nineteen digits: more than a number in JSON can be trusted with


def message() -> str:
    return secrets.token_hex(10)


def opaque() -> str:
    return secrets.token_urlsafe(48)


def number() -> str:
    return str(LEAST + secrets.randbelow(8 * LEAST))


def by_app(user_id: str, app_id: str) -> str:
    """The same person, as another app would not know them."""
    digest = sha256(f"{app_id}:{user_id}".encode()).hexdigest()
    return str(LEAST + int(digest[:16], 16) % (8 * LEAST))
