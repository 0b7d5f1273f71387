"""Every kind of message that people send, in a chat of their own and in a group."""

from collections.abc import Awaitable, Callable

import pytest

from bot.simulator.telegram import Acts, FakeTelegram
from tests.simulator.telegram.calls import AN, LAN, Call, updates

KINDS: dict[str, tuple[Callable[[Acts], Awaitable[int]], set[str]]] = {
    "photo": (lambda one: one.sends_photo(b"JPEG", "cột đèn"), {"photo", "caption"}),
    "document": (lambda one: one.sends_document(b"%PDF", "don.pdf", "application/pdf"), {"document"}),
    "voice": (lambda one: one.sends_voice(b"OGG"), {"voice"}),
    "audio": (lambda one: one.sends_audio(b"MP3", "loa-phuong.mp3"), {"audio"}),
    "video": (lambda one: one.sends_video(b"MP4", "ngap.mp4", "ngõ 12"), {"video", "caption"}),
    "video note": (lambda one: one.sends_video_note(b"MP4"), {"video_note"}),
    "animation": (lambda one: one.sends_animation(b"MP4", "ngap.gif.mp4"), {"animation", "document"}),
    "sticker": (lambda one: one.sends_sticker(), {"sticker"}),
    "location": (lambda one: one.sends_location(21.03, 105.85), {"location"}),
    "venue": (lambda one: one.sends_venue("Nhà văn hoá", "Ngõ 12", 21.03, 105.85), {"venue", "location"}),
    "own contact": (lambda one: one.sends_contact("+84900000001"), {"contact"}),
    "contact": (lambda one: one.sends_contact("+84900000002", "Minh"), {"contact"}),
    "poll": (lambda one: one.sends_poll("Họp tối nào?", "Thứ sáu", "Thứ bảy"), {"poll"}),
    "dice": (lambda one: one.sends_dice(4), {"dice"}),
}
EVERYWHERE = {"message_id", "from", "chat", "date"}


@pytest.mark.parametrize(("send", "content"), KINDS.values(), ids=KINDS)
async def test_kinds(
    fake: FakeTelegram, call: Call, send: Callable[[Acts], Awaitable[int]], content: set[str]
) -> None:
    lan = fake.person(LAN)
    for one in (lan, fake.group(-1001).member(fake.person(AN, "An"))):
        number = await send(one)
        message = (await updates(call))[-1]["message"]
        assert (message["message_id"], message.keys() - EVERYWHERE) == (number, content)
        assert one.sees()[-1] == message


async def test_whose_contact_it_is(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.sends_contact("+84900000001")
    await lan.sends_contact("+84900000002", "Minh")

    own, other = (update["message"]["contact"] for update in await updates(call))

    assert own["user_id"] == LAN
    assert "user_id" not in other


async def test_an_album_is_several_messages_with_one_caption(fake: FakeTelegram, call: Call) -> None:
    numbers = await fake.person(LAN).sends_album([b"1", b"2", b"3"], "cột đèn")

    album = [update["message"] for update in await updates(call)]

    assert [message["message_id"] for message in album] == numbers
    assert len({message["media_group_id"] for message in album}) == 1
    assert [message.get("caption") for message in album] == ["cột đèn", None, None]
    assert len({message["photo"][-1]["file_id"] for message in album}) == 3


async def test_forwarded_messages_say_whose_they_are_and_lose_their_presses(
    fake: FakeTelegram, call: Call
) -> None:
    lan = fake.person(LAN)
    an = fake.group(-1001).member(fake.person(AN, "An"))
    rows = [
        [{"text": "Đánh giá", "callback_data": "rate:17:5"}],
        [{"text": "Trang", "url": "https://example.vn/"}],
    ]
    sent = await call("sendMessage", chat_id=LAN, text="Xong", reply_markup={"inline_keyboard": rows})
    written = await lan.says("Đèn hỏng")
    await an.forwards(sent["result"]["message_id"], LAN)
    await an.forwards(written, LAN)
    again = await an.forwards(written, LAN, hidden=True)
    await an.forwards(again)

    bots, open_, hidden, twice = (update["message"] for update in (await updates(call))[-4:])

    assert bots["forward_origin"]["sender_user"]["username"] == "caunoi_bot"
    assert bots["reply_markup"]["inline_keyboard"] == [rows[1]]
    assert open_["forward_origin"]["sender_user"]["id"] == LAN
    assert (hidden["forward_origin"]["type"], hidden["forward_origin"]["sender_user_name"]) == (
        "hidden_user",
        "Lan",
    )
    assert twice["forward_origin"] == hidden["forward_origin"]
    with pytest.raises(LookupError):
        await an.presses(bots["message_id"], "Đánh giá")


async def test_a_link_opens_the_chat_with_a_parameter(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN, started=False)
    assert not (await call("sendMessage", chat_id=LAN, text="a"))["ok"]

    await lan.starts("tracuu_7K2M")

    message = (await updates(call))[0]["message"]
    assert message["text"] == "/start tracuu_7K2M"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert (await call("sendMessage", chat_id=LAN, text="a"))["ok"]


async def test_who_has_blocked_the_bot_or_is_gone_writes_nothing(fake: FakeTelegram, call: Call) -> None:
    lan, minh = fake.person(LAN), fake.person(1002, "Minh")
    await lan.blocks()
    await minh.deletes_account()

    for person in (lan, minh):
        with pytest.raises(PermissionError):
            await person.says("a")
    answer = await call("sendMessage", chat_id=minh.id, text="a")
    assert answer["description"] == "Forbidden: user is deactivated"


async def test_a_deleted_message_cannot_be_answered(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    number = await lan.says("Đèn hỏng")
    await lan.deletes(number)

    answer = await call("sendMessage", chat_id=LAN, text="a", reply_parameters={"message_id": number})

    assert answer["description"] == "Bad Request: message to be replied not found"
    assert len(await updates(call)) == 1
