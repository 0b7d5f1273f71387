"""The database, and one transaction in it: all of it or none.

PostgreSQL is the engine of many processes; SQLite is the same code inside one.
"""

import asyncio
import re
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Self

from sqlalchemy import Insert, Table, Update, bindparam, event, func, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage import migrations, onehop
from storage.accounts import Accounts
from storage.audit import Act, Audit, Head
from storage.cases import Cases
from storage.consents import Consents
from storage.drafts import Drafts
from storage.files import Files
from storage.groups import Groups
from storage.ids import Ids
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.parts import Parts
from storage.questions import Questions
from storage.received import Received
from storage.reminders import Reminders
from storage.replies import Replies
from storage.retention import Retention
from storage.reveals import Reveals
from storage.rules import Rules
from storage.staff import Staff
from storage.tables import case_events, cases, inbox, metadata, outbox
from storage.talks import Talks
from storage.tombstones import Tombstone, Tombstones

Row = Mapping[str, Any]
TABLES = metadata.sorted_tables
IN_ORDER = (inbox, outbox, cases, case_events)
GONE = ("08", "53", "57")  # classes of SQLSTATE: connection, resources, operator intervention


class Changed(Exception):
    """Somebody else was first, or the key is taken; nothing of this transaction was kept."""


class Unavailable(Exception):
    """The database cannot be reached or is locked by another program; nothing was kept."""


class Refused(Exception):
    """The database refuses what it was told to do; nothing was kept."""


@dataclass
class Pending:
    """What a transaction will write, in the order in which it was asked for."""

    inserts: list[tuple[Table, Row]] = field(default_factory=list)
    statements: list[tuple[Insert | Update, Row]] = field(default_factory=list)
    checked: list[Update] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    def mark(self) -> tuple[int, int, int, int]:
        return len(self.inserts), len(self.statements), len(self.checked), len(self.acts)

    def forget_since(self, mark: tuple[int, int, int, int]) -> None:
        del self.inserts[mark[0] :], self.statements[mark[1] :]
        del self.checked[mark[2] :], self.acts[mark[3] :]


@dataclass(frozen=True, slots=True)
class Traces:
    """What was erased and has left something outside of the tables."""

    stones: list[Tombstone] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Tx:
    """One transaction. Reads see the database, not what is pending; writes are sent in one go at the end."""

    def __init__(self, connection: AsyncConnection, now: datetime, ids: Ids, pepper: bytes) -> None:
        self.connection = connection
        self.now = now
        self.pepper = pepper
        self.traces = Traces()
        self.pending = Pending()
        self._ids = ids

    def new_id(self) -> int:
        return self._ids.make(self.now)

    def insert(self, table: Table, row: Row) -> None:
        self.pending.inserts.append((table, row))

    def upsert(self, table: Table, row: Row) -> None:
        """Insert, or replace the row with the same primary key."""
        self.change(_upsert(table, self.connection.dialect.name), row)

    def update(self, table: Table, key: Row, row: Row) -> None:
        """Change the row with this key; nothing happens if it is gone."""
        parameters = {f"key_{name}": value for name, value in key.items()}
        parameters |= {f"new_{name}": value for name, value in row.items()}
        self.change(_update(table, tuple(key), tuple(row)), parameters)

    def change(self, statement: Insert | Update, row: Row) -> None:
        """Run the statement with this row; all rows of one statement are sent together."""
        self.pending.statements.append((statement, row))

    def update_or_fail(self, statement: Update) -> None:
        """The database picks the winner: commit raises Changed unless exactly one row was changed."""
        self.pending.checked.append(statement)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self)

    @cached_property
    def talks(self) -> Talks:
        return Talks(self)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self)

    @cached_property
    def parts(self) -> Parts:
        return Parts(self)

    @cached_property
    def files(self) -> Files:
        return Files(self)

    @cached_property
    def staff(self) -> Staff:
        return Staff(self)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self)

    @cached_property
    def replies(self) -> Replies:
        return Replies(self)

    @cached_property
    def received(self) -> Received:
        return Received(self)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self)

    @cached_property
    def rules(self) -> Rules:
        return Rules(self)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self)

    @cached_property
    def reveals(self) -> Reveals:
        return Reveals(self)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self)

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self)

    async def finish(self) -> Head | None:
        """Write what is pending, and chain what was done, last: all other locks are held by then.

        Return the new head, if anything was chained.
        """
        await self.flush()
        return await self.audit.seal(self.pending.acts)

    async def flush(self) -> None:
        pending, self.pending = self.pending, Pending(acts=self.pending.acts)
        await self._insert(pending.inserts)
        groups: dict[Insert | Update, list[Row]] = {}
        for statement, row in pending.statements:
            groups.setdefault(statement, []).append(row)
        for statement, rows in groups.items():
            await self.connection.execute(statement, rows)
        for update in pending.checked:
            if (await self.connection.execute(update)).rowcount != 1:
                raise Changed

    async def _insert(self, inserts: list[tuple[Table, Row]]) -> None:
        rows: dict[Table, list[Row]] = defaultdict(list)
        for table, row in inserts:
            rows[table].append(row)
        for table in TABLES:
            if table in rows:
                await self.connection.execute(table.insert(), rows[table])


