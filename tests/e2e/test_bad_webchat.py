"""What no page of ours would send: each gets a sentence in the person's language, and harms nobody."""

import asyncio
import io
import socket
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot import web
from bot.channels.webchat import COOKIE
from handlers.library import Library
from tests.e2e.inside import inside
from tests.e2e.webcitizen import WebCitizen
from tests.process import ServiceProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILES = f"/chat/files?id={uuid.uuid4()}"
FORM = "multipart/form-data; boundary=xyz"
JSON = {"Content-Type": "application/json"}
START = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'


def _message(**different: object) -> dict[str, Any]:
    return {"json": {"id": str(uuid.uuid4()), "text": "xin chào"} | different}


def _form(body: bytes, content_type: str = FORM) -> dict[str, Any]:
    return {"path": FILES, "data": body, "headers": {"Content-Type": content_type}}


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "without our header": ({**_message(), "headers": {"X-Caunoi": "other"}}, 403, "reload"),
    "another cookie": ({**_message(), "cookies": {COOKIE: "short"}}, 403, "reload"),
    "a form": ({"data": {"text": "xin chào"}}, 415, "unreadable"),
    "no JSON": ({"data": b"xin ch\xc3\xa0o", "headers": JSON}, 400, "unreadable"),
    "broken JSON": ({"data": b'{"id": "', "headers": JSON}, 400, "unreadable"),
    "no UTF-8": ({"data": b'{"text": "\xff"}', "headers": JSON}, 400, "unreadable"),
    "nested deeply": ({"data": b"[" * 100_000, "headers": JSON}, 400, "unreadable"),
    "an array": ({"json": ["xin chào"]}, 400, "unreadable"),
    "no id": ({"json": {"text": "xin chào"}}, 400, "unreadable"),
    "a strange id": (_message(id="../../etc/passwd"), 400, "unreadable"),
    "a number for a text": (_message(text=17), 400, "unreadable"),
    "no words": (_message(text=" \n\t "), 400, "unreadable"),
    "4,001 characters": (_message(text="a" * 4001), 413, "too_long"),
    "100,000 characters": (_message(text="a" * 100_000), 413, "too_long"),
    "900 kB": ({"data": b'"' + b"a" * 900_000 + b'"', "headers": JSON}, 400, "unreadable"),
    "a long button": (_message(button="a" * 4001), 413, "too_long"),
    "an upload that is no form": (_form(b"x", "image/jpeg"), 415, "unreadable"),
    "a form without a boundary": (_form(b"x", "multipart/form-data"), 400, "unreadable"),
    "a form that never begins": (_form(b"x"), 400, "unreadable"),
    "an empty form": (_form(b"--xyz--\r\n"), 400, "unreadable"),
    "a form with broken headers": (_form(b"--xyz\r\nno colon\r\n\r\nx\r\n--xyz--\r\n"), 400, "unreadable"),
    "a form with long headers": (_form(START + b"X: " + b"a" * 20_000), 400, "unreadable"),
    "a form within a form": (
        _form(b"--xyz\r\nContent-Type: multipart/mixed; boundary=abc\r\n\r\n--abc--\r\n--xyz--\r\n"),
        400,
        "unreadable",
    ),
    "another field": (
        _form(b'--xyz\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--xyz--\r\n'),
        400,
        "unreadable",
    ),
    "a program that calls itself a picture": (
        _form(START + b"Content-Type: image/jpeg\r\n\r\nMZ\x90\x00\r\n--xyz--\r\n"),
        415,
        "file_type",
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(folder: Path) -> AsyncIterator[ServiceProcess]:
    place = folder / "webchat"
    place.mkdir()
    async with ServiceProcess(place) as process:
        yield process
    log = process.log.read_text("utf-8")
    assert "Traceback" not in log, log


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_refusal_is_a_sentence(language: str, service: ServiceProcess, library: Library) -> None:
    said, wanted = {}, {}
    for name, (request, status, key) in BAD.items():
        async with WebCitizen(service.url, caunoi_lang=language) as citizen:
            said[name] = await citizen.sends(**request)
        wanted[name] = (status, {"error": library.phrases.say(language, f"error.{key}")})
    assert said == wanted


async def test_who_has_not_opened_the_page_is_asked_to(service: ServiceProcess, library: Library) -> None:
    stranger = WebCitizen(service.url)
    assert await stranger.posts("xin chào") == (403, {"error": library.phrases.say("vi", "error.reload")})
    async with stranger.session.get(service.url + "/chat/stream") as answer:
        assert answer.status == 403
    await stranger.session.close()


async def test_a_large_file_is_refused_and_the_next_message_works(
    service: ServiceProcess, library: Library
) -> None:
    async with WebCitizen(service.url) as lan:
        too_large = library.phrases.say("vi", "error.file_size")
        large = b"\xff\xd8\xff" + bytes(11 * 1024 * 1024)
        assert await lan.uploads("anh.jpg", large) == (413, {"error": too_large})
        assert await lan.uploads("anh.jpg", large[: 10 * 1024 * 1024]) == (200, {"ok": True})
        (kept,) = await lan.hears(1)
        assert kept["text"].startswith("Tôi đã nhận tệp.")
        assert "2.530.000 đồng/tháng" in await lan.says("luong co so hien nay la bao nhieu")


async def test_who_writes_too_fast_waits_alone_and_nothing_accepted_is_lost(
    service: ServiceProcess, library: Library
) -> None:
    async with WebCitizen(service.url) as minh, WebCitizen(service.url) as lan:
        answers = await asyncio.gather(*(minh.posts("/khongco") for _ in range(80)))
        too_fast = (429, {"error": library.phrases.say("vi", "error.too_fast")})
        taken = answers.count((200, {"ok": True}))
        assert 40 <= taken < 80
        assert answers.count(too_fast) == 80 - taken
        assert "2.530.000 đồng/tháng" in await lan.says("luong co so hien nay la bao nhieu")
        assert len(await minh.hears(taken)) == taken


async def test_a_long_message_is_refused_and_the_next_one_works(
    service: ServiceProcess, library: Library
) -> None:
    async with WebCitizen(service.url) as lan:
        for text in ("/gopy", "1", "1", "2"):
            await lan.says(text)
        too_long = library.phrases.say("vi", "error.too_long")
        assert await lan.posts("a" * 100_000) == (413, {"error": too_long})
        assert await lan.sends(data=io.BytesIO(bytes(2_000_000)), headers=JSON) == (413, {"error": too_long})
        assert (await lan.says("Xã tôi chậm trả lương đã ba tháng.")).startswith("Việc này ở đâu?")


async def test_a_message_that_is_sent_twice_is_answered_once(service: ServiceProcess) -> None:
    async with WebCitizen(service.url) as lan:
        again = _message(text="/khongco")
        for _ in range(3):
            assert await lan.sends(**again) == (200, {"ok": True})
        await lan.hears(1)
        assert (await lan.says("/help")).startswith("Tôi có thể giúp Ông/Bà:")


@pytest.mark.parametrize("after", ["-1", "x", "9" * 19, "9" * 40, "٣", ""])
async def test_a_strange_place_in_the_stream_breaks_nothing(after: str, service: ServiceProcess) -> None:
    async with (
        WebCitizen(service.url) as lan,
        lan.session.get(f"{service.url}/chat/stream", params={"after": after}) as stream,
    ):
        assert stream.status == 200
        await lan.posts("/help")
        if not after.startswith("9"):
            assert (await stream.content.readuntil(b"\nid: ")).startswith(b"retry: ")


async def test_whoever_sends_a_byte_at_a_time_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert web.DEADLINE <= 20  # seconds; here they pass faster
    monkeypatch.setattr(web, "DEADLINE", 0.5)
    async with inside(tmp_path) as service, WebCitizen(service.url) as lan:
        begun = asyncio.get_running_loop().time()
        answer = await asyncio.to_thread(_drips, service.url)
        took = asyncio.get_running_loop().time() - begun
        assert answer.startswith(b"HTTP/1.1 408")
        assert took < 5
        assert "2.530.000 đồng/tháng" in await lan.says("luong co so hien nay la bao nhieu")


def _drips(url: str) -> bytes:
    """Send a body byte by byte for as long as somebody listens; return what came back."""
    request = (
        "POST /chat/messages HTTP/1.1\r\nHost: localhost\r\nX-Caunoi: chat\r\n"
        f"Cookie: caunoi_chat={'a' * 43}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
        line.settimeout(0.05)
        line.sendall(request.encode())
        for _ in range(200):
            line.sendall(b" ")
            try:
                return line.recv(10_000)
            except TimeoutError:
                continue
    return b""


async def test_what_is_not_there_is_not_an_error_of_the_service(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as session:
        for method, path, status in (
            ("GET", "/nowhere", 404),
            ("GET", "/static/../service.py", 404),
            ("GET", "/static/%2e%2e/service.py", 404),
            ("DELETE", "/chat/messages", 405),
            ("GET", "/webhooks/telegram", 404),
            ("GET", "/?lang=%00%ff", 200),
        ):
            async with session.request(method, service.url + path) as answer:
                assert (path, answer.status) == (path, status)
