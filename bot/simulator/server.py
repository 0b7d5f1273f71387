"""The page, over HTTP: on this machine only."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.simulator.given import Wrong, media_type, read
from bot.simulator.scene import Stage

PAGES = Path(__file__).parent / "pages"
FILES = {"/": "simulator.html", "/simulator.css": "simulator.css", "/simulator.js": "simulator.js"}
LARGEST_BODY = 32 * 1024 * 1024  # bytes
GLANCE = 0.1  # seconds between looks whether anything has changed
SILENCE = 150  # looks, after which a sign of life goes out
HOST = "127.0.0.1"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """`async with Server(port) as server`, then `server.show(stage)`: whoever looks before has to wait."""

    def __init__(self, port: int = 0) -> None:
        self.url = ""
        self._ready = asyncio.Event()
        self._port = port
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._guarded])
        app.on_response_prepare.append(self._headers)
        app.add_routes(
            [
                *(web.get(path, self._page) for path in FILES),
                web.get("/favicon.ico", self._icon),
                web.get("/state", self._state),
                web.get("/stream", self._stream),
                web.post("/acts", self._act),
                web.get("/files/{place}/{key}", self._file),
                web.get("/desk/{officer}", self._desk),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def show(self, stage: Stage) -> None:
        self._stage = stage
        self._ready.set()

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGES / FILES[request.path])

    async def _icon(self, _request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.Response(text=_written(self._stage), content_type="application/json")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Everything, again and again, whenever it has changed."""
        stage, response = self._stage, web.StreamResponse()
        response.content_type = "text/event-stream"
        await response.prepare(request)
        with suppress(ConnectionResetError):  # who looked is gone
            await _tell(stage, response)
        return response

    async def _act(self, request: web.Request) -> web.Response:
        try:
            given = await request.json()
        except ValueError:
            raise Wrong("Yêu cầu phải viết bằng JSON.") from None
        await self._stage.act(read(given))
        return web.json_response({})

    async def _file(self, request: web.Request) -> web.Response:
        place = self._stage.places.get(request.match_info["place"])
        content = place.file(request.match_info["key"]) if place else None
        if content is None:
            return _sentence(404, "Không có tệp này, hoặc tệp đã hết hạn.")
        kind = media_type(content)
        headers = {} if kind.startswith("image/") else {"Content-Disposition": "attachment"}
        return web.Response(body=content, content_type=kind, headers=headers)

    async def _desk(self, request: web.Request) -> web.Response:
        """Go on to the desk, signed in by a link that was just made."""
        stage, officer = self._stage, request.match_info["officer"]
        if officer not in {one.id for one in stage.desks}:
            return _sentence(404, "Không có cán bộ này.")
        return web.Response(status=303, headers={"Location": stage.desk(officer)})

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Other sites' pages get nothing here, by whatever name they call this machine."""
        own = self.url.removeprefix("http://")
        local = {own, own.replace(HOST, "localhost")}
        origin = request.headers.get("Origin", "").removeprefix("http://")
        if request.host not in local or (request.method == "POST" and origin not in {"", *local}):
            return _sentence(403, "Trang này chỉ dùng trên máy đang chạy bản mô phỏng.")
        if request.method == "POST" and request.content_type != "application/json":
            return _sentence(415, "Yêu cầu phải viết bằng JSON.")
        await self._ready.wait()
        try:
            return await handler(request)
        except Wrong as wrong:
            return _sentence(400, str(wrong))
        except web.HTTPRequestEntityTooLarge:
            return _sentence(413, "Tệp quá lớn: tất cả không quá 20 MB.")

    async def _headers(self, _request: web.Request, response: web.StreamResponse) -> None:
        frame = self._stage.web.frame if self._ready.is_set() else "'none'"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"frame-src {frame}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"


async def _tell(stage: Stage, response: web.StreamResponse) -> None:
    seen, silence = -1, 0
    while True:
        version = stage.version()
        silence = silence + 1 if version == seen else 0
        if version != seen:
            await response.write(f"data: {_written(stage)}\n\n".encode())
        elif silence % SILENCE == 0:
            await response.write(b": still here\n\n")
        seen = version
        await asyncio.sleep(GLANCE)


def _written(stage: Stage) -> str:
    return json.dumps(asdict(stage.shown()), ensure_ascii=False)


def _sentence(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)
