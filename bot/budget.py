"""How many failed tries an address has; the successful ones cost nothing."""

import ipaddress

from aiolimiter import AsyncLimiter

MINUTE = 60.0  # seconds
MOST_ADDRESSES = 10_000  # then everybody starts anew: memory is worth more than a stranger's count
NETWORK = 64  # bits: who has one address of IPv6 has all of these


class Budget:
    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._spent: dict[str, AsyncLimiter] = {}

    async def spend(self, address: str) -> bool:
        """Whether there was a try left."""
        if len(self._spent) >= MOST_ADDRESSES:
            self._spent.clear()
        limit = self._spent.setdefault(_network(address), AsyncLimiter(self._per_minute, MINUTE))
        if not limit.has_capacity():
            return False
        await limit.acquire()
        return True


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((parsed, NETWORK), strict=False))
