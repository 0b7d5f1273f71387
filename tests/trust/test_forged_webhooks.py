"""Who does not know Telegram's secret leaves nothing; who repeats a true update changes nothing.

The tries come from many addresses, so that the budget of failed tries, which has a test of its own, hides
no answer. `make test` tries some hundred times, `make trust` 10,000 times.
"""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from multidict import CIMultiDict

from bot.updates import FAILED_TRIES
from tests.e2e.waiting import settled
from tests.trust.strangers import PATH, RIGHT, SECRET, SECRET_HEADER, database, hooked, tell, update

EACH = FAILED_TRIES - 10  # tries of one address
STORY = ("/gopy", "1", "1", "2", "Đường liên xã hư hỏng đã lâu, đề nghị xem xét", "1", "1", "1", "1")

Headers = list[tuple[str, str]]


def forged(rng: random.Random) -> Iterator[tuple[str, Headers]]:
    """Yield headers that are nearly right, for ever."""
    while True:
        cut, place = rng.randrange(1, len(SECRET)), rng.randrange(len(SECRET))
        letter = rng.choice("abcdefghijklmnopqrstuvwxyz0123456789-_")
        changed = SECRET[:place] + letter + SECRET[place + 1 :]
        yield "missing", []
        yield "empty", [(SECRET_HEADER, "")]
        yield "a prefix", [(SECRET_HEADER, SECRET[:cut])]
        yield "longer", [(SECRET_HEADER, SECRET + letter)]
        yield "one letter", [(SECRET_HEADER, changed if changed != SECRET else SECRET[1:])]
        yield "other case", [(SECRET_HEADER, SECRET[:cut] + SECRET[cut:].upper())]
        yield "Unicode", [(SECRET_HEADER, SECRET.replace("e", "е"))]
        yield "full width", [(SECRET_HEADER, "".join(chr(ord(c) + 0xFEE0) for c in SECRET))]
        yield "right and wrong", [RIGHT, (SECRET_HEADER, changed)]
        yield "twice right", [RIGHT, RIGHT]
        yield "another header", [("X-Telegram-Bot-Api-Secret-Tokens", SECRET)]
        yield "of random letters", [(SECRET_HEADER, rng.randbytes(14).hex())]


@pytest.mark.parametrize("tries", [300, pytest.param(10_000, marks=pytest.mark.trust)])
async def test_no_forged_update_gets_in(tries: int, tmp_path: Path) -> None:
    headers = forged(random.Random(20261123))  # noqa: S311 - the same tries in every run
    statuses: Counter[tuple[str, int]] = Counter()
    times: dict[str, list[float]] = {}
    async with hooked(tmp_path) as service:
        begun = time.perf_counter()
        for first in range(0, tries, EACH):
            address = f"127.{1 + first // EACH // 250}.0.{1 + first // EACH % 250}"
            connector = aiohttp.TCPConnector(local_addr=(address, 0))
            async with aiohttp.ClientSession(connector=connector) as session:
                for number in range(first, min(first + EACH, tries)):
                    name, given = next(headers)
                    asked = time.perf_counter()
                    status = await _post(session, service.url, given, update(number, "xin chào"))
                    times.setdefault(name, []).append(time.perf_counter() - asked)
                    statuses[name, status] += 1
        took = time.perf_counter() - begun
        with database(tmp_path) as db:
            rows = db.execute("SELECT count(*) FROM inbox").fetchone()[0]
    tell(
        {"tries": tries, "a second": round(tries / took), "rows": rows}
        | {f"{name}: status {status}": count for (name, status), count in sorted(statuses.items())}
        | {f"{name}: median (ms)": round(statistics.median(t) * 1000, 2) for name, t in sorted(times.items())}
    )
    assert {status for _, status in statuses} == {401}
    assert statuses.total() == tries
    assert rows == 0
    assert b"xin ch\\u00e0o" not in b"".join(
        file.read_bytes() for file in (tmp_path / "data").glob("caunoi.db*")
    )


async def test_failed_tries_are_counted_and_good_traffic_is_not(tmp_path: Path) -> None:
    wrong = [(SECRET_HEADER, "another-secret-of-the-tests!")]
    async with hooked(tmp_path) as service, aiohttp.ClientSession() as session:
        statuses = []
        for number in range(FAILED_TRIES * 2):
            statuses.append(await _post(session, service.url, wrong, update(number, "xin chào")))
            if number % 10 == 0:
                assert await _post(session, service.url, [RIGHT], update(10_000 + number, "xin chào")) == 200
        connector = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
        async with aiohttp.ClientSession(connector=connector) as elsewhere:
            assert await _post(elsewhere, service.url, wrong, update(1, "xin chào")) == 401
    assert statuses[:FAILED_TRIES] == [401] * FAILED_TRIES
    assert statuses[-1] == 429


async def test_a_true_update_that_is_repeated_makes_one_case(tmp_path: Path) -> None:
    async with hooked(tmp_path) as service, aiohttp.ClientSession() as session:
        for number, text in enumerate(STORY, start=1):
            again = (_post(session, service.url, [RIGHT], update(number, text)) for _ in range(20))
            assert set(await asyncio.gather(*again)) == {200}
        await settled(service.url)
        for number, text in enumerate(STORY, start=1):
            assert await _post(session, service.url, [RIGHT], update(number, text)) == 200
        with database(tmp_path) as db:
            assert db.execute("SELECT count(*) FROM inbox").fetchone()[0] == len(STORY)
            assert db.execute("SELECT text FROM cases").fetchall() == [(STORY[4],)]


async def _post(session: aiohttp.ClientSession, url: str, headers: Headers, body: object) -> int:
    async with session.post(url + PATH, json=body, headers=CIMultiDict(headers)) as answer:
        await answer.read()
        return answer.status
