"""Who waits for an answer is asked once to keep the window open, by day and in time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.cases import Case, Status
from feedback.messages import Address
from feedback.windows import Window
from handlers.clock import notices
from handlers.library import Library
from storage.outbox import Item
from storage.store import Store
from storage.talks import State

LAN = Address("zalo_oa", "1646843870823903717", "5510185758261927916")
HOUR = timedelta(hours=1)


def case_of(address: Address, now: datetime, status: Status = Status.ROUTED) -> Case:
    return Case(7, "0AAAA-AAAAA", "report", status, "VP", "", "Đường hỏng", address, now, now)


async def waits(store: Store, now: datetime, case: Case | None = None, **state: object) -> None:
    async with store.begin(now) as tx:
        tx.cases.add(case or case_of(LAN, now), [])
        tx.talks.save(replace(State(LAN.lane, acted_at=now), **state))  # type: ignore[arg-type]


async def asked(store: Store, library: Library, moment: datetime) -> list[Item]:
    """Run the job, and return all that waits to be sent."""
    async with store.begin(moment) as tx:
        await notices.ask_to_stay_in_touch(tx, library)
    async with store.look(moment) as tx:
        return await tx.outbox.claim(LAN.channel, LAN.account, 9)


async def test_once_for_each_window_and_not_too_early(store: Store, library: Library, now: datetime) -> None:
    await waits(store, now)
    assert await asked(store, library, now + 35 * HOUR) == []
    (item,) = await asked(store, library, now + 47 * HOUR)
    assert item.address == LAN
    assert "Hồ sơ 0AAAA-AAAAA" in item.message.text
    assert [(button.label, button.data) for button in item.message.buttons] == [
        ("1. Xem tình trạng, tiếp tục nhận tin", "status:0AAAA-AAAAA")
    ]
    assert len(await asked(store, library, now + 47.5 * HOUR)) == 1
    async with store.begin(now) as tx:
        state = await tx.talks.find(LAN.lane)
        state.acted_at = now + 48 * HOUR
        tx.talks.save(state)
    assert len(await asked(store, library, now + 60 * HOUR)) == 1
    async with store.begin(now) as tx:
        await tx.outbox.erase(LAN.lane)
    assert len(await asked(store, library, now + 95 * HOUR)) == 1


async def test_it_is_too_late_when_the_window_is_closed(
    store: Store, library: Library, now: datetime
) -> None:
    await waits(store, now)
    assert await asked(store, library, now + 48 * HOUR) == []


async def test_nobody_is_woken_for_it(store: Store, library: Library, now: datetime) -> None:
    night = now.replace(hour=16)  # 23:00 in Hà Nội
    await waits(store, night - 47 * HOUR)
    assert await asked(store, library, night) == []
    assert await asked(store, library, night + HOUR) == []
    await waits_again(store, night)
    assert len(await asked(store, library, night + 47 * HOUR - 11 * HOUR)) == 1


async def waits_again(store: Store, moment: datetime) -> None:
    async with store.begin(moment) as tx:
        tx.talks.save(State(LAN.lane, acted_at=moment))


@pytest.mark.parametrize(
    ("status", "state", "chat"),
    [(Status.ANSWERED, {}, LAN.chat), (Status.CLOSED, {}, LAN.chat),
     (Status.ROUTED, {"gone": True}, LAN.chat), (Status.ROUTED, {}, "somebody-else")],
    ids=["answered", "closed", "gone", "of another"],
)  # fmt: skip
async def test_who_does_not_wait_or_has_left_is_not_asked(
    store: Store, library: Library, now: datetime, status: Status, state: dict[str, object], chat: str
) -> None:
    await waits(store, now, case_of(replace(LAN, chat=chat), now, status), **state)
    assert await asked(store, library, now + 47 * HOUR) == []


async def test_a_channel_without_a_window_needs_none(store: Store, library: Library, now: datetime) -> None:
    web = Address("web", "main", "lan")
    async with store.begin(now) as tx:
        tx.cases.add(case_of(web, now), [])
        tx.talks.save(State(web.lane, acted_at=now))
    assert await asked(store, library, now + 47 * HOUR) == []


async def test_the_operator_may_know_other_hours(store: Store, library: Library, now: datetime) -> None:
    await waits(store, now)
    short = replace(library, windows={"zalo_oa": Window(timedelta(hours=8), timedelta(hours=9))})
    assert len(await asked(store, short, now + 5 * HOUR)) == 1
