"""The fake is held to three clients that nobody here wrote, as they come from the package index."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import zalo_sdk  # type: ignore[import-untyped]
from zalo_bot import Bot, Message, Update  # type: ignore[import-untyped]
from zalo_bot._webhook import Webhook  # type: ignore[import-untyped]
from zalo_bot.error import (  # type: ignore[import-untyped]
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
)
from zalo_bot_mcp import zalo_api  # type: ignore[import-untyped]
from zalo_sdk.oa import (  # type: ignore[import-untyped]
    Client,
    ZaloAction,
    ZaloAttachment,
    ZaloMessageBody,
    ZaloRecipient,
)

from bot.simulator.zalo import Button, FakeZalo, Fault
from tests.simulator.zalo.hook import Hook, Json, button, template

PNG = b"\x89PNG\r\n\x1a\n picture"
SECRET = "bi-mat-1"


class Official:
    """zalo_sdk: it blocks, so it works in a thread."""

    def __init__(self, fake: FakeZalo) -> None:
        pair, app = fake.oauth.pair(), fake.app
        self.sdk = Client(
            app.app_id, app.app_secret, pair.access_token, pair.refresh_token, endpoint_prefix=fake.url
        )

    async def __call__(self, method: str, *given: object, **more: object) -> Json:
        found: Json = await asyncio.to_thread(getattr(self.sdk, method), *given, **more)
        return found

    async def send(self, user_id: str, text: str | None = None, **more: object) -> Json:
        attachment = more.pop("attachment", None)
        if isinstance(attachment, dict):
            more["attachment"] = ZaloAttachment(attachment["type"], attachment["payload"])
        return await self("send_message", ZaloRecipient(user_id=user_id), ZaloMessageBody(text=text, **more))


@pytest.fixture
def official(fake: FakeZalo) -> Official:
    return Official(fake)


async def test_zalo_sdk_sends_texts_buttons_pictures_and_files(fake: FakeZalo, official: Official) -> None:
    lan = fake.oa.person()
    asked = await lan.says("Xin chào")
    image = await official("upload_file", PNG, "image", "anh.png", "image/png")
    file = await official("upload_file", b"%PDF", "file", "don.pdf", "application/pdf")
    media = template(
        "media", elements=[{"media_type": "image", "attachment_id": image["data"]["attachment_id"]}]
    )

    answer = await official.send(lan.id, "Chào Ông/Bà", quote_message_id=asked)
    await official.send(lan.id, "Ông/Bà cần gì?", attachment=template(buttons=[button()]))
    await official.send(lan.id, "Ảnh", attachment=media)
    await official.send(lan.id, attachment={"type": "file", "payload": {"token": file["data"]["token"]}})

    assert answer["data"]["message_id"] == lan.received[0].id
    assert [(one.text, one.quote) for one in lan.received][:2] == [
        ("Chào Ông/Bà", asked),
        ("Ông/Bà cần gì?", ""),
    ]
    assert lan.received[1].buttons == (Button("Gửi phản ánh", "oa.query.hide", "#new"),)
    assert (lan.received[2].image, lan.received[3].file) == (PNG, b"%PDF")


async def test_zalo_sdk_reacts_and_reads_profiles_and_quotas(fake: FakeZalo, official: Official) -> None:
    lan = fake.oa.person(name="Trần Thị Lan")
    asked = await lan.says("Cảm ơn")
    recipient, action = ZaloRecipient(user_id=lan.id), ZaloAction("/-strong", asked)

    await official("send_message", recipient, action=action, category="action")
    profile = await official("get_user_detail", lan.id)
    users = await official("get_list", {"offset": 0, "count": 50})
    quotas = await official("get_zalo_oa_quotas", "OA", "cs", "sub_quota")
    rest = await official("get_zalo_user_quotas", lan.id)
    free = await official("get_free_response_quota", asked)

    assert [sent.text for sent in fake.sent(lan.id)] == ["/-strong"]
    assert profile["data"]["display_name"] == "Trần Thị Lan"
    assert users["data"]["users"] == [{"user_id": lan.id}]
    assert quotas["data"][0]["remain"] == 500
    assert rest["data"]["cs_reply"] == free["data"] == {"remain": 0, "total": 0}


async def test_zalo_sdk_sends_the_templates_of_its_own_tests(fake: FakeZalo, official: Official) -> None:
    lan = fake.oa.person()
    await lan.follows()
    elements = [
        {"type": "header", "content": "Trạng thái", "align": "left"},
        {"type": "table", "content": [{"key": "Mã", "value": "PA-2026-00123"}]},
    ]
    for category, name in (("transaction", "transaction_order"), ("media", "promotion")):
        body = ZaloMessageBody(
            attachment=ZaloAttachment("template", template(name, elements=elements)["payload"])
        )
        answer = await official("send_message", ZaloRecipient(user_id=lan.id), body, category=category)
        assert answer["error"] == 0


async def test_zalo_sdk_understands_refusals(fake: FakeZalo, official: Official) -> None:
    lan = fake.oa.person()
    with pytest.raises(zalo_sdk.ZaloOAException, match="-232"):
        await official.send(lan.id, "a")
    await lan.says("Xin chào")
    for fault, text in ((Fault.RATE, "Rate limited"), (Fault.CLOSED, "past 7 days"), (Fault.BROKEN, "HTTP")):
        fake.faults.next("message/cs", fault)
        with pytest.raises(Exception, match=text):
            await official.send(lan.id, "a")
    fake.faults.next("message/cs", Fault.EXPIRED)
    with pytest.raises(zalo_sdk.ZaloOAAuthTokenExpiredException):
        await official.send(lan.id, "a")


async def test_zalo_sdk_finds_the_permission_page_and_reads_the_tokens(
    fake: FakeZalo, official: Official
) -> None:
    asked = official.sdk.request_authoriation_code_url("https://example.org/back", state="x")
    parts = urlsplit(asked)
    form = {"app_id": fake.app.app_id, "grant_type": "refresh_token"}
    headers = {"secret_key": fake.app.app_secret}

    async def refresh(session: aiohttp.ClientSession) -> Any:  # noqa: ANN401 - JSON
        data = form | {"refresh_token": before}
        async with session.post(f"{fake.url}/v4/oa/access_token", data=data, headers=headers) as answer:
            return await answer.json()

    before = official.sdk.refresh_token
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{fake.url}{parts.path}?{parts.query}") as page:
            assert "Cho phép" in await page.text()
        official.sdk.check_and_set_token(await refresh(session))
        assert official.sdk.refresh_token != before
        with pytest.raises(zalo_sdk.ZaloOAException, match="-14014"):
            official.sdk.check_zalo_oa_error(await refresh(session))
    assert (await official("get_list", {"offset": 0, "count": 1}))["error"] == 0


async def test_python_zalo_bot_polls_and_answers(fake: FakeZalo) -> None:
    lan = fake.bot.person(name="Lan")
    async with Bot(fake.bot.token, base_url=fake.url) as bot:
        assert (await bot.get_me()).id == fake.app.bot_id
        with pytest.raises(NetworkError, match="Request timeout"):
            await bot.get_update(timeout=0)
        number = await lan.says("/start")

        update = await bot.get_update(timeout=5)
        sent = await update.message.reply_text("Chào Ông/Bà")
        await bot.send_message(lan.id, "Mã tra cứu: PA-1", reply_to_message_id=number)
        await update.message.reply_photo("https://example.org/anh.png", "Ảnh")
        await update.message.reply_sticker("0e078a2fb66a5f34067b")
        await update.message.reply_action("typing")

    assert update.effective_user.display_name == "Lan"
    assert update.message.message_id == number
    assert update.message.chat.type == "PRIVATE"
    assert isinstance(sent, Message)
    assert [(one.text, one.quote) for one in lan.received] == [
        ("Chào Ông/Bà", ""),
        ("Mã tra cứu: PA-1", number),
        ("Ảnh", ""),
        ("", ""),
    ]
    assert sent.message_id == lan.received[0].id
    assert lan.typing == 1


async def test_python_zalo_bot_sets_a_webhook_and_reads_what_it_is_told(fake: FakeZalo, hook: Hook) -> None:
    async def ask(method: str, *given: str) -> object:
        """These methods start an event loop of their own."""
        bot = Bot(fake.bot.token, base_url=fake.url)
        found: object = await asyncio.to_thread(getattr(bot, method), *given)
        return found

    lan = fake.bot.person()
    with pytest.raises(InvalidToken, match="Not Found"):
        await ask("get_webhook_info")
    assert await ask("set_webhook", hook.url, SECRET)
    info = await ask("get_webhook_info")
    async with Bot(fake.bot.token, base_url=fake.url) as bot:
        with pytest.raises(BadRequest, match="webhook"):
            await bot.get_update(timeout=0)
    await lan.says("Xin chào")
    await hook.received(1)
    await lan.sends_image(b"photo", "cột đèn", field_name="photo_url")
    bodies = await hook.received(2)
    assert await ask("delete_webhook")

    text, photo = (Update.de_json(body["result"]).message for body in bodies)
    assert isinstance(info, Webhook)
    assert info.url == hook.url
    assert text.text == "Xin chào"
    assert photo.photo_url.startswith(fake.url)


async def test_python_zalo_bot_understands_refusals(fake: FakeZalo) -> None:
    lan = fake.bot.person()
    await lan.says("Xin chào")
    async with Bot(fake.bot.token, base_url=fake.url) as bot:
        with pytest.raises(BadRequest):
            await bot.send_message(lan.id, "a" * 2001)
        for fault, error in (
            (Fault.BLOCKED, Forbidden),
            (Fault.EXPIRED, InvalidToken),
            (Fault.RATE, NetworkError),
            (Fault.LOST, NetworkError),
        ):
            fake.faults.next("sendMessage", fault)
            with pytest.raises(error):
                await bot.send_message(lan.id, "a")
    with pytest.raises(InvalidToken):
        async with Bot("1:x", base_url=fake.url):
            pass


class Redirected(httpx.AsyncHTTPTransport):
    """Leads a client whose server cannot be chosen to ours."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme=self._url.scheme, host=self._url.host, port=self._url.port)
        return await super().handle_async_request(request)


