"""How often somebody may come, and who stands behind an address."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import limits
from bot.limits import Limit, client

PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
Client = TestClient[web.Request, web.Application]


def test_many_at_once_then_evenly() -> None:
    limit = Limit(4, 60)
    assert [limit.allows("lan", 100) for _ in range(6)] == [True] * 4 + [False] * 2
    assert not limit.allows("lan", 114)
    assert limit.allows("lan", 115)
    assert not limit.allows("lan", 115)
    assert [limit.allows("lan", 200) for _ in range(5)] == [True] * 4 + [False]


def test_each_has_a_limit_of_their_own() -> None:
    limit = Limit(1, 60)
    assert limit.allows("lan", 0)
    assert limit.allows("minh", 0)
    assert not limit.allows("lan", 0)


def test_who_has_been_idle_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    limit = Limit(2, 60)
    for n in range(30):
        limit.allows(f"stranger {n}", n)
        limit.allows("lan", 30 * n)
    assert limit.knows("lan")
    assert limit.knows("stranger 29")
    assert not limit.knows("stranger 0")


@pytest.fixture
async def asked() -> AsyncIterator[Client]:
    """Return a server that says whom it sees behind a request from `peer`."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=str(client(request.clone(remote=request.query["peer"]), PROXIES)))

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestClient(TestServer(app)) as asked:
        yield asked


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("127.0.0.1", None, "None"),
        ("127.0.0.1", "unknown", "None"),
        ("127.0.0.1", "10.0.0.1", "None"),
        ("127.0.0.2", "198.51.100.1", "None"),
        ("/run/socket", None, "None"),
    ],
)
async def test_only_what_trusted_proxies_wrote_is_believed(
    asked: Client, peer: str, forwarded: str | None, seen: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer: aiohttp.ClientResponse = await asked.get("/", params={"peer": peer}, headers=headers)
    assert await answer.text() == seen
