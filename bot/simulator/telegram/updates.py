"""The updates that the bot has not confirmed yet."""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from itertools import count

from bot.simulator.telegram.clock import Clock
from bot.simulator.telegram.disorder import Disorder, chat_of, content_of
from bot.simulator.telegram.ledger import Deed, Ledger
from bot.simulator.telegram.shapes import Json, wording

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
LIFE = 24 * 3600  # seconds, after which an update is given up
LIFE_OF_A_PRESS = 150


class Updates:
    """`second` is how long a second of delay lasts, in seconds. `arrived` is told of what is new."""

    def __init__(
        self, clock: Clock, ledger: Ledger, arrived: Callable[[], None], second: float, first: int
    ) -> None:
        self.pending: list[Json] = []
        self.allowed: list[str] = []
        self.disorder = Disorder()
        self._clock = clock
        self._ledger = ledger
        self._arrived = arrived
        self._second = second
        self._numbers = count(first)
        self._ends: dict[int, float] = {}
        self._lanes: dict[int, object] = {}
        self._first_end = math.inf  # nothing ends before
        self._repeated: set[int] = set()
        self._under_way: deque[Json] = deque()
        self._last = 0.0  # when the latest of them arrives
        self._timers: set[asyncio.TimerHandle] = set()

    def add(self, update: Json) -> int:
        """Take an update for the bot, and give it a number unless it has one."""
        update = {"update_id": next(self._numbers), **update}
        number = int(update["update_id"])
        kind, _ = content_of(update)
        if kind in self.allowed or (not self.allowed and kind not in NOT_BY_DEFAULT):
            life = LIFE_OF_A_PRESS if kind == "callback_query" else LIFE
            self._ends[number] = self._clock.seconds() + life
            self._first_end = min(self._first_end, self._ends[number])
            self._lanes[number] = self.disorder.lane(update)
            self._write(Deed.HAPPENED, update)
            self._under_way.append(update)
            self._send_off()
        return number

    @property
    def waiting(self) -> list[Json]:
        """Everything that the bot has not confirmed, even what is still under way."""
        return [*self.pending, *self._under_way]

    def current(self) -> list[Json]:
        """Return what can be delivered now; what nobody took in time is given up."""
        now = self._clock.seconds()
        if now >= self._first_end:
            for update in [one for one in self.pending if self._ends[one["update_id"]] <= now]:
                self.pending.remove(update)
                self._write(Deed.EXPIRED, update)
            self._first_end = min((self._ends[one["update_id"]] for one in self.waiting), default=math.inf)
        return self.pending

    def lane(self, update: Json) -> object:
        """Return what an update must not overtake others of."""
        return self._lanes[update["update_id"]]

    def hand_over(self, updates: list[Json]) -> None:
        for update in updates:
            self._write(Deed.DELIVERED, update)

    def take(self, updates: list[Json]) -> None:
        """The bot has confirmed these: they are gone, unless they are to come once more."""
        for update in updates:
            number = update["update_id"]
            if number not in self._repeated:
                self._write(Deed.TAKEN, update)
            if self.disorder.doubled and number not in self._repeated:
                self._repeated.add(number)
            else:
                self.pending.remove(update)

    def forget(self) -> None:
        self.pending.clear()
        self._under_way.clear()

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()

    def _send_off(self) -> None:
        """Let the latest update set out: it needs its time, and never arrives before an earlier one."""
        if self.disorder.delay <= 0 and len(self._under_way) == 1:
            self._arrive()
            return
        loop = asyncio.get_running_loop()
        self._last = max(self._last, loop.time() + self.disorder.delay * self._second)
        timer = loop.call_at(self._last, self._arrive)
        self._timers = {one for one in self._timers if one.when() > loop.time()} | {timer}

    def _arrive(self) -> None:
        if self._under_way:
            self.pending.append(self._under_way.popleft())
            self._arrived()

    def _write(self, deed: Deed, update: Json) -> None:
        _, content = content_of(update)
        message = content.get("message", content)
        number = message.get("message_id", 0) if isinstance(message, dict) else 0
        text = str(content.get("data") or wording(content))
        self._ledger.write(deed, chat_of(update), number, int(update["update_id"]), text)
