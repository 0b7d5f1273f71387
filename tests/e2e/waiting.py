"""Waiting for a service that runs on its own."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

PATIENCE = 20  # seconds
NOTHING_LEFT = {"waiting": 0, "unsent": 0}.items()


async def settled(url: str) -> None:
    """Return when everything that came in is handled, and everything that goes out is sent."""
    async with aiohttp.ClientSession() as session:

        async def is_settled() -> bool:
            async with session.get(f"{url}/healthz") as answer:
                return bool((await answer.json()).items() >= NOTHING_LEFT)

        await until(is_settled)


async def until(happened: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not await happened():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)
