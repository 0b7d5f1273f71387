"""What every request passes before a page sees it, and what every answer carries."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from feedback.staff import Role
from handlers.desk import sessions, uploads
from handlers.desk.desk import Desk
from handlers.desk.templates import WORDS
from handlers.desk.visit import Guest, Visit, arrive
from storage.store import Unavailable

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Open:
    """A page for whoever has its address."""

    method: str
    path: str
    page: Callable[[Guest], Awaitable[web.Response]]


@dataclass(frozen=True)
class Staffed:
    """A page for officers of these roles; to the others it does not exist."""

    method: str
    path: str
    page: Callable[[Visit], Awaitable[web.Response]]
    roles: frozenset[Role]
    takes_file: bool = False


def guard(desk: Desk, way: Open | Staffed) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def enter(request: web.Request) -> web.Response:
        response = await _enter(desk, way, request)
        response.headers.update(HEADERS)
        return response

    return enter


async def _enter(desk: Desk, way: Open | Staffed, request: web.Request) -> web.Response:
    desk = desk.at_this_moment()
    visitor = Guest(desk, request, desk.now(), {})
    try:
        visitor = await arrive(desk, request)
        _refuse_foreign_forms(request)
        if isinstance(way, Open):
            return await way.page(visitor)
        visit = visitor = await sessions.find(visitor)
        if way.takes_file:
            if visit.officer.role not in way.roles:
                raise web.HTTPNotFound
            visit = visitor = await uploads.read(visit)
        _refuse_forged_forms(visit)
        if visit.officer.role not in way.roles:
            raise web.HTTPNotFound
        return await way.page(visit)
    except web.HTTPException as error:
        return _problem(visitor, error.status, error.headers.get("Allow"))
    except Unavailable:
        return _problem(visitor, 503)


def _refuse_foreign_forms(request: web.Request) -> None:
    """Take forms of our own pages only, by what the browser says of itself.

    Our pages send no referrer, so browsers write their origin as «null»; then Sec-Fetch-Site
    decides, and where a browser has neither, the token in the form.
    """
    if request.method != "POST":
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site not in (None, "same-origin") or (origin != "null" and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden


def _refuse_forged_forms(visit: Visit) -> None:
    token = visit.form.get("csrf", "")
    if visit.request.method == "POST" and not hmac.compare_digest(token.encode(), visit.csrf.encode()):
        raise web.HTTPForbidden


def _problem(visitor: Guest, status: int, allow: str | None = None) -> web.Response:
    key = str(status) if f"problem.{status}.title" in WORDS else "other"
    response = visitor.show("problem.html", status=status, key=key)
    if allow:
        response.headers["Allow"] = allow
    return response
