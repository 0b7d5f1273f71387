"""What brings messages in from each chat service, chosen by the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.channels.base import Channel
from bot.door import Door
from bot.settings import Settings
from storage.blobs import Blobs
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Post:
    """What a receiver works with.

    `attach` begins to send on a channel, `menus` holds the commands of bots that have a menu, by language,
    `key` signs, `known` are the addresses of units and officers.
    """

    settings: Settings
    store: Store
    door: Door
    now: Callable[[], datetime]
    attach: Callable[[Channel], None]
    menus: dict[str, list[tuple[str, str]]]
    key: bytes = field(repr=False)
    blobs: Blobs
    known: Callable[[], frozenset[str]] = frozenset


class Receiver(Protocol):
    """One account: connected, its messages brought to the door.

    `username` is that of a bot of Telegram, once it is connected; links lead to it.
    """

    username: str

    def routes(self) -> list[web.RouteDef]: ...

    async def run(self) -> None:
        """Connect, attach the channel, receive for ever."""

    async def stop(self) -> None: ...


def receivers(post: Post) -> list[Receiver]:
    """What is not wanted is not imported either: Telegram's library costs a second."""
    wanted: list[Receiver] = []
    if post.settings.telegram_token.get_secret_value():
        from bot.updates import Updates  # noqa: PLC0415

        wanted.append(Updates(post))
    if post.settings.uses_zalo_oa:
        from bot.zalo_oa import ZaloEvents  # noqa: PLC0415

        wanted.append(ZaloEvents(post))
    if post.settings.zalo_bot_token.get_secret_value():
        from bot.zalo_bot import ZaloBotUpdates  # noqa: PLC0415

        wanted.append(ZaloBotUpdates(post))
    if post.settings.email_address:
        from bot.mails import Mails  # noqa: PLC0415

        wanted.append(Mails(post))
    return wanted
