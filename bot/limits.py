"""How often somebody may come, and who somebody is when all that is known is an address."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import web

from bot.settings import Network

MOST_KEYS = 50_000  # remembered at once; who has been idle longest is forgotten first
ONE_HOME = 64  # bits of an IPv6 address that one subscriber shares


class Limit:
    """`most` at once, then evenly, `most` in `seconds`; for each key on its own."""

    def __init__(self, most: int, seconds: float) -> None:
        self._step = seconds / most
        self._room = seconds - self._step
        self._full: dict[str, float] = {}  # when each key will have all its room again

    def knows(self, key: str) -> bool:
        return key in self._full

    def allows(self, key: str, at: float) -> bool:
        """Count it, if there is room for it at this moment."""
        full = max(self._full.get(key, at), at)
        if full - at > self._room:
            return False
        self._full.pop(key, None)
        self._full[key] = full + self._step
        if len(self._full) > MOST_KEYS:
            del self._full[next(iter(self._full))]
        return True


def client(request: web.Request, proxies: Sequence[Network]) -> str | None:
    """Return the address or network of the one who asks; None if only a machine in between is known.

    What a header says of it counts only from a proxy that we trust, and only as far as trusted ones wrote it.
    """
    peer = _address(request.remote or "")
    if peer is None:
        return None
    if not any(peer in network for network in proxies):
        return None if peer.is_loopback else _home(peer)
    entries = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    for entry in reversed(entries):
        found = _address(entry.strip())
        if found is None:
            return None
        if not any(found in network for network in proxies):
            return _home(found)
    return None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def _home(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), ONE_HOME), strict=False))
