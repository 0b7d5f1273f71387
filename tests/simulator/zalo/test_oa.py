"""What the Official Account's API takes, refuses, and answers. A refusal is an HTTP 200, too."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.zalo import Button, FakeZalo
from tests.simulator.zalo.hook import Client, Json, button, template

PNG = b"\x89PNG\r\n\x1a\n picture"
GIF = b"GIF89a picture"
PDF = b"%PDF-1.7"
IMAGE_URL = "https://example.org/anh.png"


async def test_a_text_arrives_and_the_answer_says_what_it_cost(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    asked = await lan.says("Đèn đường hỏng")

    answer = await client.send(lan.id, text="Đã tiếp nhận", quote_message_id=asked)

    sent = lan.received[0]
    assert (sent.text, sent.quote, sent.quota) == ("Đã tiếp nhận", asked, "reply")
    assert answer["error"] == 0
    assert answer["message"] == "Success"
    assert answer["data"]["message_id"] == sent.id
    assert answer["data"]["user_id"] == lan.id
    assert answer["data"]["quota"] == {
        "quota_type": "reply",
        "remain": "0",
        "total": "0",
        "expired_date": "31/03/2026",
        "owner_type": "OA",
        "owner_id": fake.app.oa_id,
    }


async def test_four_kinds_of_buttons_are_shown(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    buttons = [
        button("#new", "oa.query.show", "Gửi phản ánh"),
        button("#help", "oa.query.hide", "Trợ giúp"),
        button({"url": "https://example.org"}, "oa.open.url", "Cổng dịch vụ"),
        button({"phone_code": "19001234"}, "oa.open.phone", "Gọi tổng đài"),
        button({"content": "PA", "phone_code": "19001234"}, "oa.open.sms", "Nhắn tin"),
    ]

    await client.send(lan.id, text="Ông/Bà cần gì?", attachment=template(buttons=buttons))

    assert lan.received[0].buttons == (
        Button("Gửi phản ánh", "oa.query.show", "#new"),
        Button("Trợ giúp", "oa.query.hide", "#help"),
        Button("Cổng dịch vụ", "oa.open.url", "https://example.org"),
        Button("Gọi tổng đài", "oa.open.phone", "19001234"),
        Button("Nhắn tin", "oa.open.sms", "19001234"),
    )


async def test_a_list_and_a_form_are_shown(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    action = {"type": "oa.open.url", "url": "https://example.org"}
    first = {"title": "Đất đai", "subtitle": "Cấp sổ", "image_url": IMAGE_URL, "default_action": action}
    form = {"title": "Thông tin liên hệ", "subtitle": "Để trả lời", "image_url": IMAGE_URL}

    listed = await client.send(
        lan.id, attachment=template("list", elements=[first, {"title": "Hộ tịch"}], buttons=[button()])
    )
    asked = await client.send(lan.id, attachment=template("request_user_info", elements=[form]))

    assert (listed["error"], asked["error"]) == (0, 0)
    assert [sent.text for sent in lan.received] == ["Đất đai\nHộ tịch", "Thông tin liên hệ"]


async def test_pictures_and_files_are_handed_in_first(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    image = (await client.upload("image", PNG, "anh.png"))["data"]["attachment_id"]
    gif = (await client.upload("gif", GIF, "anh.gif"))["data"]["attachment_id"]
    file = (await client.upload("file", PDF, "don.pdf"))["data"]["token"]

    for kind, source in (("image", {"attachment_id": image}), ("gif", {"attachment_id": gif})):
        media = template("media", elements=[{"media_type": kind, **source}])
        assert (await client.send(lan.id, text=kind, attachment=media))["error"] == 0
    linked = template("media", elements=[{"media_type": "image", "url": IMAGE_URL}])
    assert (await client.send(lan.id, attachment=linked))["error"] == 0
    sticker = template("media", elements=[{"media_type": "sticker", "attachment_id": "bfe458bf64fa8da4d4eb"}])
    assert (await client.send(lan.id, attachment=sticker))["error"] == 0
    assert (await client.send(lan.id, attachment={"type": "file", "payload": {"token": file}}))["error"] == 0

    assert [(one.text, one.image, one.url, one.file, one.name) for one in lan.received] == [
        ("image", PNG, "", None, "anh.png"),
        ("gif", GIF, "", None, "anh.gif"),
        ("", None, IMAGE_URL, None, ""),
        ("", None, "", None, ""),
        ("", None, "", PDF, "don.pdf"),
    ]


REFUSED_UPLOADS = {
    "empty": ("image", b"", 0, "a.png", -201),
    "no picture": ("image", PDF, 0, "a.png", -201),
    "gif as image": ("image", GIF, 0, "a.gif", -201),
    "big image": ("image", PNG, 1_000_000, "a.png", -210),
    "big gif": ("gif", GIF, 5_000_000, "a.gif", -210),
    "big file": ("file", PDF, 5_000_000, "a.pdf", -210),
    "program": ("file", b"MZ", 0, "a.exe", -201),
}


@pytest.mark.parametrize(
    ("kind", "start", "more", "name", "code"), REFUSED_UPLOADS.values(), ids=REFUSED_UPLOADS
)
async def test_uploads_that_are_refused(
    client: Client, kind: str, start: bytes, more: int, name: str, code: int
) -> None:
    assert (await client.upload(kind, start + bytes(more), name))["error"] == code


async def test_what_was_handed_in_does_not_last(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.follows()
    token = (await client.upload("file", PDF, "don.pdf"))["data"]["token"]
    file = {"type": "file", "payload": {"token": token}}

    fake.later(timedelta(days=6))
    fresh = Client(fake, client.session, fake.oauth.pair().access_token)
    image = template("media", elements=[{"media_type": "image", "attachment_id": token}])
    assert (await fresh.send(lan.id, attachment=image))["error"] == -100
    assert (await fresh.send(lan.id, attachment=file))["error"] == 0
    fake.oa.uploads.expire()
    assert (await fresh.send(lan.id, attachment=file))["error"] == -100


TITLE = "a" * 101
REFUSALS: dict[str, tuple[Json, int]] = {
    "empty": ({"text": " "}, -201),
    "no text": ({}, -201),
    "number": ({"text": 7}, -201),
    "too long": ({"text": "a" * 2001}, -210),
    "quote": ({"text": "a", "quote_message_id": "x"}, -201),
    "no buttons": ({"text": "a", "attachment": template(buttons=[])}, -201),
    "six buttons": ({"text": "a", "attachment": template(buttons=[button()] * 6)}, -210),
    "title": ({"text": "a", "attachment": template(buttons=[button(title=TITLE)])}, -210),
    "no title": ({"text": "a", "attachment": template(buttons=[button(title="")])}, -201),
    "button": ({"text": "a", "attachment": template(buttons=[button(kind="oa.open.app")])}, -201),
    "payload": ({"text": "a", "attachment": template(buttons=[button({"url": "x"})])}, -201),
    "url": ({"text": "a", "attachment": template(buttons=[button({"url": "x"}, "oa.open.url")])}, -201),
    "sms": (
        {"text": "a", "attachment": template(buttons=[button({"phone_code": "1"}, "oa.open.sms")])},
        -201,
    ),
    "elements": ({"attachment": template("list", elements=[{"title": "a"}] * 6)}, -210),
    "subtitle": ({"attachment": template("list", elements=[{"title": "a", "subtitle": "a" * 501}])}, -210),
    "no element": ({"attachment": template("media", elements=[])}, -201),
    "media": ({"attachment": template("media", elements=[{"media_type": "video", "url": IMAGE_URL}])}, -233),
    "unknown image": (
        {"attachment": template("media", elements=[{"media_type": "image", "attachment_id": "x"}])},
        -100,
    ),
    "unknown file": ({"attachment": {"type": "file", "payload": {"token": "x"}}}, -100),
    "file and text": ({"text": "a", "attachment": {"type": "file", "payload": {"token": "x"}}}, -201),
    "attachment": ({"attachment": {"type": "video", "payload": {}}}, -233),
    "template": ({"attachment": template("carousel")}, -233),
    "promotion": ({"attachment": template("promotion", elements=[{"type": "banner"}])}, -233),
}


@pytest.mark.parametrize(("message", "code"), REFUSALS.values(), ids=REFUSALS)
async def test_messages_that_are_refused(fake: FakeZalo, client: Client, message: Json, code: int) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")

    answer = await client.send(lan.id, **message)

    assert answer.keys() == {"error", "message"}
    assert answer["error"] == code
    assert lan.received == []


async def test_limits_are_what_may_still_be_sent(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    full = template(buttons=[button(title="a" * 100)] * 5)

    assert (await client.send(lan.id, text="ấ" * 2000, attachment=full))["error"] == 0


async def test_requests_that_make_no_sense(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    address, recipient = "v3.0/oa/message/cs", {"user_id": lan.id}

    assert (await client.post(address, []))["error"] == -201
    assert (await client.post(address, {"message": {"text": "a"}}))["error"] == -201
    assert (await client.post(address, {"recipient": recipient}))["error"] == -201
    assert (await client.post(address, {"recipient": recipient, "message": "a"}))["error"] == -201
    assert (await client.send("1", text="a"))["error"] == -201
    assert (await client.get("v3.0/oa/user/detail"))["error"] == -201
    assert (await client.get("v3.0/oa/nothing"))["error"] == -209


async def test_the_token_is_looked_at_first(fake: FakeZalo, client: Client) -> None:
    stranger = Client(fake, client.session, "x")
    assert (await stranger.post("v3.0/oa/message/cs", []))["error"] == -216

    fake.later(timedelta(hours=25))
    expired = await client.get("v2.0/oa/getoa")
    assert expired == {"error": -216, "message": "Access token has expired"}

    fresh = Client(fake, client.session, fake.oauth.pair().access_token)
    assert (await fresh.get("v2.0/oa/getoa"))["data"]["oa_id"] == fake.app.oa_id
    fake.oauth.revoke()
    assert (await fresh.get("v2.0/oa/getoa"))["error"] == -220


async def test_for_two_days_replies_are_free_and_for_seven_they_are_paid(
    fake: FakeZalo, client: Client
) -> None:
    lan = fake.oa.person()

    async def quota() -> Json:
        client.token = fake.oauth.pair().access_token
        return await client.send(lan.id, text="a")

    assert (await quota())["error"] == -232
    await lan.says("Xin chào")
    fake.later(timedelta(hours=48))
    assert (await quota())["data"]["quota"]["quota_type"] == "reply"
    fake.later(timedelta(minutes=1))
    paid = (await quota())["data"]["quota"]
    assert (paid["quota_type"], paid["remain"], paid["total"]) == ("sub_quota", "499", "500")
    fake.later(timedelta(days=5) - timedelta(minutes=1))
    assert (await quota())["error"] == 0
    fake.later(timedelta(minutes=1))
    assert (await quota())["error"] == -230


@pytest.mark.parametrize("act", ["says", "presses", "follows", "opens_chat", "submits"])
async def test_acts_that_reopen_the_window(fake: FakeZalo, client: Client, act: str) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    await client.send(lan.id, text="?", attachment=template(buttons=[button()]))
    fake.later(timedelta(days=8))
    client.token = fake.oauth.pair().access_token
    assert (await client.send(lan.id, text="a"))["error"] == -230

    await getattr(lan, act)(*{"says": ["a"], "presses": ["#new"]}.get(act, []))

    assert (await client.send(lan.id, text="a"))["error"] == 0


@pytest.mark.parametrize("act", ["gets", "sees", "reacts", "unfollows", "withdraws"])
async def test_acts_that_do_not(fake: FakeZalo, client: Client, act: str) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    await client.send(lan.id, text="?")
    fake.later(timedelta(days=8))
    client.token = fake.oauth.pair().access_token

    await getattr(lan, act)()

    assert (await client.send(lan.id, text="a"))["error"] == -230


async def test_a_package_is_used_up_and_comes_again_next_month(client: Client) -> None:
    start = datetime(2026, 12, 30, 2, tzinfo=UTC)
    async with FakeZalo(now=lambda: start, package=1, free=2) as fake:
        lan = fake.oa.person()
        await lan.says("Xin chào")
        here = Client(fake, client.session, fake.oauth.pair().access_token)
        answers = [await here.send(lan.id, text="a") for _ in range(4)]
        fake.later(timedelta(days=2))
        here.token = fake.oauth.pair().access_token
        answers.append(await here.send(lan.id, text="a"))
        await lan.says("Còn đó không?")
        answers.append(await here.send(lan.id, text="a"))

    assert [answer["error"] for answer in answers] == [0, 0, 0, -211, 0, 0]
    quotas = [answer["data"]["quota"] for answer in answers if not answer["error"]]
    assert [(one["quota_type"], one["remain"], one["expired_date"]) for one in quotas] == [
        ("reply", "1", "31/12/2026"),
        ("reply", "0", "31/12/2026"),
        ("sub_quota", "0", "31/12/2026"),
        ("sub_quota", "0", "31/01/2027"),
        ("reply", "1", "31/01/2027"),
    ]


async def test_who_cannot_be_reached(fake: FakeZalo, client: Client) -> None:
    lan, minh = fake.oa.person(), fake.oa.person(name="Minh")
    for person in (lan, minh):
        await person.says("Xin chào")
    await lan.blocks()
    await minh.goes_silent()

    assert (await client.send(lan.id, text="a"))["error"] == -217
    assert (await client.send(minh.id, text="a"))["error"] == -227
    await lan.unblocks()
    assert (await client.send(lan.id, text="a"))["error"] == 0


NOTICE = [
    {"type": "banner", "image_url": IMAGE_URL},
    {"type": "header", "content": "Kết quả"},
    {"type": "table", "content": [{"key": "Mã", "value": "PA-2026-00123"}]},
]


async def test_a_transaction_reaches_back_a_year(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    notice = template("transaction_booking", elements=NOTICE)
    assert (await client.send(lan.id, "transaction", attachment=notice))["error"] == -232
    await lan.says("Xin chào")
    fake.later(timedelta(days=365))
    client.token = fake.oauth.pair().access_token

    assert (await client.send(lan.id, "transaction", text="Xong"))["error"] == -233
    assert (await client.send(lan.id, "transaction", attachment=notice))["error"] == 0
    assert lan.received[0].text == "Kết quả\nMã: PA-2026-00123"
    fake.later(timedelta(minutes=1))
    assert (await client.send(lan.id, "transaction", attachment=notice))["error"] == -232


async def test_a_promotion_goes_to_followers_by_day_and_once(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    news = template("promotion", elements=NOTICE)

    async def code() -> int:
        return int((await client.send(lan.id, "promotion", attachment=news))["error"])

    await lan.says("Xin chào")
    assert await code() == -213
    await lan.follows()
    fake.later(timedelta(hours=13))  # 22 o'clock
    assert await code() == -234
    fake.later(timedelta(hours=8))
    assert await code() == 0
    assert await code() == -218


async def test_a_reaction_is_all_that_version_2_still_sends(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    asked = await lan.says("Cảm ơn")
    recipient = {"user_id": lan.id}
    action = {"react_icon": "/-strong", "react_message_id": asked}

    reacted = await client.post("v2.0/oa/message", {"recipient": recipient, "sender_action": action})
    wrote = await client.post("v2.0/oa/message", {"recipient": recipient, "message": {"text": "a"}})

    assert reacted["error"] == 0
    assert wrote["error"] == -240
    assert [(sent.text, sent.quote) for sent in fake.sent(lan.id)] == [("/-strong", asked)]
    unknown = {"recipient": recipient, "sender_action": action | {"react_message_id": "x"}}
    assert (await client.post("v2.0/oa/message", unknown))["error"] == -201


async def test_profiles_show_what_was_shared(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person(name="Trần Thị Lan")
    await lan.follows()
    await lan.submits(name="Trần Thị Lan", phone="0912345678", city="Hà Nội")

    profile = (await client.get("v3.0/oa/user/detail", {"user_id": lan.id}))["data"]

    assert profile["display_name"] == "Trần Thị Lan"
    assert profile["user_is_follower"] is True
    assert profile["user_last_interaction_date"] == "02/03/2026"
    assert profile["shared_info"]["phone"] == "0912345678"
    assert profile["user_id"] == lan.id != profile["user_id_by_app"]
    assert (await client.get("v3.0/oa/user/detail", {"user_id": "1"}))["error"] == -201


async def test_users_are_listed_by_fifty(fake: FakeZalo, client: Client) -> None:
    people = [fake.oa.person() for _ in range(60)]
    await people[0].follows()

    async def page(**wanted: object) -> Json:
        return await client.get("v3.0/oa/user/getlist", wanted)

    assert [user["user_id"] for user in (await page(offset=50, count=50))["data"]["users"]] == [
        person.id for person in people[50:]
    ]
    assert (await page(is_follower="true"))["data"]["total"] == 1
    assert (await page(count=51))["error"] == -210
    assert (await page(offset=-1))["error"] == -201
    assert (await client.get("v2.0/oa/getoa"))["data"]["num_follower"] == 1


async def test_quotas_can_be_asked_for(client: Client) -> None:
    async with FakeZalo(free=8) as fake:
        lan = fake.oa.person()
        asked = await lan.says("Xin chào")
        here = Client(fake, client.session, fake.oauth.pair().access_token)
        await here.send(lan.id, text="a")

        owner = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
        (package,) = (await here.post("v3.0/oa/quota/message", owner))["data"]
        reply = (await here.post("v3.0/oa/quota/message", {"user_id": lan.id}))["data"]["cs_reply"]
        rest = (await here.post("v2.0/oa/quota/message", {"message_id": asked}))["data"]
        wrong = await here.post("v3.0/oa/quota/message", {"quota_owner": "me"})
        unknown = await here.post("v2.0/oa/quota/message", {"message_id": "x"})

    assert (package["total"], package["remain"]) == (500, 500)
    assert reply == rest == {"remain": 7, "total": 8}
    assert (wrong["error"], unknown["error"]) == (-201, -201)


async def test_too_many_calls_in_a_second_are_refused(client: Client) -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    async with FakeZalo(now=lambda: start, limits=True) as fake:
        lan = fake.oa.person()
        await lan.says("Xin chào")
        here = Client(fake, client.session, fake.oauth.pair().access_token)
        codes = [(await here.send(lan.id, text="a"))["error"] for _ in range(21)]
        fake.later(timedelta(seconds=1))
        codes.append((await here.send(lan.id, text="a"))["error"])

    assert codes == [0] * 20 + [-32, 0]


async def test_a_visitor_is_answered_by_conversation(fake: FakeZalo, client: Client) -> None:
    visitor = fake.oa.visitor()
    await visitor.says("Xin chào")
    event = fake.ledger.lost()[0].body
    recipient = {"conversation_id": event["message"]["conversation_id"]}

    answer = await client.post(
        "v3.0/oa/message/cs", {"recipient": recipient, "message": {"text": "Chào Ông/Bà"}}
    )

    assert answer["error"] == 0
    assert [sent.text for sent in visitor.received] == ["Chào Ông/Bà"]


async def test_a_group_is_written_to_by_its_id(fake: FakeZalo, client: Client) -> None:
    group = fake.oa.group()

    async def code(group_id: str) -> int:
        body = {"recipient": {"group_id": group_id}, "message": {"text": "Hôm nay có 3 phản ánh quá hạn"}}
        return int((await client.post("v3.0/oa/group/message", body))["error"])

    assert await code(group.id) == 0
    assert await code("x") == -201
    assert [sent.text for sent in group.received] == ["Hôm nay có 3 phản ánh quá hạn"]
