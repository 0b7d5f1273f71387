"""The command line says why a date is promised, and moves promises after the calendar has changed."""

from datetime import timedelta
from pathlib import Path

from bot.service import now
from feedback.cases import SYSTEM, Case, Happening, Received, Status
from feedback.deadlines import due
from feedback.kinds import Promise, TimeUnit
from feedback.messages import Address
from handlers.library import Library
from storage.store import Store
from tests.e2e.command import caunoi

LAN = Address("web", "main", "lan")


async def test_a_date_is_explained(tmp_path: Path) -> None:
    told = await caunoi("deadline", "2026-02-12 09:00", "report", folder=tmp_path)
    assert told.code == 0, told.err
    assert "thứ Hai 16/02/2026 đến thứ Sáu 20/02/2026: nghỉ (Nghỉ Tết Bính Ngọ), không tính." in told.out
    assert told.out.endswith("Hẹn trả lời: 17:30 ngày 05/03/2026.\n")


async def test_a_kind_without_a_promise_names_those_that_have_one(tmp_path: Path) -> None:
    told = await caunoi("deadline", "2026-02-12 09:00", "complaint", folder=tmp_path)
    assert (told.code, told.out) == (1, "")
    assert "Các loại có hẹn: personal_data, draft_comment," in told.err


async def test_promises_that_would_move_are_listed_and_then_moved_once(
    tmp_path: Path, library: Library
) -> None:
    opened = await _leave_a_case_that_was_promised_by_other_rules(tmp_path / "data", library)
    listed = await caunoi("deadlines", "recompute", "--dry-run", folder=tmp_path)
    done = await caunoi("deadlines", "recompute", folder=tmp_path)
    again = await caunoi("deadlines", "recompute", folder=tmp_path)
    assert opened.code in listed.out
    assert listed.out.endswith("1 hồ sơ sẽ đổi ngày hẹn.\n"), listed.err
    assert done.out == listed.out.replace("sẽ đổi", "đã đổi")
    assert again.out == "0 hồ sơ đã đổi ngày hẹn.\n"


async def _leave_a_case_that_was_promised_by_other_rules(data: Path, library: Library) -> Case:
    data.mkdir()
    moment, ten = now(), Promise(10, TimeUnit.WORKING_DAY)
    promised = due(moment, ten, library.office.calendar) + timedelta(days=30)
    case = Case(7, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "x", LAN, moment, promised)
    store = await Store.open(f"sqlite+aiosqlite:///{data / 'caunoi.db'}")
    async with store.begin(moment) as tx:
        tx.cases.add(case, [Happening(moment, SYSTEM, Received("x"))])
    await store.close()
    return case
