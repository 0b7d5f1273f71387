"""What goes wrong on demand."""

import asyncio

import aiohttp
import pytest

from bot.simulator.telegram import EVERY, FakeTelegram, Fault
from tests.simulator.telegram.calls import LAN, MINH, Call, posted, updates


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


async def said(fake: FakeTelegram, chat: int = LAN) -> tuple[int, str]:
    """Send a message; return the status and what kind of answer came."""
    url = f"{fake.url}/bot{fake.token}/sendMessage"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"chat_id": chat, "text": "a"}) as answer,
    ):
        return answer.status, answer.content_type


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault.page(500), 500, "text/html"),
        (Fault.page(502), 502, "text/html"),
        (Fault.page(504), 504, "text/html"),
        (Fault.refused(500), 500, "application/json"),
        (Fault.flood(3), 429, "application/json"),
        (Fault.blocked(), 403, "application/json"),
        (Fault.no_chat(), 400, "application/json"),
    ],
)
async def test_answers_that_help_nobody(fake: FakeTelegram, fault: Fault, status: int, kind: str) -> None:
    fake.person(LAN)
    fake.faults.next("sendMessage", fault)

    assert await said(fake) == (status, kind)
    assert fake.sent(LAN) == []
    assert await said(fake) == (200, "application/json")


async def test_a_fault_meets_one_chat_only(fake: FakeTelegram) -> None:
    fake.person(LAN)
    fake.person(MINH, "Minh")
    fake.faults.next("sendMessage", Fault.blocked(), chat=MINH)

    assert [(await said(fake, chat))[0] for chat in (LAN, MINH, MINH)] == [200, 403, 200]


async def test_faults_last_for_some_time_or_until_they_are_over(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    fake.faults.during(60, "sendMessage", Fault.page(504))
    fake.faults.always(EVERY, Fault.page(502), chat=MINH)
    assert [(await said(fake))[0] for _ in range(3)] == [504] * 3
    fake.later(60)
    assert [(await said(fake, chat))[0] for chat in (LAN, MINH, MINH)] == [200, 502, 502]
    fake.faults.over()
    assert [(await said(fake, chat))[0] for chat in (LAN, MINH)] == [200, 400]
    assert (await call("getMe"))["ok"]


async def test_an_outage_breaks_off_what_waits_and_lasts_until_it_is_over(
    fake: FakeTelegram, call: Call
) -> None:
    waiting = asyncio.create_task(call("getUpdates", timeout=5))
    await fake.called("getUpdates")
    fake.faults.outage()
    await fake.person(LAN).says("một")

    with pytest.raises(aiohttp.ClientError):
        await waiting
    for method in ("getMe", "getUpdates"):
        with pytest.raises(aiohttp.ClientError):
            await call(method)
    fake.faults.over()
    assert len(await updates(call)) == 1


async def test_a_download_fails_like_any_call(fake: FakeTelegram, call: Call) -> None:
    await fake.person(LAN).sends_document(b"%PDF", "don.pdf")
    file = (await updates(call))[0]["message"]["document"]["file_id"]
    path = (await call("getFile", file_id=file))["result"]["file_path"]
    fake.faults.next("download", Fault.page(502))

    async def status() -> int:
        url = f"{fake.url}/file/bot{fake.token}/{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status

    assert [await status(), await status()] == [502, 200]


async def test_who_hangs_is_let_go_when_the_server_stops() -> None:
    async with aiohttp.ClientSession() as session:
        async with FakeTelegram() as fake:
            fake.faults.next("getMe", Fault.hang())
            waiting = asyncio.create_task(posted(session, fake, "getMe", {}))
            await asyncio.sleep(0.05)
            assert not waiting.done()
        with pytest.raises(aiohttp.ClientError):
            await waiting
