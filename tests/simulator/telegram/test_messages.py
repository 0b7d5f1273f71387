"""What people and the bot write in private chats."""

from io import BytesIO

import aiohttp
import pytest
from aiogram.types import ChatFullInfo, File, Message, Update, User, WebhookInfo

from bot.simulator.telegram import Answer, FakeTelegram
from tests.simulator.telegram.calls import LAN, Call, Json, updates


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


async def test_copies_are_the_bots_own_and_forwards_say_whose_they_are(
    fake: FakeTelegram, call: Call
) -> None:
    lan, group = fake.person(LAN), fake.group(-1_001_234_567_890, forum=True)
    topic = (await call("createForumTopic", chat_id=group.id, name="Đèn"))["result"]["message_thread_id"]
    where = {"chat_id": group.id, "message_thread_id": topic, "from_chat_id": LAN}
    text, photo = await lan.says("Đèn hỏng"), await lan.sends_photo(b"JPEG", "cột đèn")

    await call("copyMessage", **where, message_id=text)
    await call("copyMessage", **where, message_id=photo, caption="Ảnh của dân")
    forwarded = (await call("forwardMessage", **where, message_id=photo))["result"]

    assert forwarded["forward_origin"]["sender_user"]["id"] == LAN
    assert [(sent.text, sent.file, sent.topic) for sent in fake.sent(group.id)] == [
        ("Đèn hỏng", None, topic),
        ("Ảnh của dân", b"JPEG", topic),
        ("cột đèn", b"JPEG", topic),
    ]
    for method, verb in (("copyMessage", "copy"), ("forwardMessage", "forward")):
        answer = await call(method, **where, message_id=99)
        assert answer["description"] == f"Bad Request: message to {verb} not found"
    service = {"chat_id": LAN, "from_chat_id": group.id, "message_id": topic}
    assert (await call("copyMessage", **service))["description"] == "Bad Request: message can't be copied"


async def test_a_bot_changes_text_caption_and_buttons_each_by_its_method(
    fake: FakeTelegram, call: Call
) -> None:
    lan = fake.person(LAN)
    await lan.sends_photo(b"JPEG")
    file = fake.pending[0]["message"]["photo"][-1]["file_id"]
    photo = (await call("sendPhoto", chat_id=LAN, photo=file, caption="một"))["result"]["message_id"]
    text = (await call("sendMessage", chat_id=LAN, text="một"))["result"]["message_id"]
    markup = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}]]}

    async def edit(method: str, message: int | None, **more: object) -> str:
        given = {} if message is None else {"message_id": message}
        return str((await call(method, chat_id=LAN, **given, **more)).get("description", "done"))

    assert await edit("editMessageReplyMarkup", photo, reply_markup=markup) == "done"
    assert "message is not modified" in await edit("editMessageReplyMarkup", photo, reply_markup=markup)
    assert await edit("editMessageCaption", photo, caption="hai", reply_markup=markup) == "done"
    assert await edit("editMessageReplyMarkup", photo) == "done"
    assert [(sent.text, sent.buttons, sent.file) for sent in fake.sent(LAN)] == [
        ("hai", (), b"JPEG"),
        ("một", (), None),
    ]
    for method, message, reason in (
        ("editMessageText", photo, "there is no text in the message to edit"),
        ("editMessageCaption", text, "there is no caption in the message to edit"),
        ("editMessageText", await lan.says("ba"), "message can't be edited"),
        ("editMessageText", None, "message identifier is not specified"),
    ):
        assert await edit(method, message, text="a", caption="a") == f"Bad Request: {reason}"


async def test_answers_to_presses_are_seen_and_their_life_can_be_set(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    number = (await call("sendMessage", chat_id=LAN, text="?"))["result"]["message_id"]
    await lan.presses_data(number, "a")
    press = fake.pending[-1]["callback_query"]["id"]
    fake.forgets_presses_after(10)

    too_long = await call("answerCallbackQuery", callback_query_id=press, text="a" * 201)
    await call("answerCallbackQuery", callback_query_id=press, text="Đã nhận", show_alert=True)
    fake.later(11)
    late = await call("answerCallbackQuery", callback_query_id=press)

    assert too_long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert fake.answers == [Answer(press, LAN, "Đã nhận", alert=True)]
    assert late["description"] == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_files_have_their_limits(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)

    async def send(method: str, name: str, size: int) -> Json:
        form = aiohttp.FormData({"chat_id": str(LAN)})
        form.add_field(name, BytesIO(bytes(size)), filename="a.bin")
        url = f"{fake.url}/bot{fake.token}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
            found: Json = await answer.json()
            return found

    photo = await send("sendPhoto", "photo", 10_485_761)
    large = await send("sendDocument", "document", 21_000_000)
    file = await call("getFile", file_id=large["result"]["document"]["file_id"])

    assert photo["description"] == (
        "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"
    )
    assert file["description"] == "Bad Request: file is too big"


async def test_a_bot_sends_a_place_and_an_album(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.sends_document(b"%PDF", "don.pdf")
    file = fake.pending[0]["message"]["document"]["file_id"]
    media = [{"type": "document", "media": file, "caption": name} for name in ("một", "hai")]

    place = (await call("sendLocation", chat_id=LAN, latitude=21.03, longitude=105.85))["result"]
    album = (await call("sendMediaGroup", chat_id=LAN, media=media))["result"]

    assert place["location"] == {"latitude": 21.03, "longitude": 105.85}
    assert len({message["media_group_id"] for message in album}) == 1
    assert [sent.text for sent in fake.sent(LAN)] == ["", "một", "hai"]
    wrong = await call("sendLocation", chat_id=LAN, latitude=91, longitude=0)
    assert wrong["description"] == "Bad Request: wrong location specified"
    few = await call("sendMediaGroup", chat_id=LAN, media=media[:1])
    assert few["description"] == "Bad Request: media group must include 2-10 items"
