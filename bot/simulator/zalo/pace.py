"""How many calls a second are taken."""

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.simulator.zalo.clock import Clock

SECOND = timedelta(seconds=1)


class Pace:
    def __init__(self, clock: Clock, rates: Mapping[str, int]) -> None:
        self._clock = clock
        self._rates = rates
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admits(self, kind: str) -> bool:
        """Count a call, unless it is one too many."""
        if kind not in self._rates:
            return True
        now, times = self._clock(), self._times[kind]
        while times and times[0] <= now - SECOND:
            times.popleft()
        if len(times) >= self._rates[kind]:
            return False
        times.append(now)
        return True
