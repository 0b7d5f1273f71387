"""SQLite connections whose every statement is one round trip to their thread.

A statement through SQLAlchemy's adapter is four (make a cursor, execute, fetch, close), and the trips cost
far more than the statements: a small transaction needs a third of the time this way.
"""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    def cursor(self) -> "Cursor":  # type: ignore[override]  # all that the adapter asks of one
        return Cursor(self)

    async def run(self, work: Callable[[sqlite3.Cursor], None]) -> "Outcome":
        """Do something with a new cursor, and return all that came of it."""

        def whole() -> Outcome:
            cursor = self._conn.cursor()
            try:
                work(cursor)
                rows = cursor.fetchall() if cursor.description else []
                return Outcome(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
            finally:
                cursor.close()

        outcome: Outcome = await self._execute(whole)  # type: ignore[no-untyped-call]
        return outcome


class Outcome:
    def __init__(
        self, rows: list[Any], description: object = None, rowcount: int = -1, lastrowid: int | None = None
    ) -> None:
        self.rows = rows
        self.description = description
        self.rowcount = rowcount
        self.lastrowid = lastrowid


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor; only executing leaves this thread."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._outcome = Outcome([])

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> object:
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._outcome.lastrowid

    async def execute(self, statement: str, parameters: Any = ()) -> Self:  # noqa: ANN401 - as sqlite3 has it
        self._outcome = await self._connection.run(
            lambda cursor: _done(cursor.execute(statement, parameters))
        )
        return self

    async def executemany(self, statement: str, parameters: Iterable[Any]) -> Self:
        self._outcome = await self._connection.run(
            lambda cursor: _done(cursor.executemany(statement, parameters))
        )
        return self

    async def fetchall(self) -> list[Any]:
        return self._outcome.rows

    async def close(self) -> None:
        """Nothing is open."""


def connect(database: str | Path, **options: Any) -> Connection:  # noqa: ANN401 - those of sqlite3.connect
    connection = Connection(lambda: sqlite3.connect(str(database), **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with its own
    return connection


def _done(_cursor: sqlite3.Cursor) -> None: ...
