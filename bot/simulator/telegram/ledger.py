"""Everything that was written, delivered, sent and changed, in order."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    HAPPENED = "happened"  # someone wrote, pressed, edited …: there is an update for the bot
    DELIVERED = "delivered"  # the update was handed to the bot, perhaps not for the first time
    TAKEN = "taken"  # the bot confirmed the update
    EXPIRED = "expired"  # nobody took the update in time: it is lost
    SENT = "sent"  # this and what follows is done by the bot
    EDITED = "edited"
    DELETED = "deleted"
    ANSWERED = "answered"  # a press


@dataclass(frozen=True, slots=True)
class Line:
    """`update` is 0 for what the bot does, `message` is 0 where there is none."""

    at: datetime
    deed: Deed
    chat: int
    message: int = 0
    update: int = 0
    text: str = ""


class Ledger:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self.lines: list[Line] = []
        self._now = now

    def write(self, deed: Deed, chat: int, message: int = 0, update: int = 0, text: str = "") -> None:
        self.lines.append(Line(self._now(), deed, chat, message, update, text))

    def of(self, *deeds: Deed, chat: int | None = None) -> list[Line]:
        """Return the lines about some deeds, or all of them, in one chat, or in all."""
        return [
            line for line in self.lines if (not deeds or line.deed in deeds) and chat in {None, line.chat}
        ]

    def lost(self) -> list[int]:
        """Updates that the bot has not taken, or not yet."""
        taken = {line.update for line in self.of(Deed.TAKEN)}
        return [line.update for line in self.of(Deed.HAPPENED) if line.update not in taken]

    def doubled(self) -> list[int]:
        """Updates that were delivered more than once."""
        times = Counter(line.update for line in self.of(Deed.DELIVERED))
        return [update for update, count in times.items() if count > 1]

    def disordered(self) -> list[int]:
        """Updates that were first delivered after a later one of the same chat."""
        latest: defaultdict[int, int] = defaultdict(int)
        found: dict[int, None] = {}
        seen: set[int] = set()
        for line in self.of(Deed.DELIVERED):
            if line.update < latest[line.chat] and line.update not in seen:
                found[line.update] = None
            seen.add(line.update)
            latest[line.chat] = max(latest[line.chat], line.update)
        return list(found)
