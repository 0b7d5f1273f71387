"""Signing in once, staying for a while, and leaving for good. On both databases: one of two clicks wins."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.desk import Desk, links, routes, sessions
from tests.handlers.desk.office import SECRET, Browser, Office

Arrive = Callable[[], Awaitable[Browser]]


def link(office: Office, officer: str = "an") -> str:
    return "/desk/signin/" + links.make(SECRET, officer, office.clock.now + links.LIFETIME)


async def test_a_link_that_is_only_looked_at_stays_good(office: Office, visitor: Arrive) -> None:
    browser, address = await visitor(), link(office)
    for _ in range(3):
        assert "Xin chào Nguyễn Thị An" in await browser.read(address)
    assert (await browser.post(address)).headers["Location"] == "/desk"
    assert "Nguyễn Thị An" in await browser.read("/desk")


async def test_a_link_works_once(office: Office, visitor: Arrive) -> None:
    first, second, address = await visitor(), await visitor(), link(office)
    assert (await first.post(address)).status == 303
    assert (await second.post(address)).status == 403
    assert (await second.get("/desk")).status == 401


async def test_used_old_forged_and_strange_links_look_alike(office: Office, visitor: Arrive) -> None:
    browser, used, old = await visitor(), link(office), link(office)
    await browser.post(used)
    office.clock.tick(minutes=10)
    other = links.make(b"not ours", "an", office.clock.now + links.LIFETIME)
    stranger = link(office, "nobody")
    addresses = [used, old, f"/desk/signin/{other}", "/desk/signin/x", stranger]
    pages = [await browser.post(address) for address in addresses]
    pages += [await browser.get(address) for address in addresses[1:]]
    assert {page.status for page in pages} == {403}
    assert len({await page.text() for page in pages}) == 1
    assert "caunoi signin" in await pages[0].text()


async def test_an_idle_session_ends_and_a_used_one_lasts(office: Office, an: Browser) -> None:
    for _ in range(3):
        office.clock.tick(minutes=29)
        assert (await an.get("/desk")).status == 200
    office.clock.tick(minutes=31)
    assert (await an.get("/desk")).status == 401


async def test_no_session_lasts_longer_than_a_day_of_work(office: Office, an: Browser) -> None:
    statuses = []
    for _ in range(37):
        office.clock.tick(minutes=20)
        statuses.append((await an.get("/desk")).status)
    assert statuses == [200] * 36 + [401]


async def test_signing_out_ends_the_session_on_the_server(office: Office, an: Browser) -> None:
    cookie = an.client.session.cookie_jar.filter_cookies(an.client.make_url("/"))["caunoi_desk"].value
    assert (await an.post("/desk/signout")).status == 303
    assert (await an.get("/desk")).status == 401
    an.client.session.cookie_jar.update_cookies({"caunoi_desk": cookie})
    assert (await an.get("/desk")).status == 401
    async with office.store.look(office.clock.now) as tx:
        assert await tx.staff.session(cookie) is None


async def test_signing_in_again_gives_a_new_session_and_ends_the_old(office: Office, an: Browser) -> None:
    def cookie() -> str:
        return an.client.session.cookie_jar.filter_cookies(an.client.make_url("/"))["caunoi_desk"].value

    before = cookie()
    await an.post(link(office))
    async with office.store.look(office.clock.now) as tx:
        assert await tx.staff.session(before) is None
        assert await tx.staff.session(cookie())


async def test_a_planted_session_id_is_not_adopted(office: Office, visitor: Arrive) -> None:
    browser = await visitor()
    browser.client.session.cookie_jar.update_cookies({"caunoi_desk": "planted"})
    await browser.post(link(office))
    async with office.store.look(office.clock.now) as tx:
        assert await tx.staff.session("planted") is None


async def test_who_leaves_the_staff_list_is_out_at_once(office: Office, an: Browser) -> None:
    assert (await an.get("/desk")).status == 200
    stayed = tuple(each for each in office.library.office.staff if each.id != "an")
    library = replace(office.library, office=replace(office.library.office, staff=stayed))
    async with desk_of(replace(office, library=library).desk) as client:
        cookie = an.client.session.cookie_jar.filter_cookies(an.client.make_url("/"))
        client.session.cookie_jar.update_cookies(cookie)
        assert (await client.get("/desk")).status == 401


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-caunoi"), (False, "caunoi_desk")])
async def test_the_cookie_is_for_our_server_only(office: Office, name: str, *, secure: bool) -> None:
    office.secure = secure
    async with desk_of(office.desk) as client:
        response = await client.post(link(office), allow_redirects=False)
        [cookie] = response.headers.getall("Set-Cookie")
    value, *flags = cookie.split("; ")
    assert value.startswith(f"{name}=")
    assert len(value.split("=")[1]) >= 43
    wanted = {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if secure else set())
    assert set(flags) == wanted


async def test_the_database_has_no_secret_of_a_session(office: Office, an: Browser) -> None:
    cookie = an.client.session.cookie_jar.filter_cookies(an.client.make_url("/"))["caunoi_desk"].value
    async with office.store.look(office.clock.now) as tx:
        rows = await tx.connection.exec_driver_sql("SELECT * FROM sessions")
        assert cookie not in str(rows.all())


def test_a_session_may_rest_for_half_an_hour() -> None:
    assert (sessions.IDLE.total_seconds(), sessions.LONGEST.total_seconds()) == (1800, 43200)


def desk_of(desk: Desk) -> TestClient[web.Request, web.Application]:
    app = web.Application()
    app.add_routes(routes(desk))
    return TestClient(TestServer(app))
