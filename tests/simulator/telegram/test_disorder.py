"""Deliveries that are doubled, shuffled or late."""

from collections import defaultdict

import pytest
from aiohttp import web

from bot.simulator.telegram import Deed, FakeTelegram, Fault
from tests.simulator.telegram.calls import LAN, MINH, Call, Json, updates
from tests.simulator.telegram.hook import Hook


async def all_of(call: Call) -> list[Json]:
    """Poll as bots do until nothing comes any more."""
    found: list[Json] = []
    while batch := await updates(call, offset=max((one["update_id"] for one in found), default=-1) + 1):
        found += batch
    return found


def by_chat(found: list[Json]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = defaultdict(list)
    for update in found:
        texts[update["message"]["chat"]["id"]].append(update["message"]["text"])
    return texts


async def write(fake: FakeTelegram, count: int) -> dict[int, list[str]]:
    """Let Lan and Minh write by turns."""
    for number in range(count):
        for person in (LAN, MINH):
            await fake.person(person).says(f"tin {number}")
    texts = [f"tin {number}" for number in range(count)]
    return {LAN: texts, MINH: texts}


async def test_what_is_doubled_comes_twice_and_no_more(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    fake.deliveries.doubled = True
    lan = fake.person(LAN)
    first, second = await lan.says("một"), await lan.says("hai")
    found = [update["message"]["message_id"] for update in await all_of(call)]
    assert sorted(found) == [first, first, second, second]
    assert len(fake.ledger.doubled()) == 2

    await call("setWebhook", url=hook.url)
    await lan.says("ba")
    await fake.taken()

    assert hook.texts == ["ba", "ba"]
    assert fake.ledger.lost() == []


async def test_shuffled_batches_keep_the_order_of_each_chat(fake: FakeTelegram, call: Call) -> None:
    fake.deliveries.shuffled = True
    written = await write(fake, 20)

    found = await updates(call)

    assert by_chat(found) == written
    assert [update["update_id"] for update in found] != sorted(update["update_id"] for update in found)
    assert fake.ledger.disordered() == []


async def test_shuffled_webhooks_keep_the_order_of_each_chat(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    fake.deliveries.shuffled = True
    await call("setWebhook", url=hook.url)
    written = await write(fake, 8)
    await fake.taken()

    numbers = [update["update_id"] for update in hook.updates]

    assert by_chat(hook.updates) == written
    assert numbers != sorted(numbers)


@pytest.mark.parametrize("webhook", [False, True])
async def test_the_order_within_a_chat_breaks_only_if_a_test_asks_for_it(
    fake: FakeTelegram, call: Call, hook: Hook, *, webhook: bool
) -> None:
    fake.deliveries.unordered = True
    if webhook:
        await call("setWebhook", url=hook.url)
    written = await write(fake, 10)
    if webhook:
        await fake.taken()

    found = hook.updates if webhook else await updates(call)

    assert by_chat(found) != written
    assert sorted(by_chat(found)[LAN]) == sorted(written[LAN])
    assert fake.ledger.disordered()


async def test_a_press_may_overtake_a_message_as_at_telegram(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    lan = fake.person(LAN)
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
    await call("sendMessage", chat_id=LAN, text="?", reply_markup=keyboard)
    await call("setWebhook", url=hook.url)
    hook.answers = [web.Response(status=503, headers={"Retry-After": "10"})]
    message = await lan.says("một")
    await hook.received(1)
    press = await lan.presses("Có")
    await fake.taken()

    kinds = [next(kind for kind in update if kind != "update_id") for update in hook.updates]

    assert kinds == ["message", "callback_query", "message"]
    assert hook.updates[1]["update_id"] == press
    assert hook.updates[0]["message"]["message_id"] == message


async def test_late_updates_come_later_and_in_order(fake: FakeTelegram, call: Call) -> None:
    fake.deliveries.delay = 2
    await fake.person(LAN).says("một")
    fake.deliveries.delay = 0
    await fake.person(LAN).says("hai")
    assert await updates(call) == []
    assert len(fake.pending) == 2

    found = await updates(call, timeout=5)
    while len(found) < 2:
        found = await updates(call, timeout=5)

    assert [update["message"]["text"] for update in found] == ["một", "hai"]


async def test_disorder_ends(fake: FakeTelegram, call: Call) -> None:
    fake.deliveries.doubled = fake.deliveries.shuffled = fake.deliveries.unordered = True
    fake.deliveries.delay = 60
    fake.deliveries.over()
    written = await write(fake, 20)

    assert by_chat(await all_of(call)) == written
    assert fake.ledger.doubled() == []


async def test_updates_are_given_up_after_a_day_and_presses_sooner(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
    await call("sendMessage", chat_id=LAN, text="?", reply_markup=keyboard)
    await lan.says("một")
    press = await lan.presses("Có")
    fake.later(151)
    assert [set(update) - {"update_id"} for update in await updates(call)] == [{"message"}]
    fake.later(24 * 3600)
    assert await updates(call) == []
    assert [line.text for line in fake.ledger.of(Deed.EXPIRED)] == ["yes", "một"]
    assert press in fake.ledger.lost()


async def test_nothing_is_delivered_in_an_outage(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    fake.faults.outage(Fault.page(502))
    await fake.person(LAN).says("một")
    assert fake.tries == []

    fake.faults.over()
    await fake.taken()

    assert hook.texts == ["một"]
