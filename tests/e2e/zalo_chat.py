"""A person's chat with the Official Account or with the bot of Zalo."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

from bot.simulator.zalo import FakeZalo, Sent
from tests.e2e.waiting import settled as nothing_left
from tests.e2e.waiting import until


class Writes(Protocol):
    id: str

    @property
    def received(self) -> list[Sent]: ...

    async def says(self, text: str) -> str: ...


@dataclass
class ZaloChat:
    """With `polls`, everything that is said must have an answer."""

    zalo: FakeZalo
    person: Writes
    url: str
    polls: bool = False
    _read: int = field(default=0, init=False)

    async def says(self, text: str) -> list[Sent]:
        await self.person.says(text)
        return await self.hears()

    async def does(self, act: Awaitable[object]) -> list[Sent]:
        await act
        return await self.hears()

    async def hears(self) -> list[Sent]:
        """Return what was said since the last time, when there is nothing more to say."""
        if self.polls:  # nobody knows when an update that was handed out has reached the door
            await until(self._answered)
        await self.zalo.taken()
        await nothing_left(self.url)
        said = self.person.received[self._read :]
        self._read += len(said)
        return said

    async def _answered(self) -> bool:
        return len(self.person.received) > self._read
