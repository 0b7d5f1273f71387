"""Everything wired once, by hand: store, door, worker, senders, fetchers, clock and web server."""

import asyncio
import gc
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from filelock import FileLock, Timeout

from bot import graves, heads, witness
from bot.channels.base import Channel
from bot.channels.webchat import WebChat
from bot.clock import Clock
from bot.door import Door
from bot.fetcher import Fetcher
from bot.receivers import Post, Receiver, receivers
from bot.reloader import Reloader
from bot.sender import Sender
from bot.settings import Settings
from bot.sweeper import Sweeper
from bot.web import Site, application
from bot.worker import Worker
from feedback.messages import Incoming
from handlers import group, letters
from handlers import library as library_files
from handlers.citizen import router
from handlers.desk import Desk
from handlers.desk import routes as desk_routes
from handlers.library import Boards, Letters, Library, Shelf
from storage.blobs import Blobs
from storage.store import Store, Tx, Unavailable

PRIVATE = 0o077  # what we write is read by this user only
LAST_GOOD = "faq-last-good"  # in the data folder
DRAIN = 10.0  # seconds for what is under way when the service is told to stop

Run = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class AlreadyRunning(Exception):
    """Another process works on this data folder."""


class Time:
    """What time it is; `later` lets time pass, which only a simulation does."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead  # noqa: TID251 - the one place that asks

    def later(self, span: timedelta) -> None:
        self._ahead += span


now = Time()


class Service:
    """One process of the service."""

    def __init__(self, settings: Settings, shelf: Shelf, store: Store) -> None:
        self.settings = settings
        self.shelf = shelf
        self.store = store
        self.blobs = Blobs(settings.data_dir / "files")
        self.secret = signing_key(settings)
        self.port = 0
        self.receivers: list[Receiver] = []
        self._arrived = asyncio.Event()
        self._channels: list[str] = []
        self._wakers: list[asyncio.Event] = []
        self._senders: list[Sender] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._receivers: list[asyncio.Task[None]] = []
        self.stopping = asyncio.Event()
        self.broken = False
        self.door = Door(store, shelf.library.office.kinds, now, self._arrived)
        self.worker = Worker(store, self._handle, now, self._arrived, self.wake_senders, self._goes_on)
        faq = library_files.place(settings.content_dir, "faq")
        self.reloader = Reloader(shelf, faq, settings.data_dir / LAST_GOOD, now)

    async def _handle(self, message: Incoming, tx: Tx) -> None:
        if letters.takes(message):
            await letters.handle(message, tx, self.shelf.library)
        elif group.takes(message):
            await group.handle(message, tx, self.shelf.library, self.secret)
        else:
            await router.handle(message, tx, self.shelf.library)

    def _goes_on(self, message: Incoming, step: str) -> bool:
        return router.goes_on(message, step, self.shelf.library)

    async def get_ready(self) -> None:
        """Make what the first case will need, while people are served already."""
        await asyncio.to_thread(self.shelf.library.ready)
        gc.freeze()

    def wake_senders(self) -> None:
        for woke in self._wakers:
            woke.set()

    def attach(self, channel: Channel) -> None:
        """Send and fetch on this channel."""
        woke = asyncio.Event()
        sent = channel.sent if isinstance(channel, WebChat) else None
        sender = Sender(self.store, channel, now, woke, sent=sent)
        self._channels.append(channel.name)
        self._wakers.append(woke)
        self._senders.append(sender)
        self.spawn(sender.run)
        self.spawn(Fetcher(self.store, channel, self.blobs, now).run)

    def spawn(self, run: Run) -> asyncio.Task[None]:
        """Run it beside the others; if it ever ends by an error, the whole service stops and says so."""
        task = asyncio.create_task(run())
        task.add_done_callback(self._ended)
        self._tasks.append(task)
        return task

    def receive(self, run: Run) -> None:
        """Like `spawn`, for what brings messages in: it ends first when the service stops."""
        self._receivers.append(self.spawn(run))

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            log.critical(
                "a part of the service broke",
                error=type(task.exception()).__name__,
                exc_info=task.exception(),
            )
            self.broken = True
            self.stopping.set()

    async def settled(self) -> None:
        """Return when nothing is left that could be handled or sent now."""
        while await self._under_way():  # noqa: ASYNC110 - other processes may finish it, too
            await asyncio.sleep(0.02)

    async def drain(self) -> None:
        """Finish what is under way, so that nothing is in doubt after a planned stop."""
        for receiver in self._receivers:
            receiver.cancel()
        try:
            async with asyncio.timeout(DRAIN):
                await self.settled()
        except (TimeoutError, Unavailable):
            log.warning("stopping with messages still to send; they wait in the database")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sender in self._senders:
            await sender.drain()

    async def _under_way(self) -> bool:
        async with self.store.look(now()) as tx:
            return await tx.inbox.due() or await tx.outbox.due(self._channels)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Shelf, Store]]:
    """The shelf and the store, for the only process on an embedded database.

    Raises Mistakes, AlreadyRunning, Unavailable, TooNew.
    """
    shelf = library_files.shelve(settings.content_dir, settings.data_dir / LAST_GOOD)
    address = settings.public_url if settings.is_https else ""
    boards = Boards(address, settings.groups_show_personal_data)
    mail = Letters(
        settings.email_address, settings.public_url, bool(settings.email_imap_host), signing_key(settings)
    )
    shelf.library = replace(shelf.library, windows=settings.windows, boards=boards, letters=mail)
    if shelf.mistakes:
        log.error("faq files are wrong, started with the last good copy", mistakes=len(shelf.mistakes))
    gc.freeze()  # all that was read stays: to search it for garbage would take a tenth of a second each time
    os.umask(PRIVATE)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        if settings.database_file:
            stack.enter_context(_only_process(settings.data_dir))
        store = await Store.open(settings.database)
        stack.push_async_callback(store.close)
        store.pepper = signing_key(settings)
        await stack.enter_async_context(witness.watching(store, settings.data_dir, store.pepper, now()))
        listed = graves.Graves(settings.data_dir)
        store.erased = lambda traces: listed.add(*traces.stones)
        await graves.visit(store, shelf.library, listed, now())
        yield shelf, store


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Service]:
    """The whole service in this process: from ready until drained."""
    async with opened(settings) as (shelf, store), AsyncExitStack() as stack:
        service = Service(settings, shelf, store)
        more = [desk_routes(_desk(service))]
        service.receivers = receivers(_post(service))
        for receiver in service.receivers:
            more.append(receiver.routes())
            stack.push_async_callback(receiver.stop)
            service.receive(receiver.run)
        stack.push_async_callback(service.drain)
        service.spawn(service.door.run)
        service.spawn(service.worker.run)
        service.spawn(Clock(store, shelf, now).run)
        service.spawn(service.reloader.run)
        sweeper = Sweeper(store, service.blobs, graves.Graves(settings.data_dir), shelf, now)
        store.erased = sweeper.erased
        service.spawn(sweeper.run)
        chat = _chat(service)
        service.attach(chat)
        site = Site(store, shelf, chat, settings.embeds)
        service.port = await _serve(application(site, *more), settings, stack)
        service.spawn(service.get_ready)
        yield service


async def run(settings: Settings, ready: Callable[[Service], None]) -> bool:
    """Run until SIGTERM or SIGINT, or until a part breaks: then False."""
    async with running(settings) as service:
        await until_told(service, ready)
    return not service.broken


async def until_told(service: Service, ready: Callable[[Service], None]) -> None:
    """Return on SIGTERM or SIGINT, or when a part breaks."""
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, service.stopping.set)
    ready(service)
    await service.stopping.wait()
    log.info("stopping")


def signing_key(settings: Settings) -> bytes:
    """Return the key of one-time links: from the settings, or made once and kept in the data folder."""
    if given := settings.secret.get_secret_value():
        return given.encode()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.data_dir / "secret.key"
    if not path.exists():
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(32))
        part.rename(path)
    return path.read_bytes()


def _desk(service: Service) -> Desk:
    return Desk(
        store=service.store,
        shelf=service.shelf,
        now=now,
        read_file=service.blobs.read,
        save_file=service.blobs.save,
        address=service.settings.public_url if service.settings.is_https else "",
        secret=service.secret,
        secure=service.settings.is_https,
        wake=service.wake_senders,
        faq=library_files.place(service.settings.content_dir, "faq"),
        bot=lambda: "".join(receiver.username for receiver in service.receivers),
    )


def _chat(service: Service) -> WebChat:
    return WebChat(
        service.store,
        service.blobs,
        service.door.keep,
        now,
        secure=service.settings.is_https,
        framed=bool(service.settings.embeds),
        proxies=service.settings.proxies,
    )


def _post(service: Service) -> Post:
    return Post(
        settings=service.settings,
        store=service.store,
        door=service.door,
        now=now,
        attach=service.attach,
        menus=_menus(service.shelf.library),
        blobs=service.blobs,
        known=lambda: service.shelf.library.office.addresses,
        key=service.secret,
    )


def _menus(library: Library) -> dict[str, list[tuple[str, str]]]:
    """Return the menu of commands for everybody (""), and the one for who uses Telegram in English."""
    words = library.phrases
    return {
        "": [(name, words.say("vi", f"commands.{name}")) for name in router.MENU],
        "en": [(english, words.say("en", f"commands.{name}")) for name, english in router.MENU.items()],
    }


async def _serve(app: web.Application, settings: Settings, stack: AsyncExitStack) -> int:
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    server = await heads.serve(runner, settings.host, settings.port)
    stack.callback(server.close)
    port: int = server.sockets[0].getsockname()[1]
    return port


def _only_process(folder: Path) -> AbstractContextManager[object]:
    lock = FileLock(folder / "caunoi.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(folder) from None
