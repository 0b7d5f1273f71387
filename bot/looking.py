"""The database for commands that only read it: the service may be running meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.service import now
from bot.settings import Settings
from storage.store import Store, Tx

NOTHING = "Chưa có dữ liệu: dịch vụ chưa chạy lần nào."


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[Tx | None]:
    """Yield a transaction that reads; None where the service never ran. Raises Unavailable."""
    if settings.database_file and not settings.database_file.exists():
        yield None
        return
    store = await Store.open(settings.database, migrate=False)
    try:
        async with store.look(now()) as tx:
            yield tx
    finally:
        await store.close()
