"""What may go wrong, on demand."""

from collections import defaultdict, deque
from enum import StrEnum


class Fault(StrEnum):
    RATE = "rate"  # refused: too many calls (-32, or 429 for the bot)
    BROKEN = "broken"  # HTTP 500 with a page instead of JSON
    GATEWAY = "gateway"  # HTTP 502 with a page instead of JSON
    RESET = "reset"  # the connection is closed before anything was taken
    HANG = "hang"  # nothing is done, and no answer comes
    LOST = "lost"  # everything is done, and the connection is closed without an answer
    HALF = "half"  # everything is done, and the answer breaks off
    EXPIRED = "expired"  # refused: the token is no longer good (-216, or 401)
    BLOCKED = "blocked"  # refused: the person has blocked the account (-217, or 403)
    CLOSED = "closed"  # refused: the person has been silent for too long (-230, or 403)

    TWICE = "twice"  # an event comes two times at once
    SWAPPED = "swapped"  # an event comes after the one that follows it
    LATE = "late"  # an event comes half a minute late
    AGAIN = "again"  # getUpdates hands out what it handed out before


WEBHOOK = "webhook"  # the name for whatever event comes next


class Faults:
    """`next("message/cs", Fault.LOST)`, `next("follow", Fault.TWICE)`, `next("webhook", Fault.LATE)`."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lasting: dict[str, Fault] = {}

    def next(self, name: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method, or deliveries of an event, go wrong.

        The Official Account's methods are named by what follows /oa/ in their path, OAuth's are
        `access_token` and `permission`, a download is `media`, the bot's methods are themselves.
        """
        self._waiting[name].extend([fault] * times)

    def always(self, name: str, fault: Fault) -> None:
        """Let all calls of a method go wrong until `over`."""
        self._lasting[name] = fault

    def over(self, name: str) -> None:
        self._lasting.pop(name, None)

    def take(self, *names: str) -> Fault | None:
        """Return the next fault for the first of these names that has one."""
        for name in names:
            if self._waiting[name]:
                return self._waiting[name].popleft()
            if name in self._lasting:
                return self._lasting[name]
        return None

    def clear(self) -> None:
        self._waiting.clear()
        self._lasting.clear()

    @property
    def lasting(self) -> dict[str, Fault]:
        """What goes wrong every time."""
        return dict(self._lasting)

    @property
    def waiting(self) -> dict[str, tuple[Fault, ...]]:
        """What is still to go wrong."""
        return {name: tuple(faults) for name, faults in self._waiting.items() if faults}
