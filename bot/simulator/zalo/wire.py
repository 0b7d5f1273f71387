"""HTTP: how an answer arrives, or does not."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.simulator.zalo.faults import Fault

PAGES = {Fault.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR, Fault.GATEWAY: HTTPStatus.BAD_GATEWAY}


async def under(
    fault: Fault | None,
    request: web.Request,
    work: Callable[[], Awaitable[web.Response]],
    refuse: Callable[[Fault], web.Response],
) -> web.StreamResponse:
    """Do the work and answer, as far as the fault lets it come."""
    match fault:
        case Fault.LOST:
            await work()
            return _hang_up(request)
        case Fault.HALF:
            return await _break_off(request, await work())
        case Fault.RESET:
            return _hang_up(request)
        case Fault.HANG:
            await asyncio.sleep(3600)
            return _hang_up(request)
        case Fault.BROKEN | Fault.GATEWAY:
            status = PAGES[fault]
            page = f"<html><body><h1>{status} {status.phrase}</h1></body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        case Fault.RATE | Fault.EXPIRED | Fault.BLOCKED | Fault.CLOSED:
            return refuse(fault)
        case _:
            return await work()


async def _break_off(request: web.Request, answer: web.Response) -> web.StreamResponse:
    body = answer.body if isinstance(answer.body, bytes) else b""
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _hang_up(request)
    return response


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()
