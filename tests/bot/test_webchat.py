"""The web chat as a server: who writes, what is taken, and that every reply is shown once."""

import asyncio
import hashlib
import io
import json
import random
import re
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels import webchat
from bot.channels.webchat import COOKIE, LONGEST, PER_MINUTE, STREAMS, WebChat
from bot.door import Door
from bot.sender import Sender
from bot.web import Site, application
from bot.worker import Worker
from feedback.messages import Address, Incoming, Outgoing
from handlers.citizen import router
from handlers.library import Library, Shelf
from storage.blobs import Blobs
from storage.outbox import Item
from storage.store import Store, Tx
from storage.tables import OutboxStatus
from tests.bot.test_worker import Times
from tests.conftest import NOW

Client = TestClient[aiohttp.web.Request, aiohttp.web.Application]
HEADERS = {"X-Caunoi": "chat"}
PORTAL = "https://portal.example.vn"
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


@pytest.fixture
async def client(store: Store, library: Library, tmp_path: Path) -> AsyncIterator[Client]:
    """Return a browser at a service that has all its parts but the network."""
    clock, arrived, woke = Times(NOW), asyncio.Event(), asyncio.Event()
    door = Door(store, library.office.kinds, clock, arrived)
    here = ip_network("127.0.0.1")
    chat = WebChat(store, Blobs(tmp_path), door.keep, clock, secure=False, proxies=[here])

    async def handle(message: Incoming, tx: Tx) -> None:
        await router.handle(message, tx, library)

    worker = Worker(store, handle, clock, arrived, woke.set)
    sender = Sender(store, chat, clock, woke, sent=chat.sent)
    running = [asyncio.create_task(run()) for run in (door.run, worker.run, sender.run)]
    site = Site(store, Shelf(library), chat, (PORTAL,))
    async with TestClient(TestServer(application(site))) as client:
        await client.get("/")
        yield client
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await sender.drain()


async def say(client: Client, text: str, event: str = "", **more: object) -> aiohttp.ClientResponse:
    body = {"id": event or str(uuid.uuid4()), "text": text} | more
    return await client.post("/chat/messages", json=body, headers=HEADERS)


async def read(
    client: Client, count: int, after: str = "0", headers: dict[str, str] | None = None
) -> list[dict[str, str]]:
    """Return the first messages of the stream."""
    found: list[dict[str, str]] = []
    request = client.get("/chat/stream", params={"after": after}, headers=headers)
    async with asyncio.timeout(5), request as stream:
        async for line in stream.content:
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


async def test_a_question_is_answered_on_the_stream(client: Client) -> None:
    assert (await say(client, "luong co so hien nay la bao nhieu")).status == 200
    [reply] = await read(client, 1)
    assert "2.530.000" in reply["text"]


async def test_the_same_message_twice_is_answered_once(client: Client) -> None:
    event = str(uuid.uuid4())
    for _ in range(3):
        assert (await say(client, "/tracuu", event)).status == 200
    await say(client, "/menu")
    replies = await read(client, 2)
    assert replies[0]["text"].startswith("Xin gõ mã")
    assert replies[1]["text"].startswith("Kính chào")


async def test_a_page_that_comes_back_reads_on_where_it_was(client: Client) -> None:
    await say(client, "/tracuu")
    [first] = await read(client, 1)
    await say(client, "/menu")
    [second] = await read(client, 1, after=first["id"])
    assert second["text"].startswith("Kính chào")


async def test_no_reply_of_a_thousand_is_missed_or_doubled_by_who_reconnects_all_the_time(
    store: Store, library: Library, tmp_path: Path
) -> None:
    chat = WebChat(store, Blobs(tmp_path), _nowhere, Times(NOW), secure=False)
    told = [str(n) for n in range(1000)]
    async with TestClient(TestServer(application(Site(store, Shelf(library), chat)))) as client:
        await client.get("/")
        writing = asyncio.create_task(_tell(store, chat, _address(client), told))
        chance = random.Random(1)  # noqa: S311 - the same in every run
        heard: list[str] = []
        last: dict[str, str] = {}
        while len(heard) < len(told):
            count = min(chance.randint(1, 40), len(told) - len(heard))
            some = await read(client, count, headers=last)
            heard += [message["text"] for message in some]
            last = {"Last-Event-ID": some[-1]["id"]}
        await writing
    assert heard == told


async def test_who_was_away_hears_all_of_a_thousand_at_once(
    store: Store, library: Library, tmp_path: Path
) -> None:
    chat = WebChat(store, Blobs(tmp_path), _nowhere, Times(NOW), secure=False)
    told = [str(n) for n in range(1000)]
    async with TestClient(TestServer(application(Site(store, Shelf(library), chat)))) as client:
        await client.get("/")
        await _tell(store, chat, _address(client), told)
        assert [message["text"] for message in await read(client, len(told))] == told


