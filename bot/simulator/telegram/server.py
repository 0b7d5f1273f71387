"""The HTTP side of the server."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.simulator.telegram.faults import Fault, Faults, Kind
from bot.simulator.telegram.files import Files
from bot.simulator.telegram.given import Given, given_in
from bot.simulator.telegram.refusals import Refused
from bot.simulator.telegram.shapes import Json

BODY_LIMIT = 60_000_000  # bytes, somewhat more than a file may have


class Server:
    """`call` carries a method out, `faults` says which calls go wrong."""

    def __init__(
        self,
        token: str,
        port: int,
        files: Files,
        faults: Faults,
        call: Callable[[str, Given], Awaitable[object]],
    ) -> None:
        self._token = token
        self._port = port
        self._files = files
        self._faults = faults
        self._call = call
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    async def start(self) -> str:
        """Return the server's address."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            self._let_in(request)
            given = await given_in(request)
            fault = self._faults.pick(method, given.get("chat_id"))
            if fault and not fault.is_done:
                return await _go_wrong(request, fault)
            answer = {"ok": True, "result": await self._call(method, given)}
            if self._faults.down and not fault:  # the outage came while the call was waiting
                return await _go_wrong(request, self._faults.down)
            return await _deliver(request, answer, fault)
        except Refused as refused:
            return web.json_response(refused.answer, status=refused.code)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._let_in(request)
            if fault := self._faults.pick("download"):
                return await _go_wrong(request, fault)
        except Refused as refused:
            return web.json_response(refused.answer, status=refused.code)
        content = self._files.at(request.match_info["path"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _let_in(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if given != self._token:
            known = given.partition(":")[0].isdecimal()
            raise Refused(401, "Unauthorized") if known else Refused(404, "Not Found")


async def _deliver(request: web.Request, answer: Json, fault: Fault | None) -> web.StreamResponse:
    if fault is None:
        return web.json_response(answer)
    if fault.kind is Kind.LOST:
        return _hang_up(request)
    body = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _hang_up(request)
    return response


async def _go_wrong(request: web.Request, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case Kind.REFUSED:
            raise fault.refusal()
        case Kind.PAGE:
            return web.Response(status=fault.code, text="<html>no</html>", content_type="text/html")
        case Kind.HANG:
            await asyncio.Event().wait()
    return _hang_up(request)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()
