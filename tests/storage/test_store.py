"""One transaction: all of it or none, and the database picks the winner."""

import asyncio
import gc
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from feedback.cases import OPEN, Accepted, Answered, Case, Happening, Noted, Received, Status, apply
from feedback.messages import Address, Outgoing
from storage.ids import Ids
from storage.migrations import TooNew
from storage.store import Changed, Refused, Store, Unavailable
from storage.tables import metadata
from storage.talks import State

LAN = Address("web", "main", "lan")


@pytest.fixture
def case(now: datetime) -> Case:
    return Case(7, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "Đường hỏng", LAN, now, now)


async def keep(store: Store, case: Case, now: datetime) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case, [Happening(now, "citizen", Received(case.text))])


async def test_a_case_is_read_as_it_was_written(store: Store, case: Case, now: datetime) -> None:
    whole = replace(case, answered=now, stars=4, contact="0900 000 000 (số mẫu)", overdue=True, version=3)
    await keep(store, whole, now)
    async with store.look(now) as tx:
        assert await tx.cases.by_code(case.code) == whole
        assert await tx.cases.timeline(whole) == [Happening(now, "citizen", Received("Đường hỏng"))]


async def test_when_something_fails_nothing_is_kept(store: Store, case: Case, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        async with store.begin(now) as tx:
            tx.cases.add(case, [])
            tx.talks.save(State("web:main:lan", step="text"))
            await tx.flush()
            raise RuntimeError
    async with store.look(now) as tx:
        assert await tx.cases.by_code(case.code) is None
        assert (await tx.talks.find("web:main:lan")).step == "idle"


async def test_of_two_officers_who_act_at_once_one_is_told(store: Store, case: Case, now: datetime) -> None:
    await keep(store, case, now)
    async with store.begin(now) as tx:
        tx.cases.record(case, apply(case, Accepted("an"), now), "an", Accepted("an"))
    with pytest.raises(Changed):
        async with store.begin(now) as tx:
            tx.cases.record(case, apply(case, Answered("x"), now), "binh", Answered("x"))
            tx.outbox.put(LAN, Outgoing("x"), case.id)
    async with store.look(now) as tx:
        assert await tx.outbox.unsent() == 0
        assert len(await tx.cases.timeline(case)) == 2


async def test_notes_do_not_get_in_each_other_s_way(store: Store, case: Case, now: datetime) -> None:
    await keep(store, case, now)
    for who in ("an", "binh"):
        async with store.begin(now) as tx:
            tx.cases.record(case, apply(case, Noted("x"), now), who, Noted("x"))
    async with store.look(now) as tx:
        assert len(await tx.cases.timeline(case)) == 3


async def test_a_code_that_is_taken_is_noticed(store: Store, case: Case, now: datetime) -> None:
    await keep(store, case, now)
    with pytest.raises(Changed):
        await keep(store, replace(case, id=8), now)


async def test_a_statement_that_cannot_be_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises((Refused, Unavailable)):
        async with store.begin(now) as tx:
            await tx.connection.execute(text("SELECT nothing FROM nowhere"))


async def test_the_work_list_is_the_unit_s_own_and_late_ones_come_first(
    store: Store, case: Case, now: datetime
) -> None:
    day = timedelta(days=1)
    for number, (unit, due) in enumerate([("VP", now + day), ("VP", now - day), ("CCVC", now), ("VP", now)]):
        await keep(store, replace(case, id=number, code=f"{number}", unit=unit, due=due), now)
    async with store.look(now) as tx:
        assert [found.id for found in await tx.cases.work_list({"VP"}, OPEN)] == [1, 3, 0]
        assert len(await tx.cases.work_list(None, OPEN)) == 4
        assert await tx.cases.work_list({"VP"}, [Status.CLOSED]) == []


async def test_a_conversation_goes_on_where_it_stood(store: Store, now: datetime) -> None:
    state = State("web:main:lan", "place", {"text": "Đường hỏng"}, [("place:skip", "bo qua")], "en")
    async with store.begin(now) as tx:
        tx.talks.save(State("web:main:lan"))
    async with store.begin(now) as tx:
        tx.talks.save(state)
        tx.talks.offer(state.lane, [("rate:x:1", "mot")])
    async with store.look(now) as tx:
        found = await tx.talks.find(state.lane)
    assert found == state, "an offer does not disturb a step that is under way"


async def test_many_at_once_all_get_their_turn(store: Store, case: Case, now: datetime) -> None:
    async def file(number: int) -> None:
        await keep(store, replace(case, id=number, code=f"{number}"), now)

    await asyncio.gather(*(file(number) for number in range(40)))
    async with store.look(now) as tx:
        assert len(await tx.cases.of_sender(LAN, limit=99)) == 40


async def test_closing_lets_what_is_under_way_end_and_leaves_no_connection(
    url: str, now: datetime, recwarn: pytest.WarningsRecorder
) -> None:
    store = await Store.open(url)
    async with store.look(now):
        pass
    begun, closing = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with store.begin(now) as tx:
            begun.set()
            await closing.wait()
            tx.talks.save(State("web:main:lan", step="text"))

    async def close() -> None:
        await begun.wait()
        asyncio.get_running_loop().call_soon(closing.set)
        await store.close()

    await asyncio.gather(work(), close())
    with pytest.raises(Unavailable):
        async with store.look(now):
            pass
    gc.collect()
    assert [str(warning.message) for warning in recwarn] == []
    again = await Store.open(url)
    async with again.look(now) as tx:
        assert (await tx.talks.find("web:main:lan")).step == "text"
    await again.close()


async def test_the_migrations_lead_to_the_tables_of_the_program(store: Store, url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert store
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_database_of_a_newer_program_is_refused(store: Store, url: str) -> None:
    assert store
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(TooNew):
        await Store.open(url)


async def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(Unavailable) as error:
        await Store.open("postgresql+asyncpg://caunoi:sample-password@127.0.0.1:9/caunoi")
    assert "sample-password" not in str(error.value)


def test_ids_grow_even_when_the_clock_is_set_back(now: datetime) -> None:
    ids = Ids()
    made = [ids.make(now - timedelta(hours=number)) for number in range(3)]
    made += [ids.make(now) for _ in range(10_000)]
    assert made == sorted(set(made))
    assert max(made) < 2**63
