"""Strangers cannot use up the service: their connections end soon, memory stays, others are served.

`make test` sends a few of each, `make trust` as many as the figures say. Times are printed; what is
asserted is that every connection is closed at last, and how much memory the process had at its worst.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self

import aiohttp
import pytest

from tests.process import ServiceProcess
from tests.trust.strangers import PATH, RIGHT, SECRET_HEADER, database, hooked, tell, update

MB = 1024 * 1024
PATIENCE = 60  # seconds until a connection that is still open is a failure
MOST_MEMORY = 50 * MB  # beyond what the process had before
PIECE = b"x" * 65536
PAUSE = 0.5  # seconds between the bytes of who is slow
WRONG = f"Host: test\r\n{SECRET_HEADER}: another\r\n"
COOKIE = (
    f"Host: test\r\nX-Caunoi: chat\r\nCookie: caunoi_chat={'a' * 43}\r\nContent-Type: application/json\r\n"
)

Attack = Callable[[int], Awaitable[float]]


def head(path: str, more: str) -> bytes:
    return f"POST {path} HTTP/1.1\r\n{more}".encode()


async def sends(port: int, start: bytes, rest: Iterator[bytes], pause: float = 0) -> float:
    """Return after how many seconds the other side had closed the connection."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    closed = asyncio.create_task(_drained(reader))
    with suppress(ConnectionError):
        writer.write(start)
        for piece in rest:
            if closed.done():
                break
            writer.write(piece)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
    async with asyncio.timeout(PATIENCE):
        await closed
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return time.perf_counter() - begun


async def _drained(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(65536):
            pass


def letters() -> Iterator[bytes]:
    return (b"x" for _ in count())


def megabytes(size: int) -> Iterator[bytes]:
    return (PIECE for _ in range(size * MB // len(PIECE)))


def trailers() -> Iterator[bytes]:
    yield b"1\r\nx\r\n0\r\n"
    for number in range(50 * MB // 4096):
        yield f"X-{number}: ".encode() + b"y" * 4000 + b"\r\n"


async def slow_head(port: int) -> float:
    return await sends(port, head(PATH, "Host: test\r\nX-Slow: "), letters(), PAUSE)


async def silence(port: int) -> float:
    return await sends(port, b"", iter(()))


async def slow_body_without_the_secret(port: int) -> float:
    return await sends(port, head(PATH, WRONG + "Content-Length: 500000\r\n\r\n"), letters(), PAUSE)


async def slow_body_in_the_web_chat(port: int) -> float:
    start = head("/chat/messages", COOKIE + "Content-Length: 500000\r\n\r\n")
    return await sends(port, start, letters(), PAUSE)


async def large_body(port: int) -> float:
    return await sends(port, head(PATH, WRONG + f"Content-Length: {50 * MB}\r\n\r\n"), megabytes(50))


async def huge_trailers(port: int) -> float:
    return await sends(port, head(PATH, WRONG + "Transfer-Encoding: chunked\r\n\r\n"), trailers())


async def huge_head(port: int) -> float:
    return await sends(port, head(PATH, "Host: test\r\nX-Large: "), megabytes(50))


async def huge_form(port: int) -> float:
    form = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 52428800\r\n\r\n--b\r\nX-Large: "
    return await sends(port, head("/chat/files", "Host: test\r\n" + form), megabytes(50))


ATTACKS: dict[Attack, tuple[int, int]] = {  # how many at once: in make test, in make trust
    silence: (5, 50),
    slow_head: (10, 200),
    slow_body_without_the_secret: (5, 200),
    slow_body_in_the_web_chat: (5, 200),
    large_body: (5, 100),
    huge_trailers: (3, 50),
    huge_head: (3, 50),
    huge_form: (3, 50),
}


@pytest.mark.parametrize("size", ["few", pytest.param("many", marks=pytest.mark.trust)])
async def test_strangers_use_nothing_up(size: str, tmp_path: Path) -> None:
    figures: dict[str, object] = {}
    async with hooked(tmp_path) as service:
        async with _Prober(service) as prober:
            await asyncio.sleep(3)
            idle, before = prober.take(), _memory(service, "VmRSS")
            worst = []
            for attack, (few, many) in ATTACKS.items():
                number = few if size == "few" else many
                times = await asyncio.gather(*(attack(service.port) for _ in range(number)))
                worst += prober.take()
                figures[f"{attack.__name__} × {number}: closed (s)"] = round(max(times), 1)
                most = _memory(service, "VmHWM") - before
                figures[f"{attack.__name__} × {number}: memory so far (MB)"] = round(most / MB, 1)
            figures |= await _bad_secrets(service, 300 if size == "few" else 10_000)
            worst += prober.take()
        grown = _memory(service, "VmHWM") - before
        with database(tmp_path) as db:
            kept = db.execute("SELECT count(*) FROM inbox").fetchone()[0]
    tell(
        figures
        | {
            "good traffic, p95 while idle (ms)": _p95(idle),
            "good traffic, p95 under attack (ms)": _p95(worst),
            "good updates": prober.sent,
            "memory, most above before (MB)": round(grown / MB, 1),
        }
    )
    assert kept - prober.sent in (0, 1)  # the last one may have been on its way when all ended
    assert grown <= MOST_MEMORY


async def _bad_secrets(service: ServiceProcess, tries: int) -> dict[str, object]:
    statuses: dict[str, object] = {}
    async with aiohttp.ClientSession(headers=[(SECRET_HEADER, "another")]) as session:
        for number in range(tries):
            async with session.post(service.url + PATH, json=update(number, "xin chào")) as answer:
                key = f"bad secrets × {tries}: status {answer.status}"
                statuses[key] = int(str(statuses.get(key, 0))) + 1
    return statuses


class _Prober:
    """Telegram, which delivers ten updates a second and notes how long each takes."""

    def __init__(self, service: ServiceProcess) -> None:
        self._service = service
        self._times: list[float] = []
        self.sent = 0

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=[RIGHT])
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._session.close()

    def take(self) -> list[float]:
        times, self._times = self._times, []
        return times

    async def _run(self) -> None:
        while True:
            await asyncio.shield(self._one())
            await asyncio.sleep(0.1)

    async def _one(self) -> None:
        begun = time.perf_counter()
        body = update(self.sent, "luong co so la bao nhieu", person=2000 + self.sent)
        async with self._session.post(self._service.url + PATH, json=body) as answer:
            assert answer.status == 200
        self.sent += 1
        self._times.append(time.perf_counter() - begun)


def _memory(service: ServiceProcess, what: str) -> int:
    """Return bytes: VmRSS is now, VmHWM the most so far."""
    status = Path(f"/proc/{service.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024


def _p95(times: list[float]) -> float:
    return round(statistics.quantiles(times, n=20)[-1] * 1000, 1)
