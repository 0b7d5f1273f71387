"""What the tests of forged and hostile requests share: a service with a webhook, seen from inside."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from bot.simulator.telegram import FakeTelegram
from bot.updates import PATH, SECRET_HEADER
from tests.process import ServiceProcess

SECRET = "a-sample-secret-of-the-tests"
RIGHT = (SECRET_HEADER, SECRET)


@asynccontextmanager
async def hooked(folder: Path) -> AsyncIterator[ServiceProcess]:
    """Run a service that Telegram delivers to; what it sends goes to a fake."""
    async with FakeTelegram() as telegram:
        service = ServiceProcess(
            folder,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_secret=SECRET,
            public_url="{url}",
        )
        async with service:
            await telegram.called("setWebhook", timeout=60)
            yield service


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{folder / 'data' / 'caunoi.db'}?mode=ro", uri=True)) as db:
        yield db


def update(number: int, text: str, person: int = 1001) -> dict[str, Any]:
    who = {"id": person, "first_name": "Lan"}
    message = {
        "message_id": number,
        "date": 1_772_424_060,
        "chat": who | {"type": "private"},
        "from": who | {"is_bot": False},
        "text": text,
    }
    return {"update_id": number, "message": message}


def tell(figures: dict[str, object]) -> None:
    print("\n" + "\n".join(f"{name:44} {value}" for name, value in figures.items()))  # noqa: T201


__all__ = ["PATH", "RIGHT", "SECRET", "SECRET_HEADER", "database", "hooked", "tell", "update"]
