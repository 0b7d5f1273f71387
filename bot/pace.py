"""How fast an account may send: overall, to one chat, to one group. Nothing ever arrives faster.

When a message reached the channel is known only within limits: after it left, and before its answer came. So
it counts from the one until as long as the rate looks back after the other.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.messages import Address


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` messages in any `within`: a short burst passes, and the mean holds."""

    most: int
    within: timedelta


def per_second(most: int, seconds: float = 1) -> Rate:
    return Rate(most, timedelta(seconds=seconds))


class _Log:
    """How many messages are on their way, and when the last ones ended, as far back as the rate looks."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._on_their_way = 0
        self._moments: deque[datetime] = deque(maxlen=rate.most)

    @property
    def empty(self) -> bool:
        return not self._moments and not self._on_their_way

    def begin(self) -> None:
        self._on_their_way += 1

    def end(self, moment: datetime) -> None:
        self._on_their_way -= 1
        self.add(moment)

    def add(self, moment: datetime) -> None:
        self._moments.append(moment)

    def room(self, now: datetime) -> int:
        self._forget(now)
        return max(0, self._rate.most - self._on_their_way - len(self._moments))

    def opens(self, now: datetime) -> datetime:
        """Return when the next one may go, `now` also if that takes an answer."""
        return now if self.room(now) or not self._moments else self._moments[0] + self._rate.within

    def _forget(self, now: datetime) -> None:
        """Also what lies in the future: then the clock was set back."""
        while self._moments and not now - self._rate.within < self._moments[0] <= now:
            self._moments.popleft()


class Pace:
    """The pace of one account; `rate_of` says what holds for a chat, None for no limit of its own."""

    def __init__(self, overall: Rate, rate_of: Callable[[Address], Rate | None]) -> None:
        self._all = _Log(overall)
        self._rate_of = rate_of
        self._chats: dict[str, _Log] = {}

    def room(self, now: datetime) -> int:
        """Return how many messages may go now."""
        return self._all.room(now)

    def resting(self, now: datetime) -> set[str]:
        """Return the lanes that must wait; chats that were quiet for long enough are forgotten."""
        resting = {lane for lane, log in self._chats.items() if not log.room(now)}
        self._chats = {lane: log for lane, log in self._chats.items() if not log.empty}
        return resting

    def begin(self, address: Address) -> None:
        """It is on its way."""
        for log in self._logs(address):
            log.begin()

    def end(self, address: Address, moment: datetime) -> None:
        """What had begun has its answer, or will have none."""
        for log in self._logs(address):
            log.end(moment)

    def took(self, address: Address, moment: datetime) -> None:
        """Count what was begun by nobody here."""
        for log in self._logs(address):
            log.add(moment)

    def remember(self, sent: Iterable[tuple[Address, datetime]]) -> None:
        """Count what was sent before this process began, oldest first."""
        for address, moment in sent:
            self.took(address, moment)

    def wait(self, now: datetime, longest: float) -> float:
        """Return the seconds until anything that rests may go, at most `longest`."""
        moments = [log.opens(now) for log in (self._all, *self._chats.values())]
        rests = [(moment - now).total_seconds() for moment in moments if moment > now]
        return min([longest, *rests])

    def _logs(self, address: Address) -> list[_Log]:
        rate = self._rate_of(address)
        return [self._all, self._chats.setdefault(address.lane, _Log(rate))] if rate else [self._all]
