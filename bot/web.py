"""The web server: the citizen's page, the channels' webhooks, the officers' desk."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.webchat import Refusal, WebChat
from bot.door import Full, Late
from handlers.library import Shelf
from handlers.phrases import LANGUAGES
from storage.store import Refused, Store, Unavailable

PAGES = Path(__file__).parent / "pages"
WIDGET = (PAGES / "widget.js").read_text("utf-8")
LARGEST_BODY = 1024 * 1024  # bytes; uploads are read piece by piece with their own limit
DEADLINES = {  # seconds to read and answer a request, by the beginning of its path
    "/chat/stream": None,
    "/chat/files": 600.0,
    "/chat/messages": 6.0,
    "/webhooks/": 6.0,  # from strangers, until the secret was seen
    "/desk/attach/": 600.0,
    "/desk/faq/": 60.0,  # a page that builds an index to show what a change does
}
DEADLINE = 15.0
LANGUAGE = "caunoi_lang"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": POLICY + "'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


@dataclass(frozen=True)
class Site:
    """What the public pages need. Pages of the origins in `embeds` may show the chat in a frame."""

    store: Store
    shelf: Shelf
    chat: WebChat
    embeds: tuple[str, ...] = ()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.page),
            web.get("/healthz", self.health),
            web.static("/static", PAGES),
            *self.chat.routes(),
            *([web.get("/embed", self.frame), web.get("/widget.js", self.widget)] if self.embeds else []),
        ]

    async def page(self, request: web.Request) -> web.Response:
        response = self._chat_page(request, is_framed=False)
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE, language_of(request), samesite="Lax", max_age=365 * 24 * 3600)
        return response

    async def frame(self, request: web.Request) -> web.Response:
        """The same page inside a page of another site."""
        response = self._chat_page(request, is_framed=True)
        response.headers["Content-Security-Policy"] = POLICY + " ".join(self.embeds)
        return response

    async def widget(self, _request: web.Request) -> web.Response:
        """The script of another site's page: a button that opens the frame."""
        words = {language: self._words(language, "web.widget_") for language in LANGUAGES}
        given = json.dumps({"origins": self.embeds, "words": words}, ensure_ascii=False)
        headers = {"Cache-Control": "max-age=600", "Cross-Origin-Resource-Policy": "cross-origin"}
        return web.Response(
            text=WIDGET.replace('"GIVEN"', given), content_type="text/javascript", headers=headers
        )

    def _chat_page(self, request: web.Request, *, is_framed: bool) -> web.Response:
        language = language_of(request)
        html = TEMPLATES.get_template("chat.html").render(
            lang=language,
            words=self._words(language, "web."),
            office=self.shelf.library.office.named(language),
            is_framed=is_framed,
        )
        response = web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})
        self.chat.greet(request, response)
        return response

    def _words(self, language: str, part: str) -> dict[str, str]:
        words = self.shelf.library.phrases
        return {key.removeprefix(part): words.raw(language, key) for key in words.keys(part)}

    async def health(self, _request: web.Request) -> web.Response:
        """200 when the database answers; for the operator's monitoring, without any content."""
        async with self.store.look(self.chat.now()) as tx:
            found: dict[str, object] = {
                "waiting": await tx.inbox.waiting(),
                "unsent": await tx.outbox.unsent(),
            }
            if alarms := await tx.accounts.alarms():
                found["alarms"] = [f"{alarm.channel}:{alarm.name}" for alarm in alarms]
            if quotas := await tx.accounts.quotas():
                found["quotas"] = {f"{quota.channel}:{quota.kind}": quota.remain for quota in quotas}
            return web.json_response(found)


TEMPLATES = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, auto_reload=False
)


def application(site: Site, *more: Iterable[web.AbstractRouteDef]) -> web.Application:
    app = web.Application(middlewares=[_errors(site.shelf), _deadline], client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(_headers)
    app.add_routes(site.routes())
    for routes in more:
        app.add_routes(routes)
    return app


def language_of(request: web.Request) -> str:
    wanted = request.query.get("lang") or request.cookies.get(LANGUAGE, "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    """Every response carries them, errors too; a page may bring its own.

    Who is refused before all of the body was read need not send the rest: the connection is closed.
    """
    if request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-cache")  # asked for again, sent when it has changed
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status >= 400 and not request.content.at_eof():
        response.force_close()
        response.headers["Connection"] = "close"


def _errors(shelf: Shelf) -> Middleware:
    """Every error becomes a sentence in the person's language; what was not kept can be sent again."""

    @web.middleware
    async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        language = language_of(request)
        try:
            return await handler(request)
        except Refusal as refusal:
            return _sentence(shelf, language, refusal.key, refusal.status)
        except web.HTTPRequestEntityTooLarge:
            return _sentence(shelf, language, "error.too_long", 413)
        except (Full, Late, Unavailable, Refused):
            answer = _sentence(shelf, language, "error.busy", 503)
            answer.headers["Retry-After"] = "5"
            return answer

    return errors


def _sentence(shelf: Shelf, language: str, key: str, status: int) -> web.Response:
    return web.json_response({"error": shelf.library.phrases.say(language, key)}, status=status)


def _deadline_of(path: str) -> float | None:
    return next((limit for start, limit in DEADLINES.items() if path.startswith(start)), DEADLINE)


@web.middleware
async def _deadline(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever sends slowly does not keep a connection for ever."""
    try:
        async with asyncio.timeout(_deadline_of(request.path)):
            return await handler(request)
    except TimeoutError:
        log.warning("request too slow", path=request.path)
        raise web.HTTPRequestTimeout from None
