"""How long after a person's last word a channel lets us write to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Reach(StrEnum):
    FREE = "free"
    PAID = "paid"  # each message counts against a quota
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """Terms that begin with the person's last act; `free` is the shorter one."""

    free: timedelta
    longest: timedelta

    def reach(self, acted_at: datetime | None, now: datetime) -> Reach:
        """Say whether a message may be sent now; somebody who never did anything cannot be reached."""
        if acted_at is None or now - acted_at > self.longest:
            return Reach.CLOSED
        return Reach.FREE if now - acted_at <= self.free else Reach.PAID

    def closes(self, acted_at: datetime) -> datetime:
        return acted_at + self.longest


Windows = Mapping[str, Window]  # by the channel's name; a channel without one takes messages at any time

WINDOWS: Windows = MappingProxyType({"zalo_oa": Window(timedelta(hours=48), timedelta(days=7))})
