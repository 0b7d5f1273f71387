"""The ledger tells what was lost, doubled and out of order."""

from datetime import UTC, datetime

from bot.simulator.telegram import Deed, FakeTelegram
from tests.simulator.telegram.calls import LAN, MINH, Call, updates


async def test_everything_is_written_down_in_order(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.says("một")
    found = await updates(call)
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
    sent = await call("sendMessage", chat_id=LAN, text="?", reply_markup=keyboard)
    number = sent["result"]["message_id"]
    await lan.presses("Có")
    press = (await updates(call, offset=found[-1]["update_id"] + 1))[0]
    await call("answerCallbackQuery", callback_query_id=press["callback_query"]["id"], text="Rõ")
    await call("editMessageText", chat_id=LAN, message_id=number, text="!")
    await call("deleteMessage", chat_id=LAN, message_id=number)

    assert [(line.deed, line.text) for line in fake.ledger.lines] == [
        (Deed.HAPPENED, "một"),
        (Deed.DELIVERED, "một"),
        (Deed.SENT, "?"),
        (Deed.HAPPENED, "yes"),
        (Deed.TAKEN, "một"),
        (Deed.DELIVERED, "yes"),
        (Deed.ANSWERED, "Rõ"),
        (Deed.EDITED, "!"),
        (Deed.DELETED, "!"),
    ]
    assert {line.message for line in fake.ledger.of(Deed.SENT, Deed.EDITED, Deed.DELETED)} == {number}
    assert fake.ledger.lost() == [press["update_id"]]


async def test_chats_are_told_apart_and_time_is_the_servers() -> None:
    noon = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    async with FakeTelegram(now=lambda: noon) as fake:
        await fake.person(LAN).says("một")
        fake.later(60)
        await fake.person(MINH, "Minh").says("hai")

        assert [line.text for line in fake.ledger.of(chat=MINH)] == ["hai"]
        assert [line.at.minute for line in fake.ledger.lines] == [0, 1]
        assert [update["message"]["date"] for update in fake.pending] == [1772427600, 1772427660]


async def test_a_batch_that_comes_again_is_doubled(fake: FakeTelegram, call: Call) -> None:
    await fake.person(LAN).says("một")
    assert fake.ledger.doubled() == []

    assert await updates(call) == await updates(call)

    assert fake.ledger.doubled() == [update["update_id"] for update in fake.pending]
    assert fake.ledger.disordered() == []
