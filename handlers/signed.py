"""Tokens that we sign: a head of so many bytes, told to everybody, and what proves that we made it.

They are of A-Z a-z 0-9 _ -, so that they fit into a link. The same secret signs for several purposes.
"""

import base64
import binascii
import hmac

MAC = 20  # bytes


def token(secret: bytes, purpose: bytes, head: bytes) -> str:
    return base64.urlsafe_b64encode(head + _mac(secret, purpose, head)).decode().rstrip("=")


def head(secret: bytes, purpose: bytes, given: str, size: int) -> bytes | None:
    """Return the head, of `size` bytes; None if we did not sign it for this purpose."""
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    found, mac = raw[:size], raw[size:]
    return found if hmac.compare_digest(mac, _mac(secret, purpose, found)) else None


def _mac(secret: bytes, purpose: bytes, head: bytes) -> bytes:
    return hmac.digest(secret, purpose + head, "sha256")[:MAC]
