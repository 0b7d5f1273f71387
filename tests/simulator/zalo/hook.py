"""The service's side of the protocols: a webhook that answers as it is told, and a client that asks."""

import asyncio
import io
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.simulator.zalo import FakeZalo

Json = dict[str, Any]


@dataclass(frozen=True)
class Came:
    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> Json:
        found: Json = json.loads(self.raw)
        return found


@dataclass
class Hook:
    """`answers` are the statuses of the next answers (then 200), `slowness` how long each takes."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    slowness: float = 0
    came: list[Came] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._news = asyncio.Condition()
        app = web.Application()
        app.router.add_post("/zalo", self._receive)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/zalo"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.came.append(Came(raw, {name.lower(): value for name, value in request.headers.items()}))
        async with self._news:
            self._news.notify_all()
        await asyncio.sleep(self.slowness)
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def received(self, count: int) -> list[Json]:
        """Wait for so many signed requests, and return their bodies."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.told) >= count)
        return [one.body for one in self.told]

    @property
    def told(self) -> list[Came]:
        return [one for one in self.came if one.raw]

    @property
    def names(self) -> list[str]:
        return [one.body["event_name"] for one in self.told]


@dataclass
class Client:
    """Calls the Official Account's API as anybody would who has read about it."""

    fake: FakeZalo
    session: aiohttp.ClientSession
    token: str

    async def post(self, path: str, body: object) -> Json:
        return await self._ask("POST", path, json=body)

    async def get(self, path: str, data: object = None) -> Json:
        params = {} if data is None else {"data": json.dumps(data)}
        return await self._ask("GET", path, params=params)

    async def send(self, user_id: str, kind: str = "cs", **message: object) -> Json:
        return await self.post(
            f"v3.0/oa/message/{kind}", {"recipient": {"user_id": user_id}, "message": message}
        )

    async def upload(self, kind: str, content: bytes, name: str) -> Json:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename=name)
        return await self._ask("POST", f"v2.0/oa/upload/{kind}", data=form)

    async def bot(self, method: str, **parameters: object) -> Json:
        url = f"{self.fake.url}/bot{self.fake.bot.token}/{method}"
        async with self.session.post(url, json=parameters) as answer:
            body: Json = await answer.json()
        assert body["ok"] is (answer.status == 200)
        assert body["ok"] or body["error_code"] == answer.status
        return body

    async def _ask(self, verb: str, path: str, **more: Any) -> Json:  # noqa: ANN401 - aiohttp's options
        headers = {"access_token": self.token}
        async with self.session.request(verb, f"{self.fake.url}/{path}", headers=headers, **more) as answer:
            assert answer.status == 200
            body: Json = await answer.json()
            return body


def template(kind: str = "", **payload: object) -> Json:
    named = {"template_type": kind} if kind else {}
    return {"type": "template", "payload": named | payload}


def button(payload: object = "#new", kind: str = "oa.query.hide", title: str = "Gửi phản ánh") -> Json:
    return {"title": title, "type": kind, "payload": payload}
