"""Every address of the desk, and who may go there."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from feedback.staff import Role
from handlers.desk import (
    acts,
    enclosing,
    faq,
    faq_new,
    faq_recall,
    faq_try,
    faq_unanswered,
    files,
    folder,
    identity,
    routing,
    sessions,
    signin_mail,
    telegram,
    together,
    worklist,
)
from handlers.desk.desk import Desk
from handlers.desk.door import Open, Staffed, guard
from handlers.desk.visit import Guest, Visit

READERS = frozenset(Role)
WORKERS = frozenset({Role.OFFICER, Role.HEAD, Role.ROUTER})
OVERSEERS = frozenset({Role.ROUTER, Role.LEADER})
APPROVERS = frozenset({Role.HEAD, Role.ROUTER})
EDITORS = frozenset({Role.ROUTER})
STYLE = Path(__file__).parent / "pages" / "desk.css"


async def style(_guest: Guest) -> web.Response:
    return web.Response(text=STYLE.read_text("utf-8"), content_type="text/css", charset="utf-8")


async def nowhere(_visit: Visit) -> web.Response:
    raise web.HTTPNotFound


MAP: tuple[Open | Staffed, ...] = (
    Open("GET", "/desk/static/desk.css", style),
    Open("GET", "/desk/signin/{token}", sessions.ask),
    Open("POST", "/desk/signin/{token}", sessions.enter),
    Open("GET", "/tep/{token}", enclosing.fetch),
    Open("GET", "/desk/signin", signin_mail.ask),
    Open("POST", "/desk/signin", signin_mail.send),
    Staffed("POST", "/desk/signout", sessions.leave, READERS),
    Staffed("GET", "/desk", worklist.show, READERS),
    Staffed("GET", "/desk/cases/{code}", folder.show, READERS),
    Staffed("GET", "/desk/files/{id}", files.download, READERS),
    Staffed("POST", "/desk/cases/{code}/accept", acts.accept, WORKERS),
    Staffed("POST", "/desk/cases/{code}/preview", acts.preview, WORKERS),
    Staffed("POST", "/desk/cases/{code}/edit", acts.edit, WORKERS),
    Staffed("GET", "/desk/cases/{code}/similar", together.show, WORKERS),
    Staffed("POST", "/desk/cases/{code}/similar/preview", together.preview, WORKERS),
    Staffed("POST", "/desk/cases/{code}/similar/edit", together.edit, WORKERS),
    Staffed("POST", "/desk/cases/{code}/similar/answer", together.answer, WORKERS),
    Staffed("POST", "/desk/attach/{code}", enclosing.attach, WORKERS, takes_file=True),
    Staffed("POST", "/desk/cases/{code}/detach", enclosing.detach, WORKERS),
    Staffed("POST", "/desk/cases/{code}/fill", acts.fill, WORKERS),
    Staffed("POST", "/desk/cases/{code}/answer", acts.answer, WORKERS),
    Staffed("POST", "/desk/cases/{code}/correct", acts.correct, WORKERS),
    Staffed("POST", "/desk/cases/{code}/approve", acts.approve, APPROVERS),
    Staffed("POST", "/desk/cases/{code}/decline", acts.decline, APPROVERS),
    Staffed("POST", "/desk/cases/{code}/drop", acts.drop, WORKERS),
    Staffed("POST", "/desk/cases/{code}/note", acts.note, WORKERS),
    Staffed("POST", "/desk/cases/{code}/ask", acts.ask, WORKERS),
    Staffed("POST", "/desk/cases/{code}/extend", acts.extend, WORKERS),
    Staffed("POST", "/desk/cases/{code}/transfer", acts.transfer, WORKERS),
    Staffed("POST", "/desk/cases/{code}/return", acts.give_back, WORKERS),
    Staffed("POST", "/desk/cases/{code}/close", acts.close, WORKERS),
    Staffed("POST", "/desk/cases/{code}/identity", identity.ask, WORKERS),
    Staffed("POST", "/desk/cases/{code}/identity/show", identity.show, WORKERS),
    Staffed("GET", "/desk/identity", identity.waiting, EDITORS),
    Staffed("POST", "/desk/identity/approve", identity.approve, EDITORS),
    Staffed("POST", "/desk/identity/decline", identity.decline, EDITORS),
    Staffed("GET", "/desk/telegram", telegram.show, READERS),
    Staffed("POST", "/desk/telegram/link", telegram.link, WORKERS),
    Staffed("POST", "/desk/telegram/unlink", telegram.unlink, WORKERS),
    Staffed("POST", "/desk/telegram/forget", telegram.forget, EDITORS),
    Staffed("GET", "/desk/routing", routing.show, EDITORS),
    Staffed("GET", "/desk/faq", faq.show, READERS),
    Staffed("GET", "/desk/faq/try", faq_try.show, READERS),
    Staffed("GET", "/desk/faq/unanswered", faq_unanswered.show, OVERSEERS),
    Staffed("POST", "/desk/faq/unanswered/ignore", faq_unanswered.ignore, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/undo", faq_unanswered.undo, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/alternate", faq_unanswered.alternate, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/alternate/save", faq_unanswered.save, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/entry", faq_new.form, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/entry/proof", faq_new.proof, EDITORS),
    Staffed("POST", "/desk/faq/unanswered/entry/save", faq_new.save, EDITORS),
    Staffed("GET", "/desk/faq/{entry}", faq.entry, READERS),
    Staffed("POST", "/desk/faq/{entry}/switch", faq.switch, EDITORS),
    Staffed("GET", "/desk/faq/{entry}/recall", faq_recall.show, EDITORS),
    Staffed("POST", "/desk/faq/{entry}/recall", faq_recall.send, EDITORS),
    Staffed("*", "/desk/{rest:.*}", nowhere, READERS),
)


def routes(desk: Desk) -> list[web.RouteDef]:
    found: list[web.RouteDef] = []
    for path in dict.fromkeys(way.path for way in MAP):
        ways = [way for way in MAP if way.path == path]
        found += [web.route(way.method, path, guard(desk, way)) for way in ways]
        if "*" not in [way.method for way in ways]:
            found.append(web.route("*", path, guard(desk, Open("*", path, _wrong_method(ways)))))
    return found


def _wrong_method(ways: list[Open | Staffed]) -> Callable[[Guest], Awaitable[web.Response]]:
    async def refuse(guest: Guest) -> web.Response:
        raise web.HTTPMethodNotAllowed(guest.request.method, [way.method for way in ways])

    return refuse
