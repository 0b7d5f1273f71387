"""The fake is held to aiogram's models, which nobody here wrote, and to the official error texts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from aiogram.types import ChatFullInfo, File, Message, Update, User, WebhookInfo
from aiohttp import web

from bot.simulator.telegram import FakeTelegram

Json = dict[str, Any]
Call = Callable[..., Coroutine[Any, Any, Json]]
LAN = 1001


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def call(fake: FakeTelegram) -> AsyncIterator[Call]:
    async with aiohttp.ClientSession() as session:

        async def post(method: str, **parameters: object) -> Json:
            async with session.post(f"{fake.url}/bot{fake.token}/{method}", json=parameters) as answer:
                body: Json = await answer.json()
            assert body["ok"] is (answer.status == 200)
            assert body["ok"] or body["error_code"] == answer.status
            return body

        yield post


async def updates(call: Call, **parameters: object) -> list[Json]:
    found: list[Json] = (await call("getUpdates", **parameters))["result"]
    return found


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


REFUSALS: dict[str, tuple[str, Json, str]] = {
    "unknown chat": ("sendMessage", {"chat_id": 5, "text": "a"}, "chat not found"),
    "no chat": ("sendMessage", {"text": "a"}, "chat_id is empty"),
    "empty": ("sendMessage", {"text": " \n"}, "message text is empty"),
    "too long": ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
    "caption": ("sendPhoto", {"photo": "FILE", "caption": "a" * 1025}, "wrong file_id or the file is"),
    "button data": (
        "sendMessage",
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "ấ" * 22}]]}},
        "BUTTON_DATA_INVALID",
    ),
    "reply": (
        "sendMessage",
        {"text": "a", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    "tag": (
        "sendMessage",
        {"text": "ấ<x>", "parse_mode": "HTML"},
        'Unsupported start tag "x" at byte offset 3',
    ),
    "bare <": (
        "sendMessage",
        {"text": "1 < 2", "parse_mode": "HTML"},
        'Unsupported start tag "" at byte offset 2',
    ),
    "open": ("sendMessage", {"text": "<b>a", "parse_mode": "HTML"}, "Can't find end tag corresponding to"),
    "crossed": (
        "sendMessage",
        {"text": "<b><i>a</b>", "parse_mode": "HTML"},
        'expected "</i>", found "</b>"',
    ),
    "edit": ("editMessageText", {"message_id": 99, "text": "a"}, "message to edit not found"),
    "delete": ("deleteMessage", {"message_id": 99}, "message to delete not found"),
    "file": ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    "query": (
        "answerCallbackQuery",
        {"callback_query_id": "x"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    "secret": (
        "setWebhook",
        {"url": "http://x", "secret_token": "có dấu"},
        "secret token contains unallowed",
    ),
}


@pytest.mark.parametrize(("method", "parameters", "text"), REFUSALS.values(), ids=REFUSALS)
async def test_refusals(fake: FakeTelegram, call: Call, method: str, parameters: Json, text: str) -> None:
    fake.person(LAN)
    where = {} if text.startswith("chat_id") else {"chat_id": LAN}

    answer = await call(method, **where | parameters)

    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert text in answer["description"]


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


async def test_strangers_are_turned_away(fake: FakeTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        for path, code, text in (
            ("/bot1:wrong/getMe", 401, "Unauthorized"),
            ("/botwrong/getMe", 404, "Not Found"),
            (f"/bot{fake.token}/sendGift", 404, "Not Found"),
        ):
            async with session.get(fake.url + path) as answer:
                assert await answer.json() == {"ok": False, "error_code": code, "description": text}


async def test_floods_are_stopped() -> None:
    async with FakeTelegram(flooded=True) as fake, aiohttp.ClientSession() as session:
        fake.person(LAN)
        url = f"{fake.url}/bot{fake.token}/sendMessage"
        for _ in range(3):
            async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
                assert answer.status == 200
        async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
            assert await answer.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 3",
                "parameters": {"retry_after": 3},
            }
        fake.later(3)
        async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
            assert answer.status == 200


async def test_updates_stay_until_they_are_confirmed(fake: FakeTelegram, call: Call) -> None:
    lan = fake.person(LAN)
    await lan.says("một")
    await lan.says("hai")

    first = await updates(call, limit=1)
    assert first == await updates(call, limit=1)
    second = await updates(call, offset=first[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in second] == ["hai"]
    assert await updates(call, offset=second[0]["update_id"] + 1) == []


async def test_a_long_poll_waits_for_an_update(fake: FakeTelegram, call: Call) -> None:
    waiting = asyncio.create_task(updates(call, timeout=5))
    await fake.called("getUpdates")
    await fake.person(LAN).says("một")

    assert len(await waiting) == 1


async def test_only_wanted_updates_come(fake: FakeTelegram, call: Call) -> None:
    await updates(call, allowed_updates=["message"])
    lan = fake.person(LAN)
    await lan.blocks()
    await lan.says("một")

    assert [set(update) for update in await updates(call)] == [{"update_id", "message"}]


async def test_three_conflicts(fake: FakeTelegram, call: Call) -> None:
    async def interrupted(method: str, **parameters: object) -> str:
        asked = len(fake.calls("getUpdates"))
        waiting = asyncio.create_task(call("getUpdates", timeout=5))
        await fake.called("getUpdates", asked + 1)
        await call(method, **parameters)
        answer = await waiting
        assert answer["error_code"] == 409
        return str(answer["description"])

    assert await interrupted("getUpdates") == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert await interrupted("setWebhook", url="http://127.0.0.1:9/") == (
        "Conflict: terminated by setWebhook request"
    )
    assert (await call("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )


class Hook:
    """A webhook that answers what a test tells it to, and remembers what came."""

    def __init__(self) -> None:
        self.url = ""
        self.texts: list[str] = []
        self._came = asyncio.Condition()
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []

    async def receive(self, request: web.Request) -> web.Response:
        self.texts.append((await request.json())["message"]["text"])
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        answer = self.answers.pop(0) if self.answers else web.Response()
        async with self._came:
            self._came.notify_all()
        return answer

    async def received(self, count: int) -> list[str]:
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.texts) >= count)
        return list(self.texts)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    told = Hook()
    app = web.Application()
    app.router.add_post("/", told.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield told
    await runner.cleanup()


async def test_a_webhook_gets_what_was_waiting_with_the_secret(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    await fake.person(LAN).says("trước")

    await call("setWebhook", url=hook.url, secret_token="bi-mat_1")

    assert await hook.received(1) == ["trước"]
    assert hook.secrets == ["bi-mat_1"]


async def test_a_chat_waits_for_its_own_update_and_nobody_elses(
    fake: FakeTelegram, call: Call, hook: Hook
) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.Response(status=503), web.Response(status=500), web.Response(status=204)]
    lan, minh = fake.person(LAN, "Lan"), fake.person(1002, "Minh")
    await lan.says("một")
    await hook.received(1)
    await lan.says("hai")
    assert await hook.received(2) == ["một", "một"]
    await minh.says("ba")

    await fake.taken()
    received = hook.texts

    assert [text for text in received if text != "ba"] == ["một", "một", "một", "hai"]
    assert sorted(status for _, status in fake.tries) == [200, 200, 204, 500, 503]
    assert fake.pending == []


async def test_retry_after_is_honoured(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.Response(status=503, headers={"Retry-After": "10"})]
    began = asyncio.get_running_loop().time()
    await fake.person(LAN).says("một")

    await hook.received(2)

    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_webhook_may_answer_with_a_method(fake: FakeTelegram, call: Call, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": LAN, "text": "Chào bà"})]
    await fake.person(LAN).says("/start")

    assert [sent.text for sent in await fake.sent_to(LAN, 1)] == ["Chào bà"]


@pytest.mark.parametrize(("kind", "kept"), [("reset", 0), ("lost", 1), ("half", 1)])
async def test_connections_break(fake: FakeTelegram, call: Call, kind: str, kept: int) -> None:
    fake.person(LAN)
    fake.fault("sendMessage", kind)

    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=LAN, text="a")

    assert len(fake.sent(LAN)) == kept
    assert (await call("sendMessage", chat_id=LAN, text="a"))["ok"]


async def test_a_fault_lasts_as_often_as_told(fake: FakeTelegram, call: Call) -> None:
    fake.fault("getMe", "429:7", times=2)

    assert [(await call("getMe")).get("parameters") for _ in range(3)] == [
        {"retry_after": 7},
        {"retry_after": 7},
        None,
    ]
