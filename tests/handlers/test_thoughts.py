"""Withdrawing a case and asking for another look: one's own, in time, not for ever."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.cases import MOST_REOPENED, Case, Erased, NotAllowed, Status
from handlers.actions import cases
from handlers.actions.allowed import may_reopen
from handlers.library import Library
from storage.store import Store
from tests.handlers.desk.office import LAN


async def answered(store: Store, library: Library, now: datetime) -> Case:
    async with store.begin(now) as tx:
        case = cases.open_case(tx, library, LAN)
    async with store.begin(now) as tx:
        cases.answer(tx, library, case, "Đã trả.", library.office.officer("an"))
    async with store.look(now) as tx:
        found = await tx.cases.by_code(case.code)
    assert found
    return found


async def test_the_term_to_reopen_is_the_offices(store: Store, library: Library, now: datetime) -> None:
    case = await answered(store, library, now)
    assert may_reopen(library.office, case, now + timedelta(days=15))
    assert not may_reopen(library.office, case, now + timedelta(days=16, hours=12))


async def test_reopening_gives_a_new_promise_to_the_same_unit(
    store: Store, library: Library, now: datetime
) -> None:
    case = await answered(store, library, now)
    later = now + timedelta(days=3)
    async with store.begin(later) as tx:
        after = cases.reopen(tx, library, case, "Chưa đúng")
    assert (after.status, after.unit, after.reopened) == (Status.ROUTED, case.unit, 1)
    assert after.due == cases.due(library, case.kind, later) > case.due


async def test_it_is_reopened_so_often_and_no_more(store: Store, library: Library, now: datetime) -> None:
    case = replace(await answered(store, library, now), reopened=MOST_REOPENED)
    async with store.begin(now) as tx:
        with pytest.raises(NotAllowed):
            cases.reopen(tx, library, case, "Chưa đúng")


async def test_an_answered_case_cannot_be_withdrawn(store: Store, library: Library, now: datetime) -> None:
    case = await answered(store, library, now)
    async with store.begin(now) as tx:
        with pytest.raises(NotAllowed):
            cases.take_back(tx, case, "")


async def test_what_leads_to_nobody_any_more_is_nobodys_to_reopen(
    store: Store, library: Library, now: datetime
) -> None:
    case = await answered(store, library, now)
    async with store.begin(now) as tx:
        after = cases.record(tx, case, Erased(), "citizen")
    assert after.address != LAN.address
