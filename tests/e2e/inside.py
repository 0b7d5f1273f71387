"""The whole service inside the test's process, and how it is told to use Telegram."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.service import running
from bot.settings import Settings
from bot.simulator.telegram import FakeTelegram
from tests.process import free_port

MODES = ("polling", "webhook")
SECRET = "a-sample-secret-of-the-tests"


@dataclass(frozen=True)
class Running:
    """`key` signs the officers' links."""

    url: str
    key: bytes


@asynccontextmanager
async def inside(folder: Path, **settings: Any) -> AsyncIterator[Running]:  # noqa: ANN401 - of many types
    given = {"_env_file": None, "data_dir": folder / "data", "port": 0, **settings}
    async with running(Settings(**given)) as service:
        yield Running(f"http://127.0.0.1:{service.port}", service.secret)


def by_telegram(telegram: FakeTelegram, mode: str) -> dict[str, Any]:
    """Return the settings; a webhook has to know its own address before the service starts."""
    settings: dict[str, Any] = {
        "telegram_token": telegram.token,
        "telegram_api_url": telegram.url,
        "telegram_secret": SECRET,
    }
    if mode == "webhook":
        port = free_port()
        settings |= {"port": port, "public_url": f"http://127.0.0.1:{port}"}
    return settings
