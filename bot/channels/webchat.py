"""The web chat: messages by POST, replies by server-sent events, the outbox as its memory.

A browser is known by a random cookie of which only the hash is stored. «Sent» means: kept where the
page reads it; the page goes on after the last position that it has, and shows each position once.
"""

import asyncio
import hashlib
import json
import random
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NoReturn

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.base import UNLIMITED, FetchError
from bot.door import Full
from bot.limits import Limit, client
from bot.settings import Network
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
PER_ADDRESS = 600  # messages a minute; thousands of phones may share the address of their provider
NEW_PER_ADDRESS = 300  # browsers in ten minutes that have not been here lately
STREAMS, STREAMS_PER_ADDRESS = 8, 500  # open at once
UPLOADS = 16  # under way at once, each kept in memory until it is whole
HEARTBEAT = 15.0  # seconds
GLANCE = 1.0  # seconds between looks when another process may be the sender
SILENCE = 20.0  # seconds without a byte of a file, until the line is given up
RETRY = (1000, 4000)  # milliseconds: after a restart not all pages come back at once
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
        self,
        store: Store,
        blobs: Blobs,
        keep: Keep,
        now: Callable[[], datetime],
        *,
        secure: bool,
        framed: bool = False,
        proxies: Sequence[Network] = (),
    ) -> None:
        """`framed` says that pages of other sites may hold ours, so that its cookie has to reach them."""
        self._store = store
        self._blobs = blobs
        self._keep = keep
        self.now = now
        self._secure = secure
        self._partitioned = secure and framed
        self._proxies = proxies
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._streams: Counter[str] = Counter()
        self._uploads = 0
        self._per_person = Limit(PER_MINUTE, 60)
        self._per_address = Limit(PER_ADDRESS, 60)
        self._newcomers = Limit(NEW_PER_ADDRESS, 600)

    # As a channel

    def rate_of(self, address: Address) -> None: ...

    async def send(self, address: Address, message: Outgoing) -> str:  # noqa: ARG002
        return ""

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
            web.get("/chat/known", self._known),
            web.get("/chat/stream", self._stream),
        ]

    def greet(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a new browser its cookie."""
        if COOKIE not in request.cookies:
            self._set_cookie(response)

    async def _message(self, request: web.Request) -> web.Response:
        person = self._writer(request)
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
        person = self._writer(request)
        with self._uploading():
            name, content = await _upload(request)
        mime = type_of(content)
        if mime is None:
            raise Refusal("error.file_type", 415)
        kept = Attachment(await self._blobs.save(content), name[-120:], mime, len(content))
        await self._keep(self._incoming(person, request.query.get("id", ""), Kind.FILES, "", kept))
        return web.json_response({"ok": True})

    async def _forget(self, request: web.Request) -> web.Response:
        """A new start on this device: another cookie; what was filed stays filed."""
        self._guest(request)
        response = web.Response(status=204)
        self._set_cookie(response)
        return response

    async def _known(self, request: web.Request) -> web.Response:
        """Whether the browser brings its cookie back."""
        _person(request)
        return web.Response(status=204, headers={"Cache-Control": "no-store"})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = _person(request)
        with self._open(person, STREAMS), self._open(client(request, self._proxies), STREAMS_PER_ADDRESS):
            response = web.StreamResponse(
                headers={
                    "Content-Type": "text/event-stream",
                    "Cache-Control": "no-store",
                    "X-Accel-Buffering": "no",
                }
            )
            await response.prepare(request)
            with self._listening(person) as woke, suppress(ConnectionError):
                await response.write(f"retry: {random.randint(*RETRY)}\n\n".encode())  # noqa: S311 - no secret
                await self._tell(response, person, _last_id(request), woke)
        return response

    async def _tell(
        self, response: web.StreamResponse, person: str, after: int, woke: asyncio.Event
    ) -> NoReturn:
        """Write all that there is, then whatever comes, until the line breaks."""
        pause = GLANCE if self._store.shared else HEARTBEAT
        wrote = _clock()
        while True:
            woke.clear()
            while items := await whole(self._since(person, after)):
                for item in items:
                    await response.write(_event(item))
                after, wrote = items[-1].position, _clock()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await woke.wait()
            if _clock() - wrote >= HEARTBEAT:
                await response.write(b": still here\n\n")
                wrote = _clock()

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

    def _guest(self, request: web.Request) -> str:
        """Who asks: the page of this site, in a browser that has our cookie."""
        person = _person(request)
        if request.headers.get(HEADER[0]) != HEADER[1]:
            raise Refusal("error.reload", 403)
        return person

    def _writer(self, request: web.Request) -> str:
        """Like a guest, and not too fast: neither this browser nor all that come from its address."""
        person, address, at = self._guest(request), client(request, self._proxies), _clock()
        if address is not None:
            is_new = not self._per_person.knows(person)
            if is_new and not self._newcomers.allows(address, at):
                raise Refusal("error.too_many", 429)
            if not self._per_address.allows(address, at):
                raise Refusal("error.too_many", 429)
        if not self._per_person.allows(person, at):
            raise Refusal("error.too_fast", 429)
        return person

    def _set_cookie(self, response: web.StreamResponse) -> None:
        """A browser may hold one of each kind from before and after embedding was set up: keep only ours."""
        kinds = {
            True: "SameSite=None; Secure; Partitioned",
            False: "SameSite=Lax" + "; Secure" * self._secure,
        }
        rest = "Path=/; HttpOnly; "
        if self._secure:
            other = f"{COOKIE}=; Max-Age=0; {rest}{kinds[not self._partitioned]}"
            response.headers.add("Set-Cookie", other)
        ours = f"{COOKIE}={secrets.token_urlsafe(32)}; Max-Age={YEAR}; {rest}{kinds[self._partitioned]}"
        response.headers.add("Set-Cookie", ours)

    @contextmanager
    def _uploading(self) -> Iterator[None]:
        if self._uploads >= UPLOADS:
            raise Full
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    @contextmanager
    def _open(self, key: str | None, most: int) -> Iterator[None]:
        """Count a stream of this browser or address. No key, no limit."""
        if key is None:
            yield
            return
        if self._streams[key] >= most:
            raise Refusal("error.too_many", 429)
        self._streams[key] += 1
        try:
            yield
        finally:
            self._streams[key] -= 1
            if not self._streams[key]:
                del self._streams[key]

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
        "id": str(item.position),
        "at": item.at.isoformat(),
        "text": item.message.text,
        "buttons": [{"label": button.label, "data": button.data} for button in item.message.buttons],
        "reply_to": item.message.reply_to,
    }
    return f"id: {item.position}\nevent: message\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _person(request: web.Request) -> str:
    """Return who this browser is. It has to bring a cookie that looks like one of ours."""
    cookie = request.cookies.get(COOKIE, "")
    if not re.fullmatch(r"[\w-]{43}", cookie):
        raise Refusal("error.reload", 403)
    return hashlib.sha256(cookie.encode()).hexdigest()


def _clock() -> float:
    return asyncio.get_running_loop().time()


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
        while chunk := await _chunk(part):
            content += chunk
            if len(content) > LARGEST:
                raise Refusal("error.file_size", 413)
    except (ValueError, HttpProcessingError):
        raise Refusal("error.unreadable") from None
    return part.filename or "", bytes(content)


async def _chunk(part: BodyPartReader) -> bytes:
    """Raises TimeoutError when nothing comes for too long."""
    async with asyncio.timeout(SILENCE):
        return await part.read_chunk(65536)
