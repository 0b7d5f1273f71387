"""Those who write to the bot in a chat of their own."""

from bot.simulator.telegram.acts import Acts
from bot.simulator.telegram.chats import Private
from bot.simulator.telegram.roles import Role, Status
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World


class Person(Acts):
    def __init__(self, chat: Private, world: World) -> None:
        super().__init__(chat.user, chat, world)
        self._private = chat

    @property
    def blocked(self) -> bool:
        """Whether they have stopped the bot."""
        return self._private.blocked

    async def starts(self, parameter: str = "") -> int:
        """Open the chat, perhaps by a link with a parameter."""
        return await self.says(f"/start {parameter}".strip())

    async def presses(self, wanted: str, message: int | None = None) -> int:
        """Press a button, by its label or data, on a message or on the latest that has it."""
        return await self._presses(wanted, message)

    async def blocks(self) -> int:
        return self._change(blocked=True)

    async def unblocks(self) -> int:
        return self._change(blocked=False)

    async def deletes_account(self) -> None:
        """No update says so."""
        self._private.deactivated = True

    def _enter(self, topic: int) -> None:  # noqa: ARG002 - there are none here
        if self._private.blocked or self._private.deactivated:
            raise PermissionError(f"{self.id} cannot write to the bot")
        self._private.started = True

    def _change(self, *, blocked: bool) -> int:
        self._private.blocked = blocked
        member = Role(self._world.bot, Status.MEMBER).shown
        kicked = Role(self._world.bot, Status.KICKED).shown
        change: Json = {
            "chat": self._private.place,
            "from": self.user,
            "date": self._world.clock.date(),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        return self._world.tell(self._private, "my_chat_member", change)