async def _tell(store: Store, chat: WebChat, address: Address, texts: Sequence[str]) -> None:
    """Put these messages where the page reads them, some at a time."""
    for start in range(0, len(texts), 40):
        async with store.begin(NOW) as tx:
            for text in texts[start : start + 40]:
                tx.outbox.put(address, Outgoing(text))
                row = tx.pending.inserts[-1][1]
                item = Item(
                    row["id"], address, Outgoing(text), None, NOW, 0, OutboxStatus.DUE, maybe_twice=False
                )
                tx.outbox.sent(item, "")
        chat.sent(address)


async def _nowhere(message: Incoming) -> None:
    raise NotImplementedError(message)


def _address(client: Client) -> Address:
    cookie = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    return Address("web", "main", hashlib.sha256(cookie.encode()).hexdigest())


async def test_another_browser_sees_nothing_of_it(client: Client) -> None:
    await say(client, "/menu")
    await read(client, 1)
    client.session.cookie_jar.clear()
    await client.get("/")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await read(client, 1)


@pytest.mark.parametrize(
    ("language", "sentence"), [("vi", "Xin Ông/Bà tải lại trang"), ("en", "Please reload it")]
)
async def test_a_stranger_is_told_in_their_language(client: Client, language: str, sentence: str) -> None:
    client.session.cookie_jar.clear()
    headers = HEADERS | {"Cookie": f"caunoi_lang={language}"}
    answer = await client.post("/chat/messages", json={"id": "x", "text": "a"}, headers=headers)
    assert answer.status == 403
    assert sentence in (await answer.json())["error"]


async def test_another_site_cannot_write_in_the_name_of_the_browser(client: Client) -> None:
    answer = await client.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": "a"})
    assert answer.status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"id": "x", "text": "a"}', 400),
        (b'{"id": "00000000-0000-4000-8000-000000000000", "text": ""}', 400),
        (b'{"id": "00000000-0000-4000-8000-000000000000", "text": 7}', 400),
        (b'{"id": "00000000-0000-4000-8000-000000000000", "text": "%s"}' % (b"a" * (LONGEST + 1)), 413),
        (b'{"id": "00000000-0000-4000-8000-000000000000", "text": "%s"}' % (b"a" * 2_000_000), 413),
    ],
    ids=["broken", "a list", "not UTF-8", "no id", "empty", "a number", "too long", "far too long"],
)
async def test_bad_input_is_told_kindly_and_the_next_message_works(
    client: Client, body: bytes, status: int
) -> None:
    headers = HEADERS | {"Content-Type": "application/json"}
    answer = await client.post("/chat/messages", data=io.BytesIO(body), headers=headers)
    assert answer.status == status
    assert (await answer.json())["error"].endswith((".", "!"))
    assert (await say(client, "/menu")).status == 200


async def test_who_writes_too_fast_is_slowed_down(client: Client) -> None:
    answers = await asyncio.gather(*(say(client, "xin chào") for _ in range(2 * PER_MINUTE)))
    taken = [answer.status for answer in answers].count(200)
    assert PER_MINUTE <= taken < 2 * PER_MINUTE
    assert {answer.status for answer in answers} == {200, 429}


async def says_from(client: Client, address: str, cookie: str = "") -> int:
    headers = HEADERS | {"X-Forwarded-For": address} | ({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})
    body = {"id": str(uuid.uuid4()), "text": "xin chào"}
    async with client.post("/chat/messages", json=body, headers=headers) as answer:
        if answer.status == 429:
            assert "Từ mạng của Ông/Bà đang có quá nhiều tin" in (await answer.json())["error"]
        return answer.status


async def test_another_cookie_for_every_message_does_not_get_around_the_limit(
    store: Store, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webchat, "NEW_PER_ADDRESS", 5)
    async with _limited(store, library, tmp_path) as client:
        cookies = [f"{n:043}" for n in range(8)]
        flood = [await says_from(client, "198.51.100.1", cookie) for cookie in cookies]
        assert flood == [200] * 5 + [429] * 3
        assert await says_from(client, "198.51.100.1", cookies[0]) == 200, "who was here before goes on"
        assert await says_from(client, "198.51.100.2", cookies[7]) == 200, "another address is not concerned"


async def test_one_address_may_not_write_endlessly(
    store: Store, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webchat, "PER_ADDRESS", 4)
    async with _limited(store, library, tmp_path) as client:
        one = "a" * 43
        assert [await says_from(client, "198.51.100.1", one) for _ in range(6)] == [200] * 4 + [429] * 2
        assert await says_from(client, "198.51.100.2", one) == 200


