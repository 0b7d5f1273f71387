"""Whether a channel has stopped answering: then nothing more is risked on it before it can be heard again."""

from datetime import datetime, timedelta

MANY = 3  # sends in a row: one or two without an answer are no reason to let everybody wait
FIRST = timedelta(seconds=1)
LONGEST = timedelta(seconds=10)


class Silence:
    """It begins with the third send in a row that has no answer, and ends with one that has.

    While it lasts the channel is asked, at growing intervals, whether it is reachable; each time that it is,
    one message may go.
    """

    def __init__(self) -> None:
        self._unanswered = 0
        self._wait = FIRST
        self._asks_at: datetime | None = None

    def room(self, room: int, on_the_wire: int) -> int:
        """Return how much of this room may be used."""
        if self._unanswered < MANY:
            return room
        return 0 if self._asks_at else min(room, max(0, 1 - on_the_wire))

    def asks(self, now: datetime) -> bool:
        """Whether it is time to ask; a clock that was set back delays it by no more than the usual wait."""
        return self._asks_at is not None and not now < self._asks_at <= now + LONGEST

    def answered(self) -> None:
        """A send had an answer, be it a refusal."""
        self._unanswered, self._wait, self._asks_at = 0, FIRST, None

    def unanswered(self, now: datetime) -> None:
        """A send, or the question whether the channel is reachable, had no answer."""
        self._unanswered += 1
        if self._unanswered >= MANY and self._asks_at is None:
            self._asks_at = now + self._wait
            self._wait = min(self._wait * 2, LONGEST)

    def asked(self, now: datetime, *, reachable: bool) -> None:
        self._asks_at = None
        if not reachable:
            self.unanswered(now)
