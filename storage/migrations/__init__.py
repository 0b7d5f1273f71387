"""Bring a database's schema up to date, and refuse one that a newer program has changed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

FOLDER = Path(__file__).parent
LOCK = 0x0CA0_0001  # two processes that start together migrate one after the other


class TooNew(Exception):
    """The database was changed by a newer version of this program."""


async def upgrade(engine: AsyncEngine) -> None:
    """Run every migration that is missing, in one transaction. Raises TooNew, DBAPIError."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise TooNew(current)
    command.upgrade(config, "head")
