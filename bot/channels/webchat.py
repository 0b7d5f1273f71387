"""The web chat: messages by POST, replies by server-sent events, the outbox as its memory.

A browser is known by a random cookie of which only the hash is stored. «Sent» means: kept where the
page reads it; the page shows each id once.
"""

import asyncio
import hashlib
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiolimiter import AsyncLimiter

from bot.channels.base import UNLIMITED, FetchError
from bot.tasks import whole
from feedback.attachments import LARGEST, type_of
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing
from storage.blobs import Blobs
from storage.ids import LARGEST_ID
from storage.outbox import Item
from storage.store import Store, Unavailable

COOKIE = "caunoi_chat"
YEAR = 365 * 24 * 3600  # seconds
LONGEST = 4000  # characters of one message
PER_MINUTE = 40  # messages of one browser
HEARTBEAT = 15.0  # seconds
GLANCE = 1.0  # seconds between looks when another process may be the sender
EVENT_ID = re.compile(r"[0-9a-f-]{36}")
HEADER = ("X-Caunoi", "chat")

Keep = Callable[[Incoming], Awaitable[None]]


class Refusal(Exception):
    """A sentence for the person, by its key in the phrases, and an HTTP status."""

    def __init__(self, key: str, status: int = 400) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


class WebChat:
    name = "web"
    account = "main"
    overall = UNLIMITED
    window = None

    def __init__(
        self, store: Store, blobs: Blobs, keep: Keep, now: Callable[[], datetime], *, secure: bool
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._keep = keep
        self.now = now
        self._secure = secure
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._limits: dict[str, AsyncLimiter] = {}

    # As a channel

    def rate_of(self, address: Address) -> None: ...

    async def send(self, address: Address, message: Outgoing) -> str:  # noqa: ARG002
        return ""

    async def reachable(self) -> bool:
        return True

    def sent(self, address: Address) -> None:
        """Called when a message of ours is committed as sent: the pages of this person may read it."""
        for woke in self._listeners.get(address.chat, ()):
            woke.set()

    async def fetch(self, file: Attachment, limit: int) -> bytes:  # noqa: ARG002
        try:
            return await self._blobs.read(file.remote)
        except FileNotFoundError:
            raise FetchError("gone from the disk", permanent=True) from None

    # As a web server

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/chat/messages", self._message),
            web.post("/chat/files", self._file),
            web.post("/chat/forget", self._forget),
            web.get("/chat/stream", self._stream),
        ]

    def greet(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a new browser its cookie."""
        if COOKIE not in request.cookies:
            self._set_cookie(response)

    async def _message(self, request: web.Request) -> web.Response:
        person = await self._person(request)
        body = await _json(request)
        text, button = body.get("text", ""), body.get("button", "")
        if not isinstance(text, str) or not isinstance(button, str) or not (text.strip() or button):
            raise Refusal("error.unreadable")
        if len(text) > LONGEST or len(button) > LONGEST:
            raise Refusal("error.too_long", 413)
        kind = Kind.BUTTON if button else Kind.TEXT
        await self._keep(self._incoming(person, str(body.get("id", "")), kind, button or text))
        return web.json_response({"ok": True})

    async def _file(self, request: web.Request) -> web.Response:
        person = await self._person(request)
        name, content = await _upload(request)
        mime = type_of(content)
        if mime is None:
            raise Refusal("error.file_type", 415)
        kept = Attachment(await self._blobs.save(content), name[-120:], mime, len(content))
        await self._keep(self._incoming(person, request.query.get("id", ""), Kind.FILES, "", kept))
        return web.json_response({"ok": True})

    async def _forget(self, request: web.Request) -> web.Response:
        """A new start on this device: another cookie; what was filed stays filed."""
        await self._person(request)
        response = web.Response(status=204)
        self._set_cookie(response)
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = _hash(request.cookies.get(COOKIE, ""))
        if person is None:
            raise Refusal("error.reload", 403)
        after = _last_id(request)
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        with self._listening(person) as woke, suppress(ConnectionError):
            while True:
                woke.clear()
                for item in await whole(self._since(person, after)):
                    await response.write(_event(item))
                    after = item.id
                try:
                    async with asyncio.timeout(GLANCE if self._store.shared else HEARTBEAT):
                        await woke.wait()
                except TimeoutError:
                    await response.write(b": still here\n\n")
        return response

    async def _since(self, person: str, after: int) -> list[Item]:
        try:
            async with self._store.look(self.now()) as tx:
                return await tx.outbox.since(Address(self.name, self.account, person), after)
        except Unavailable:
            return []

    def _incoming(self, person: str, event: str, kind: Kind, text: str, *files: Attachment) -> Incoming:
        if not EVENT_ID.fullmatch(event):
            raise Refusal("error.unreadable")
        return Incoming(
            channel=self.name,
            account=self.account,
            event=f"{person[:16]}:{event}",
            person=person,
            chat=person,
            at=self.now(),
            kind=kind,
            text=text,
            attachments=files,
            message=event,
        )

    async def _person(self, request: web.Request) -> str:
        """Who writes: the page of this site, in a browser that has our cookie, and not too fast."""
        person = _hash(request.cookies.get(COOKIE, ""))
        if person is None or request.headers.get(HEADER[0]) != HEADER[1]:
            raise Refusal("error.reload", 403)
        if len(self._limits) > 10_000:
            self._limits.clear()
        limit = self._limits.setdefault(person, AsyncLimiter(PER_MINUTE, 60))
        if not limit.has_capacity():
            raise Refusal("error.too_fast", 429)
        await limit.acquire()
        return person

    def _set_cookie(self, response: web.StreamResponse) -> None:
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(32),
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    @contextmanager
    def _listening(self, person: str) -> Iterator[asyncio.Event]:
        woke = asyncio.Event()
        self._listeners[person].add(woke)
        try:
            yield woke
        finally:
            self._listeners[person].discard(woke)
            if not self._listeners[person]:
                del self._listeners[person]


def _event(item: Item) -> bytes:
    data = {
        "id": str(item.id),
        "at": item.at.isoformat(),
        "text": item.message.text,
        "buttons": [{"label": button.label, "data": button.data} for button in item.message.buttons],
        "reply_to": item.message.reply_to,
    }
    return f"id: {item.id}\nevent: message\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _hash(cookie: str) -> str | None:
    """Return the person's id; None unless the cookie looks like one of ours."""
    if not re.fullmatch(r"[\w-]{43}", cookie):
        return None
    return hashlib.sha256(cookie.encode()).hexdigest()


def _last_id(request: web.Request) -> int:
    text = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
    return min(int(text), LARGEST_ID) if re.fullmatch(r"[0-9]{1,19}", text) else 0


async def _json(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refusal("error.unreadable", 415)
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        raise Refusal("error.unreadable") from None
    if not isinstance(body, dict):
        raise Refusal("error.unreadable")
    return body


async def _upload(request: web.Request) -> tuple[str, bytes]:
    """Return the name and the bytes of the one file in a form."""
    if request.content_type != "multipart/form-data":
        raise Refusal("error.unreadable", 415)
    try:
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader) or part.name != "file":
            raise Refusal("error.unreadable")
        content = bytearray()
        while chunk := await part.read_chunk(65536):
            content += chunk
            if len(content) > LARGEST:
                raise Refusal("error.file_size", 413)
    except (ValueError, HttpProcessingError):
        raise Refusal("error.unreadable") from None
    return part.filename or "", bytes(content)
