"""Somebody with the database in their hands changes, deletes, reorders and cuts: the audit finds each.

Every blow is undone before the next. `make trust` prints the figures.
"""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Row, select, text

from feedback.cases import Case, Happening, Noted, Received, Routed, Status
from feedback.messages import Address, Outgoing, Part
from storage.audit import Head
from storage.store import Store, Tx
from storage.tables import audit, case_events
from storage.talks import State
from storage.witness import Witness
from tests.trust.figures import Figures

KEY = b"a-sample-key-of-the-tests"
CASES = 12
TURNS = 200


class Undone(Exception):
    """So that nothing of a blow stays."""


@dataclass
class Vandal:
    """One blow at a random place. Each method returns where it fell."""

    tx: Tx
    dice: random.Random

    async def flip(self) -> set[int]:
        """Change one character or number in any column of any row."""
        if self.dice.random() < 0.5:
            row = await self._act()
            columns = ["at", "actor", "subject", "what", "event_id", "salt", "digest", "hash"]
            column = self.dice.choice(columns if row.content is None else [*columns, "content"])
            await self._write("audit", "seq", row.seq, column, self._other(getattr(row, column)))
            return {row.seq, row.seq + 1}
        event = await self._event()
        column = self.dice.choice(["case_id", "at", "actor", "event", "data"])
        if column == "case_id":
            new: Any = next(number for number in range(1, CASES + 1) if number != event.case_id)
        else:
            new = self._other(getattr(event, column))
        await self._write("case_events", "id", event.id, column, new)
        return await self._of(event.id)

    async def delete(self) -> set[int]:
        if self.dice.random() < 0.5:
            row = await self._act(last=False)
            await self.tx.connection.execute(audit.delete().where(audit.c.seq == row.seq))
            return {row.seq, row.seq + 1}
        event = await self._event()
        await self.tx.connection.execute(case_events.delete().where(case_events.c.id == event.id))
        return await self._of(event.id)

    async def reorder(self) -> set[int]:
        """Let two rows take each other's place."""
        if self.dice.random() < 0.5:
            one, other = await self._act(), await self._act()
            while other.seq == one.seq:
                other = await self._act()
            await self._swap("audit", "seq", one.seq, other.seq)
            return {one.seq, other.seq}
        one, other = await self._event(), await self._event()
        while other.id == one.id:
            other = await self._event()
        await self._swap("case_events", "id", one.id, other.id)
        return await self._of(one.id) | await self._of(other.id)

    async def truncate(self) -> set[int]:
        """Cut off the end, and let the head in the database agree with what is left."""
        row = await self._act(last=False)
        await self.tx.connection.execute(audit.delete().where(audit.c.seq > row.seq))
        events = select(audit.c.event_id).where(audit.c.event_id.is_not(None))
        await self.tx.connection.execute(case_events.delete().where(case_events.c.id.not_in(events)))
        await self.tx.connection.execute(
            text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": row.seq, "hash": row.hash}
        )
        return {CASES * 3 + 3}  # the end that is known elsewhere

    async def _act(self, *, last: bool = True) -> Row[Any]:
        rows = (await self.tx.connection.execute(select(audit).order_by(audit.c.seq))).all()
        return self.dice.choice(rows if last else rows[:-1])

    async def _event(self) -> Row[Any]:
        rows = (await self.tx.connection.execute(select(case_events).order_by(case_events.c.id))).all()
        return self.dice.choice(rows)

    async def _of(self, event: int) -> set[int]:
        found = select(audit.c.seq).where(audit.c.event_id == event)
        return set(await self.tx.connection.scalars(found))

    async def _write(self, table: str, key: str, value: int, column: str, new: object) -> None:
        what = audit if table == "audit" else case_events
        update = what.update().where(what.c[key] == value)
        await self.tx.connection.execute(update.values({column: new}))

    async def _swap(self, table: str, key: str, one: int, other: int) -> None:
        for before, after in ((one, -1), (other, one), (-1, other)):
            await self.tx.connection.execute(
                text(f"UPDATE {table} SET {key} = :after WHERE {key} = :before"),  # noqa: S608
                {"before": before, "after": after},
            )

    def _other(self, value: Any) -> Any:  # noqa: ANN401 - of any column
        match value:
            case datetime():
                return value + timedelta(microseconds=self.dice.choice([1, 10**6, -(10**9)]))
            case dict():
                name = self.dice.choice(sorted(value)) if value else "new"
                return value | {name: self._other(value.get(name, ""))}
            case bool():
                return not value
            case int():
                return value ^ (1 << self.dice.randrange(16))
            case None:
                return 1
            case "":
                return "x"
        at = self.dice.randrange(len(value))
        return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]


