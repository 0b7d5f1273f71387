"""Each phone and the group: what stands there, and what can be done there."""

from typing import Protocol

from bot.simulator.given import Act
from bot.simulator.shown import Place


class Acting(Protocol):
    id: str

    def shown(self) -> Place: ...

    async def act(self, act: Act) -> None:
        """Raises Wrong, LookupError for what is not there, PermissionError for who may not."""

    def file(self, key: str) -> bytes | None: ...
