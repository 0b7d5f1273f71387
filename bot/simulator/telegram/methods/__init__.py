"""The methods of the Bot API."""

from collections.abc import Awaitable, Callable

from bot.simulator.telegram.delivery import Delivery
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.methods.changing import Changing
from bot.simulator.telegram.methods.chatting import Chatting
from bot.simulator.telegram.methods.commands import Commands
from bot.simulator.telegram.methods.sending import Sending
from bot.simulator.telegram.methods.setup import Setup
from bot.simulator.telegram.methods.topics import Topics
from bot.simulator.telegram.refusals import Refused
from bot.simulator.telegram.world import World

Method = Callable[[Given], Awaitable[object]]


class Methods:
    def __init__(self, world: World, delivery: Delivery) -> None:
        self._table: dict[str, Method] = {}
        for part in (
            Setup(world, delivery),
            Commands(world),
            Sending(world),
            Changing(world),
            Chatting(world),
            Topics(world),
        ):
            names = (name for name in dir(part) if not name.startswith("_"))
            self._table |= {name.replace("_", ""): getattr(part, name) for name in names}

    async def __call__(self, method: str, given: Given) -> object:
        """Names of methods are case-insensitive. Raises Refused."""
        try:
            found = self._table[method.lower()]
        except KeyError:
            raise Refused(404, "Not Found") from None
        return await found(given)
