"""The simulator's page: what it is told, what it may ask for, and who may ask."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.simulator.places.group import NUMBER, Group
from bot.simulator.places.telegram import FIRST_NUMBER, Telegram
from bot.simulator.places.zalo_bot import ZaloBot
from bot.simulator.places.zalo_oa import ZaloOA
from bot.simulator.samples import ACCOUNT, BOT_NUMBERS, ZALO_NUMBERS, picture
from bot.simulator.scene import Stage
from bot.simulator.server import Server
from bot.simulator.shown import Someone, Web
from bot.simulator.telegram import FakeTelegram
from bot.simulator.zalo import FakeZalo
from bot.simulator.zalo.app import App

Json = dict[str, Any]
OFFICERS = (Someone("an", "Nguyễn Thị An"), Someone("cuong", "Phạm Quốc Cường"))


class Page:
    """The page in somebody's browser, and the two servers behind it."""

    def __init__(self, url: str, telegram: FakeTelegram, zalo: FakeZalo) -> None:
        self.url = url
        self.telegram = telegram
        self.zalo = zalo
        self.session = aiohttp.ClientSession()

    async def asks(self, **given: object) -> tuple[int, str]:
        async with self.session.post(f"{self.url}/acts", json=given) as answer:
            return answer.status, (await answer.json()).get("error", "")

    async def does(self, name: str, place: str = "telegram", **given: object) -> None:
        assert await self.asks(name=name, place=place, person="lan", **given) == (200, "")

    async def sees(self) -> Json:
        async with self.session.get(f"{self.url}/state") as answer:
            scene: Json = await answer.json()
            return scene

    async def place(self, name: str) -> Json:
        return next(place for place in (await self.sees())["places"] if place["id"] == name)

    async def lines(self, place: str, chat: str = "lan") -> list[Json]:
        found: list[Json] = next(
            each["lines"] for each in (await self.place(place))["chats"] if each["id"] == chat
        )
        return found

    async def bot_says(self, method: str = "sendMessage", **parameters: object) -> Json:
        """Let the bot of Telegram do something."""
        address = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(address, json=parameters) as answer:
            result: Json = (await answer.json())["result"]
            return result

    async def account_says(self, **message: object) -> None:
        """Let the Official Account write to Lan."""
        body = {"recipient": {"user_id": ZALO_NUMBERS["lan"]}, "message": message}
        headers = {"access_token": self.zalo.oauth.pair().access_token}
        address = f"{self.zalo.url}/v3.0/oa/message/cs"
        async with self.session.post(address, json=body, headers=headers) as answer:
            assert (await answer.json())["error"] == 0


