"""Every way in which sending fails, and what the sender is told."""

import traceback
from datetime import timedelta

import pytest
import structlog

from bot.channels.base import Fault, SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram.http import Patience
from bot.simulator.telegram import FakeTelegram
from bot.simulator.telegram import Fault as Trouble
from bot.simulator.telegram.roles import Status
from feedback.messages import Address, Button, Outgoing

LAN = Address("telegram", "123456789", "1001")
HELLO = Outgoing("Chào bà Lan")
FREE_PORT = "http://127.0.0.1:1"

FAULTS: dict[str, tuple[Trouble, Fault, timedelta | None]] = {
    "flood": (Trouble.flood(17), Fault.LATER, timedelta(seconds=17)),
    "trouble at Telegram": (Trouble.refused(500), Fault.LATER, None),
    "bad gateway at Telegram": (Trouble.refused(502, "Bad Gateway"), Fault.LATER, None),
    "wrong token": (Trouble.refused(401, "Unauthorized"), Fault.LATER, None),
    "unknown method": (Trouble.refused(404, "Not Found"), Fault.LATER, None),
    "blocked": (Trouble.blocked(), Fault.UNREACHABLE, None),
    "deactivated": (Trouble.refused(403, "Forbidden: user is deactivated"), Fault.UNREACHABLE, None),
    "refused": (Trouble.refused(400, "Bad Request: message is too long"), Fault.PERMANENT, None),
    "gone": (Trouble.no_chat(), Fault.UNREACHABLE, None),
    "reset": (Trouble.reset(), Fault.UNKNOWN, None),
    "lost": (Trouble.lost(), Fault.UNKNOWN, None),
    "half an answer": (Trouble.half(), Fault.UNKNOWN, None),
    "no answer": (Trouble.hang(), Fault.UNKNOWN, None),
    "proxy without an answer": (Trouble.page(504), Fault.UNKNOWN, None),
    "proxy that forbids": (Trouble.page(403), Fault.LATER, None),
    "proxy that does not know": (Trouble.page(404), Fault.LATER, None),
    "proxy that takes it": (Trouble.page(200), Fault.UNKNOWN, None),
}


async def failure(telegram: Telegram, message: Outgoing = HELLO, address: Address = LAN) -> SendError:
    with pytest.raises(SendError) as refused:
        await telegram.send(address, message)
    return refused.value


@pytest.mark.parametrize(("trouble", "fault", "wait"), FAULTS.values(), ids=FAULTS)
async def test_faults(
    fake: FakeTelegram, telegram: Telegram, trouble: Trouble, fault: Fault, wait: timedelta | None
) -> None:
    fake.person(1001)
    fake.faults.next("sendMessage", trouble)

    error = await failure(telegram)

    assert (error.fault, error.wait) == (fault, wait)
    assert error.reason
    assert fake.token not in "".join(traceback.format_exception(error))
    assert await telegram.send(LAN, HELLO)


REFUSED: dict[str, tuple[Address, Outgoing, Fault, str]] = {
    "nobody": (Address("telegram", "123456789", "5"), HELLO, Fault.UNREACHABLE, "chat not found"),
    "empty": (LAN, Outgoing(""), Fault.PERMANENT, "message text is empty"),
    "too long": (LAN, Outgoing("a" * 4097), Fault.PERMANENT, "message is too long"),
    "button": (LAN, Outgoing("a", (Button("b", "ấ" * 22),)), Fault.PERMANENT, "button_data_invalid"),
}


@pytest.mark.parametrize(("address", "message", "fault", "reason"), REFUSED.values(), ids=REFUSED)
async def test_refusals(
    fake: FakeTelegram, telegram: Telegram, address: Address, message: Outgoing, fault: Fault, reason: str
) -> None:
    fake.person(1001)

    error = await failure(telegram, message, address)

    assert error.fault is fault
    assert reason in error.reason.lower()


async def test_who_blocked_us_cannot_be_reached(fake: FakeTelegram, telegram: Telegram) -> None:
    await fake.person(1001).blocks()

    error = await failure(telegram)

    assert (error.fault, error.reason) == (Fault.UNREACHABLE, "Forbidden: bot was blocked by the user")


async def test_without_a_server_nothing_was_sent() -> None:
    telegram = Telegram("1:secret", FREE_PORT)
    with pytest.raises(SendError) as refused:
        await telegram.start()

    error = await failure(telegram)
    await telegram.stop()

    assert (refused.value.fault, error.fault) == (Fault.LATER, Fault.LATER)
    assert error.reason == "ClientConnectorError"


async def test_before_the_start_nothing_was_sent() -> None:
    assert (await failure(Telegram("1:secret", FREE_PORT))).fault is Fault.LATER


async def test_a_wrong_token_is_told_without_showing_it(fake: FakeTelegram) -> None:
    telegram = Telegram("123456789:wrong-secret", fake.url, Patience(answer=1))

    with structlog.testing.capture_logs() as logs, pytest.raises(SendError) as refused:
        await telegram.start()
    await telegram.stop()

    assert refused.value.fault is Fault.LATER
    assert "rejected" in refused.value.reason
    shown = "".join(traceback.format_exception(refused.value)) + repr(telegram) + repr(logs)
    assert "wrong-secret" not in shown


ELSEWHERE = Address("telegram", "123456789", "-1002155880123")
GONE: dict[str, tuple[Outgoing, Fault]] = {
    "no such topic": (Outgoing("Mới", topic="999"), Fault.LOST),
    "no such message to change": (Outgoing("Mới", edits="999"), Fault.LOST),
}


@pytest.mark.parametrize(("message", "fault"), GONE.values(), ids=GONE)
async def test_what_is_gone_from_a_group_is_told_apart(
    fake: FakeTelegram, telegram: Telegram, message: Outgoing, fault: Fault
) -> None:
    fake.group(-1002155880123, forum=True)
    assert (await failure(telegram, message, ELSEWHERE)).fault is fault


async def test_a_group_without_topics_or_without_the_right_opens_none(
    fake: FakeTelegram, telegram: Telegram
) -> None:
    fake.group(-1002155880123)
    assert (await failure(telegram, Outgoing("", opens="Hồ sơ"), ELSEWHERE)).fault is Fault.RIGHTS
    fake.group(-1002155880124, forum=True, bot=Status.MEMBER)
    there = Address("telegram", "123456789", "-1002155880124")
    assert (await failure(telegram, Outgoing("", opens="Hồ sơ"), there)).fault is Fault.RIGHTS


async def test_a_group_that_moved_says_where(fake: FakeTelegram, telegram: Telegram) -> None:
    boss = fake.group(-7001).member(fake.person(1001), Status.ADMINISTRATOR)
    new = await boss.upgrades_group()
    error = await failure(telegram, HELLO, Address("telegram", "123456789", "-7001"))
    assert (error.fault, error.moved_to) == (Fault.MOVED, str(new))