@cache
def _update(table: Table, key: tuple[str, ...], row: tuple[str, ...]) -> Update:
    """Made once for each shape: making a statement costs more than running it."""
    statement = table.update().where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
    return statement.values({name: bindparam(f"new_{name}") for name in row})


@cache
def _upsert(table: Table, database: str) -> Insert:
    dialect = postgresql if database == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    upsert: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return upsert


class Store:
    """The open database. `begin` for work that writes, `look` for work that only reads."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, newest_id: int = 0) -> None:
        self._writer = writer
        self._reader = reader
        self._ids = Ids(newest_id)
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self.pepper = b""  # without it, a tombstone could be found out by trying
        self.chained: Callable[[Head], None] = lambda _head: None
        self.erased: Callable[[Traces], None] = lambda _traces: None

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Connect and bring the schema up to date. Raises Unavailable, migrations.TooNew."""
        writer = _sqlite(url, writes=True) if _is_sqlite(url) else _postgresql(url)
        newest = 0
        try:
            if migrate:
                with _told_plainly():
                    await migrations.upgrade(writer)
                    newest = await _newest_id(writer)
        except (Unavailable, Refused, migrations.TooNew):
            await writer.dispose()
            raise
        return cls(writer, _sqlite(url, writes=False) if _is_sqlite(url) else writer, newest)

    @property
    def shared(self) -> bool:
        """Whether other processes may work on this database at the same time."""
        return self._writer.dialect.name == "postgresql"

    async def close(self) -> None:
        """Refuse what is new, let what is under way come to its end, and leave no connection behind."""
        self._closed = True
        await self._idle.wait()
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        """Commit what was asked for at the end. Raises Changed, Refused, Unavailable.

        After the commit `chained` is told the audit's new head, and `erased` what is to be swept.
        """
        with self._in_use():
            async with self._writer.begin() as connection:
                tx = Tx(connection, now, self._ids, self.pepper)
                yield tx
                head = await tx.finish()
            if head:
                self.chained(head)
            if tx.traces.stones or tx.traces.files:
                self.erased(tx.traces)

    @asynccontextmanager
    async def look(self, now: datetime) -> AsyncIterator[Tx]:
        """Read only. Raises Refused, Unavailable."""
        with self._in_use():
            async with self._reader.connect() as connection:
                yield Tx(connection, now, self._ids, self.pepper)

    async def compact(self) -> bool:
        """Leave nothing in the write-ahead log that is not in the tables any more (SQLite).

        False if somebody was reading just now.
        """
        path = self._writer.url.database
        if self.shared or not path:
            return True
        return await asyncio.to_thread(_truncate, path)

    @asynccontextmanager
    async def only_one(self, name: str) -> AsyncIterator[bool]:
        """Whether this process alone holds the name, for as long as the block runs (advisory lock).

        On SQLite there is only one process, so the answer is yes. Raises Unavailable.
        """
        if not self.shared:
            yield True
            return
        with self._in_use():
            async with self._held(name) as held:
                yield held

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        if self._closed:
            raise Unavailable("the store is closed")
        self._under_way += 1
        self._idle.clear()
        try:
            with _told_plainly():
                yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    @asynccontextmanager
    async def _held(self, name: str) -> AsyncIterator[bool]:
        async with self._writer.connect() as connection:
            autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
            locked = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
            held = bool(await autocommit.scalar(locked, {"name": name}))
            try:
                yield held
            finally:
                if held:
                    await connection.invalidate()  # ends the session, and with it the lock


async def _newest_id(engine: AsyncEngine) -> int:
    """Return the largest of the ids whose order means something."""
    async with engine.connect() as connection:
        found = [await connection.scalar(select(func.max(table.c.id))) for table in IN_ORDER]
    return max(number or 0 for number in found)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise Unavailable(_reason(error)) from error
    except IntegrityError as error:
        raise Changed(_reason(error)) from error
    except DBAPIError as error:
        gone = error.connection_invalidated or getattr(error.orig, "sqlstate", "")[:2] in GONE
        raise (Unavailable if gone else Refused)(_reason(error)) from error


def _truncate(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=5)) as database:
        busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite(url: str, *, writes: bool) -> AsyncEngine:
    """One connection that writes, or four that only read (they must not checkpoint either)."""
    size = 1 if writes else 4
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=30,
        pool_reset_on_return=None,  # begin and connect below leave no transaction open
        connect_args={"async_creator_fn": onehop.connect},
    )
    pragmas = [
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "secure_delete=ON",
    ]
    if not writes:
        pragmas = ["busy_timeout=5000", "query_only=ON", "wal_autocheckpoint=0"]

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> AsyncEngine:
    """Keep the claims on their partial indexes: statistics lag far behind a queue's real size."""
    planner = (
        "enable_sort",
        "enable_bitmapscan",
        "enable_seqscan",
        "enable_hashjoin",
        "enable_mergejoin",
        "jit",
    )
    settings = dict.fromkeys(planner, "off") | {"application_name": "caunoi"}
    return create_async_engine(
        url, pool_size=12, pool_pre_ping=True, connect_args={"server_settings": settings}
    )


def _reason(error: Exception) -> str:
    """Return the database's own words, without statements, parameters or addresses with passwords."""
    original = getattr(error, "orig", None) or error
    return re.sub(
        r"//[^@\s]*@", "//…@", str(original).splitlines()[0] if str(original) else type(original).__name__
    )
