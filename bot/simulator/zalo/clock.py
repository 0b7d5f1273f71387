"""What time it is at Zalo."""

from collections.abc import Callable
from datetime import datetime, timedelta


class Clock:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._now() + self._ahead

    def later(self, span: timedelta) -> None:
        """Let time pass."""
        self._ahead += span

    def stamp(self) -> int:
        """Milliseconds, as Zalo writes moments."""
        return round(self().timestamp() * 1000)