def _limited(store: Store, library: Library, folder: Path) -> Client:
    async def keep(message: Incoming) -> None:
        assert message.text == "xin chào"

    proxies = [ip_network("127.0.0.1")]
    chat = WebChat(store, Blobs(folder), keep, Times(NOW), secure=False, proxies=proxies)
    server: TestServer = TestServer(application(Site(store, Shelf(library), chat)))
    return TestClient(server, cookie_jar=aiohttp.DummyCookieJar())


async def test_one_browser_may_not_hold_streams_endlessly(client: Client) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(STREAMS):
            assert (await stack.enter_async_context(client.get("/chat/stream"))).status == 200
        assert (await client.get("/chat/stream")).status == 429
    await say(client, "/menu")
    assert await read(client, 1)


async def upload(client: Client, content: bytes, name: str = "anh.jpg") -> aiohttp.ClientResponse:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(content), filename=name)
    return await client.post("/chat/files", params={"id": str(uuid.uuid4())}, data=form, headers=HEADERS)


async def test_a_photo_is_taken_and_offered_to_be_filed(client: Client) -> None:
    assert (await upload(client, JPEG)).status == 200
    [reply] = await read(client, 1)
    assert reply["text"].startswith("Tôi đã nhận tệp")


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"MZ" + bytes(100), 415), (b"", 415), (b"<svg onload=alert(1)>", 415), (JPEG + bytes(11_000_000), 413)],
    ids=["a program", "nothing", "a script", "too large"],
)
async def test_other_files_are_refused_whatever_their_name_says(
    client: Client, content: bytes, status: int
) -> None:
    answer = await upload(client, content)
    assert answer.status == status
    assert "error" in await answer.json()


async def test_a_file_that_stops_coming_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webchat, "SILENCE", 0.1)

    async def stops() -> AsyncIterator[bytes]:
        yield b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + JPEG
        await asyncio.sleep(5)

    headers = HEADERS | {"Content-Type": "multipart/form-data; boundary=xyz"}
    path = f"/chat/files?id={uuid.uuid4()}"
    async with asyncio.timeout(4), client.post(path, data=stops(), headers=headers) as answer:
        assert answer.status == 408
    assert (await upload(client, JPEG)).status == 200


async def test_more_files_at_once_than_there_is_memory_for_are_asked_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webchat, "UPLOADS", 0)
    answer = await upload(client, JPEG)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "đang bận" in (await answer.json())["error"]


async def test_forgetting_starts_anew_on_this_device(client: Client) -> None:
    await say(client, "/menu")
    before = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    assert (await client.post("/chat/forget", json={}, headers=HEADERS)).status == 204
    after = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    assert before != after


@pytest.mark.parametrize(
    ("secure", "framed", "kept", "dropped"),
    [
        (False, False, "SameSite=Lax", None),
        (False, True, "SameSite=Lax", None),
        (True, False, "SameSite=Lax; Secure", "SameSite=None; Secure; Partitioned"),
        (True, True, "SameSite=None; Secure; Partitioned", "SameSite=Lax; Secure"),
    ],
)
async def test_the_cookie_reaches_a_frame_only_where_it_is_meant_to(
    store: Store,
    library: Library,
    tmp_path: Path,
    *,
    secure: bool,
    framed: bool,
    kept: str,
    dropped: str | None,
) -> None:
    chat = WebChat(store, Blobs(tmp_path), _nowhere, Times(NOW), secure=secure, framed=framed)
    async with TestClient(TestServer(application(Site(store, Shelf(library), chat)))) as client:
        given = (await client.get("/")).headers.getall("Set-Cookie")
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; Max-Age=\d+; Path=/; HttpOnly; {kept}", given[-1])
    assert given[:-1] == ([f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; {dropped}"] if dropped else [])


async def test_only_the_frame_may_be_framed_and_only_by_the_portal(client: Client) -> None:
    policies = {path: (await client.get(path)).headers["Content-Security-Policy"] for path in ("/", "/embed")}
    assert policies["/"].endswith("frame-ancestors 'none'")
    assert policies["/embed"].endswith(f"frame-ancestors {PORTAL}")
    assert policies["/"].rpartition(" ")[0] == policies["/embed"].rpartition(" ")[0]


async def test_without_the_setting_there_is_nothing_to_embed(
    store: Store, library: Library, tmp_path: Path
) -> None:
    chat = WebChat(store, Blobs(tmp_path), _nowhere, Times(NOW), secure=True)
    async with TestClient(TestServer(application(Site(store, Shelf(library), chat)))) as client:
        assert [(await client.get(path)).status for path in ("/embed", "/widget.js")] == [404, 404]


async def test_a_browser_without_a_cookie_is_told_so(client: Client) -> None:
    assert (await client.get("/chat/known")).status == 204
    client.session.cookie_jar.clear()
    assert (await client.get("/chat/known")).status == 403


async def test_every_answer_has_its_headers(client: Client) -> None:
    for path in ("/", "/embed", "/widget.js", "/healthz", "/static/chat.js", "/nowhere"):
        answer = await client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
