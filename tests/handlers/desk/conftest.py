"""Officers who have signed in, and people who have not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.desk import links, routes
from handlers.library import Library
from storage.store import Store
from tests.handlers.desk.office import SECRET, Browser, Clock, Office


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def office(store: Store, library: Library, clock: Clock) -> Office:
    return Office(store, library, clock)


@pytest.fixture
async def visitor(office: Office) -> AsyncIterator[Callable[[], Awaitable[Browser]]]:
    """Open browsers of people who have not signed in."""
    app = web.Application()
    app.add_routes(routes(office.desk))
    server = TestServer(app)
    await server.start_server()
    clients: list[TestClient[web.Request, web.Application]] = []

    async def arrive() -> Browser:
        clients.append(TestClient(server))
        return Browser(clients[-1])

    yield arrive
    for client in clients:
        await client.close()
    await server.close()


@pytest.fixture
def enter(office: Office, visitor: Callable[[], Awaitable[Browser]]) -> Callable[[str], Awaitable[Browser]]:
    """Sign an officer in."""

    async def sign_in(officer: str) -> Browser:
        browser = await visitor()
        token = links.make(SECRET, officer, office.clock.now + links.LIFETIME)
        assert (await browser.post(f"/desk/signin/{token}")).status == 303
        await browser.get("/desk")
        return browser

    return sign_in


@pytest.fixture
async def an(enter: Callable[[str], Awaitable[Browser]]) -> Browser:
    return await enter("an")


@pytest.fixture
async def binh(enter: Callable[[str], Awaitable[Browser]]) -> Browser:
    return await enter("binh")


@pytest.fixture
async def chi(enter: Callable[[str], Awaitable[Browser]]) -> Browser:
    return await enter("chi")
