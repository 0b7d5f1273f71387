"""Signing in by a one-time link, staying signed in, signing out."""

import secrets
from contextlib import suppress
from datetime import timedelta

from aiohttp import web

from feedback import codes
from feedback.vietnamese import sound
from handlers.desk import links
from handlers.desk.desk import Desk
from handlers.desk.visit import Guest, Visit, go
from storage.store import Unavailable

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTICED = timedelta(minutes=1)  # how exactly we remember when an officer was last here


async def ask(guest: Guest) -> web.Response:
    """Show a button and change nothing: programs that preview links come here, too."""
    link = links.read(guest.desk.secret, guest.request.match_info["token"], guest.now)
    officer = guest.desk.officer(link.officer) if link else None
    return guest.show("signin.html", name=officer.name) if officer else _bad_link(guest)


async def enter(guest: Guest) -> web.Response:
    desk, token = guest.desk, guest.request.match_info["token"]
    link = links.read(desk.secret, token, guest.now)
    if link is None or desk.officer(link.officer) is None:
        return _bad_link(guest)
    session = secrets.token_urlsafe(32)
    async with desk.store.begin(guest.now) as tx:
        if not await tx.staff.use_link(token, link.officer, link.expires):
            return _bad_link(guest)
        await tx.staff.close_session(_token(guest))
        tx.staff.open_session(session, link.officer, csrf=secrets.token_urlsafe(32))
    code = codes.read(guest.request.query.get("case", ""))
    response = go(f"/desk/cases/{code}" if code else "/desk")
    response.set_cookie(_cookie(desk), session, httponly=True, secure=desk.secure, samesite="Lax")
    return response


def _bad_link(guest: Guest) -> web.Response:
    """Answer alike for unknown, used and old links."""
    return guest.show("problem.html", status=403, key="link")


async def find(guest: Guest) -> Visit:
    """Return the visit of the officer who is signed in. Raises HTTPUnauthorized."""
    desk, now, token = guest.desk, guest.now, _token(guest)
    async with desk.store.look(now) as tx:
        session = await tx.staff.session(token)
    if session is None or now - session.seen_at > IDLE or now - session.created_at > LONGEST:
        raise web.HTTPUnauthorized
    officer = desk.officer(session.officer)
    if officer is None:
        raise web.HTTPUnauthorized
    if now - session.seen_at > NOTICED:
        with suppress(Unavailable):  # who can only read still should
            async with desk.store.begin(now) as tx:
                tx.staff.seen(token)
    return Visit(desk, guest.request, now, guest.form, officer, session.csrf)


async def leave(visit: Visit) -> web.Response:
    async with visit.desk.store.begin(visit.now) as tx:
        await tx.staff.close_session(_token(visit))
    response = go("/desk")
    response.del_cookie(
        _cookie(visit.desk), path="/", httponly=True, secure=visit.desk.secure, samesite="Lax"
    )
    return response


def _token(guest: Guest) -> str:
    return sound(guest.request.cookies.get(_cookie(guest.desk), ""))


def _cookie(desk: Desk) -> str:
    return "__Host-caunoi" if desk.secure else "caunoi_desk"
