"""Files that Zalo serves by their address, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.zalo import ids
from bot.simulator.zalo.clock import Clock

LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    content: bytes
    until: datetime


class Media:
    def __init__(self, clock: Clock) -> None:
        self.place = ""
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def keep(self, content: bytes, name: str) -> str:
        """Return the address under which this is served from now on."""
        key = f"{ids.message()}-{name}"
        self._kept[key] = Kept(content, self._clock() + LIFE)
        return f"{self.place}/media/{key}"

    def get(self, key: str) -> bytes | None:
        kept = self._kept.get(key)
        return kept.content if kept and self._clock() < kept.until else None

    def expire(self) -> None:
        """Nothing that was served until now is served any more."""
        self._kept.clear()
