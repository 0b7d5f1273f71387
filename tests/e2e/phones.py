"""A citizen's phone on each channel: what is said and heard reads alike, however the channel shows it."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.service import now
from bot.simulator.telegram import FakeTelegram
from bot.simulator.zalo import FakeZalo
from storage.accounts import Grant
from storage.store import Store
from tests.e2e.chat import Chat
from tests.e2e.inside import by_telegram, inside
from tests.e2e.waiting import settled, until
from tests.e2e.webcitizen import WebCitizen
from tests.process import free_port

LIFETIME = timedelta(hours=25)
CHOICE = re.compile(r"(?:\n|^)(\d\. [^\n]+)$")


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot: its words, and the labels of what can be chosen, buttons or not."""

    text: str
    labels: tuple[str, ...]


class Phone(Protocol):
    async def says(self, text: str) -> list[Heard]: ...

    async def chooses(self, label: str) -> list[Heard]:
        """Press the button with this label, or type its number where there are no buttons."""

    async def sends_photo(self, content: bytes) -> list[Heard]: ...

    async def hears(self) -> list[Heard]: ...


@dataclass
class TelegramPhone:
    chat: Chat

    async def says(self, text: str) -> list[Heard]:
        await self.chat.person.says(text)
        return await self.hears()

    async def chooses(self, label: str) -> list[Heard]:
        await self.chat.person.presses(label)
        return await self.hears()

    async def sends_photo(self, content: bytes) -> list[Heard]:
        await self.chat.person.sends_photo(content)
        return await self.hears()

    async def hears(self) -> list[Heard]:
        said = await self.chat.hears()
        return [Heard(each.text, tuple(label for label, _ in each.buttons)) for each in said]


class ZaloPhone:
    """`person` of the Official Account or of the bot: what has no button stands at the end of the text."""

    def __init__(self, fake: FakeZalo, person: Any, url: str, *, buttons: bool) -> None:  # noqa: ANN401 - of two
        self._fake = fake
        self._person = person
        self._url = url
        self._buttons = buttons
        self._read = 0

    async def says(self, text: str) -> list[Heard]:
        await self._person.says(text)
        return await self.hears()

    async def chooses(self, label: str) -> list[Heard]:
        shown = [button.title for sent in self._person.received for button in sent.buttons]
        if self._buttons and label in shown:
            await self._person.presses(label)
        else:
            await self._person.says(label.partition(".")[0])
        return await self.hears()

    async def sends_photo(self, content: bytes) -> list[Heard]:
        await self._person.sends_image(content)
        return await self.hears()

    async def hears(self) -> list[Heard]:
        await self._fake.taken()
        await until(self._is_answered)
        await settled(self._url)
        said = self._person.received[self._read :]
        self._read += len(said)
        return [_with_choices(each.text, [button.title for button in each.buttons]) for each in said]

    async def _is_answered(self) -> bool:
        """Who is polled does not say when an update was taken."""
        return len(self._person.received) > self._read


class WebPhone:
    def __init__(self, citizen: WebCitizen) -> None:
        self._citizen = citizen
        self._read = 0

    async def says(self, text: str) -> list[Heard]:
        assert (await self._citizen.posts(text))[0] == 200
        return await self.hears()

    async def chooses(self, label: str) -> list[Heard]:
        assert await self._citizen.presses(label) == (200, {"ok": True})
        return await self.hears()

    async def sends_photo(self, content: bytes) -> list[Heard]:
        assert (await self._citizen.uploads("photo.jpg", content))[0] == 200
        return await self.hears()

    async def hears(self) -> list[Heard]:
        await settled(self._citizen.url)
        said = await self._citizen.hears_all()
        return [Heard(each["text"], tuple(button["label"] for button in each["buttons"])) for each in said]


def _with_choices(text: str, titles: Sequence[str]) -> Heard:
    """Take the numbered lines at the end for what they are."""
    labels = list(titles)
    while not titles and (found := CHOICE.search(text)):
        labels.insert(0, found[1])
        text = text[: found.start()].rstrip()
    return Heard(text, tuple(labels))


@dataclass(frozen=True)
class Line:
    """A phone, and the service at the other end. `key` signs the officers' links."""

    phone: Phone
    url: str
    key: bytes


@asynccontextmanager
async def by_polling(folder: Path) -> AsyncIterator[Line]:
    async with FakeTelegram() as fake, inside(folder, **by_telegram(fake, "polling")) as service:
        yield Line(TelegramPhone(Chat(fake, fake.person(1001), service.url)), service.url, service.key)


@asynccontextmanager
async def by_webhook(folder: Path) -> AsyncIterator[Line]:
    async with FakeTelegram() as fake, inside(folder, **by_telegram(fake, "webhook")) as service:
        yield Line(TelegramPhone(Chat(fake, fake.person(1001), service.url)), service.url, service.key)


@asynccontextmanager
async def by_official_account(folder: Path) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeZalo())
        await _grant(fake, folder)
        service = await stack.enter_async_context(inside(folder, **_official_account(fake)))
        await fake.oa.set_webhook(f"{service.url}/webhooks/zalo")
        yield Line(ZaloPhone(fake, fake.oa.person(), service.url, buttons=True), service.url, service.key)


@asynccontextmanager
async def by_zalo_bot(folder: Path) -> AsyncIterator[Line]:
    async with FakeZalo() as fake:
        settings = {"zalo_bot_token": fake.app.bot_token, "zalo_bot_api_url": fake.url}
        async with inside(folder, **settings, zalo_media_hosts="127.0.0.1") as service:
            phone = ZaloPhone(fake, fake.bot.person(), service.url, buttons=False)
            yield Line(phone, service.url, service.key)


@asynccontextmanager
async def by_web(folder: Path) -> AsyncIterator[Line]:
    async with inside(folder) as service, WebCitizen(service.url) as citizen:
        yield Line(WebPhone(citizen), service.url, service.key)


LINES: dict[str, Callable[[Path], AbstractAsyncContextManager[Line]]] = {
    "Telegram by polling": by_polling,
    "Telegram by webhook": by_webhook,
    "Zalo Official Account": by_official_account,
    "Zalo Bot": by_zalo_bot,
    "web chat": by_web,
}


async def _grant(fake: FakeZalo, folder: Path) -> None:
    """Let the administrator have agreed before the service starts."""
    (folder / "data").mkdir(parents=True)
    pair, moment = fake.oauth.pair(), now()
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'data' / 'caunoi.db'}")
    async with store.begin(moment) as tx:
        grant = Grant(pair.access_token, pair.refresh_token, moment, moment + LIFETIME)
        tx.accounts.keep_grant("zalo_oa", fake.app.oa_id, grant)
    await store.close()


def _official_account(fake: FakeZalo) -> dict[str, Any]:
    port = free_port()
    return {
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "zalo_app_id": fake.app.app_id,
        "zalo_app_secret": fake.app.app_secret,
        "zalo_oa_id": fake.app.oa_id,
        "zalo_webhook_secret": fake.app.oa_secret,
        "zalo_api_url": fake.url,
        "zalo_oauth_url": fake.url,
        "zalo_media_hosts": "127.0.0.1",
    }
