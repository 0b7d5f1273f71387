"""The server's time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def from_the_beginning() -> Callable[[], datetime]:
    """Return a clock that runs at the usual speed from the first of January 2026."""
    started = time.monotonic()
    return lambda: BEGINNING + timedelta(seconds=time.monotonic() - started)


class Clock:
    """What `now` says, and whatever has been let pass besides."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._shift = timedelta()

    def now(self) -> datetime:
        return self._now() + self._shift

    def seconds(self) -> float:
        return self.now().timestamp()

    def date(self) -> int:
        """As dates stand in messages: whole Unix seconds."""
        return int(self.seconds())

    def later(self, seconds: float) -> None:
        self._shift += timedelta(seconds=seconds)
