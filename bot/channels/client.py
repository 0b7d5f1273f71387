"""HTTP as a channel needs it: exact about what was sent, and careful about what is fetched."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import aiohttp

from bot.channels.base import FetchError

ANSWER_LIMIT = 5_000_000  # bytes
MOST_REDIRECTS = 3
LOCAL = ("127.0.0.1", "localhost", "::1")
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds."""

    connect: float = 10
    answer: float = 30
    poll: int = 30  # the longest that an update is waited for
    first: float = 1  # after a failed poll; doubles
    longest: float = 30


PATIENCE = Patience()


class NotSent(Exception):
    """The request never reached the service."""


class NoAnswer(Exception):
    """The request may have been carried out, but nobody told us."""


@dataclass(frozen=True, slots=True)
class Answered:
    """`body` is empty if the answer was no JSON object."""

    status: int
    body: Json


class Client:
    """`hosts` are the domains from which files may be fetched, with all that is below them.

    Errors name no address, for it may hold a token.
    """

    def __init__(self, patience: Patience, hosts: tuple[str, ...] = ()) -> None:
        self._patience = patience
        self._hosts = hosts
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        total: float | None = None,
    ) -> Answered:
        """Send JSON or a form. Raises NotSent, NoAnswer."""
        timeout = self._timeout(total or self._patience.answer)
        try:
            async with self._opened(url).post(
                url, json=body, data=form, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                content = await _read(answer, ANSWER_LIMIT)
        except BEFORE_SENDING as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None
        return Answered(answer.status, _object(content))

    async def download(self, address: str, limit: int) -> bytes:
        """Return what lies there, at most `limit` bytes of it. Raises FetchError.

        What follows «#md5=» must be its checksum. Redirects are followed only to the same domains.
        """
        url, checksum = urldefrag(address)
        try:
            content = await self._fetch(url, limit)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(type(error).__name__, permanent=False) from None
        given = checksum.removeprefix("md5=").lower()
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if given and not hmac.compare_digest(given.encode(), found.encode()):
            raise FetchError("not what its checksum promises", permanent=False)
        return content

    async def _fetch(self, url: str, limit: int) -> bytes:
        for _ in range(1 + MOST_REDIRECTS):
            self._check(url)
            timeout = self._timeout(self._patience.answer)
            async with self._opened(url).get(url, timeout=timeout, allow_redirects=False) as answer:
                if onward := answer.headers.get("Location", "") if 300 <= answer.status < 400 else "":
                    url = urljoin(url, onward)
                    continue
                content = await _read(answer, limit) if answer.status == 200 else b""
                gone = answer.status in (403, 404, 410)
                if answer.status != 200 or len(content) > limit:
                    reason = f"HTTP {answer.status}, {len(content)} bytes"
                    raise FetchError(reason, permanent=gone or len(content) > limit)
                return content
        raise FetchError("too many redirects", permanent=True)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        known = any(host == each or host.endswith(f".{each}") for each in self._hosts)
        if not known:
            raise FetchError(f"files are not fetched from «{host}»", permanent=False)
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOCAL):
            raise FetchError("not https", permanent=True)

    def _opened(self, url: str) -> aiohttp.ClientSession:
        """Through HTTPS_PROXY, if there is one and the address is not of this machine."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                trust_env=url.startswith("https:"), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def _timeout(self, total: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=total, connect=self._patience.connect)


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the body, or a little more than `limit` of it."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > limit:
            break
    return bytes(body)


def _object(content: bytes) -> Json:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
