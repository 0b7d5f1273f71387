"""What one update costs, beside other bots: `python -m benchmarks.updates [RATE…] [--seconds N]`.

Updates come by webhook at a steady rate, whatever becomes of the earlier ones, each from another chat;
the time runs from when an update was due until its answer arrives at an instant stand-in for the Bot API.
The bots run on one core, this program on the other. Bots: a bare aiohttp handler that stores nothing, an
echo bot on python-telegram-bot and one on aiogram, and Cầu Nối, which looks the question up and keeps every
message on the disk before it says so. It measures and asserts nothing.
"""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles
from time import perf_counter
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.bots import BOTS, PATH, SECRET
from faq import entries, reader
from faq.entries import ANY_NAME

START, REST = 30.0, 20.0  # seconds to wait for a bot's first answer, and for its last
WARM_UP = 100  # updates
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Stand:
    """The Bot API that answers at once, and remembers when each chat was answered."""

    answered: dict[int, float] = field(default_factory=dict)

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        if method == "getme":
            me = {"id": 123456789, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
            return web.json_response({"ok": True, "result": me})
        if method != "sendmessage":
            return web.json_response({"ok": True, "result": True})
        body = await (request.json() if request.content_type == "application/json" else request.post())
        chat = int(body["chat_id"])
        self.answered.setdefault(chat, perf_counter())
        sent = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}
        return web.json_response({"ok": True, "result": sent})


@dataclass(frozen=True)
class Measured:
    cpu: float  # milliseconds of an update
    p50: float  # milliseconds
    p99: float
    lost: int


async def main(rates: list[int], seconds: int) -> None:
    os.sched_setaffinity(0, {1 % (os.cpu_count() or 1)})
    texts = _questions()
    print(f"{'':10}" + "".join(f"{f'{rate}/s: CPU ms, p50, p99, lost':>34}" for rate in rates))
    costs: dict[str, list[float]] = {}
    for name in BOTS:
        row = [await _measure(name, rate, seconds, texts) for rate in rates]
        costs[name] = [each.cpu for each in row]
        cells = (f"{each.cpu:.2f}, {each.p50:.1f}, {each.p99:.1f}, {each.lost}" for each in row)
        print(f"{name:10}" + "".join(f"{cell:>34}" for cell in cells), flush=True)
    ours = costs.pop("caunoi")
    for name, theirs in costs.items():
        ratios = ", ".join(f"{our / their:.2f}" for our, their in zip(ours, theirs, strict=True))
        print(f"CPU of caunoi / {name}: {ratios}")


async def _measure(name: str, rate: int, seconds: int, texts: list[str]) -> Measured:
    stand = Stand()
    async with _serving(stand) as api, _bot(name, api) as (process, url), aiohttp.ClientSession() as session:
        await _until_it_answers(session, url, stand, texts)
        await _bring(session, url, 50, WARM_UP, 1_000, texts)
        await _all_answered(stand, WARM_UP + 1)
        before, count = _cpu(process.pid), rate * seconds
        due = await _bring(session, url, rate, count, 1_000_000, texts)
        await _all_answered(stand, WARM_UP + 1 + count)
        cpu = (_cpu(process.pid) - before) / count * 1000
    took = [(stand.answered[chat] - due[chat]) * 1000 for chat in due if chat in stand.answered]
    cuts = quantiles(took, n=100)
    return Measured(cpu, cuts[49], cuts[98], count - len(took))


@asynccontextmanager
async def _serving(stand: Stand) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", stand.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def _bot(name: str, api: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bots", name, str(port), api, stderr=asyncio.subprocess.DEVNULL
    )
    yield process, f"http://127.0.0.1:{port}{PATH}"
    process.send_signal(signal.SIGTERM)
    await process.wait()


async def _until_it_answers(session: aiohttp.ClientSession, url: str, stand: Stand, texts: list[str]) -> None:
    async with asyncio.timeout(START):
        while 1 not in stand.answered:
            with suppress(aiohttp.ClientConnectionError):
                await _post(session, url, _update(1, texts[0]))
            await asyncio.sleep(0.2)


async def _bring(
    session: aiohttp.ClientSession, url: str, rate: int, count: int, first: int, texts: list[str]
) -> dict[int, float]:
    """Return when each chat's update was due."""
    due: dict[int, float] = {}
    begun, posts = perf_counter(), set()
    for number, text in zip(range(count), cycle(texts), strict=False):
        due[first + number] = moment = begun + number / rate
        await asyncio.sleep(max(0, moment - perf_counter()))
        post = asyncio.create_task(_post(session, url, _update(first + number, text)))
        posts.add(post)
        post.add_done_callback(posts.discard)
    await asyncio.gather(*posts)
    return due


async def _post(session: aiohttp.ClientSession, url: str, update: dict[str, Any]) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with session.post(url, json=update, headers=headers) as answer:
        await answer.read()


def _update(chat: int, text: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Lan"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}
    return {"update_id": chat, "message": message | {"from": person, "text": text}}


async def _all_answered(stand: Stand, count: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(REST):
            while len(stand.answered) < count:  # noqa: ASYNC110 - the stand only keeps a list
                await asyncio.sleep(0.05)


def _cpu(pid: int) -> float:
    """Seconds of processor that a process has used, all its threads together."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _questions() -> list[str]:
    answers = reader.read(entries.CONTENT, ANY_NAME, ANY_NAME)
    return [entry.question for entry in answers.knowledge.entries.values() if not entry.waiting]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rates", nargs="*", type=int, default=[50, 100, 300])
    parser.add_argument("--seconds", type=int, default=10)
    given = parser.parse_args()
    asyncio.run(main(given.rates, given.seconds))
