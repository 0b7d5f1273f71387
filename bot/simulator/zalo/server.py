"""The HTTP side of the server, and what is done with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.simulator.zalo.app import App
from bot.simulator.zalo.bots.account import BotAccount
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.delivery import Delivery
from bot.simulator.zalo.faults import Fault, Faults
from bot.simulator.zalo.ground import Ground
from bot.simulator.zalo.ledger import Call, Json, Ledger, Sent
from bot.simulator.zalo.media import Media
from bot.simulator.zalo.oa.account import OfficialAccount
from bot.simulator.zalo.oa.oauth import OAuth
from bot.simulator.zalo.oa.refusals import NotGranted
from bot.simulator.zalo.wire import under


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a service of its own, with a clock of its own


class FakeZalo:
    """`async with FakeZalo() as fake`, then point the service to `fake.url` with what is in `fake.app`.

    `fake.oa` is the Official Account, `fake.bot` the bot, `fake.oauth` gives out tokens, `fake.faults`
    lets things go wrong, `fake.ledger` remembers. `second` is how long a second between two tries of a
    webhook lasts, `patience` how many seconds its answer may take. `package` is how many messages a month
    are paid for, `free` how many replies are free after each act of a user, None without a limit.
    `limits` switches on how many calls a second are taken.
    """

    def __init__(
        self,
        app: App | None = None,
        *,
        now: Callable[[], datetime] = _now,
        port: int = 0,
        second: float = 0.001,
        patience: float = 2,
        package: int = 500,
        free: int | None = None,
        limits: bool = False,
    ) -> None:
        self.app = app or App()
        self.url = ""
        self.clock = Clock(now)
        self.ledger = Ledger()
        self.faults = Faults()
        self.media = Media(self.clock)
        ground = Ground(self.app, self.clock, self.ledger, self.faults, self.media)
        self._deliveries = [
            Delivery(self.ledger, self.faults, second=second, patience=patience, strikes=strikes)
            for strikes in (True, False)
        ]
        to_account, to_bot = self._deliveries
        self.oauth = OAuth(self.app, self.clock)
        self.oa = OfficialAccount(ground, self.oauth, to_account, package=package, free=free, limits=limits)
        self.bot = BotAccount(ground, to_bot, limits=limits)
        self._port = port
        served = web.Application(client_max_size=60_000_000)
        served.router.add_route("*", "/bot{token}/{method}", self.bot.answer)
        served.router.add_get("/v4/oa/permission", self._permission)
        served.router.add_post("/v4/oa/permission", self._agreed)
        served.router.add_post("/v4/oa/access_token", self._token)
        served.router.add_route("*", "/v{version}/oa/{method:.+}", self.oa.answer)
        served.router.add_get("/media/{key}", self._media)
        self._runner = web.AppRunner(served, shutdown_timeout=0.1, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = self.media.place = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        for delivery in self._deliveries:
            await delivery.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for delivery in self._deliveries:
            await delivery.close()
        await self._runner.cleanup()

    def later(self, span: timedelta) -> None:
        """Let time pass on the server."""
        self.clock.later(span)

    def sent(self, to: str) -> list[Sent]:
        """Return what a person or a group was sent, oldest first."""
        return self.ledger.sent(to)

    async def sent_to(self, to: str, count: int, timeout: float = 5) -> list[Sent]:  # noqa: ASYNC109
        """Wait until somebody was sent `count` messages; TimeoutError after `timeout` seconds."""
        await self.ledger.until(lambda: len(self.sent(to)) >= count, timeout)
        return self.sent(to)

    def calls(self, method: str) -> list[Call]:
        """How a method was called, and how each call ended, oldest first."""
        return [call for call in self.ledger.of(Call) if call.method == method]

    async def called(self, method: str, count: int = 1, timeout: float = 5) -> list[Call]:  # noqa: ASYNC109
        """Wait until a method was called `count` times; TimeoutError after `timeout` seconds."""
        await self.ledger.until(lambda: len(self.calls(method)) >= count, timeout)
        return self.calls(method)

    async def taken(self, timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until no event is on its way; TimeoutError after `timeout` seconds."""
        await self.ledger.until(lambda: not any(one.busy for one in self._deliveries), timeout)

    async def _permission(self, request: web.Request) -> web.StreamResponse:
        asked: Json = dict(request.query)
        return await self._granted(
            request, asked, lambda: web.Response(text=self.oauth.page(asked), content_type="text/html")
        )

    async def _agreed(self, request: web.Request) -> web.StreamResponse:
        asked: Json = dict(await request.post())

        def go_on() -> web.Response:
            return web.Response(status=302, headers={"Location": self.oauth.agree(asked)})

        return await self._granted(request, asked, go_on)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form: Json = dict(await request.post())
        secret = request.headers.get("secret_key", "")
        return await self._granted(
            request, form, lambda: web.json_response(self.oauth.exchange(form, secret))
        )

    async def _granted(
        self, request: web.Request, asked: Json, answer: Callable[[], web.Response]
    ) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        fault = self.faults.take(name)

        async def work() -> web.Response:
            try:
                answered = answer()
            except NotGranted as refused:
                self.ledger.add(Call(name, asked, str(refused.code)))
                return web.json_response(refused.answer)
            self.ledger.add(Call(name, asked, fault or "0"))
            return answered

        def refuse(fault: Fault) -> web.Response:
            code = -14020 if fault is Fault.EXPIRED else -14014
            return web.json_response(NotGranted(code).answer)

        if fault not in {None, Fault.LOST, Fault.HALF}:
            self.ledger.add(Call(name, asked, str(fault)))
        return await under(fault, request, work, refuse)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        async def work() -> web.Response:
            content = self.media.get(request.match_info["key"])
            return web.Response(status=404) if content is None else web.Response(body=content)

        fault = self.faults.take("media")
        return await under(fault, request, work, lambda _: web.Response(status=403))
