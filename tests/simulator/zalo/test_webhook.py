"""What the Official Account's webhook is told, how it is signed, and how patient Zalo is."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import md5, sha256
from typing import Any

import aiohttp
import pytest

from bot.simulator.zalo import FakeZalo, Fault, Try
from bot.simulator.zalo.oa.events import mac
from bot.simulator.zalo.oa.people import Person
from tests.simulator.zalo.hook import Client, Hook, Json, button, template


def test_the_signature_is_a_plain_sha256_over_four_in_a_row() -> None:
    body = b'{"event_name":"user_send_text","app_id":"50554360515256678","timestamp":"1717061839659"}'

    assert mac("50554360515256678", body, "1717061839659", "abcSECRET") == (
        "dfcc46e888df10c408216edadfeacf213c8dcdbbad3793b1b8f51b5dbf20c499"
    )


async def test_a_webhook_is_first_asked_something_empty_and_unsigned(fake: FakeZalo, hook: Hook) -> None:
    hook.answers = [403]
    with pytest.raises(ValueError, match="403"):
        await fake.oa.set_webhook(hook.url)
    assert fake.oa.webhook == ""

    await fake.oa.set_webhook(hook.url)

    assert fake.oa.webhook == hook.url
    assert [one.raw for one in hook.came] == [b"", b""]
    assert all("x-zevent-signature" not in one.headers for one in hook.came)


@pytest.mark.parametrize("url", ["http://example.org/zalo", "ftp://example.org/", "", "example.org"])
async def test_a_webhook_is_https(fake: FakeZalo, url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        await fake.oa.set_webhook(url)


async def test_every_event_is_signed_over_the_bytes_that_come(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    lan = fake.oa.person()
    await lan.says("Đèn đường ngõ 12 hỏng 😀")
    await hook.received(1)

    came = hook.told[0]
    joined = fake.app.app_id.encode() + came.raw + came.body["timestamp"].encode()
    signature = sha256(joined + fake.app.oa_secret.encode()).hexdigest()
    assert came.headers["x-zevent-signature"] == f"mac={signature}"
    assert "num_retry" not in came.headers
    assert came.body == {
        "event_name": "user_send_text",
        "app_id": fake.app.app_id,
        "user_id_by_app": came.body["user_id_by_app"],
        "sender": {"id": lan.id},
        "recipient": {"id": fake.app.oa_id},
        "message": {"text": "Đèn đường ngõ 12 hỏng 😀", "msg_id": came.body["message"]["msg_id"]},
        "timestamp": "1772416800000",
    }


Does = Callable[[Person], Awaitable[object]]
MESSAGES: dict[str, tuple[Does, str]] = {
    "user_send_image": (lambda lan: lan.sends_image(b"photo", "cột đèn"), "image"),
    "user_send_gif": (lambda lan: lan.sends_gif(b"GIF89a"), "gif"),
    "user_send_file": (lambda lan: lan.sends_file(b"%PDF", "don.pdf"), "file"),
    "user_send_location": (lambda lan: lan.sends_location(10.764, 106.656), "location"),
    "user_send_audio": (lambda lan: lan.sends_audio(b"voice"), "audio"),
    "user_send_video": (lambda lan: lan.sends_video(b"video", "ngập nước"), "video"),
    "user_send_sticker": (lambda lan: lan.sends_sticker(), "sticker"),
    "user_send_link": (lambda lan: lan.sends_link("https://example.org"), "link"),
    "user_send_business_card": (lambda lan: lan.sends_card("0912345678"), "link"),
}


@pytest.mark.parametrize(("name", "does", "kind"), [(name, *what) for name, what in MESSAGES.items()])
async def test_what_users_send(fake: FakeZalo, hook: Hook, name: str, does: Does, kind: str) -> None:
    await fake.oa.set_webhook(hook.url)
    lan = fake.oa.person()

    number = await does(lan)

    (event,) = await hook.received(1)
    assert event["event_name"] == name
    assert event["sender"] == {"id": lan.id}
    assert event["message"]["msg_id"] == number
    (attachment,) = event["message"]["attachments"]
    assert attachment["type"] == kind


async def payload(hook: Hook, count: int) -> Any:  # noqa: ANN401 - JSON
    return (await hook.received(count))[-1]["message"]["attachments"][0]["payload"]


async def test_attachments_are_strings_and_addresses(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    lan = fake.oa.person()
    await lan.sends_file(b"%PDF", "don.pdf")
    file = await payload(hook, 1)
    await lan.sends_location(10.764, 106.656)
    place = await payload(hook, 2)
    await lan.sends_card("0912345678")
    card = await payload(hook, 3)

    assert (file["name"], file["size"], file["type"]) == ("don.pdf", "4", "pdf")
    assert file["checksum"] == md5(b"%PDF", usedforsecurity=False).hexdigest()
    assert place == {"coordinates": {"latitude": "10.764", "longitude": "106.656"}}
    assert json.loads(card["description"])["phone"] == "0912345678"


async def test_files_are_served_for_a_while(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    await fake.oa.person().sends_image(b"photo")
    url = (await payload(hook, 1))["url"]

    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert await answer.read() == b"photo"
        fake.later(timedelta(days=1))
        async with session.get(url) as answer:
            assert answer.status == 404
        fresh = fake.media.keep(b"photo", "photo.jpg")
        fake.media.expire()
        async with session.get(fresh) as answer:
            assert answer.status == 404


async def test_a_pressed_button_is_a_text_like_any_other(fake: FakeZalo, hook: Hook, client: Client) -> None:
    await fake.oa.set_webhook(hook.url, wanted=["user_send_text"])
    lan = fake.oa.person()
    await lan.says("Xin chào")
    opens = button({"url": "https://example.org"}, "oa.open.url", "Cổng dịch vụ")
    await client.send(lan.id, text="?", attachment=template(buttons=[button(), opens]))

    await lan.presses("Gửi phản ánh")
    await lan.presses("Cổng dịch vụ")

    await fake.taken()
    assert [event["message"]["text"] for event in await hook.received(2)] == ["Xin chào", "#new"]
    with pytest.raises(LookupError, match="sees no button 'Hủy'"):
        await lan.presses("Hủy")


async def test_an_answer_quotes(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    await fake.oa.person().says("Đúng vậy", quote="e2a641af6661713b2874")

    assert (await hook.received(1))[0]["message"]["quote_msg_id"] == "e2a641af6661713b2874"


async def test_everything_else_that_people_do(fake: FakeZalo, hook: Hook, client: Client) -> None:
    lan = fake.oa.person()
    asked = await lan.says("Xin chào")
    first = (await client.send(lan.id, text="một"))["data"]["message_id"]
    second = (await client.send(lan.id, text="hai"))["data"]["message_id"]
    await fake.oa.set_webhook(hook.url)
    account, user = {"id": fake.app.oa_id}, {"id": lan.id}

    async def told(act: Awaitable[object]) -> Json:
        await act
        return (await hook.received(len(hook.told) + 1))[-1]

    followed = await told(lan.follows("message_invite"))
    assert "sender" not in followed
    assert (followed["event_name"], followed["follower"], followed["source"]) == (
        "follow",
        user,
        "message_invite",
    )
    assert (await told(lan.unfollows()))["event_name"] == "unfollow"
    got = await told(lan.gets(first))
    assert (got["sender"], got["recipient"], got["message"]) == (account, user, {"msg_id": first})
    seen = await told(lan.sees(first, second))
    assert (seen["sender"], seen["message"]) == (account, {"msg_ids": [first, second]})
    assert (await told(lan.sees(sender=True)))["sender"] == user
    reacted = await told(lan.reacts())
    assert reacted["message"] == {"msg_id": second, "react_icon": "/-strong"}
    form = await told(lan.submits(name="Lan", phone="0912345678"))
    assert form["event_name"] == "user_submit_info"
    assert form["info"] == {
        "name": "Lan",
        "phone": "0912345678",
        "address": "",
        "city": "",
        "district": "",
        "ward": "",
    }
    assert (await told(lan.opens_chat()))["event_name"] == "user_click_chatnow"
    assert (await told(lan.withdraws()))["user_id"] == lan.id
    assert (await told(lan.changes("Trần Lan")))["event_name"] == "update_user_info"
    reaction = {"react_icon": "/-heart", "react_message_id": asked}
    await client.post("v2.0/oa/message", {"recipient": {"user_id": lan.id}, "sender_action": reaction})
    assert fake.oa.raw({"event_name": "add_user_to_tag", "timestamp": "1"})
    assert (await hook.received(11))[-1]["event_name"] == "add_user_to_tag"


async def test_the_account_hears_of_its_own_messages(fake: FakeZalo, hook: Hook, client: Client) -> None:
    await fake.oa.set_webhook(hook.url)
    lan = fake.oa.person()
    await lan.says("Xin chào")
    url = "https://example.org/anh.png"
    await client.send(lan.id, text="một")
    await client.send(lan.id, attachment=template("media", elements=[{"media_type": "image", "url": url}]))
    await client.send(lan.id, attachment=template("list", elements=[{"title": "Đất đai"}]))
    fake.oa.writes(lan, "Tôi là An, tôi trả lời Ông/Bà", officer="123")

    told = [event for event in await hook.received(5) if event["event_name"].startswith("oa_send_")]

    assert sorted(event["event_name"] for event in told) == [
        "oa_send_image",
        "oa_send_list",
        "oa_send_text",
        "oa_send_text",
    ]
    assert {event["recipient"]["id"] for event in told} == {lan.id}
    officers = [event["sender"]["admin_id"] for event in told if "admin_id" in event["sender"]]
    assert officers == ["123"]
    assert [sent.officer for sent in lan.received] == ["", "", "", "123"]


async def test_visitors_and_groups_write_too(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    visitor, lan, group = fake.oa.visitor(), fake.oa.person(), fake.oa.group()
    await visitor.says("Xin chào")
    await visitor.sends_image(b"photo")
    await visitor.sends_file(b"%PDF", "don.pdf")
    await visitor.sends_sticker()
    await group.opens(lan)
    await group.joins(lan)
    await group.hears(lan, "Phản ánh này của ai?")
    await group.leaves(lan)

    events = {event["event_name"]: event for event in await hook.received(8)}

    assert events.keys() == {
        "anonymous_send_text",
        "anonymous_send_image",
        "anonymous_send_file",
        "anonymous_send_sticker",
        "create_group",
        "user_join_group",
        "user_send_group_text",
        "user_out_group",
    }
    assert events["anonymous_send_text"]["message"]["conversation_id"]
    assert events["user_send_group_text"]["recipient"] == {"id": group.id}


async def test_only_events_that_are_switched_on_come(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url, wanted=["user_send_text"])
    lan = fake.oa.person()
    await lan.follows()
    await lan.says("một")

    await fake.taken()

    assert hook.names == ["user_send_text"]
    assert [event.name for event in fake.ledger.lost()] == ["follow"]


async def test_what_is_not_taken_comes_again_the_same(hook: Hook) -> None:
    async with FakeZalo(second=0.00001) as fake:
        await fake.oa.set_webhook(hook.url)
        hook.answers = [500, 404, 302, 204]
        await fake.oa.person().says("một")

        await fake.taken()

        assert [one.status for one in fake.ledger.of(Try)] == [500, 404, 302, 204, 200]
    assert [came.headers.get("num_retry") for came in hook.told] == [None, "1", "2", "3", "4"]
    assert len({came.raw for came in hook.told}) == 1
    assert len({came.headers["x-zevent-signature"] for came in hook.told}) == 1


async def test_who_waits_for_his_event_holds_up_nobody_else(hook: Hook) -> None:
    async with FakeZalo(second=0.01) as fake:
        await fake.oa.set_webhook(hook.url)
        hook.answers = [503]
        lan = fake.oa.person()
        await lan.says("một")
        await hook.received(1)
        await lan.says("hai")
        await fake.taken()

        texts = [event.body["message"]["text"] for event in fake.ledger.taken()]
    assert texts == ["hai", "một"]


async def test_after_six_tries_the_webhook_is_taken_off(hook: Hook) -> None:
    async with FakeZalo(second=0.00001) as fake:
        await fake.oa.set_webhook(hook.url)
        hook.answers = [500] * 6
        lan = fake.oa.person()
        await lan.says("một")
        await fake.taken()

        assert fake.oa.webhook == ""
        assert [came.headers.get("num_retry", "0") for came in hook.told] == list("012345")
        await lan.says("hai")
        await fake.taken()
        assert len(hook.told) == 6
        assert [event.body["message"]["text"] for event in fake.ledger.lost()] == ["một", "hai"]


async def test_who_answers_too_late_has_not_answered(hook: Hook) -> None:
    async with FakeZalo(second=0.00001, patience=0.1) as fake:
        await fake.oa.set_webhook(hook.url)
        hook.slowness = 60
        await fake.oa.person().says("một")
        await hook.received(2)
        hook.slowness = 0
        await fake.taken()

    assert len(hook.told) >= 3
    assert len(fake.ledger.taken()) == 1


async def test_events_come_twice_or_in_another_order(fake: FakeZalo, hook: Hook) -> None:
    await fake.oa.set_webhook(hook.url)
    lan = fake.oa.person()
    fake.faults.next("user_send_text", Fault.SWAPPED)
    fake.faults.next("user_send_text", Fault.TWICE)
    await lan.says("một")
    await lan.says("hai")

    texts = [event["message"]["text"] for event in await hook.received(3)]

    assert sorted(texts) == ["hai", "hai", "một"]
    assert texts[0] == "hai"
    assert fake.faults.waiting == {}


async def test_events_come_late(hook: Hook) -> None:
    async with FakeZalo(second=0.01) as fake:
        await fake.oa.set_webhook(hook.url)
        lan = fake.oa.person()
        fake.faults.next("webhook", Fault.LATE)
        await lan.says("một")
        await lan.says("hai")
        await fake.taken()

        assert [event.body["message"]["text"] for event in fake.ledger.taken()] == ["hai", "một"]
