"""What people and the bot write in private chats."""

import aiohttp
import pytest
from aiogram.types import ChatFullInfo, File, Message, Update, User, WebhookInfo

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import LAN, Call, updates


async def test_every_update_is_what_aiogram_expects(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN, "Lan", last_name="Trần", username="lan_tran")
    asked = await lan.says("/start tracuu_7K2M")
    await call(
        "sendMessage",
        chat_id=LAN,
        text="Ông/Bà cần gì?",
        reply_parameters={"message_id": asked},
        reply_markup={"inline_keyboard": [[{"text": "Gửi phản ánh", "callback_data": "new"}]]},
    )
    await lan.presses("Gửi phản ánh")
    await lan.says("Đèn đường hỏng", reply_to=asked)
    await lan.edits("Đèn đường ngõ 12 hỏng")
    await lan.sends_photo(b"photo", "cột đèn")
    await lan.edits("cột đèn số 3")
    await lan.sends_document(b"%PDF", "don.pdf", "application/pdf")
    await lan.sends_sticker()
    await lan.sends(location={"latitude": 21.03, "longitude": 105.85})
    await lan.blocks()
    await lan.unblocks()

    found = await updates(call)

    assert len(found) == 11
    for update in found:
        model = Update.model_validate(update)
        assert model.model_extra == {}
        assert model.event_type


async def test_every_result_is_what_aiogram_expects(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.sends_photo(b"photo")
    photo = (await updates(call))[0]["message"]["photo"][-1]["file_id"]
    sent = (await call("sendMessage", chat_id=LAN, text="<b>Chào</b> bà &amp; ông", parse_mode="HTML"))[
        "result"
    ]

    User.model_validate((await call("getMe"))["result"])
    WebhookInfo.model_validate((await call("getWebhookInfo"))["result"])
    ChatFullInfo.model_validate((await call("getChat", chat_id=LAN))["result"])
    File.model_validate((await call("getFile", file_id=photo))["result"])
    Message.model_validate(sent)
    Message.model_validate((await call("sendPhoto", chat_id=LAN, photo=photo, caption="ảnh"))["result"])
    edited = (await call("editMessageText", chat_id=LAN, message_id=sent["message_id"], text="Chào"))[
        "result"
    ]
    Message.model_validate(edited)
    for method, parameters in {
        "sendChatAction": {"chat_id": LAN, "action": "typing"},
        "deleteMessage": {"chat_id": LAN, "message_id": sent["message_id"]},
        "setMyCommands": {"commands": [{"command": "start", "description": "Bắt đầu"}]},
        "setWebhook": {"url": "http://127.0.0.1:9/"},
        "deleteWebhook": {},
    }.items():
        assert (await call(method, **parameters))["result"] is True

    assert sent["text"] == "Chào bà & ông"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert edited["edit_date"]
    assert edited["text"] == "Chào"


async def test_a_document_goes_in_as_multipart_and_comes_back(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    form = aiohttp.FormData({"chat_id": str(LAN), "caption": "Kết quả"})
    form.add_field("document", b"%PDF", filename="ket-qua.pdf", content_type="application/pdf")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{fake.url}/bot{fake.token}/sendDocument", data=form) as answer:
            message = (await answer.json())["result"]
        Message.model_validate(message)
        path = (await call("getFile", file_id=message["document"]["file_id"]))["result"]["file_path"]
        async with session.get(f"{fake.url}/file/bot{fake.token}/{path}") as answer:
            assert await answer.read() == b"%PDF"

    assert [(sent.text, sent.file) for sent in fake.sent(LAN)] == [("Kết quả", b"%PDF")]


async def test_limits_are_counted_as_telegram_counts(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    button = {"text": "b", "callback_data": "a" * 64}

    assert (await call("sendMessage", chat_id=LAN, text="😀" * 2048))["ok"]
    assert (await call("sendMessage", chat_id=LAN, text="<b>" + "a" * 4096 + "</b>", parse_mode="HTML"))["ok"]
    assert (await call("sendMessage", chat_id=LAN, text="a", reply_markup={"inline_keyboard": [[button]]}))[
        "ok"
    ]
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    assert (await call("sendMessage", chat_id=LAN, text="a", reply_parameters=lenient))["ok"]


async def test_an_edit_must_change_something(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    number = (await call("sendMessage", chat_id=LAN, text="a"))["result"]["message_id"]

    answer = await call("editMessageText", chat_id=LAN, message_id=number, text="a")

    assert answer["description"].startswith("Bad Request: message is not modified: specified new message")


async def test_who_blocks_the_bot_is_out_of_reach(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.blocks()

    answer = await call("sendMessage", chat_id=LAN, text="a")

    assert answer == {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    await lan.unblocks()
    assert (await call("sendMessage", chat_id=LAN, text="a"))["ok"]


async def test_a_press_can_be_answered_for_150_seconds(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}
    await call("sendMessage", chat_id=LAN, text="?", reply_markup=keyboard)
    await lan.presses("yes")
    press = (await updates(call))[0]["callback_query"]["id"]

    fake.later(149)
    assert (await call("answerCallbackQuery", callback_query_id=press))["ok"]
    fake.later(2)
    assert not (await call("answerCallbackQuery", callback_query_id=press))["ok"]
    assert fake.answered == [press]
    with pytest.raises(LookupError, match="sees no button 'Không'"):
        await lan.presses("Không")
