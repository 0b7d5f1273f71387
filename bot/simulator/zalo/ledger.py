"""Everything that went in and out, in order."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """The service called a method. `outcome` is 0, the code of a refusal, or the fault that befell it."""

    method: str
    parameters: Json = field(repr=False)
    outcome: str


@dataclass(frozen=True, slots=True)
class Button:
    """`payload` is what a press sends, or what it opens."""

    title: str
    kind: str
    payload: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as its reader sees it. `quota` says what it cost, `officer` who wrote it if a person did."""

    id: str
    to: str
    method: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    image: bytes | None = field(default=None, repr=False)
    file: bytes | None = field(default=None, repr=False)
    name: str = ""
    url: str = ""
    quote: str = ""
    quota: str = ""
    officer: str = ""
    plain: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened that the service should hear of."""

    number: int
    name: str
    body: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt to tell the service of an event. `status` is 0 if there was no answer in time."""

    event: int
    status: int
    retry: int = 0

    @property
    def taken(self) -> bool:
        return self.status == 200


Entry = Call | Sent | Event | Try
E = TypeVar("E", Call, Sent, Event, Try)


class Ledger:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._kinds: defaultdict[type, list[Any]] = defaultdict(list)
        self._changed = asyncio.Event()
        self._numbers = count(1)

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._kinds[type(entry)].append(entry)
        self.wake()

    def wake(self) -> None:
        """Let those who wait look again."""
        self._changed.set()

    def event(self, name: str, body: Json) -> Event:
        event = Event(next(self._numbers), name, body)
        self.add(event)
        return event

    def of(self, kind: type[E]) -> list[E]:
        return list(self._kinds[kind])

    def taken(self) -> list[Event]:
        """Events in the order in which the service took them, each as often as it did."""
        events = {event.number: event for event in self.of(Event)}
        return [events[one.event] for one in self.of(Try) if one.taken]

    def lost(self) -> list[Event]:
        """Events that the service was never told of, or did not take."""
        taken = {event.number for event in self.taken()}
        return [event for event in self.of(Event) if event.number not in taken]

    def sent(self, to: str) -> list[Sent]:
        return [message for message in self.of(Sent) if message.to == to]

    async def until(self, happened: Callable[[], bool], timeout: float) -> None:  # noqa: ASYNC109
        """Wait for something to be in the ledger; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not happened():
                self._changed.clear()
                await self._changed.wait()


@dataclass(frozen=True, slots=True)
class Tally:
    lost: int
    doubled: int
    strange: int
    disordered: int


def tally(expected: Sequence[str], found: Sequence[str]) -> Tally:
    """Compare what should have arrived, each once and in this order, with what did.

    A message is disordered if one that should come later came first.
    """
    counts = Counter(found)
    place = {text: number for number, text in enumerate(expected)}
    firsts = [place[text] for text in dict.fromkeys(found) if text in place]
    furthest, disordered = -1, 0
    for number in firsts:
        disordered += number < furthest
        furthest = max(furthest, number)
    return Tally(
        lost=sum(text not in counts for text in place),
        doubled=sum(counts[text] - 1 for text in place if text in counts),
        strange=sum(times for text, times in counts.items() if text not in place),
        disordered=disordered,
    )