async def test_zalo_bot_mcp_polls_and_answers(fake: FakeZalo) -> None:
    lan = fake.bot.person("6ede9afa66b88fe6d6a9", "Lan")
    async with zalo_api.ZaloBotApi(fake.bot.token, transport=Redirected(fake.url)) as api:
        assert (await api.get_me())["id"] == fake.app.bot_id
        assert await api.get_webhook_info() is None
        assert await api.get_updates(timeout=0) is None
        await lan.sends_sticker()
        assert zalo_api.parse_update(await api.get_updates(timeout=0)) is None
        number = await lan.says("Xin chào")

        message = zalo_api.parse_update(await api.get_updates(timeout=0))
        await api.send_chat_action(message.chat_id)
        await api.send_message(message.chat_id, "**Chào** Ông/Bà", parse_mode="markdown")

    assert message == zalo_api.InboundMessage(
        user_id=lan.id,
        display_name="Lan",
        is_bot=False,
        chat_id=lan.id,
        chat_type="PRIVATE",
        text="Xin chào",
        message_id=number,
        date=fake.clock.stamp(),
    )
    assert [sent.text for sent in lan.received] == ["**Chào** Ông/Bà"]


async def test_zalo_bot_mcp_knows_what_will_pass_from_what_will_not(fake: FakeZalo, hook: Hook) -> None:
    lan = fake.bot.person()
    await lan.says("Xin chào")
    async with zalo_api.ZaloBotApi(fake.bot.token, transport=Redirected(fake.url)) as api:
        for fault in (Fault.RATE, Fault.BROKEN, Fault.GATEWAY, Fault.RESET, Fault.LOST, Fault.HALF):
            fake.faults.next("sendMessage", fault)
            with pytest.raises(zalo_api.ZaloTransientError):
                await api.send_message(lan.id, "a")
        for fault in (Fault.BLOCKED, Fault.EXPIRED):
            fake.faults.next("sendMessage", fault)
            with pytest.raises(zalo_api.ZaloClientError):
                await api.send_message(lan.id, "a")
        async with aiohttp.ClientSession() as session:
            address = f"{fake.url}/bot{fake.bot.token}/setWebhook"
            await session.post(address, json={"url": hook.url, "secret_token": SECRET})
        assert (await api.get_webhook_info())["url"] == hook.url
        with pytest.raises(zalo_api.ZaloClientError, match="webhook"):
            await api.get_updates(timeout=0)
