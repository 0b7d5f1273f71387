"""How the channels are, as the desk shows it: who can be reached, what is left, what has to be mended."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.cases import Case, Status
from feedback.messages import Address
from feedback.windows import WINDOWS
from handlers.desk import reach
from handlers.desk.reach import Reachable
from storage.accounts import Quota
from storage.talks import State
from tests.handlers.desk.office import Browser, Office

ZALO = Address("zalo_oa", "1646843870823903717", "5510185758261927916")
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("address", "acted", "gone", "words"),
    [
        (ZALO, timedelta(0), False, "reach.until"),
        (ZALO, WEEK, False, "reach.until"),
        (ZALO, WEEK + timedelta(seconds=1), False, "reach.closed"),
        (ZALO, None, False, "reach.closed"),
        (ZALO, timedelta(0), True, "reach.left"),
        (replace(ZALO, chat=""), None, False, "reach.nobody"),
        (Address("web", "main", "lan"), None, False, ""),
        (Address("web", "main", ""), None, False, "reach.nobody"),
        (Address("telegram", "bot", "1001"), None, True, "reach.left"),
    ],
)
def test_whether_a_person_can_be_reached(
    now: datetime, address: Address, acted: timedelta | None, words: str, *, gone: bool
) -> None:
    case = Case(7, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "…", address, now, now)
    talk = State(address.lane, acted_at=None if acted is None else now - acted, gone=gone)
    found = reach.cue(case, talk, WINDOWS, now)
    assert (found.words if found else "") == words
    if words == "reach.until":
        assert acted is not None
        assert found == Reachable(words, now - acted + WEEK)


async def test_alarms_and_quotas_are_for_those_who_see_all_units(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    async with office.store.begin(office.clock.now) as tx:
        await tx.accounts.alarm(ZALO.channel, ZALO.account, "quota", "-211: hết")
        quota = Quota(ZALO.channel, ZALO.account, "sub_quota", 499, 500, "31/12/2026", office.clock.now)
        tx.accounts.keep_quota(quota)
    for officer, sees in (("an", False), ("binh", True), ("chi", True)):
        page = await (await enter(officer)).read("/desk")
        assert ("Đã hết hạn mức tin của Zalo" in page) is sees
        assert ("còn 499/500" in page) is sees
