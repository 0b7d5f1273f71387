"""A database of an earlier release is brought up to date, and keeps what it holds."""

from datetime import datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from feedback.messages import Address
from storage.migrations import FOLDER
from storage.store import Store
from storage.tables import OutboxStatus, consents, metadata, outbox

LAN = Address("web", "main", "lan")
NEW = {"questions", "switches"}


def _change(connection: Connection, way: str, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    getattr(command, way)(config, revision)


async def test_the_first_schema_is_brought_up_to_date_and_keeps_its_rows(url: str, now: datetime) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_change, "upgrade", "0001")
        assert set(await connection.run_sync(lambda it: inspect(it).get_table_names())).isdisjoint(NEW)
        row = {"id": 7, "lane": "web:main:lan", "version": "1", "given_at": now}
        await connection.execute(consents.insert(), row)
    store = await Store.open(url)
    async with store.begin(now) as tx:
        tx.questions.keep("lương cơ sở", "unknown")
        assert [each.id for each in await tx.connection.execute(consents.select())] == [7]
    await store.close()
    await engine.dispose()


async def test_what_was_sent_before_can_be_read_on_by_pages_that_are_open(url: str, now: datetime) -> None:
    engine = create_async_engine(url)
    row = {"channel": "web", "account": "main", "chat": "lan", "lane": LAN.lane, "message": {"text": "…"},
           "at": now, "tries": 0, "next_at": now, "maybe_twice": False}  # fmt: skip
    async with engine.begin() as connection:
        await connection.run_sync(_change, "upgrade", "0003")
        rows = [{"id": 5, "status": OutboxStatus.SENT}, {"id": 6, "status": OutboxStatus.DUE}]
        await connection.execute(outbox.insert(), [row | each for each in rows])
    store = await Store.open(url)
    async with store.look(now) as tx:
        assert [(item.id, item.position) for item in await tx.outbox.since(LAN, 0)] == [(5, 5)]
    await store.close()
    await engine.dispose()


async def test_every_migration_can_be_undone(store: Store, url: str) -> None:
    assert store
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        assert set(await connection.run_sync(lambda it: inspect(it).get_table_names())) >= set(
            metadata.tables
        )
        await connection.run_sync(_change, "downgrade", "base")
        assert await connection.run_sync(lambda it: inspect(it).get_table_names()) == ["alembic_version"]
    await engine.dispose()
