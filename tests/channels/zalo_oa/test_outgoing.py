"""What we hand to Zalo, request by request, and what we fetch from it."""

import hashlib
from typing import Any

import pytest

from bot.channels.base import Channel, FetchError
from bot.channels.zalo_oa import ZaloOA
from bot.simulator.zalo import FakeZalo, Fault
from feedback.messages import Address, Attachment, Button, Outgoing
from storage.store import Store
from tests.channels.zalo_oa.conftest import days_pass

MENU = (
    Button("1. Gửi phản ánh", "menu:feedback"),
    Button("2. Cổng dịch vụ", url="https://dichvu.example.vn/"),
)
REQUESTS: dict[str, tuple[Outgoing, dict[str, Any]]] = {
    "text": (Outgoing("Đã tiếp nhận."), {"text": "Đã tiếp nhận."}),
    "nothing is marked up": (Outgoing("1 < 2 & *b*"), {"text": "1 < 2 & *b*"}),
    "text as long as it may be": (Outgoing("ấ" * 2000), {"text": "ấ" * 2000}),
    "buttons": (
        Outgoing("Chọn:", MENU),
        {
            "text": "Chọn:",
            "attachment": {
                "type": "template",
                "payload": {
                    "buttons": [
                        {"title": "1. Gửi phản ánh", "type": "oa.query.hide", "payload": "#menu:feedback"},
                        {
                            "title": "2. Cổng dịch vụ",
                            "type": "oa.open.url",
                            "payload": {"url": "https://dichvu.example.vn/"},
                        },
                    ]
                },
            },
        },
    ),
    "what changes an earlier message": (Outgoing("Đã sửa.", edits="7"), {"text": "Đã sửa."}),
}


@pytest.mark.parametrize(("message", "said"), REQUESTS.values(), ids=REQUESTS)
async def test_outgoing(fake: FakeZalo, zalo: ZaloOA, message: Outgoing, said: dict[str, Any]) -> None:
    person = fake.oa.person()
    await person.follows()

    number = await zalo.send(Address("zalo_oa", zalo.account, person.id), message)

    (sent,) = fake.sent(person.id)
    assert (sent.id, sent.text, sent.method) == (number, message.text, "message/cs")
    assert sent.plain == {"recipient": {"user_id": person.id}, "message": said}


async def test_an_answer_quotes_what_it_answers(fake: FakeZalo, zalo: ZaloOA) -> None:
    person = fake.oa.person()
    asked = await person.says("Mấy giờ mở cửa?")

    await zalo.send(Address("zalo_oa", zalo.account, person.id), Outgoing("8 giờ.", reply_to=asked))

    assert fake.sent(person.id)[0].quote == asked


async def test_what_cannot_be_quoted_any_more_is_answered_without(fake: FakeZalo, zalo: ZaloOA) -> None:
    person = fake.oa.person()
    await person.follows()

    await zalo.send(Address("zalo_oa", zalo.account, person.id), Outgoing("8 giờ.", reply_to="long-gone"))

    (sent,) = fake.sent(person.id)
    assert (sent.text, sent.quote) == ("8 giờ.", "")


async def test_a_word_on_a_button_and_a_thread_do_not_exist(fake: FakeZalo, zalo: ZaloOA) -> None:
    person = fake.oa.person()
    await person.follows()
    address = Address("zalo_oa", zalo.account, person.id)

    assert await zalo.send(address, Outgoing("Đã nhận", toast="press")) == ""
    assert await zalo.send(address, Outgoing("", opens="Hồ sơ")) == ""

    assert fake.sent(person.id) == []


async def test_a_press_comes_back_as_what_the_button_carries(fake: FakeZalo, zalo: ZaloOA) -> None:
    person = fake.oa.person()
    await person.follows()
    await zalo.send(Address("zalo_oa", zalo.account, person.id), Outgoing("Chọn:", MENU))

    await person.presses("1. Gửi phản ánh")

    assert fake.sent(person.id)[0].buttons[0].payload == "#menu:feedback"


async def test_it_is_a_channel(zalo: ZaloOA, fake: FakeZalo) -> None:
    channel: Channel = zalo
    assert (channel.name, channel.account) == ("zalo_oa", fake.app.oa_id)


async def test_the_quota_of_a_paid_message_is_kept(fake: FakeZalo, zalo: ZaloOA, store: Store) -> None:
    person = fake.oa.person()
    await person.follows()
    address = Address("zalo_oa", zalo.account, person.id)
    await zalo.send(address, Outgoing("miễn phí"))
    async with store.look(fake.clock()) as tx:
        assert await tx.accounts.quotas() == []
    await days_pass(fake, zalo, 2.1)

    await zalo.send(address, Outgoing("trả tiền"))

    async with store.look(fake.clock()) as tx:
        (quota,) = await tx.accounts.quotas()
    assert (quota.kind, quota.remain, quota.total) == ("sub_quota", 499, 500)


async def test_files_are_fetched_and_checked(fake: FakeZalo, zalo: ZaloOA) -> None:
    content = bytes(range(256)) * 100
    url = fake.media.keep(content, "don.pdf")
    checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()

    assert await zalo.fetch(Attachment(url), len(content)) == content
    assert await zalo.fetch(Attachment(f"{url}#md5={checksum}"), len(content)) == content
    with pytest.raises(FetchError, match="checksum"):
        await zalo.fetch(Attachment(f"{url}#md5={'0' * 32}"), len(content))
    with pytest.raises(FetchError) as refused:
        await zalo.fetch(Attachment(url), len(content) - 1)
    assert refused.value.permanent


@pytest.mark.parametrize(
    "place",
    ["https://evil.example/x", "http://169.254.169.254/latest", "https://127.0.0.1.evil.example/x",
     "file:///etc/passwd", "https://evil.example@169.254.169.254/", "ftp://127.0.0.1/x", "", "http://[::1"],
)  # fmt: skip
async def test_nothing_is_fetched_from_elsewhere(zalo: ZaloOA, place: str) -> None:
    with pytest.raises(FetchError):
        await zalo.fetch(Attachment(place), 1000)


async def test_a_file_that_is_gone_is_gone_for_good(fake: FakeZalo, zalo: ZaloOA) -> None:
    url = fake.media.keep(b"x", "x.pdf")
    fake.media.expire()
    with pytest.raises(FetchError) as refused:
        await zalo.fetch(Attachment(url), 1000)
    assert refused.value.permanent


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.GATEWAY, Fault.HALF])
async def test_a_file_may_be_fetched_another_time(fake: FakeZalo, zalo: ZaloOA, fault: Fault) -> None:
    url = fake.media.keep(b"photo", "photo.jpg")
    fake.faults.next("media", fault)
    with pytest.raises(FetchError) as refused:
        await zalo.fetch(Attachment(url), 1000)
    assert not refused.value.permanent
    assert await zalo.fetch(Attachment(url), 1000) == b"photo"