class Watch:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def later(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    watch = Watch()
    async with (
        FakeTelegram(now=lambda: watch.now) as telegram,
        FakeZalo(App(*ACCOUNT), now=lambda: watch.now) as zalo,
        Server() as server,
    ):
        places = (
            Telegram(telegram),
            ZaloOA(zalo),
            ZaloBot(zalo),
            Group(telegram, "Cục Tiền lương", OFFICERS),
        )
        server.show(
            Stage(
                places={place.id: place for place in places},
                age=lambda: telegram.age + len(zalo.ledger.entries),
                now=lambda: watch.now,
                later=watch.later,
                web=Web("http://127.0.0.1:1/", "http://127.0.0.1:1/embed"),
                desks=OFFICERS[:1],
                desk=lambda officer: f"http://127.0.0.1:1/desk/signin/{officer}.once",
            )
        )
        opened = Page(server.url, telegram, zalo)
        yield opened
        await opened.session.close()


async def test_what_a_person_does_in_telegram_reaches_the_bot_and_is_shown(page: Page) -> None:
    await page.does("start")
    await page.does("say", text="luong co so")
    for name in ("sample", "album", "location", "contact", "sticker", "voice"):
        await page.does(name)
    lines = await page.lines("telegram")
    assert [line["text"] for line in lines[:2]] == ["/start", "luong co so"]
    assert [len(line["files"]) for line in lines[2:]] == [1, 1, 1, 1, 0, 0, 0, 1]
    assert [line["text"] for line in lines[6:9]] == [
        "Vị trí: 21.0287, 105.8523",
        "Danh thiếp: Lan, 0900000000",
        "👍",
    ]
    assert len(page.telegram.pending) == len(lines)
    assert all(line["marks"] == ["chưa tới bot"] for line in lines)


async def test_a_message_is_edited_answered_and_withdrawn_in_telegram(page: Page) -> None:
    await page.does("start")
    await page.does("say", text="một")
    first = (await page.lines("telegram"))[1]["id"]
    await page.does("edit", text="hai", message=first)
    await page.does("say", text="ba", message=first)
    lines = await page.lines("telegram")
    assert (lines[1]["text"], lines[1]["marks"][0], lines[2]["quote"]) == ("hai", "đã sửa", "hai")
    await page.does("withdraw", message=first)
    assert [line["text"] for line in await page.lines("telegram")] == ["/start", "ba"]


async def test_a_button_is_pressed_and_the_bot_edits_its_message_in_place(page: Page) -> None:
    await page.does("start")
    keyboard = {"inline_keyboard": [[{"text": "Đồng ý", "callback_data": "yes:1"}]]}
    sent = await page.bot_says(chat_id=FIRST_NUMBER, text="Đồng ý không?", reply_markup=keyboard)
    number = str(sent["message_id"])
    (shown,) = (await page.lines("telegram"))[1:]
    assert (shown["by"], shown["buttons"][0]["label"]) == ("bot", "Đồng ý")
    await page.does("press", message=number, data="yes:1")
    (press,) = [one["callback_query"] for one in page.telegram.pending if "callback_query" in one]
    await page.bot_says("answerCallbackQuery", callback_query_id=press["id"], text="Đã ghi nhận")
    await page.bot_says("editMessageText", chat_id=FIRST_NUMBER, message_id=number, text="Đã đồng ý.")
    lines, person = await page.lines("telegram"), (await page.place("telegram"))["people"][0]
    assert [(line["text"], line["buttons"]) for line in lines[1:]] == [("Đã đồng ý.", [])]
    assert (person["popup"], person["popups"]) == ("Đã ghi nhận", 1)
    gone = await page.asks(name="press", place="telegram", person="lan", message=number, data="yes:1")
    assert gone == (400, "Người, tin hoặc nút ấy không có ở đây nữa.")


async def test_who_has_blocked_the_bot_cannot_write_until_unblocking(page: Page) -> None:
    await page.does("start")
    await page.does("block")
    status, problem = await page.asks(name="say", place="telegram", person="lan", text="xin chào")
    assert (status, "đã chặn" in problem) == (400, True)
    assert (await page.place("telegram"))["chats"][0]["is_blocked"]
    await page.does("unblock")
    await page.does("say", text="xin chào")


async def test_two_people_have_a_conversation_each(page: Page) -> None:
    for place in ("telegram", "zalo_oa", "zalo_bot"):
        for person, text in (("lan", "của Lan"), ("minh", "của Minh")):
            assert await page.asks(name="say", place=place, person=person, text=text) == (200, "")
        assert [line["text"] for line in await page.lines(place)] == ["của Lan"]
        assert [line["text"] for line in await page.lines(place, "minh")] == ["của Minh"]


async def test_the_official_account_shows_its_window_its_buttons_and_its_officers(page: Page) -> None:
    state = (await page.place("zalo_oa"))["chats"][0]["state"]
    assert state == "Chưa từng tương tác: Official Account chưa được gửi tin."
    await page.does("follow", "zalo_oa")
    button = {"title": "Chấm điểm", "type": "oa.query.hide", "payload": "#rate:5"}
    attachment = {"type": "template", "payload": {"buttons": [button]}}
    await page.account_says(text="Xin chấm điểm", attachment=attachment)
    sent = (await page.lines("zalo_oa"))[1]
    await page.does("press", "zalo_oa", message=sent["id"], data="#rate:5")
    await page.does("officer", "zalo_oa", text="Tôi là cán bộ trực.")
    shown = [(line["by"], line["text"]) for line in await page.lines("zalo_oa")]
    assert shown == [
        ("note", "Đã quan tâm Official Account"),
        ("bot", "Xin chấm điểm"),
        ("note", "Đã bấm «Chấm điểm»"),
        ("officer", "Tôi là cán bộ trực."),
    ]
    assert (await page.place("zalo_oa"))["chats"][0]["state"] == "Đang quan tâm. Còn 48 giờ gửi miễn phí."
    await page.does("time", hours=72)
    assert "trừ vào gói tin" in (await page.place("zalo_oa"))["chats"][0]["state"]
    await page.does("time", hours=120)
    scene = await page.sees()
    assert "Im lặng quá 7 ngày" in scene["places"][1]["chats"][0]["state"]
    assert scene["ahead"] == 192


@pytest.mark.parametrize("place", ["zalo_oa", "zalo_bot"])
async def test_all_kinds_of_messages_are_shown_at_zalo(page: Page, place: str) -> None:
    file = {"name": "don.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
    for name in ("sample", "album", "location", "contact", "sticker", "voice"):
        await page.does(name, place)
    await page.does("file", place, files=[file])
    await page.does("say", place, text="Xin chào")
    lines = await page.lines(place)
    assert len(lines) == 10
    assert all(line["by"] == "person" and (line["text"] or line["files"]) for line in lines)
    key = lines[0]["files"][0]["key"]
    async with page.session.get(f"{page.url}/files/{place}/{key}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", picture())


async def test_nothing_but_pictures_opens_in_the_browser(page: Page) -> None:
    script = base64.b64encode(b"<script>alert(1)</script>").decode()
    await page.does("file", files=[{"name": "trang.html", "content": script}])
    (line,) = await page.lines("telegram")
    async with page.session.get(f"{page.url}/files/telegram/{line['files'][0]['key']}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with page.session.get(f"{page.url}/files/telegram/nothing") as answer:
        assert answer.status == 404


async def test_a_group_has_its_topics_members_and_their_own_chats(page: Page) -> None:
    topic = await page.bot_says("createForumTopic", chat_id=NUMBER, name="Hồ sơ A1B2C")
    number = str(topic["message_thread_id"])
    about = {"place": "group", "person": "an"}
    assert await page.asks(name="say", chat="0", text="Chào cả nhóm", **about) == (200, "")
    assert await page.asks(name="say", chat=number, text="Đã gọi cho xã", **about) == (200, "")
    link = "https://t.me/caunoi_bot?start=canbo_abc"
    assert await page.asks(name="say", chat="rieng-an", text=link, **about) == (200, "")
    stranger = {"place": "group", "person": "khach", "chat": number}
    assert await page.asks(name="say", text="Tôi đây", **stranger) == (200, "")
    assert [line["text"] for line in await page.lines("group", "0")] == ["Chào cả nhóm"]
    shown = [(line["by"], line["author"], line["text"]) for line in await page.lines("group", number)]
    assert shown == [
        ("note", "Cầu Nối", "Cầu Nối đã mở chủ đề «Hồ sơ A1B2C»"),
        ("person", "Nguyễn Thị An", "Đã gọi cho xã"),
        ("person", "Người lạ trong nhóm", "Tôi đây"),
    ]
    assert [line["text"] for line in await page.lines("group", "rieng-an")] == ["/start canbo_abc"]
    assert [line["owner"] for line in await page.lines("group", number)] == ["", "an", "khach"]
    assert (await page.asks(name="say", chat="999", text="đâu?", **about))[0] == 400
    assert (await page.asks(name="say", chat="rieng-cuong", text="đọc trộm", **about))[0] == 400


@pytest.mark.parametrize("place", ["telegram", "zalo_oa", "zalo_bot"])
async def test_every_trouble_can_be_caused_and_is_shown_until_it_has_happened(page: Page, place: str) -> None:
    troubles = (await page.place(place))["troubles"]
    assert len(troubles) >= 10
    for trouble in troubles:
        await page.does(trouble["name"], place, on=True)
    shown = (await page.place(place))["troubles"]
    assert all(one["is_on"] if one["is_lasting"] else one["waiting"] == 1 for one in shown)
    for trouble in troubles:
        if trouble["is_lasting"]:
            await page.does(trouble["name"], place, on=False)
    assert not any(one["is_on"] for one in (await page.place(place))["troubles"])


async def test_a_trouble_befalls_the_bot_and_is_counted(page: Page) -> None:
    await page.does("follow", "zalo_oa")
    await page.does("closed", "zalo_oa")
    with pytest.raises(AssertionError):
        await page.account_says(text="Xin chào")
    counts = {one["label"]: one["value"] for one in (await page.place("zalo_oa"))["counts"]}
    assert (counts["Lần gửi hỏng, mất trả lời"], counts["Tin bot đã gửi"]) == (1, 0)
    await page.account_says(text="Xin chào")
    await page.does("say", text="xin chào")
    assert {one["label"]: one["value"] for one in (await page.place("telegram"))["counts"]}["Chưa nhận"] == 1


async def test_the_stream_tells_of_every_change(page: Page) -> None:
    async with page.session.get(f"{page.url}/stream") as stream:
        assert stream.content_type == "text/event-stream"
        assert await _next(stream) == await page.sees()
        await page.does("start")
        told = await _next(stream)
        assert [line["text"] for line in told["places"][0]["chats"][0]["lines"]] == ["/start"]


async def test_the_desk_is_entered_by_a_fresh_link(page: Page) -> None:
    async with page.session.get(f"{page.url}/desk/an", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (
            303,
            "http://127.0.0.1:1/desk/signin/an.once",
        )
    async with page.session.get(f"{page.url}/desk/chi", allow_redirects=False) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "given",
    [
        [],
        {},
        {"name": 5},
        {"name": "say", "extra": ""},
        {"name": "say", "place": "nowhere", "person": "lan", "text": "a"},
        {"name": "fly", "place": "telegram", "person": "lan"},
        {"name": "fly", "place": "zalo_oa", "person": "lan"},
        {"name": "fly", "place": "zalo_bot", "person": "lan"},
        {"name": "say", "place": "telegram", "person": "nobody", "text": "a"},
        {"name": "say", "place": "telegram", "person": "lan", "text": " "},
        {"name": "say", "place": "telegram", "person": "lan", "text": "a" * 4097},
        {"name": "edit", "place": "telegram", "person": "lan", "text": "a", "message": "9"},
        {"name": "withdraw", "place": "telegram", "person": "lan", "message": "x"},
        {"name": "photo", "place": "telegram", "person": "lan"},
        {"name": "photo", "place": "zalo_bot", "person": "lan", "files": [{"name": "a", "content": "?"}]},
        {"name": "photo", "place": "telegram", "person": "lan", "files": "a"},
        {"name": "photo", "place": "telegram", "person": "lan", "files": [1]},
        {"name": "press", "place": "zalo_oa", "person": "lan", "data": "x"},
        {"name": "press", "place": "group", "person": "an", "chat": "0", "message": "1", "data": "x"},
        {"name": "time", "hours": -1},
        {"name": "time", "hours": "mai"},
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(page: Page, given: object) -> None:
    async with page.session.post(f"{page.url}/acts", json=given) as answer:
        problem = (await answer.json())["error"]
        assert answer.status == 400
        assert problem.endswith(".")


async def test_other_sites_reach_nothing(page: Page) -> None:
    act = {"name": "start", "place": "telegram", "person": "lan"}
    host = page.url.removeprefix("http://")
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Content-Type": "text/plain"},
    ]
    for headers in foreign:
        sent = {"Content-Type": "application/json", **headers}
        async with page.session.post(f"{page.url}/acts", data=json.dumps(act), headers=sent) as answer:
            assert answer.status in (403, 415)
    async with page.session.get(f"{page.url}/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    assert await page.lines("telegram") == []
    own = {"Origin": f"http://{host}"}
    async with page.session.post(f"{page.url}/acts", json=act, headers=own) as answer:
        assert answer.status == 200


async def test_the_page_runs_nothing_but_its_own_script(page: Page) -> None:
    for path in ("/", "/simulator.css", "/simulator.js"):
        async with page.session.get(page.url + path) as answer:
            assert answer.status == 200
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'; script-src 'self';" in policy
            assert "frame-src http://127.0.0.1:1/embed;" in policy
            assert "unsafe" not in policy
    async with page.session.get(page.url) as answer:
        html = await answer.text()
    assert "<script>" not in html
    assert "style=" not in html


async def _next(stream: aiohttp.ClientResponse) -> Json:
    async for line in stream.content:
        if line.startswith(b"data: "):
            told: Json = json.loads(line.removeprefix(b"data: "))
            return told
    raise AssertionError("the stream has ended")


def test_the_bot_and_the_account_know_people_by_other_numbers() -> None:
    assert not set(ZALO_NUMBERS.values()) & set(BOT_NUMBERS.values())
