"""Serving HTTP to strangers: who does not send the head of a request in time is hung up on.

aiohttp waits for the head of a request as long as it waits for the next request of an idle connection.
"""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.http import RawRequestMessage

HEAD = 5.0  # seconds for the head of a request, from the connection or from its first byte
IDLE = 75.0  # seconds without a request: longer than the reverse proxies' 60
LINGER = 1.0  # seconds in which the rest of a refused body is thrown away
BUFFER = 2**14  # bytes of a body, twice as many at most, before the sender has to wait
HEADERS = 64  # and as many lines after a body: browsers send a third of it


class Connection(web.RequestHandler):
    """aiohttp's connection, with a time limit on heads."""

    __slots__ = ("_broken", "_deadline")

    def __init__(self, server: web.Server, **options: Any) -> None:  # noqa: ANN401 - as aiohttp has it
        super().__init__(
            server,
            keepalive_timeout=IDLE,
            lingering_time=LINGER,
            read_bufsize=BUFFER,
            max_headers=HEADERS,
            **options,
        )
        self._broken = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take no more after what is not HTTP: aiohttp keeps a copy of each piece that it could not read."""
        if self._broken:
            return
        if self._is_idle():
            self._expect_head()
        super().data_received(data)
        self._broken = bool(self._messages) and not isinstance(self._messages[-1][0], RawRequestMessage)
        if not self._is_idle():
            self._forget()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _is_idle(self) -> bool:
        """Whether aiohttp waits for the head of a request."""
        return self._waiter is not None and not self._waiter.done()

    def _expect_head(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.call_later(HEAD, self._hang_up)

    def _hang_up(self) -> None:
        if self._is_idle():
            self.force_close()

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


async def serve(runner: web.AppRunner, host: str, port: int) -> asyncio.Server:
    """Listen. The runner is set up, and is cleaned up after the server was closed."""
    loop, server = asyncio.get_running_loop(), runner.server
    assert server is not None, "set up"  # noqa: S101
    return await loop.create_server(lambda: Connection(server, loop=loop, access_log=None), host, port)
