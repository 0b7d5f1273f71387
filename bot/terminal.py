"""`caunoi chat`: the real service behind a terminal instead of a network."""

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

from bot.channels.console import Console
from bot.service import Service, now, opened
from bot.settings import Settings
from feedback.messages import Incoming
from feedback.vietnamese import fold

GOODBYE = ("exit", "quit", "thoat")


async def chat(settings: Settings) -> None:
    async with opened(settings) as (shelf, store):
        service = Service(settings, shelf, store)
        service.spawn(service.door.run)
        service.spawn(service.worker.run)
        service.spawn(service.reloader.run)
        service.attach(Console())
        print("Gõ câu hỏi rồi bấm Enter. Gõ «thoát» hoặc Ctrl-D để kết thúc.", file=sys.stderr)  # noqa: T201
        try:
            await _talk(service)
        finally:
            await service.drain()


async def _talk(service: Service) -> None:
    number = 0
    async for line in _lines():
        number += 1
        await service.door.keep(_message(line, number))
        await service.settled()


async def _lines() -> AsyncIterator[str]:
    yield "/start"
    prompt = "Ông/Bà: " if sys.stdin.isatty() else ""
    with suppress(EOFError, KeyboardInterrupt):
        while fold(line := await asyncio.to_thread(input, prompt)) not in GOODBYE:
            if line.strip():
                yield line


def _message(line: str, number: int) -> Incoming:
    person = getpass.getuser()
    moment = now()
    event = f"{moment.timestamp()}:{number}"
    return Incoming(Console.name, Console.account, event, person, person, moment, text=line)
