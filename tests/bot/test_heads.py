"""Connections that do not send the head of a request in time are closed; those that do are not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web

from bot import heads

SHORT = 0.3  # seconds
ASK = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(heads, "HEAD", SHORT)
    app = web.Application()
    app.add_routes([web.get("/", _slowly), web.post("/", _length)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    server = await heads.serve(runner, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await runner.cleanup()


async def _slowly(_request: web.Request) -> web.Response:
    await asyncio.sleep(SHORT * 2)
    return web.Response(text="xong")


async def _length(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(10):
        return await reader.read()


async def test_who_says_nothing_is_hung_up_on(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await until_closed(reader) == b""
    writer.close()


async def test_who_sends_the_head_byte_by_byte_is_hung_up_on(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    closed = asyncio.create_task(until_closed(reader))
    with suppress(ConnectionError):
        while not closed.done():
            writer.write(b"X")
            await writer.drain()
            await asyncio.sleep(0.02)
    with suppress(ConnectionError):
        assert b"200" not in await closed
    writer.close()


async def test_a_slow_answer_and_a_second_request_are_not_cut(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(ASK)
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(4) == b"xong"
    writer.close()


async def test_the_head_of_a_second_request_has_the_same_time(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASK)
    await reader.readuntil(b"xong")
    writer.write(ASK[:9])
    assert await until_closed(reader) == b""
    writer.close()


async def test_a_body_may_take_longer_than_a_head(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n")
    for letter in (b"x", b"o", b"n", b"g"):
        await asyncio.sleep(SHORT / 2)
        writer.write(letter)
    assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(1) == b"4"
    writer.close()
