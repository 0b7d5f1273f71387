"""Waiting, and stopping without tearing anything."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

if sys.platform == "win32":
    LOOP = None
else:
    from uvloop import new_event_loop as LOOP  # noqa: N812 - one name for both

T = TypeVar("T")
log = structlog.get_logger()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run, on the faster loop where there is one (not on Windows)."""
    with asyncio.Runner(loop_factory=LOOP) as runner:
        return runner.run(main)


async def wait(event: asyncio.Event, longest: float) -> None:
    """Return when the event is set, or after `longest` seconds."""
    try:
        async with asyncio.timeout(longest):
            await event.wait()
    except TimeoutError:
        pass


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """Let the work come to its end, even when we are told to stop in the middle of it."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if error := not task.cancelled() and task.exception():
            log.warning("failed while stopping", error=type(error).__name__)
        raise
