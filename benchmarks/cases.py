"""What a step costs in a full database beside a small one: `python -m benchmarks.cases [open closed]`.

SQLite in a folder of the real disk. The small database holds one page of cases, so that both show as much.
Cases stand there without their timelines; each is read by its own case only.
The steps run in turn on both, and the median of each is compared. It measures and asserts nothing.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, literal, select, text

from feedback.cases import OPEN, Case, Status
from feedback.messages import Address
from handlers import library as library_files
from handlers.actions import cases
from handlers.actions.cases import Submission
from handlers.clock import deadlines, reminders, silences, waiting
from handlers.desk import due
from handlers.library import Library
from storage.cases import _to_row
from storage.store import Store, Tx
from storage.tables import cases as table
from storage.tables import reminders as reminder_table
from storage.types import Utc

ROUNDS = 25
SMALL = 200  # one page
BATCH = 10_000
UNIT = "CCVC"
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = count(1)
LAN = Submission(
    "report",
    "Đường hỏng ở ngõ 12",
    Address("web", "main", "lan"),
    "citizen",
    "",
    True,
    "",
    "vi",
    "",
    (),
    "citizen",
)


async def main(open_: int, closed: int) -> None:
    library = library_files.load()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        small = await Store.open(f"sqlite+aiosqlite:///{folder}/small.db")
        full = await Store.open(f"sqlite+aiosqlite:///{folder}/full.db")
        await _fill(small, [UNIT], SMALL, 0)
        begun = perf_counter()
        units = [unit.code for unit in library.office.units.values() if unit.receives]
        await _fill(full, units, open_, closed)
        print(f"{open_} open, {closed} closed, filled in {perf_counter() - begun:.0f} s")
        for title, step in STEPS.items():
            await _compare(title, library, small, full, step)
        await small.close()
        await full.close()


async def _compare(title: str, library: Library, small: Store, full: Store, step: "Step") -> None:
    taken: dict[Store, list[float]] = {small: [], full: []}
    for _ in range(ROUNDS):
        for store in (small, full):
            begun = perf_counter()
            await step(store, library)
            taken[store].append(1000 * (perf_counter() - begun))
    before, after = statistics.median(taken[small]), statistics.median(taken[full])
    print(f"{title:44} {before:8.2f} ms {after:8.2f} ms   {after / before:.2f} times")


async def _open(store: Store, library: Library) -> None:
    async with store.begin(NOW + next(LATER) * timedelta(seconds=1)) as tx:
        cases.open_case(tx, library, LAN)


async def _list(store: Store, library: Library, units: frozenset[str] | None) -> None:
    """What the desk's first page reads, and says of each case."""
    calendar = library.office.calendar
    async with store.look(NOW) as tx:
        await tx.cases.counts(units, due.soon(NOW, calendar))
        for case in await tx.cases.work_list(units, OPEN):
            due.cue(case, NOW, calendar)
        await tx.reminders.of("an", 20)
        await tx.reminders.silences()


async def _list_unit(store: Store, library: Library) -> None:
    await _list(store, library, frozenset([UNIT]))


async def _list_all(store: Store, library: Library) -> None:
    await _list(store, library, None)


async def _turn(store: Store, library: Library) -> None:
    """One turn of the clock in which ten cases are to be reminded of."""
    now = NOW + next(LATER) * timedelta(seconds=1)
    async with store.begin(now) as tx:
        for case in await tx.cases.open_after(0, 10):
            tx.reminders.look_at(case.id, now)
    for work in (deadlines.mark_overdue, waiting.resume, reminders.remind, silences.listen):
        async with store.begin(now) as tx:
            await work(tx, library)


Step = Callable[[Store, Library], Awaitable[None]]
STEPS: dict[str, Step] = {
    "opening a case": _open,
    "the desk's first page, a unit": _list_unit,
    "the desk's first page, all units": _list_all,
    "a turn of the clock with ten reminders": _turn,
}


async def _fill(store: Store, units: Sequence[str], open_: int, closed: int) -> None:
    """Cases of all units and of many days, some written, others copied; none is to be looked at now."""
    async with store.begin(NOW) as tx:
        for first, many, is_open in ((0, open_, True), (open_, closed, False)):
            size = min(many, BATCH)
            these = [_case(first + n, units[n % len(units)], is_open) for n in range(size)]
            if these:
                await tx.connection.execute(table.insert(), [_to_row(case) for case in these])
            for offset in range(size, many, size or 1):
                await _copy(tx, first, size, offset)
        looks = select(table.c.id, literal(NOW + 30 * DAY, Utc)).where(table.c.status == Status.ACCEPTED)
        await tx.connection.execute(reminder_table.insert().from_select(["case_id", "at"], looks))
    async with store.begin(NOW) as tx:
        await tx.connection.execute(text("ANALYZE"))


async def _copy(tx: Tx, first: int, size: int, offset: int) -> None:
    number = table.c.id + offset
    new = {"id": number, "code": func.printf("%011d", number)}
    names = [column.name for column in table.columns]
    written = select(*(new.get(name, table.c[name]) for name in names))
    these = written.where(table.c.id > first, table.c.id <= first + size)
    await tx.connection.execute(table.insert().from_select(names, these))


def _case(number: int, unit: str, is_open: bool) -> Case:  # noqa: FBT001
    received = NOW - timedelta(minutes=number % 7_000)
    case = Case(
        number + 1, f"{number + 1:011}", "report", Status.ACCEPTED, unit, "", "Đường hỏng ở ngõ 12",
        Address("web", "main", f"p{number % 50_000}"), received, received + 14 * DAY, officer="an",
    )  # fmt: skip
    if is_open:
        return case
    old = NOW - timedelta(minutes=number % 400_000) - 20 * DAY
    return replace(case, status=Status.CLOSED, answered=old, closed=old, due=old, received=old - 9 * DAY)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    asyncio.run(main(*(given or [100_000, 1_000_000])))
