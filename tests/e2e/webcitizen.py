"""A citizen in the web chat: what the page sends and reads, over HTTP."""

import asyncio
import io
import json
import uuid
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp

OURS = {"X-Caunoi": "chat"}
Json = dict[str, Any]


class WebCitizen:
    """A browser that has opened the page. `heard` is what the bot has said so far."""

    def __init__(self, url: str, **cookies: str) -> None:
        self.url = url
        self.heard: list[Json] = []
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), cookies=cookies, headers=OURS
        )

    async def __aenter__(self) -> Self:
        async with self.session.get(self.url) as page:
            assert page.status == 200
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def says(self, text: str) -> str:
        """Return the bot's answer; there must be one."""
        assert await self.posts(text) == (200, {"ok": True})
        (answer,) = await self.hears(1)
        return str(answer["text"])

    async def posts(self, text: str) -> tuple[int, Json]:
        return await self.sends(json={"id": str(uuid.uuid4()), "text": text})

    async def presses(self, label: str) -> tuple[int, Json]:
        """Press the newest button with this label."""
        buttons = [button for said in reversed(self.heard) for button in said["buttons"]]
        data = next(button["data"] for button in buttons if button["label"] == label)
        return await self.sends(json={"id": str(uuid.uuid4()), "button": data})

    async def uploads(self, name: str, content: bytes) -> tuple[int, Json]:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename=name)
        return await self.sends(f"/chat/files?id={uuid.uuid4()}", data=form)

    async def sends(self, path: str = "/chat/messages", **request: Any) -> tuple[int, Json]:  # noqa: ANN401
        """Send any request; return its status and what came back, which should be JSON."""
        async with self.session.post(self.url + path, **request) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else {"text": await answer.text()}

    async def hears_all(self) -> list[Json]:
        """Return what the bot has said since the last time."""
        said: list[Json] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                while True:
                    said += await self.hears(1)
        return said

    async def hears(self, count: int) -> list[Json]:
        """Return the next messages of the bot, when there are so many."""
        after = self.heard[-1]["id"] if self.heard else "0"
        said: list[Json] = []
        async with self.session.get(f"{self.url}/chat/stream", params={"after": after}) as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    said.append(json.loads(line.removeprefix(b"data: ")))
                if len(said) == count:
                    break
        self.heard += said
        return said
