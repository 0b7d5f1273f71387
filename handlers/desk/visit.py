"""Who asks, for what, and when: the one argument of every page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from feedback import codes
from feedback.cases import Case
from feedback.staff import Officer, Role
from feedback.vietnamese import tidy
from handlers.desk.desk import Desk
from handlers.desk.templates import TEMPLATES
from handlers.names import Names


@dataclass(frozen=True)
class Guest:
    """Somebody who has not signed in, or need not."""

    desk: Desk
    request: web.Request
    now: datetime
    form: dict[str, str]

    @property
    def wanted(self) -> str:
        """Return the code of the case that is asked for, if one is."""
        asked = self.request.match_info.get("code") or self.request.query.get("case", "")
        return codes.read(asked) or ""

    def show(self, page: str, status: int = 200, **values: object) -> web.Response:
        html = TEMPLATES.get_template(page).render(**self._shared(), **values)
        return web.Response(text=html, status=status, content_type="text/html")

    def _shared(self) -> dict[str, Any]:
        names = Names(self.desk.library.office)
        nobody = {"officer": None, "csrf": "", "works": False, "broken": 0}
        mail = bool(self.desk.library.letters.account)
        return {"names": names, "now": self.now, "mail": mail, "wanted": self.wanted, **nobody}


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True)
class Visit(Guest):
    officer: Officer
    csrf: str
    upload: Upload | None = None

    @property
    def units(self) -> frozenset[str] | None:
        """Whose cases the officer sees; None for all."""
        return frozenset([self.officer.unit]) if self.officer.of_unit else None

    def sees(self, case: Case) -> bool:
        return self.units is None or case.unit in self.units

    def _shared(self) -> dict[str, Any]:
        works = self.officer.role is not Role.LEADER
        broken = len(self.desk.shelf.mistakes) if self.units is None else 0
        mine = {"officer": self.officer, "csrf": self.csrf, "works": works, "broken": broken}
        return super()._shared() | mine


async def arrive(desk: Desk, request: web.Request) -> Guest:
    return Guest(desk, request, desk.now(), await _form(request) if request.method == "POST" else {})


async def _form(request: web.Request) -> dict[str, str]:
    """A form with a file is read later, when we know whose it is (uploads.py)."""
    if request.content_type == "multipart/form-data":
        return {}
    body = (await request.read()).decode("utf-8", "replace")
    return {name: tidy(value) for name, value in parse_qsl(body, keep_blank_values=True)}


def go(place: str) -> web.Response:
    """Redirect after a form was taken, so that a reload does not send it again."""
    return web.Response(status=303, headers={"Location": place})
