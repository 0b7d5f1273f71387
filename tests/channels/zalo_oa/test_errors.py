"""Every way in which sending fails, what the sender is told, and what alarms a person."""

import traceback
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import Fault, SendError
from bot.channels.client import Answered
from bot.channels.zalo_oa import ZaloOA
from bot.channels.zalo_oa.errors import SET_UP_WAIT, classify
from bot.simulator.zalo import FakeZalo
from bot.simulator.zalo import Fault as Zalo
from feedback.messages import Address, Outgoing
from storage.store import Store
from tests.channels.zalo_oa.conftest import alarms, channel_of, days_pass, granted, kept

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # 12:00 in Hà Nội
HELLO = Outgoing("Chào bà Lan")

CODES: dict[int, tuple[Fault, timedelta | None, str]] = {
    -32: (Fault.LATER, None, ""),
    -200: (Fault.LATER, None, ""),
    -214: (Fault.LATER, None, ""),
    -216: (Fault.LATER, timedelta(minutes=5), "renewal"),
    -220: (Fault.LATER, timedelta(minutes=5), "renewal"),
    -230: (Fault.CLOSED, None, ""),
    -232: (Fault.CLOSED, None, ""),
    -234: (Fault.LATER, timedelta(hours=18), ""),
    -211: (Fault.CLOSED, None, "quota"),
    -218: (Fault.CLOSED, None, "quota"),
    -224: (Fault.CLOSED, None, "quota"),
    -213: (Fault.UNREACHABLE, None, ""),
    -217: (Fault.UNREACHABLE, None, ""),
    -227: (Fault.UNREACHABLE, None, ""),
    -204: (Fault.LATER, SET_UP_WAIT, "set_up"),
    -221: (Fault.LATER, SET_UP_WAIT, "set_up"),
    -223: (Fault.LATER, SET_UP_WAIT, "set_up"),
    -242: (Fault.LATER, SET_UP_WAIT, "set_up"),
    -100: (Fault.PERMANENT, None, ""),
    -201: (Fault.PERMANENT, None, ""),
    -210: (Fault.PERMANENT, None, ""),
    -244: (Fault.PERMANENT, None, ""),
    -248: (Fault.PERMANENT, None, ""),
    -9999: (Fault.PERMANENT, None, ""),
}


@pytest.mark.parametrize(("code", "fault", "wait", "alarm"), [(code, *row) for code, row in CODES.items()])
def test_codes(code: int, fault: Fault, wait: timedelta | None, alarm: str) -> None:
    error, trouble = classify(Answered(200, {"error": code, "message": "why"}), NOON)
    assert (error.fault, error.wait, trouble.alarm if trouble else "") == (fault, wait, alarm)
    assert error.reason == f"{code}: why"


@pytest.mark.parametrize(
    ("hour", "wait"), [(22, 1), (18, 5), (23, 24), (0, 23)], ids=["05:00", "01:00", "06:00", "07:00"]
)
def test_the_night_ends_at_six_in_ha_noi(hour: int, wait: int) -> None:
    now = datetime(2026, 3, 2, hour, tzinfo=UTC)
    error, _ = classify(Answered(200, {"error": -234}), now)
    assert error.wait == timedelta(hours=wait)


@pytest.mark.parametrize(
    ("status", "fault"),
    [(500, Fault.LATER), (503, Fault.LATER), (403, Fault.LATER), (302, Fault.LATER), (502, Fault.UNKNOWN),
     (504, Fault.UNKNOWN), (200, Fault.UNKNOWN)],
)  # fmt: skip
def test_what_is_no_answer_of_the_api(status: int, fault: Fault) -> None:
    assert classify(Answered(status, {}), NOON)[0].fault is fault