async def story(store: Store, witness: Witness, now: datetime) -> None:
    """Some cases, some other acts, and one person who was forgotten."""
    store.chained = witness.keep
    async with store.begin(now) as tx:
        for number in range(1, CASES + 1):
            address = Address("web", "main", f"p{number}")
            case = Case(number, f"0AAAA-AAA{number:02}", "report", Status.ROUTED, "VP", "", "Đường hỏng",
                        address, now, now)  # fmt: skip
            happened = [Happening(now, "citizen", Received("Đường hỏng", files=number)),
                        Happening(now, "an", Noted("đã xem"))]  # fmt: skip
            tx.cases.add(case, happened)
        for number in range(CASES):
            tx.audit.add("an", "signed_in", f"officer:an{number}", browser="Firefox", tries=number)
    async with store.begin(now) as tx:
        await tx.audit.erase("officer:an3", "citizen")
        await tx.audit.erase("officer:an4", "citizen")


BLOWS: dict[str, Callable[[Vandal], Awaitable[set[int]]]] = {
    "flip": Vandal.flip,
    "delete": Vandal.delete,
    "reorder": Vandal.reorder,
    "truncate": Vandal.truncate,
}


@pytest.mark.trust
async def test_chain_costs_an_opened_case_little(store: Store, now: datetime, figures: Figures) -> None:
    """The same cases with and without their acts, by turns; the median of each."""
    figures.size = f"{TURNS} transactions of each, {'PostgreSQL' if store.shared else 'SQLite'}"
    for size in (1, 32):
        took: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(TURNS * 2):
            begun = time.perf_counter()
            async with store.begin(now) as tx:
                for number in range(size):
                    _open(tx, (size * 10**6) + turn * size + number)
                if turn % 2:
                    tx.pending.acts.clear()
            took[not turn % 2].append(time.perf_counter() - begun)
        with_it, without = median(took[True]), median(took[False])
        figures.tell(f"{size} in a transaction, with the chain (ms each)", with_it * 1000 / size)
        figures.tell(f"{size} in a transaction, without (ms each)", without * 1000 / size)
        figures.tell(f"{size} in a transaction, ratio", with_it / without)


def _open(tx: Tx, number: int) -> None:
    """Write what the opening of a case writes."""
    address = Address("web", "main", f"p{number}")
    case = Case(number, f"{number:011}", "report", Status.ROUTED, "VP", "", "Đường hỏng " * 20, address,
                tx.now, tx.now)  # fmt: skip
    routed = Routed("VP", "tong-hop", "Gần với mục hỏi đáp")
    tx.cases.add(
        case, [Happening(tx.now, "citizen", Received(case.text)), Happening(tx.now, "system", routed)]
    )
    tx.parts.keep(address.lane, case.id, [Part(str(number), case.text)])
    tx.outbox.put(address, Outgoing("Đã tiếp nhận nội dung của Ông/Bà. " * 6))
    tx.talks.save(State(address.lane))


@pytest.mark.parametrize("blows", [80, pytest.param(1_000, marks=pytest.mark.trust)])
async def test_audit_finds_every_blow(
    store: Store, tmp_path: Path, now: datetime, figures: Figures, blows: int
) -> None:
    witness = Witness(tmp_path / "audit.head", KEY)
    await story(store, witness, now)
    known = witness.read()
    assert known == Head(CASES * 3 + 3, known.hash if known else "")
    async with store.look(now) as tx:
        assert await tx.audit.faults(known) == []
    seed = random.randrange(2**32)  # noqa: S311
    dice = random.Random(seed)  # noqa: S311
    figures.size = f"{blows:,} blows, seed {seed}, {'PostgreSQL' if store.shared else 'SQLite'}"
    for name, blow in BLOWS.items():
        found = named = 0
        for _ in range(blows // len(BLOWS)):
            with pytest.raises(Undone):
                async with store.begin(now) as tx:
                    places = await blow(Vandal(tx, dice))
                    faults = await tx.audit.compared(known)
                    found += bool(faults)
                    named += bool(places & {fault.seq for fault in faults})
                    raise Undone
        figures.exactly(f"{name}: found", found, blows // len(BLOWS))
        figures.exactly(f"{name}: with its place", named, blows // len(BLOWS))
    figures.hold()
