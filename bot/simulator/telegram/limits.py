"""How fast the bot sends and edits, and how fast it may."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from bot.simulator.telegram.clock import Clock
from bot.simulator.telegram.refusals import flood

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Rate:
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Peaks:
    """The highest numbers of messages and edits that were let through. `refused` were not."""

    second: int = 0
    chat_second: int = 0
    group_minute: int = 0
    refused: int = 0


class Limits:
    """Every field may be changed at any time. One message a second to a chat, but short bursts pass."""

    def __init__(self, clock: Clock, *, enforced: bool) -> None:
        self.enforced = enforced
        self.overall = Rate(30, 1)
        self.chat = Rate(3, 3)
        self.group = Rate(20, 60)
        self.peaks = Peaks()
        self._clock = clock
        self._times: defaultdict[Key, deque[float]] = defaultdict(deque)

    def count(self, chat: int, times: int = 1) -> None:
        """Count messages to a chat. Raises Refused if there are too many, and counts none of them then."""
        now = self._clock.seconds()
        rates = {("all", 0): self.overall, ("chat", chat): self.chat}
        if chat < 0:
            rates["group", chat] = self.group
        if self.enforced and (wait := max(self._wait(key, rate, now, times) for key, rate in rates.items())):
            self._note(refused=times)
            raise flood(wait)
        for key, rate in rates.items():
            self._within(key, rate.seconds, now).extend([now] * times)
        self._note(
            second=self._add(("second of all", 0), 1, now, times),
            chat_second=self._add(("second", chat), 1, now, times),
            group_minute=self._add(("minute", chat), 60, now, times) if chat < 0 else 0,
        )

    def _add(self, key: Key, span: int, now: float, times: int) -> int:
        """Return how many there are within a span, with these."""
        found = self._within(key, span, now)
        found.extend([now] * times)
        return len(found)

    def _within(self, key: Key, span: float, now: float) -> deque[float]:
        times = self._times[key]
        while times and times[0] <= now - span:
            times.popleft()
        return times

    def _wait(self, key: Key, rate: Rate, now: float, wanted: int) -> int:
        """Return in how many whole seconds there will be room."""
        times = self._within(key, rate.seconds, now)
        excess = len(times) + min(wanted, rate.most) - rate.most
        return max(1, math.ceil(times[excess - 1] + rate.seconds - now)) if excess > 0 else 0

    def _note(self, second: int = 0, chat_second: int = 0, group_minute: int = 0, refused: int = 0) -> None:
        self.peaks = Peaks(
            max(self.peaks.second, second),
            max(self.peaks.chat_second, chat_second),
            max(self.peaks.group_minute, group_minute),
            self.peaks.refused + refused,
        )
