"""How updates reach the bot, by getUpdates and by webhook."""

import asyncio

from aiohttp import web

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import LAN, Call, updates
from tests.simulator.telegram.hook import Hook


async def test_updates_stay_until_they_are_confirmed(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.says("một")
    await lan.says("hai")

    first = await updates(call, limit=1)
    assert first == await updates(call, limit=1)
    second = await updates(call, offset=first[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in second] == ["hai"]
    assert await updates(call, offset=second[0]["update_id"] + 1) == []


async def test_a_long_poll_waits_for_an_update(fake: FakeTelegram, call: Call) -> None:
    waiting = asyncio.create_task(updates(call, timeout=5))
    await fake.called("getUpdates")
    await fake.person(LAN).says("một")

    assert len(await waiting) == 1


async def test_only_wanted_updates_come(fake: FakeTelegram, call: Call) -> None:
    await updates(call, allowed_updates=["message"])
    lan = fake.person(LAN)
    await lan.blocks()
    await lan.unblocks()
    await lan.says("một")

    assert [set(update) for update in await updates(call)] == [{"update_id", "message"}]


async def test_three_conflicts(fake: FakeTelegram, call: Call) -> None:
    async def interrupted(method: str, **parameters: object) -> str:
        asked = len(fake.calls("getUpdates"))
        waiting = asyncio.create_task(call("getUpdates", timeout=5))
        await fake.called("getUpdates", asked + 1)
        await call(method, **parameters)
        answer = await waiting
        assert answer["error_code"] == 409
        return str(answer["description"])

    assert await interrupted("getUpdates") == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert await interrupted("setWebhook", url="http://127.0.0.1:9/") == (
        "Conflict: terminated by setWebhook request"
    )
    assert (await call("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )


async def test_a_webhook_gets_what_was_waiting_with_the_secret(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    await fake.person(LAN).says("trước")

    await call("setWebhook", url=hook.url, secret_token="bi-mat_1")

    assert await hook.received(1) == ["trước"]
    assert hook.secrets == ["bi-mat_1"]


async def test_a_chat_waits_for_its_own_update_and_nobody_elses(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.Response(status=503), web.Response(status=500), web.Response(status=204)]
    lan, minh = fake.person(LAN, "Lan"), fake.person(1002, "Minh")
    await lan.says("một")
    await hook.received(1)
    await lan.says("hai")
    assert await hook.received(2) == ["một", "một"]
    await minh.says("ba")

    await fake.taken()
    received = hook.texts

    assert [text for text in received if text != "ba"] == ["một", "một", "một", "hai"]
    assert sorted(status for _, status in fake.tries) == [200, 200, 204, 500, 503]
    assert fake.pending == []


async def test_retry_after_is_honoured(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.Response(status=503, headers={"Retry-After": "10"})]
    began = asyncio.get_running_loop().time()
    await fake.person(LAN).says("một")

    await hook.received(2)

    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_webhook_may_answer_with_a_method(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": LAN, "text": "Chào bà"})]
    await fake.person(LAN).says("/start")

    assert [sent.text for sent in await fake.sent_to(LAN, 1)] == ["Chào bà"]


async def test_updates_can_be_numbered_from_any_number_on() -> None:
    async with FakeTelegram(first_update=1_795_000_000) as fake:
        lan = fake.person(42)
        await lan.says("một")
        await lan.says("hai")
        assert [update["update_id"] for update in fake.pending] == [1_795_000_000, 1_795_000_001]
