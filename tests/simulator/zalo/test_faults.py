"""What goes wrong on demand, on both products."""

import asyncio

import aiohttp
import pytest

from bot.simulator.zalo import FakeZalo, Fault
from tests.simulator.zalo.hook import Client, Json


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (Fault.RATE, -32, 429),
        (Fault.EXPIRED, -216, 401),
        (Fault.BLOCKED, -217, 403),
        (Fault.CLOSED, -230, 403),
    ],
)
async def test_refusals_on_demand(
    fake: FakeZalo, client: Client, fault: Fault, code: int, status: int
) -> None:
    official, person = fake.oa.person(), fake.bot.person()
    await official.says("Xin chào")
    await person.says("Xin chào")
    fake.faults.next("message/cs", fault)
    fake.faults.next("sendMessage", fault)

    assert (await client.send(official.id, text="a"))["error"] == code
    assert (await client.bot("sendMessage", chat_id=person.id, text="a"))["error_code"] == status
    assert official.received == person.received == []
    assert (await client.send(official.id, text="a"))["error"] == 0
    assert (await client.bot("sendMessage", chat_id=person.id, text="a"))["ok"]
    assert [call.outcome for call in fake.calls("message/cs")] == [fault, "0"]


@pytest.mark.parametrize(
    ("fault", "kept"), [(Fault.RESET, 0), (Fault.LOST, 1), (Fault.HALF, 1), (Fault.HANG, 0)]
)
async def test_connections_break(fake: FakeZalo, client: Client, fault: Fault, kept: int) -> None:
    official, person = fake.oa.person(), fake.bot.person()
    await official.says("Xin chào")
    await person.says("Xin chào")
    fake.faults.next("message/cs", fault)
    fake.faults.next("sendMessage", fault)

    for call in (
        client.send(official.id, text="a"),
        client.bot("sendMessage", chat_id=person.id, text="a"),
    ):
        with pytest.raises((aiohttp.ClientError, TimeoutError)):
            await asyncio.wait_for(call, 0.3)

    assert (len(fake.sent(official.id)), len(fake.sent(person.id))) == (kept, kept)
    assert [call.outcome for call in fake.calls("sendMessage")] == [fault]


@pytest.mark.parametrize(("fault", "status"), [(Fault.BROKEN, 500), (Fault.GATEWAY, 502)])
async def test_a_page_comes_instead_of_json(fake: FakeZalo, fault: Fault, status: int) -> None:
    paths = {
        "getMe": f"/bot{fake.bot.token}/getMe",
        "getoa": "/v2.0/oa/getoa",
        "access_token": "/v4/oa/access_token",
    }
    async with aiohttp.ClientSession() as session:
        for method, path in paths.items():
            fake.faults.next(method, fault)
            async with session.post(fake.url + path) as answer:
                assert answer.status == status
                assert answer.content_type == "text/html"


async def test_a_refresh_whose_answer_is_lost_has_used_up_the_token(fake: FakeZalo, client: Client) -> None:
    token = fake.oauth.pair().refresh_token
    form = {"app_id": fake.app.app_id, "grant_type": "refresh_token", "refresh_token": token}
    headers = {"secret_key": fake.app.app_secret}

    async def refresh() -> Json:
        address = f"{fake.url}/v4/oa/access_token"
        async with client.session.post(address, data=form, headers=headers) as answer:
            body: Json = await answer.json()
            return body

    fake.faults.next("access_token", Fault.RATE)
    assert (await refresh())["error"] == -14014
    fake.faults.next("access_token", Fault.LOST)
    with pytest.raises(aiohttp.ClientError):
        await refresh()
    assert (await refresh())["error"] == -14014
    assert [call.outcome for call in fake.calls("access_token")] == ["rate", "lost", "-14014"]


async def test_downloads_fail_too(fake: FakeZalo, client: Client) -> None:
    url = fake.media.keep(b"photo", "photo.jpg")
    statuses = []
    for fault in (Fault.GATEWAY, Fault.EXPIRED, None):
        if fault:
            fake.faults.next("media", fault)
        async with client.session.get(url) as answer:
            statuses.append(answer.status)

    assert statuses == [502, 403, 200]


async def test_faults_can_be_called_off(fake: FakeZalo, client: Client) -> None:
    fake.faults.next("getoa", Fault.BROKEN, times=2)
    assert fake.faults.waiting == {"getoa": (Fault.BROKEN, Fault.BROKEN)}
    fake.faults.clear()

    assert (await client.get("v2.0/oa/getoa"))["error"] == 0
