"""What we hand to Telegram, request by request."""

from typing import Any

import pytest

from bot.channels.base import Channel, FetchError
from bot.channels.telegram import Telegram
from feedback.messages import Address, Attachment, Button, Outgoing
from tests.fakes.telegram import FakeTelegram

LAN = Address("telegram", "123456789", "1001")
PLAIN = {"chat_id": "1001", "link_preview_options": {"is_disabled": True}}

REQUESTS: dict[str, tuple[Outgoing, dict[str, Any]]] = {
    "text": (Outgoing("Đã tiếp nhận."), PLAIN | {"text": "Đã tiếp nhận."}),
    "text that looks like HTML": (Outgoing("1 < 2 & <b>"), PLAIN | {"text": "1 < 2 & <b>"}),
    "text with emoji": (Outgoing("🙏" * 2000), PLAIN | {"text": "🙏" * 2000}),
    "one button a row": (
        Outgoing("Chọn:", (Button("Gửi phản ánh", "new"), Button("Tra cứu", "case"))),
        PLAIN
        | {
            "text": "Chọn:",
            "reply_markup": {
                "inline_keyboard": [
                    [{"text": "Gửi phản ánh", "callback_data": "new"}],
                    [{"text": "Tra cứu", "callback_data": "case"}],
                ]
            },
        },
    ),
    "an answer": (
        Outgoing("Vâng.", reply_to="17"),
        PLAIN
        | {"text": "Vâng.", "reply_parameters": {"message_id": 17, "allow_sending_without_reply": True}},
    ),
    "an answer to what is no message of Telegram": (
        Outgoing("Vâng.", reply_to="w-1"),
        PLAIN | {"text": "Vâng."},
    ),
}


@pytest.mark.parametrize(("message", "request_body"), REQUESTS.values(), ids=REQUESTS)
async def test_outgoing(
    fake: FakeTelegram, telegram: Telegram, message: Outgoing, request_body: dict[str, Any]
) -> None:
    fake.person(1001)

    number = await telegram.send(LAN, message)

    assert fake.calls("sendMessage") == [request_body]
    assert [str(sent.id) for sent in fake.sent(1001)] == [number]
    assert fake.sent(1001)[0].text == message.text


async def test_an_answer_stands_under_what_it_answers(fake: FakeTelegram, telegram: Telegram) -> None:
    asked = await fake.person(1001).says("Mấy giờ mở cửa?")

    await telegram.send(LAN, Outgoing("8 giờ.", reply_to=str(asked)))

    assert fake.sent(1001)[0].reply_to == asked


async def test_it_is_a_channel(telegram: Telegram) -> None:
    channel: Channel = telegram

    assert (channel.name, channel.account) == ("telegram", "123456789")


async def test_it_learns_its_username(fake: FakeTelegram, telegram: Telegram) -> None:
    assert await telegram.start() == fake.username


async def test_commands(fake: FakeTelegram, telegram: Telegram) -> None:
    await telegram.set_commands([("start", "Bắt đầu"), ("tracuu", "Tra cứu")])
    await telegram.set_commands([("start", "Start")], "en")

    assert fake.commands == {
        "": [
            {"command": "start", "description": "Bắt đầu"},
            {"command": "tracuu", "description": "Tra cứu"},
        ],
        "en": [{"command": "start", "description": "Start"}],
    }


async def test_webhook(fake: FakeTelegram, telegram: Telegram) -> None:
    await telegram.set_webhook("http://127.0.0.1:9/telegram", "bi-mat_1")

    assert fake.calls("setWebhook") == [
        {
            "url": "http://127.0.0.1:9/telegram",
            "secret_token": "bi-mat_1",
            "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        }
    ]


async def test_a_button_stops_waiting(fake: FakeTelegram, telegram: Telegram) -> None:
    lan = fake.person(1001)
    await telegram.send(LAN, Outgoing("?", (Button("Có", "yes"),)))
    await lan.presses("Có")
    press = fake.pending[0]["callback_query"]["id"]

    await telegram.answer_button(press)
    fake.later(200)
    await telegram.answer_button(press)

    assert fake.answered == [press]


async def photo_of(fake: FakeTelegram, content: bytes) -> Attachment:
    await fake.person(1001).sends_photo(content)
    return Attachment(fake.pending[0]["message"]["photo"][-1]["file_id"])


async def test_files_are_fetched(fake: FakeTelegram, telegram: Telegram) -> None:
    content = bytes(range(256)) * 1000

    assert await telegram.fetch(await photo_of(fake, content), len(content)) == content


async def test_a_file_over_the_limit_is_refused_for_good(fake: FakeTelegram, telegram: Telegram) -> None:
    photo = await photo_of(fake, b"x" * 1001)

    with pytest.raises(FetchError, match="more than 1000 bytes") as refused:
        await telegram.fetch(photo, 1000)

    assert refused.value.permanent


async def test_an_unknown_file_is_refused_for_good(telegram: Telegram) -> None:
    with pytest.raises(FetchError, match="Wrong file_id") as refused:
        await telegram.fetch(Attachment("x"), 1000)

    assert refused.value.permanent


@pytest.mark.parametrize("kind", ["hang", "html:502", "500", "404"])
@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_file_may_be_fetched_another_time(
    fake: FakeTelegram, telegram: Telegram, method: str, kind: str
) -> None:
    photo = await photo_of(fake, b"photo")
    fake.fault(method, kind)

    with pytest.raises(FetchError) as refused:
        await telegram.fetch(photo, 1000)

    assert not refused.value.permanent
    assert fake.token not in str(refused.value)
    assert await telegram.fetch(photo, 1000) == b"photo"
