"""64-bit ids, ordered by time, made without asking the database."""

import secrets
from datetime import datetime

LARGEST_ID = 2**63 - 1  # that the databases can compare
_LONGEST = len(str(LARGEST_ID))
_COUNTER_BITS = 12
_MAKER_BITS = 9  # with 42 bits of milliseconds this fits a signed 64-bit integer until the year 2109


class Ids:
    """Increasing ids of one process, even when its clock is set back; all are larger than `newest`.

    `newest` is the largest id that the database holds: a clock may have been set back while nothing ran.
    """

    def __init__(self, newest: int = 0) -> None:
        self._maker = secrets.randbits(_MAKER_BITS)
        self._moment, self._counter = divmod(newest >> _MAKER_BITS, 1 << _COUNTER_BITS)

    def make(self, now: datetime) -> int:
        moment = int(now.timestamp() * 1000)
        if moment > self._moment:
            self._moment, self._counter = moment, 0
        else:
            self._counter += 1
            if self._counter == 1 << _COUNTER_BITS:
                self._moment, self._counter = self._moment + 1, 0
        return ((self._moment << _COUNTER_BITS) | self._counter) << _MAKER_BITS | self._maker


def known(text: str) -> bool:
    """Whether a text that somebody sent may be the number of something here."""
    return text.isdecimal() and len(text) <= _LONGEST and int(text) <= LARGEST_ID
