"""Another process holds the database: the webhook refuses rather than wait, and nothing is lost or doubled.

Updates come at a steady pace, and again when they were refused. `make trust` prints the figures.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.simulator.telegram import FakeTelegram
from storage.tables import InboxStatus
from tests.e2e.inside import SECRET
from tests.process import ServiceProcess
from tests.trust.courier import SECRET_HEADER
from tests.trust.figures import Figures, percentile

AGAIN = 0.5  # seconds until a refused update comes again
FIRST = 1000


class Flood:
    """One update of one person each, and how long its answers took."""

    def __init__(self, service: ServiceProcess, session: aiohttp.ClientSession) -> None:
        self.waits: list[float] = []
        self.refused = 0
        self.others: list[int] = []
        self._url = f"{service.url}/webhooks/telegram"
        self._session = session

    async def comes(self, first: int, updates: int, rate: int) -> None:
        begun = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(updates):
                await asyncio.sleep(begun + number / rate - time.monotonic())
                tasks.create_task(self._brings(first + number))

    async def _brings(self, number: int) -> None:
        person = {"id": number, "is_bot": False, "first_name": "Lan"}
        place = {"id": number, "type": "private", "first_name": "Lan"}
        message = {
            "message_id": number,
            "from": person,
            "chat": place,
            "date": 1_800_000_000,
            "text": "/start",
        }
        while (status := await self._tries({"update_id": number, "message": message})) == 503:
            self.refused += 1
            await asyncio.sleep(AGAIN)
        if status != 200:
            self.others.append(status)

    async def _tries(self, update: object) -> int:
        begun = time.monotonic()
        async with self._session.post(self._url, json=update) as answer:
            self.waits.append(time.monotonic() - begun)
            return answer.status


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Let nobody else write."""
    if url.startswith("sqlite"):
        path = make_url(url).database
        with closing(sqlite3.connect(str(path), isolation_level=None)) as db:
            db.execute("PRAGMA busy_timeout=5000")
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")
        return
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sql("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        yield
    await engine.dispose()


@pytest.mark.parametrize(("seconds", "rate"), [(2.0, 40), pytest.param(5.0, 100, marks=pytest.mark.trust)])
async def test_the_webhook_refuses_rather_than_wait(
    seconds: float, rate: int, url: str, tmp_path: Path, figures: Figures
) -> None:
    async with FakeTelegram() as telegram:
        service = ServiceProcess(
            tmp_path,
            database_url=url,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_secret=SECRET,
            public_url="{url}",
        )
        updates = round(rate * (seconds + 2))
        async with service, aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
            await telegram.called("setWebhook", timeout=30)
            for number in range(2 * updates):
                telegram.person(FIRST + number)
            quiet, flood = Flood(service, session), Flood(service, session)
            await quiet.comes(FIRST, updates, rate)
            coming = asyncio.create_task(flood.comes(FIRST + updates, updates, rate))
            await asyncio.sleep(0.5)
            async with held(url):
                await asyncio.sleep(seconds)
            await coming
            await _handled(url, 2 * updates)
            await service.kill()
    assert "Traceback" not in service.log.read_text("utf-8")
    figures.size = f"{seconds:g} s held, {updates} updates at {rate}/s"
    figures.tell("answers «come again», before", quiet.refused)
    figures.tell("answers «come again», with the lock", flood.refused)
    figures.exactly("answers that were neither", len(quiet.others + flood.others))
    figures.exactly("updates handled", await _count(url), 2 * updates)
    for name, waits in (("before", quiet.waits), ("with the lock", flood.waits)):
        figures.tell(f"answer {name}, p99 (ms)", percentile(waits, 0.99) * 1000)
        figures.tell(f"answer {name}, slowest (ms)", max(waits) * 1000)
    figures.hold()
    assert flood.refused


async def _handled(url: str, updates: int) -> None:
    async with asyncio.timeout(60):
        while await _count(url) < updates:  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.2)


async def _count(url: str) -> int:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        done = sql("SELECT count(*) FROM inbox WHERE status = :done")
        found: int = await connection.scalar(done, {"done": InboxStatus.DONE}) or 0
    await engine.dispose()
    return found
