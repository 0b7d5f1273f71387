"""An officer at the desk: what a browser without scripts does, over HTTP."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.service import now
from handlers.desk import links
from tests.e2e.command import caunoi
from tests.e2e.waiting import until

LINK = re.compile(r"/desk/signin/\S+")


class Officer:
    """Keeps its cookie, follows redirects and sends with each form what was hidden on the page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hidden: dict[str, str] = {}
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def signs_in(self, link: str) -> str:
        """Open the one-time link, press its button, and return the list of cases."""
        await self.opens(link)
        return await self.submits(link)

    async def opens(self, path: str) -> str:
        """Return what is written on a page."""
        async with self._session.get(self._url + path) as answer:
            return self._read(answer.status, await answer.text())

    async def source(self, path: str) -> str:
        """Return a page as it came."""
        async with self._session.get(self._url + path) as answer:
            return await answer.text()

    async def does(self, act: str, code: str, **filled: str) -> str:
        """Fill in a form of the case's page, and return what is on the next page."""
        await self.opens(f"/desk/cases/{code}")
        return await self.goes_on(act, code, **filled)

    async def goes_on(self, act: str, code: str, **filled: str) -> str:
        """Press a button of the page that is open."""
        return await self.submits(f"/desk/cases/{code}/{act}", **filled)

    async def downloads(self, page: str) -> tuple[str, bytes]:
        """Return the media type and the bytes of the first file of a case."""
        async with self._session.get(self._url + page) as answer:
            found = re.search(r'href="(/desk/files/\d+)"', await answer.text())
        assert found, "there is no file on the page"
        async with self._session.get(self._url + found[1]) as answer:
            assert answer.status == 200
            return answer.content_type, await answer.read()

    async def submits(self, path: str, **filled: str) -> str:
        """Send a form, and return what is on the next page."""
        async with self._session.post(URL(self._url + path), data=self._hidden | filled) as answer:
            return self._read(answer.status, await answer.text())

    def _read(self, status: int, html: str) -> str:
        assert status == 200, (status, as_read(html))
        for name in ("csrf", "version"):
            if found := re.search(f'name="{name}" value="([^"]*)"', html):
                self._hidden[name] = found[1]
        return as_read(html)


def as_read(html: str) -> str:
    """Return the words of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def link_for(secret: bytes, officer: str, lifetime: timedelta = links.LIFETIME) -> str:
    return f"/desk/signin/{links.make(secret, officer, now() + lifetime)}"


async def printed_link(output: Path, officer: str) -> str:
    """Return the link that the service prints for a sample officer when it is ready."""
    found: list[str] = []

    async def is_printed() -> bool:
        found[:] = [link for link in LINK.findall(output.read_text("utf-8")) if f"/{officer}." in link]
        return bool(found)

    await until(is_printed)
    return found[0]


async def issued_link(folder: Path, officer: str) -> str:
    """Return the link that the operator makes for an officer."""
    issued = await caunoi("signin", officer, folder=folder)
    return str(LINK.findall(issued.out)[0])
