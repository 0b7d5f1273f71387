"""`caunoi dead-letters`: what could not be handled or sent, for the operator."""

import json
from datetime import datetime

from bot.looking import NOTHING, looking
from bot.service import now, opened
from bot.settings import Settings


async def show(settings: Settings, *, with_content: bool) -> None:
    """Print them; content only when asked for, since it may hold personal data."""
    async with looking(settings) as tx:
        if tx is None:
            print(NOTHING)  # noqa: T201
            return
        came, went = await tx.inbox.dead(), await tx.outbox.dead_letters()
    for letter in came:
        _line("đến", letter.id, letter.channel, letter.at, letter.error)
        if with_content:
            print("   ", json.dumps(letter.content, ensure_ascii=False))  # noqa: T201
    for item in went:
        _line("đi", item.id, item.address.channel, item.at, f"{item.status.name.lower()}: {item.error}")
        if with_content:
            print("   ", item.message.text.replace("\n", " "))  # noqa: T201
    print(f"{len(came)} tin đến, {len(went)} tin đi.")  # noqa: T201


async def retry(settings: Settings, letter: int) -> bool:
    """Put an incoming message back; the service handles it when it runs next."""
    async with opened(settings) as (_shelf, store), store.begin(now()) as tx:
        return await tx.inbox.retry(letter)


def _line(way: str, number: int, channel: str, at: datetime, error: str) -> None:
    print(f"{way:4} {number}  {channel:9} {at:%Y-%m-%d %H:%M}  {error}")  # noqa: T201