WIRE: dict[str, tuple[Zalo, Fault]] = {
    "rate": (Zalo.RATE, Fault.LATER),
    "broken": (Zalo.BROKEN, Fault.LATER),
    "gateway": (Zalo.GATEWAY, Fault.UNKNOWN),
    "reset": (Zalo.RESET, Fault.UNKNOWN),
    "hang": (Zalo.HANG, Fault.UNKNOWN),
    "lost": (Zalo.LOST, Fault.UNKNOWN),
    "half": (Zalo.HALF, Fault.UNKNOWN),
    "blocked": (Zalo.BLOCKED, Fault.UNREACHABLE),
    "closed": (Zalo.CLOSED, Fault.CLOSED),
}


async def failure(zalo: ZaloOA, chat: str, message: Outgoing = HELLO) -> SendError:
    with pytest.raises(SendError) as refused:
        await zalo.send(Address("zalo_oa", zalo.account, chat), message)
    return refused.value


@pytest.mark.parametrize(("kind", "fault"), WIRE.values(), ids=WIRE)
async def test_faults(fake: FakeZalo, zalo: ZaloOA, store: Store, kind: Zalo, fault: Fault) -> None:
    person = fake.oa.person()
    await person.follows()
    fake.faults.next("message/cs", kind)

    error = await failure(zalo, person.id)

    assert error.fault is fault
    shown = "".join(traceback.format_exception(error)) + repr(zalo) + repr(zalo.grant)
    grant = await kept(fake, store)
    for secret in (grant.access, grant.refresh, fake.app.app_secret):
        assert secret not in shown
    assert await zalo.send(Address("zalo_oa", zalo.account, person.id), HELLO)


async def test_who_was_silent_for_a_week_and_who_never_wrote(fake: FakeZalo, zalo: ZaloOA) -> None:
    silent = fake.oa.person()
    await silent.follows()
    await days_pass(fake, zalo, 7.1)

    assert (await failure(zalo, silent.id)).fault is Fault.CLOSED
    assert (await failure(zalo, fake.oa.person().id)).fault is Fault.CLOSED


async def test_an_expired_token_is_renewed_once_and_the_message_sent(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    person = fake.oa.person()
    await person.follows()
    before = await kept(fake, store)
    fake.later(timedelta(hours=26))

    assert await zalo.send(Address("zalo_oa", zalo.account, person.id), HELLO)

    assert len(fake.calls("access_token")) == 1
    assert (await kept(fake, store)).refresh != before.refresh


async def test_a_token_that_stays_refused_is_not_renewed_for_ever(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    person = fake.oa.person()
    await person.follows()
    fake.faults.next("message/cs", Zalo.EXPIRED, 2)

    assert (await failure(zalo, person.id)).fault is Fault.LATER

    assert len(fake.calls("access_token")) == 1
    assert await alarms(fake, store) == {"renewal"}
    assert await zalo.send(Address("zalo_oa", zalo.account, person.id), HELLO)
    assert await alarms(fake, store) == set()


async def test_a_used_up_quota_alarms_until_the_next_success(store: Store) -> None:
    async with FakeZalo(package=0) as fake:
        await granted(fake, store)
        zalo = channel_of(fake, store)
        person = fake.oa.person()
        await person.follows()
        await days_pass(fake, zalo, 2.1)

        error = await failure(zalo, person.id)

        assert (error.fault, await alarms(fake, store)) == (Fault.CLOSED, {"quota"})
        await person.says("Có trả lời chưa?")
        await zalo.send(Address("zalo_oa", zalo.account, person.id), HELLO)
        assert await alarms(fake, store) == set()
        await zalo.stop()


async def test_without_a_grant_and_without_a_server_nothing_was_sent(fake: FakeZalo, store: Store) -> None:
    zalo = channel_of(fake, store, "http://127.0.0.1:1")
    assert (await failure(zalo, "1")).reason == "not connected: caunoi zalo connect"
    await granted(fake, store)
    error = await failure(zalo, "1")
    await zalo.stop()
    assert (error.fault, error.reason) == (Fault.LATER, "ClientConnectorError")
