"""The whole of Telegram as a bot knows it, and what a test or a page does with it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.simulator.telegram.chats import GroupChat
from bot.simulator.telegram.clock import Clock, from_the_beginning
from bot.simulator.telegram.delivery import Delivery
from bot.simulator.telegram.disorder import Disorder
from bot.simulator.telegram.faults import Faults
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.groups import Group
from bot.simulator.telegram.ledger import Ledger
from bot.simulator.telegram.limits import Limits, Peaks
from bot.simulator.telegram.methods import Methods
from bot.simulator.telegram.methods.commands import scope_key
from bot.simulator.telegram.people import Person
from bot.simulator.telegram.roles import Role, Status
from bot.simulator.telegram.server import Server
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import Answer, Sent, World

TOKEN = "123456789:a-token-of-the-fake-server"  # noqa: S105 - a sample


class FakeTelegram:
    """`async with FakeTelegram() as fake`, then point the bot to `fake.url` with `fake.token`.

    `second` is how long a second of waiting lasts where nobody but the server waits: between two tries of
    a webhook, and while an update is delayed. `flooded` enforces `limits`: three messages in three seconds
    to a chat, twenty a minute to a group, thirty a second to all.
    """

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "caunoi_bot",
        *,
        port: int = 0,
        now: Callable[[], datetime] | None = None,
        second: float = 0.02,
        flooded: bool = False,
        first_update: int = 700_000_001,
    ) -> None:
        self.token = token
        self.username = username
        self.url = ""
        self._clock = Clock(now or from_the_beginning())
        self.ledger = Ledger(self._clock.now)
        self._changed = asyncio.Event()
        self._delivery = Delivery(
            self.call, self._changed.set, self._clock, self.ledger, second=second, first=first_update
        )
        bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Cầu Nối",
            "username": username,
        }
        self._world = World(bot, self._clock, self.ledger, self._delivery.updates.add, flooded=flooded)
        self._methods = Methods(self._world, self._delivery)
        self.faults = Faults(self._clock, self._obey_outage)
        self._server = Server(token, port, self._world.files, self.faults, self.call)
        self._calls: list[tuple[str, Json]] = []

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._delivery.stop()
        self._delivery.updates.close()
        self._delivery.release()
        await self._server.stop()

    def person(self, number: int, name: str = "Lan", *, started: bool = True, **more: str) -> Person:
        """Return someone who has opened a chat with the bot, unless they have not `started` it."""
        user = {"id": number, "is_bot": False, "first_name": name, "language_code": "vi", **more}
        return Person(self._world.person(user, started=started), self._world)

    def group(
        self,
        number: int,
        title: str = "Tổ tiếp nhận",
        *,
        forum: bool = False,
        bot: Status = Status.ADMINISTRATOR,
    ) -> Group:
        """Return a group, new or known; numbers from -1000000000001 downwards are supergroups.

        `forum` gives a supergroup topics, `bot` is what the bot is in it at first.
        """
        known = number in self._world.chats
        chat: GroupChat = self._world.group(number, title, forum=forum)
        if not known:
            chat.roles[self._world.bot["id"]] = Role(self._world.bot, bot)
        return Group(chat, self._world)

    def raw(self, update: Json) -> int:
        """Deliver any update; it is numbered unless it has an `update_id`. Returns the number."""
        return self._delivery.updates.add(update)

    def sent(self, chat: int) -> list[Sent]:
        """Return what the bot has sent to a chat, oldest first."""
        return self._world.sent(chat)

    async def sent_to(self, chat: int, count: int, timeout: float = 5) -> list[Sent]:  # noqa: ASYNC109
        """Wait until the bot has sent `count` messages to a chat; TimeoutError after `timeout` seconds."""
        await self.until(lambda: len(self.sent(chat)) >= count, timeout)
        return self.sent(chat)

    def calls(self, method: str) -> list[Json]:
        """With what parameters a method was called, oldest first."""
        return [parameters for name, parameters in self._calls if name.lower() == method.lower()]

    async def called(self, method: str, count: int = 1, timeout: float = 5) -> list[Json]:  # noqa: ASYNC109
        """Wait until a method was called `count` times; TimeoutError after `timeout` seconds."""
        await self.until(lambda: len(self.calls(method)) >= count, timeout)
        return self.calls(method)

    async def until(self, happened: Callable[[], bool], timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until something is so because of the bot; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    @property
    def age(self) -> int:
        """Grows with everything that happens."""
        return len(self._calls) + len(self.ledger.lines)

    def later(self, seconds: float) -> None:
        """Let time pass on the server."""
        self._clock.later(seconds)

    @property
    def pending(self) -> list[Json]:
        """Updates that the bot has not confirmed."""
        return self._delivery.updates.waiting

    async def taken(self, timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed every update; TimeoutError after `timeout` seconds."""
        await self.until(lambda: not self.pending, timeout)

    @property
    def tries(self) -> list[tuple[int, int]]:
        """(update, status) of every delivery to the webhook; 0 if there was no answer."""
        return [(one.update, one.status) for one in self._delivery.tries]

    @property
    def deliveries(self) -> Disorder:
        """How deliveries go wrong."""
        return self._delivery.updates.disorder

    @property
    def limits(self) -> Limits:
        return self._world.limits

    def peaks(self) -> Peaks:
        """Return how fast the bot was at its fastest."""
        return self._world.limits.peaks

    @property
    def answered(self) -> list[str]:
        """The button presses that the bot has answered."""
        return [answer.press for answer in self._world.answers]

    @property
    def answers(self) -> list[Answer]:
        """What people saw after their presses."""
        return list(self._world.answers)

    def commands(self, scope: Json | None = None) -> dict[str, list[Json]]:
        """Return the menus by language, of a BotCommandScope or the general ones."""
        wanted = scope_key(scope or {"type": "default"})
        return {language: menu for (key, language), menu in self._world.commands.items() if key == wanted}

    def reactions(self, chat: int) -> dict[int, list[str]]:
        """Return the emoji that the bot has put below messages."""
        found = self._world.known(chat).reactions.items()
        return {number: [one["emoji"] for one in reaction] for number, reaction in found if reaction}

    def hides(self, *, privacy: bool) -> None:
        """Say whether the bot misses what is not meant for it in groups where it is no administrator."""
        self._world.privacy = privacy

    def forgets_presses_after(self, seconds: float) -> None:
        """A press can be answered for so long; 150 seconds at first."""
        self._world.query_life = seconds

    def file(self, name: str) -> bytes:
        """Return a file that stands in a message, by its file_id. Raises Refused."""
        return self._world.files.find(name)[0]

    async def call(self, method: str, given: Given) -> object:
        self._calls.append((method, given.raw))
        self._changed.set()
        try:
            return await self._methods(method, given)
        finally:
            self._changed.set()

    def _obey_outage(self) -> None:
        self._delivery.stopped = self.faults.down is not None
        self._delivery.wake()
