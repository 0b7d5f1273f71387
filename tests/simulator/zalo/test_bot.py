"""The Bot Platform: one update at a time or a webhook, never both."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.simulator.zalo import FakeZalo, Fault
from tests.simulator.zalo.hook import Client, Hook, Json

SECRET = "bi-mat-1"


async def test_the_bot_knows_itself(fake: FakeZalo, client: Client) -> None:
    me = (await client.bot("getMe"))["result"]
    assert me["id"] == fake.app.bot_id
    assert me["account_name"].startswith("bot.")


async def test_an_update_is_one_object(fake: FakeZalo, client: Client) -> None:
    lan = fake.bot.person("6ede9afa66b88fe6d6a9", "Lan")
    number = await lan.says("Xin chào")

    assert (await client.bot("getUpdates"))["result"] == {
        "event_name": "message.text.received",
        "message": {
            "message_id": number,
            "date": 1772416800000,
            "message_type": "CHAT_MESSAGE",
            "text": "Xin chào",
            "from": {"id": lan.id, "display_name": "Lan", "is_bot": False},
            "chat": {"id": lan.id, "chat_type": "PRIVATE"},
        },
    }
    assert await client.bot("getUpdates", timeout=0) == {
        "ok": False,
        "description": "Request timeout",
        "error_code": 408,
    }


async def test_every_kind_of_message_has_its_event(fake: FakeZalo, client: Client) -> None:
    lan = fake.bot.person()
    await lan.sends_image(b"photo", "cột đèn")
    await lan.sends_image(b"photo", field_name="photo_url")
    await lan.sends_sticker()
    await lan.sends_voice(b"voice")
    await lan.sends_link("https://example.org")
    await lan.sends_something_else()

    updates = [(await client.bot("getUpdates"))["result"] for _ in range(6)]

    assert [update["event_name"] for update in updates] == [
        "message.image.received",
        "message.image.received",
        "message.sticker.received",
        "message.voice.received",
        "message.link.received",
        "message.unsupported.received",
    ]
    photo, other, sticker, voice, *_ = [update["message"] for update in updates]
    assert photo["caption"] == "cột đèn"
    assert sticker["sticker"]
    async with aiohttp.ClientSession() as session:
        for url in (photo["photo"], other["photo_url"]):
            async with session.get(url) as answer:
                assert await answer.read() == b"photo"
        async with session.get(voice["voice_url"]) as answer:
            assert await answer.read() == b"voice"


async def test_a_long_poll_waits_for_an_update(fake: FakeZalo, client: Client) -> None:
    waiting = asyncio.create_task(client.bot("getUpdates", timeout=5))
    await asyncio.sleep(0.01)
    await fake.bot.person().says("một")

    assert (await waiting)["result"]["message"]["text"] == "một"


async def test_an_old_update_may_be_seen_again(fake: FakeZalo, client: Client) -> None:
    lan = fake.bot.person()
    await lan.says("một")
    await lan.says("hai")
    fake.faults.next("getUpdates", Fault.LOST)
    with pytest.raises(aiohttp.ClientError):
        await client.bot("getUpdates")
    texts = [(await client.bot("getUpdates"))["result"]["message"]["text"]]
    fake.faults.next("getUpdates", Fault.AGAIN)
    texts += [(await client.bot("getUpdates"))["result"]["message"]["text"] for _ in range(2)]

    assert texts == ["một", "một", "hai"]
    assert fake.bot.updates.pending == []
    assert [event.body["message"]["text"] for event in fake.ledger.taken()] == texts


async def test_a_webhook_and_polling_exclude_each_other(client: Client, hook: Hook) -> None:
    assert (await client.bot("getWebhookInfo"))["error_code"] == 404
    assert (await client.bot("deleteWebhook"))["error_code"] == 404

    was_set = (await client.bot("setWebhook", url=hook.url, secret_token=SECRET))["result"]
    assert was_set == {"url": hook.url, "updated_at": 1772416800000}
    assert (await client.bot("getWebhookInfo"))["result"] == was_set
    refused = await client.bot("getUpdates")
    assert (refused["error_code"], "webhook" in refused["description"]) == (400, True)

    assert (await client.bot("deleteWebhook"))["result"]["url"] == ""
    assert (await client.bot("getUpdates", timeout=0))["error_code"] == 408


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://example.org/", SECRET),
        ("", SECRET),
        ("https://example.org/", ""),
        ("https://example.org/", "a" * 7),
        ("https://example.org/", "a" * 257),
    ],
)
async def test_webhooks_that_are_refused(client: Client, url: str, secret: str) -> None:
    assert (await client.bot("setWebhook", url=url, secret_token=secret))["error_code"] == 400
    assert (await client.bot("getWebhookInfo"))["error_code"] == 404


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_webhook_gets_what_was_waiting_in_either_form(
    fake: FakeZalo, client: Client, hook: Hook, *, wrapped: bool
) -> None:
    fake.bot.updates.wrapped = wrapped
    lan = fake.bot.person()
    await lan.says("trước")
    await client.bot("setWebhook", url=hook.url, secret_token=SECRET)
    await hook.received(1)
    await lan.says("sau")

    bodies = await hook.received(2)

    updates = [body["result"] if wrapped else body for body in bodies]
    assert [update["message"]["text"] for update in updates] == ["trước", "sau"]
    assert all(("ok" in body) is wrapped for body in bodies)
    assert [came.headers["x-bot-api-secret-token"] for came in hook.told] == [SECRET, SECRET]


async def test_a_webhook_that_fails_is_tried_again_and_kept(client: Client, hook: Hook) -> None:
    async with FakeZalo(second=0.00001) as fake:
        here = Client(fake, client.session, "")
        await here.bot("setWebhook", url=hook.url, secret_token=SECRET)
        hook.answers = [500] * 6
        await fake.bot.person().says("một")
        await fake.taken()

        assert len(hook.told) == 6
        assert (await here.bot("getWebhookInfo"))["ok"]


async def test_messages_arrive(fake: FakeZalo, client: Client) -> None:
    lan = fake.bot.person()
    await lan.says("Xin chào")
    to: Json = {"chat_id": lan.id}
    voice = "https://example.org/loi.aac"
    style = {"start": 0, "len": 3, "st": "b"}

    sent = await client.bot("sendMessage", **to, text="Chào Ông/Bà", parse_mode="markdown")
    assert (await client.bot("sendMessage", **to, text="a" * 2000, text_styles=[style]))["ok"]
    assert (await client.bot("sendPhoto", **to, photo="https://example.org/a.png", caption="ảnh"))["ok"]
    assert (await client.bot("sendSticker", **to, sticker="0e078a2fb66a5f34067b"))["ok"]
    assert (await client.bot("sendVoice", **to, voice_url=voice))["ok"]
    assert await client.bot("sendChatAction", **to, action="typing") == {"ok": True}

    assert sent["result"] == {"message_id": lan.received[0].id, "date": 1772416800000}
    assert [(one.method, one.text[:3], one.url) for one in lan.received] == [
        ("sendMessage", "Chà", ""),
        ("sendMessage", "aaa", ""),
        ("sendPhoto", "ảnh", "https://example.org/a.png"),
        ("sendSticker", "", ""),
        ("sendVoice", "", voice),
    ]
    assert lan.typing == 1


REFUSALS: dict[str, tuple[str, Json]] = {
    "empty": ("sendMessage", {"text": ""}),
    "too long": ("sendMessage", {"text": "a" * 2001}),
    "number": ("sendMessage", {"text": 7}),
    "parse mode": ("sendMessage", {"text": "a", "parse_mode": "HTML5"}),
    "styles": ("sendMessage", {"text": "a", "text_styles": [{"start": 0, "len": 2, "st": "b"}]}),
    "style": ("sendMessage", {"text": "a", "text_styles": "x"}),
    "caption": ("sendPhoto", {"photo": "https://example.org/a.png", "caption": "a" * 2001}),
    "photo": ("sendPhoto", {"photo": "a.png"}),
    "sticker": ("sendSticker", {}),
    "voice": ("sendVoice", {"voice_url": "https://example.org/loi.mp3"}),
    "action": ("sendChatAction", {"action": "upload_photo"}),
    "timeout": ("getUpdates", {"timeout": "soon"}),
}


@pytest.mark.parametrize(("method", "parameters"), REFUSALS.values(), ids=REFUSALS)
async def test_requests_that_are_refused(
    fake: FakeZalo, client: Client, method: str, parameters: Json
) -> None:
    lan = fake.bot.person()
    await lan.says("Xin chào")

    assert (await client.bot(method, chat_id=lan.id, **parameters))["error_code"] == 400
    assert lan.received == []


async def test_who_can_be_written_to(fake: FakeZalo, client: Client) -> None:
    lan = fake.bot.person()
    assert (await client.bot("sendMessage", chat_id="x", text="a"))["error_code"] == 400
    assert (await client.bot("sendMessage", chat_id=lan.id, text="a"))["error_code"] == 400
    await lan.says("Xin chào")
    assert (await client.bot("sendMessage", chat_id=lan.id, text="a"))["ok"]
    await lan.blocks()
    assert (await client.bot("sendMessage", chat_id=lan.id, text="a"))["error_code"] == 403
    await lan.unblocks()
    fake.later(timedelta(days=365))
    assert (await client.bot("sendMessage", chat_id=lan.id, text="a"))["ok"]


async def test_in_a_group_the_bot_hears_what_names_or_answers_it(fake: FakeZalo, client: Client) -> None:
    group = fake.bot.group()
    lan = fake.bot.person().at(group)
    await lan.says("Ai trực hôm nay?")
    await lan.says("@Cầu Nối còn bao nhiêu phản ánh?")
    sent = (await client.bot("sendMessage", chat_id=group.id, text="Còn 3"))["result"]["message_id"]
    await lan.says("Cảm ơn", reply_to=sent)

    updates = [(await client.bot("getUpdates"))["result"]["message"] for _ in range(2)]

    assert [update["text"] for update in updates] == ["@Cầu Nối còn bao nhiêu phản ánh?", "Cảm ơn"]
    assert updates[0]["chat"] == {"id": group.id, "chat_type": "GROUP"}
    assert [one.text for one in group.received] == ["Còn 3"]
    voice = "https://example.org/loi.aac"
    assert (await client.bot("sendVoice", chat_id=group.id, voice_url=voice))["error_code"] == 400


async def test_strangers_are_turned_away(fake: FakeZalo, client: Client) -> None:
    async with client.session.post(f"{fake.url}/bot1:x/getMe") as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (401, 401)
    assert (await client.bot("editMessage"))["error_code"] == 404
    url = f"{fake.url}/bot{fake.bot.token}/sendMessage"
    for body in ("{", "[]"):
        headers = {"Content-Type": "application/json"}
        async with client.session.post(url, data=body, headers=headers) as answer:
            assert answer.status == 400


async def test_too_many_messages_in_a_second_are_refused(client: Client) -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    async with FakeZalo(now=lambda: start, limits=True) as fake:
        lan = fake.bot.person()
        await lan.says("Xin chào")
        here = Client(fake, client.session, "")
        answers = [await here.bot("sendMessage", chat_id=lan.id, text="a") for _ in range(21)]
        fake.later(timedelta(seconds=1))
        answers.append(await here.bot("sendMessage", chat_id=lan.id, text="a"))

    assert [answer.get("error_code") for answer in answers] == [None] * 20 + [429, None]
