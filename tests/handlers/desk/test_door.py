"""What every request passes: our own forms only, declared roles, the same headers everywhere."""

from collections.abc import Awaitable, Callable
from io import BytesIO

import pytest
from aiohttp import web

from handlers.desk import routes
from handlers.desk.map import MAP
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PATHS = sorted({way.path for way in MAP})


def address(path: str) -> str:
    names = {"token": "t", "code": "7K3F9-Q2M4R", "id": "1", "entry": "G3-31"}
    return path.format(**names) if "{rest" not in path else "/desk/nowhere"


def test_every_route_declares_its_roles(office: Office) -> None:
    app = web.Application()
    app.add_routes(routes(office.desk))
    declared = {(way.method, way.path) for way in MAP}
    for route in app.router.routes():
        assert route.resource
        method = {"HEAD": "GET"}.get(route.method, route.method)
        refused = (method, route.resource.canonical) not in declared
        assert not refused or method == "*", f"{method} {route.resource.canonical} declares no roles"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
async def test_every_answer_has_the_headers(an: Browser, method: str, path: str) -> None:
    response = await an.client.request(method, address(path), allow_redirects=False)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    allowed = {way.method for way in MAP if way.path == path}
    if not allowed & {method, "*"} and not (method == "HEAD" and "GET" in allowed):
        assert response.status == 405
        assert response.headers["Allow"].split(",")[0] in allowed


@pytest.mark.parametrize(
    "path", [path for path in PATHS if not any(open_ in path for open_ in ("signin", "static", "/tep/"))]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_stranger_learns_only_how_to_sign_in(
    visitor: Callable[[], Awaitable[Browser]], method: str, path: str
) -> None:
    browser = await visitor()
    response = await browser.client.request(method, address(path), allow_redirects=False)
    assert response.status in (401, 405)
    if response.status == 401:
        assert "caunoi signin" in await response.text()


@pytest.mark.parametrize("token", ["", "wrong", None])
async def test_a_form_without_its_token_does_nothing(office: Office, an: Browser, token: str | None) -> None:
    case = await office.receive()
    data = {"note": "x"} if token is None else {"note": "x", "csrf": token}
    response = await an.client.post(f"/desk/cases/{case.code}/note", data=data, allow_redirects=False)
    assert response.status == 403
    assert "Chưa có gì được ghi lại" in await response.text()
    assert "Noted" not in await office.events(case)


async def test_the_token_of_another_session_is_wrong(office: Office, an: Browser, binh: Browser) -> None:
    case = await office.receive()
    assert (await an.post(f"/desk/cases/{case.code}/note", note="x", csrf=binh.csrf)).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_a_form_of_another_site_does_nothing(
    office: Office, an: Browser, headers: dict[str, str]
) -> None:
    case = await office.receive()
    data = {"csrf": an.csrf, "note": "x"}
    path = f"/desk/cases/{case.code}/note"
    response = await an.client.post(path, data=data, headers=headers, allow_redirects=False)
    assert response.status == 403
    assert (await an.client.post("/desk/signin/t", headers=headers)).status == 403
    assert "Noted" not in await office.events(case)


@pytest.mark.parametrize(
    "headers", [{"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}, {}]
)
async def test_forms_of_our_own_pages_work(office: Office, an: Browser, headers: dict[str, str]) -> None:
    case = await office.receive()
    data = {"csrf": an.csrf, "note": "Đã gọi điện."}
    path = f"/desk/cases/{case.code}/note"
    response = await an.client.post(path, data=data, headers=headers, allow_redirects=False)
    assert response.status == 303


async def test_a_form_that_is_too_large_or_no_form_at_all_is_answered_kindly(an: Browser) -> None:
    response = await an.client.post("/desk/signout", data=BytesIO(b"x" * 2_000_000))
    assert (response.status, "Nội dung quá dài" in await response.text()) == (413, True)
    for body in (b"\xff\xfe%ff=%00&&==", b"csrf=%C0%80", b""):
        assert (await an.client.post("/desk/signout", data=body)).status == 403


async def test_the_style_sheet_is_there(an: Browser) -> None:
    response = await an.get("/desk/static/desk.css")
    assert (response.status, response.content_type) == (200, "text/css")
