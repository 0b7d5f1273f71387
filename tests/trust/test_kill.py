"""kill -9 under load, on SQLite: nothing acknowledged is lost, nothing is done twice, every doubt is flagged.

Half of the people write by web chat, half by Telegram, whose server keeps a ledger of its own. Each
files one case. `make test` kills a few times, `make trust` as often as the figures in docs/ say.
"""

import asyncio
import random
import sqlite3
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.simulator.telegram import FakeTelegram
from tests.process import ServiceProcess

SECRET = "a-sample-secret-of-the-tests"
WORDS = "Tuyến đường liên xã hư hỏng đã lâu, đề nghị xem xét, thư số {}"
STORY = ("/gopy", "1", "1", "2", WORDS, "1", "1", "1", "1")
SENT = 2  # the outbox's status


REPLIES = "SELECT channel, chat, json_extract(message, '$.text'), status, tries, maybe_twice FROM outbox"


@dataclass(frozen=True)
class Reply:
    channel: str
    chat: str
    text: str
    status: int
    tries: int
    maybe_twice: int


@dataclass
class Ledger:
    """What the service acknowledged, kept outside of it."""

    web: set[str] = field(default_factory=set)
    people: int = 0


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.trust)])
async def test_kill_under_load(kills: int, tmp_path: Path) -> None:
    rng = random.Random(20261123)  # noqa: S311 - the same kills in every run
    ledger = Ledger()
    ready: list[float] = []
    async with FakeTelegram() as telegram:
        service = ServiceProcess(
            tmp_path,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_secret=SECRET,
            public_url="{url}",
        )
        ready.append(await service.start())
        load = asyncio.create_task(_load(service, telegram, ledger, rng))
        for _ in range(kills):
            await asyncio.sleep(rng.uniform(0.3, 1.5))
            await service.kill()
            ready.append(await service.start())
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
        await telegram.taken(60)
        await _drained(service)
        await service.stop()
        figures = _figures(tmp_path / "data" / "caunoi.db", telegram, ledger)
    figures |= {"kills": kills, "ready again, slowest (s)": round(max(ready), 2), "people": ledger.people}
    print("\n" + "\n".join(f"{name:32} {value}" for name, value in figures.items()))  # noqa: T201
    assert figures["acknowledged"] > 30 * kills
    assert figures["acknowledged and lost"] == 0
    assert figures["cases filed twice"] == 0
    assert figures["cases missing"] == 0
    assert figures["replies never sent"] == 0
    assert figures["duplicate replies not flagged"] == 0


async def _load(service: ServiceProcess, telegram: FakeTelegram, ledger: Ledger, rng: random.Random) -> None:
    """Let people begin their story, each in their own time, until there has been enough killing."""
    running: set[asyncio.Task[None]] = set()
    try:
        while True:
            if len(running) < 24:
                ledger.people += 1
                by = _by_telegram if ledger.people % 2 else _by_web
                running.add(asyncio.create_task(by(service, telegram, ledger, ledger.people, rng.random())))
            running = {task for task in running if not task.done()}
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        await asyncio.gather(*running)
        raise


async def _by_web(
    service: ServiceProcess, _telegram: FakeTelegram, ledger: Ledger, number: int, again: float
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await _until_ok(session, "GET", service.url + "/")
        for text in STORY:
            event = str(uuid.uuid4())
            body = {"id": event, "text": text.format(number)}
            for _ in range(2 if again < 0.15 else 1):
                await _until_ok(session, "POST", service.url + "/chat/messages", body)
            ledger.web.add(event)


async def _by_telegram(
    _service: ServiceProcess, telegram: FakeTelegram, _ledger: Ledger, number: int, _again: float
) -> None:
    person = telegram.person(1000 + number)
    for text in STORY:
        await person.says(text.format(number))


async def _until_ok(session: aiohttp.ClientSession, method: str, url: str, body: object = None) -> None:
    headers = {"X-Caunoi": "chat"}
    while True:
        try:
            async with session.request(method, url, json=body, headers=headers) as answer:
                if answer.status == 200:
                    return
                assert answer.status == 503, await answer.text()
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)


async def _drained(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            async with session.get(f"{service.url}/healthz") as answer:
                if await answer.json() == {"waiting": 0, "unsent": 0}:
                    return
            await asyncio.sleep(0.1)


def _figures(database: Path, telegram: FakeTelegram, ledger: Ledger) -> dict[str, float]:
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        handled = {row[0] for row in db.execute("SELECT event FROM inbox WHERE status = 1")}
        filed = Counter(row[0] for row in db.execute("SELECT text FROM cases"))
        replies = [Reply(*row) for row in db.execute(REPLIES)]
    web = {event.partition(":")[2] for event in handled}
    told = {str(update) for update, status in telegram.tries if status == 200}
    lost = len(ledger.web - web) + len(told - handled)
    expected = Counter(WORDS.format(number) for number in range(1, ledger.people + 1))
    doubled, unflagged = _duplicates(replies, telegram)
    return {
        "acknowledged": len(ledger.web) + len(told),
        "acknowledged and lost": lost,
        "cases": filed.total(),
        "cases filed twice": (filed - expected).total(),
        "cases missing": (expected - filed).total(),
        "replies": len(replies),
        "replies never sent": sum(reply.status != SENT for reply in replies),
        "duplicate replies": doubled,
        "duplicate replies not flagged": unflagged,
    }


def _duplicates(replies: list[Reply], telegram: FakeTelegram) -> tuple[int, int]:
    """Compare with the ledger of the Bot API: all duplicates, and those that our database does not know.

    A reply whose sender was killed is marked and sent again; if that happens twice, it has two tries.
    """
    ours: defaultdict[tuple[str, str], list[Reply]] = defaultdict(list)
    for reply in replies:
        if reply.channel == "telegram":
            ours[reply.chat, reply.text].append(reply)
    doubled = unflagged = 0
    for (chat, text), same in ours.items():
        more = sum(sent.text == text for sent in telegram.sent(int(chat))) - len(same)
        assert more >= 0, "a reply is marked as sent that never arrived"
        doubled += more
        unflagged += max(0, more - sum(reply.tries for reply in same if reply.maybe_twice))
    return doubled, unflagged
