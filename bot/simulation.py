"""`caunoi simulate`: the real service between simulated chat services, and the page that shows them all."""

import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot import service as real
from bot.service import Service, now
from bot.settings import Settings
from bot.simulator import samples
from bot.simulator.places import Acting
from bot.simulator.places.group import Group
from bot.simulator.places.telegram import Telegram
from bot.simulator.places.zalo_bot import ZaloBot
from bot.simulator.places.zalo_oa import ZaloOA
from bot.simulator.scene import Stage
from bot.simulator.server import HOST, Server
from bot.simulator.shown import Someone, Web
from bot.simulator.telegram import FakeTelegram
from bot.simulator.zalo import FakeZalo
from bot.simulator.zalo.app import App
from bot.welcome import SAMPLES, signin_link
from bot.zalo_oa import PATH, permission_of
from feedback.staff import Role

SECOND = 0.1  # seconds that a second between two tries of Zalo's lasts
PATIENCE = 10.0  # seconds that Zalo waits for an answer
FRAME = "/embed"  # the citizens' page as others may show it

Ready = Callable[[Service, Sequence[str]], None]


@dataclass(frozen=True)
class Plan:
    """`data` is kept, where it is given; `polls` has the bot ask Telegram instead of being told."""

    settings: Settings
    port: int
    data: Path | None
    polls: bool


class Busy(Exception):
    """The port of the page is in use."""


class Polling(Settings):
    """Zalo needs an address to call, Telegram does not use it."""

    @property
    def uses_webhook(self) -> bool:
        return False


async def run(plan: Plan, ready: Ready) -> bool:
    """Run until SIGTERM or SIGINT, or until a part breaks: then False. Raises Busy."""
    async with simulated(plan) as (service, page):
        more = [f"  Mô phỏng:   {page}/  (điện thoại của người dân, nhóm Telegram, sự cố)"]
        await real.until_told(service, lambda started: ready(started, more))
    return not service.broken


@asynccontextmanager
async def simulated(plan: Plan) -> AsyncIterator[tuple[Service, str]]:
    """Yield the service and the address of the page, when all are connected."""
    async with AsyncExitStack() as stack:
        data = plan.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="caunoi-")))
        page = await _page(plan.port, stack)
        first = int(now().timestamp())
        telegram = await stack.enter_async_context(
            FakeTelegram(now=now, second=1, flooded=True, first_update=first)
        )
        zalo = await stack.enter_async_context(
            FakeZalo(App(*samples.ACCOUNT), now=now, second=SECOND, patience=PATIENCE, limits=True)
        )
        settings = _settings(plan, data, telegram, zalo, page.url)
        service = await stack.enter_async_context(real.running(settings))
        stack.callback(telegram.faults.over)  # so that what is under way can be finished
        stack.callback(zalo.faults.clear)
        await _connect(service, zalo)
        page.show(_stage(service, telegram, zalo))
        yield service, page.url


async def _page(port: int, stack: AsyncExitStack) -> Server:
    """Raises Busy."""
    try:
        return await stack.enter_async_context(Server(port))
    except OSError:
        raise Busy from None


def _settings(plan: Plan, data: Path, telegram: FakeTelegram, zalo: FakeZalo, page: str) -> Settings:
    """The operator's own settings, but for what would lead out of here."""
    app, port = zalo.app, _free_port()
    simulated: dict[str, Any] = {
        "data_dir": data,
        "database_url": "",
        "content_dir": plan.settings.content_dir,
        "host": HOST,
        "port": port,
        "public_url": f"http://{HOST}:{port}",
        "embed_origins": page,
        "telegram_token": telegram.token,
        "telegram_api_url": telegram.url,
        "telegram_secret": secrets.token_urlsafe(24),
        "zalo_app_id": app.app_id,
        "zalo_app_secret": app.app_secret,
        "zalo_oa_id": app.oa_id,
        "zalo_webhook_secret": app.oa_secret,
        "zalo_api_url": zalo.url,
        "zalo_oauth_url": zalo.url,
        "zalo_media_hosts": HOST,
        "zalo_bot_token": app.bot_token,
        "zalo_bot_secret": secrets.token_urlsafe(24),
        "zalo_bot_api_url": zalo.url,
    }
    return Polling(**simulated) if plan.polls else Settings(**simulated)


def _free_port() -> int:
    """The service is told its own address before it starts."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


async def _connect(service: Service, zalo: FakeZalo) -> None:
    """Agree, as the Official Account's administrator does in a browser, and register the webhook."""
    asked = urlsplit(permission_of(service.settings, service.secret).address(now()))
    async with aiohttp.ClientSession() as session:
        address = asked._replace(query="").geturl()
        async with session.post(address, data=dict(parse_qsl(asked.query))) as answer:
            answer.raise_for_status()
    await zalo.oa.set_webhook(service.settings.public_url + PATH)


def _stage(service: Service, telegram: FakeTelegram, zalo: FakeZalo) -> Stage:
    office, address = service.shelf.library.office, service.settings.public_url
    staff = {officer.id: Someone(officer.id, officer.name) for officer in office.staff}
    working = [officer for officer in office.staff if officer.role is Role.OFFICER]
    first = next((officer for officer in working if officer.id == SAMPLES[0]), working[0])
    other = next((officer for officer in working if officer.unit != first.unit), first)
    officers = [staff[id_] for id_ in dict.fromkeys((first.id, other.id))]
    group = Group(telegram, office.unit(first.unit).name, officers)
    places: list[Acting] = [Telegram(telegram), ZaloOA(zalo), ZaloBot(zalo), group]

    def later(span: timedelta) -> None:
        now.later(span)
        service.wake_senders()

    return Stage(
        places={place.id: place for place in places},
        age=lambda: telegram.age + len(zalo.ledger.entries),
        now=now,
        later=later,
        web=Web(f"{address}/", address + FRAME),
        desks=[staff[id_] for id_ in SAMPLES if id_ in staff] or list(staff.values())[:3],
        desk=lambda officer: signin_link(service.settings, officer, service.port),
    )
