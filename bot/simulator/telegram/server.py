"""The HTTP side of the server, and what tests do with it."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.simulator.telegram.delivery import Delivery
from bot.simulator.telegram.methods import Methods, Upload
from bot.simulator.telegram.people import Person
from bot.simulator.telegram.refusals import Refused, flood
from bot.simulator.telegram.world import Chat, Json, Sent, World

TOKEN = "123456789:a-token-of-the-fake-server"  # noqa: S105


class FakeTelegram:
    """`async with FakeTelegram() as fake`, then point the bot to `fake.url` with `fake.token`.

    `second` is how long a second of the webhook's back-off lasts, in seconds. `flooded` switches
    on the limits of sending: three messages in three seconds to a chat, thirty a second to all.
    """

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "caunoi_bot",
        *,
        port: int = 0,
        second: float = 0.02,
        flooded: bool = False,
    ) -> None:
        self.token = token
        self.username = username
        self.url = ""
        bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Cầu Nối",
            "username": username,
        }
        self._changed = asyncio.Event()
        self._world = World(bot)
        self._delivery = Delivery(self.call, self._changed.set, second)
        self._methods = Methods(self._world, self._delivery, flooded=flooded)
        self._faults: defaultdict[str, deque[str]] = defaultdict(deque)
        self._calls: list[tuple[str, Json]] = []
        self._port = port
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._delivery.stop()
        self._delivery.release()
        await self._runner.cleanup()

    def person(self, number: int, name: str = "Lan", **more: str) -> Person:
        """Return someone who has opened a chat with the bot."""
        user = {"id": number, "is_bot": False, "first_name": name, "language_code": "vi", **more}
        chat = self._world.chats.setdefault(number, Chat(user))
        return Person(chat, self._world, self._delivery)

    def raw(self, update: Json) -> int:
        """Deliver any update; it is numbered unless it has an `update_id`. Returns the number."""
        return self._delivery.add(update)

    def fault(self, method: str, kind: str, times: int = 1) -> None:
        """Let the next calls of `method` (or `download`) go wrong.

        429:N    refused for N seconds
        500      refused by a server in trouble; any other code in its place works too
        html:N   answered by something in between, with status N
        reset    the connection is closed before anything was taken
        lost     everything is done, and the connection closed without an answer
        half     everything is done, and the answer breaks off
        hang     nothing is done, and no answer comes
        """
        self._faults[method.lower()].extend([kind] * times)

    def sent(self, chat: int) -> list[Sent]:
        """Return what the bot has sent to a chat, oldest first."""
        return self._world.sent(chat)

    async def sent_to(self, chat: int, count: int, timeout: float = 5) -> list[Sent]:  # noqa: ASYNC109
        """Wait until the bot has sent `count` messages to a chat; TimeoutError after `timeout` seconds."""
        await self._until(lambda: len(self.sent(chat)) >= count, timeout)
        return self.sent(chat)

    def calls(self, method: str) -> list[Json]:
        """With what parameters a method was called, oldest first."""
        return [parameters for name, parameters in self._calls if name.lower() == method.lower()]

    async def called(self, method: str, count: int = 1, timeout: float = 5) -> list[Json]:  # noqa: ASYNC109
        """Wait until a method was called `count` times; TimeoutError after `timeout` seconds."""
        await self._until(lambda: len(self.calls(method)) >= count, timeout)
        return self.calls(method)

    def later(self, seconds: float) -> None:
        """Let time pass on the server."""
        self._world.shift += seconds

    @property
    def pending(self) -> list[Json]:
        """Updates that the bot has not confirmed."""
        return list(self._delivery.pending)

    async def taken(self, timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed every update; TimeoutError after `timeout` seconds."""
        await self._until(lambda: not self._delivery.pending, timeout)

    @property
    def tries(self) -> list[tuple[int, int]]:
        """(update, status) of every delivery to the webhook; 0 if there was no answer."""
        return [(one.update, one.status) for one in self._delivery.tries]

    @property
    def answered(self) -> list[str]:
        """The button presses that the bot has answered."""
        return list(self._world.answered)

    @property
    def commands(self) -> dict[str, list[Json]]:
        """The menus by language."""
        return dict(self._world.commands)

    async def call(self, method: str, parameters: Json) -> object:
        self._calls.append((method, parameters))
        self._changed.set()
        try:
            return await self._methods(method, parameters)
        finally:
            self._changed.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            self._let_in(request)
            parameters = await _parameters(request)
            fault = self._next_fault(method)
            if fault in {"", "lost", "half"}:
                answer = {"ok": True, "result": await self.call(method, parameters)}
                return await _deliver(request, answer, fault)
            return await _go_wrong(request, fault)
        except Refused as refused:
            return web.json_response(refused.answer, status=refused.code)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._let_in(request)
            if fault := self._next_fault("download"):
                return await _go_wrong(request, fault)
        except Refused as refused:
            return web.json_response(refused.answer, status=refused.code)
        wanted = request.match_info["path"]
        content = next((body for body, path in self._world.files.values() if path == wanted), None)
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _until(self, happened: Callable[[], bool], timeout: float) -> None:  # noqa: ASYNC109
        async with asyncio.timeout(timeout):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    def _let_in(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if given == self.token:
            return
        raise (
            Refused(401, "Unauthorized") if given.partition(":")[0].isdecimal() else Refused(404, "Not Found")
        )

    def _next_fault(self, method: str) -> str:
        waiting = self._faults[method.lower()]
        return waiting.popleft() if waiting else ""


async def _parameters(request: web.Request) -> Json:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
        return given
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            given[name] = Upload(value.file.read(), value.filename, value.content_type)
        else:
            given[name] = value
    return given


async def _deliver(request: web.Request, answer: Json, fault: str) -> web.StreamResponse:
    if fault == "lost":
        return _hang_up(request)
    if fault == "half":
        body = json.dumps(answer).encode()
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if request.transport:
            request.transport.close()
        return response
    return web.json_response(answer)


async def _go_wrong(request: web.Request, fault: str) -> web.StreamResponse:
    match fault.split(":"):
        case ["reset"]:
            return _hang_up(request)
        case ["hang"]:
            await asyncio.sleep(3600)
            return _hang_up(request)
        case ["html", code]:
            return web.Response(status=int(code), text="<html>no</html>", content_type="text/html")
        case ["429", seconds]:
            raise flood(int(seconds))
        case [code, *description]:
            raise Refused(int(code), ":".join(description) or "Internal Server Error")
    raise AssertionError(fault)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()
