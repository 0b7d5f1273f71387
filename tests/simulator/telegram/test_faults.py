"""What goes wrong on demand."""

import aiohttp
import pytest

from bot.simulator.telegram import FakeTelegram, Fault
from tests.simulator.telegram.calls import LAN, Call


@pytest.mark.parametrize(("fault", "kept"), [(Fault.reset(), 0), (Fault.lost(), 1), (Fault.half(), 1)])
async def test_connections_break(fake: FakeTelegram, call: Call, fault: Fault, kept: int) -> None:
    fake.person(LAN)
    fake.faults.next("sendMessage", fault)

    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=LAN, text="a")

    assert len(fake.sent(LAN)) == kept
    assert (await call("sendMessage", chat_id=LAN, text="a"))["ok"]


async def test_a_fault_lasts_as_often_as_told(fake: FakeTelegram, call: Call) -> None:
    fake.faults.next("getMe", Fault.flood(7), times=2)

    assert [(await call("getMe")).get("parameters") for _ in range(3)] == [
        {"retry_after": 7},
        {"retry_after": 7},
        None,
    ]
