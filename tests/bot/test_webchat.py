"""The web chat as a server: who writes, what is taken, and that every reply is shown once."""

import asyncio
import io
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.webchat import COOKIE, LONGEST, PER_MINUTE, WebChat
from bot.door import Door
from bot.sender import Sender
from bot.web import Site, application
from bot.worker import Worker
from feedback.messages import Incoming
from handlers.citizen import router
from handlers.library import Library, Shelf
from storage.blobs import Blobs
from storage.store import Store, Tx
from tests.bot.test_worker import Times
from tests.conftest import NOW

Client = TestClient[aiohttp.web.Request, aiohttp.web.Application]
HEADERS = {"X-Caunoi": "chat"}
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


@pytest.fixture
async def client(store: Store, library: Library, tmp_path: Path) -> AsyncIterator[Client]:
    """Return a browser at a service that has all its parts but the network."""
    clock, arrived, woke = Times(NOW), asyncio.Event(), asyncio.Event()
    door = Door(store, library.office.kinds, clock, arrived)
    chat = WebChat(store, Blobs(tmp_path), door.keep, clock, secure=False)

    async def handle(message: Incoming, tx: Tx) -> None:
        await router.handle(message, tx, library)

    worker = Worker(store, handle, clock, arrived, woke.set)
    sender = Sender(store, chat, clock, woke, sent=chat.sent)
    running = [asyncio.create_task(run()) for run in (door.run, worker.run, sender.run)]
    async with TestClient(TestServer(application(Site(store, Shelf(library), chat)))) as client:
        await client.get("/")
        yield client
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await sender.drain()


async def say(client: Client, text: str, event: str = "", **more: object) -> aiohttp.ClientResponse:
    body = {"id": event or str(uuid.uuid4()), "text": text} | more
    return await client.post("/chat/messages", json=body, headers=HEADERS)


async def read(client: Client, count: int, after: str = "0") -> list[dict[str, str]]:
    """Return the first messages of the stream."""
    found: list[dict[str, str]] = []
    async with asyncio.timeout(5), client.get("/chat/stream", params={"after": after}) as stream:
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


async def test_forgetting_starts_anew_on_this_device(client: Client) -> None:
    await say(client, "/menu")
    before = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    assert (await client.post("/chat/forget", json={}, headers=HEADERS)).status == 204
    after = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    assert before != after


async def test_every_answer_has_its_headers(client: Client) -> None:
    for path in ("/", "/healthz", "/static/chat.js", "/nowhere"):
        answer = await client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
