"""Supergroups with topics."""

import aiohttp
import pytest
from aiogram.types import Message

from bot.simulator.telegram import FakeTelegram, Group, Member, Status
from tests.simulator.telegram.calls import AN, BINH, Call, refusal, strict, updates

FORUM = -1_002_345_678_901


@pytest.fixture
def forum(fake: FakeTelegram) -> Group:
    return fake.group(FORUM, "Phản ánh", forum=True)


@pytest.fixture
def an(fake: FakeTelegram, forum: Group) -> Member:
    return forum.member(fake.person(AN, "An"), Status.CREATOR)


@pytest.fixture
def binh(fake: FakeTelegram, forum: Group) -> Member:
    return forum.member(fake.person(BINH, "Bình"))


async def opened(call: Call, name: str = "Đèn đường") -> int:
    return int((await call("createForumTopic", chat_id=FORUM, name=name))["result"]["message_thread_id"])


async def test_a_topic_is_opened_renamed_closed_reopened_and_deleted(call: Call, forum: Group) -> None:
    topic = await opened(call)
    where = {"chat_id": FORUM, "message_thread_id": topic}
    assert (await call("editForumTopic", **where, name="Đèn ngõ 12"))["result"] is True
    assert forum.topics == {topic: "Đèn ngõ 12"}
    assert (await call("closeForumTopic", **where))["result"] is True
    assert forum.closed == {topic}
    assert (await call("reopenForumTopic", **where))["result"] is True
    notes = [update["message"] for update in await updates(call)]
    assert [note["message_thread_id"] for note in notes] == [topic] * 4
    assert all(note["is_topic_message"] and note["from"]["username"] == "caunoi_bot" for note in notes)
    assert notes[0]["message_id"] == topic
    assert "reply_to_message" not in notes[0]
    assert notes[1]["forum_topic_edited"] == {"name": "Đèn ngõ 12"}
    assert [note["reply_to_message"]["message_id"] for note in notes[1:]] == [topic] * 3

    assert (await call("deleteForumTopic", **where))["result"] is True

    assert forum.topics == {}
    assert refusal(await call("sendMessage", **where, text="a")) == (
        400,
        "Bad Request: message thread not found",
    )
    assert refusal(await call("closeForumTopic", **where)) == (400, "Bad Request: TOPIC_ID_INVALID")


async def test_what_is_in_a_topic_says_so_and_replies_to_something(call: Call, an: Member) -> None:
    topic = await opened(call)
    sent = (await call("sendMessage", chat_id=FORUM, message_thread_id=topic, text="Mới"))["result"]
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    assert sent["reply_to_message"]["forum_topic_created"]["name"] == "Đèn đường"

    await an.replies(sent["message_id"], "Đã nhận")
    await an.says("Đang làm", topic=topic)
    await an.says("Chào cả nhà")

    replied, said, general = (update["message"] for update in (await updates(call))[-3:])
    assert (replied["message_thread_id"], replied["reply_to_message"]["text"]) == (topic, "Mới")
    assert "reply_to_message" not in replied["reply_to_message"]
    assert said["reply_to_message"]["message_id"] == topic
    assert not {"message_thread_id", "is_topic_message", "reply_to_message"} & general.keys()


async def test_an_answer_is_in_the_topic_of_what_it_answers(call: Call, an: Member) -> None:
    topic, other = await opened(call), await opened(call, "Rác")
    number = await an.says("Đang làm", topic=topic)
    reply = {"reply_parameters": {"message_id": number}}

    sent = (await call("sendMessage", chat_id=FORUM, text="Rõ", **reply))["result"]
    elsewhere = await call("sendMessage", chat_id=FORUM, text="Rõ", message_thread_id=other, **reply)

    assert sent["message_thread_id"] == topic
    assert refusal(elsewhere) == (400, "Bad Request: message to be replied not found")


async def test_the_general_topic_has_no_number(call: Call, fake: FakeTelegram, forum: Group) -> None:
    assert refusal(await call("sendMessage", chat_id=FORUM, message_thread_id=1, text="a")) == (
        400,
        "Bad Request: message thread not found",
    )
    assert (await call("sendMessage", chat_id=FORUM, text="a"))["ok"]
    assert [sent.topic for sent in fake.sent(FORUM)] == [None]
    assert forum.topics == {}


async def test_files_go_into_topics(fake: FakeTelegram, call: Call, forum: Group) -> None:
    topic = await opened(call)
    form = aiohttp.FormData({"chat_id": str(forum.id), "message_thread_id": str(topic)})
    form.add_field("photo", b"JPEG", filename="anh.jpg", content_type="image/jpeg")
    url = f"{fake.url}/bot{fake.token}/sendPhoto"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        message = (await answer.json())["result"]
    strict(Message, message)
    assert [(sent.topic, sent.file) for sent in fake.sent(forum.id)] == [(topic, b"JPEG")]


async def test_without_rights_a_bot_keeps_its_hands_off(call: Call, an: Member, fake: FakeTelegram) -> None:
    own, theirs = await opened(call), await an.begins_topic("Rác")
    await an.demotes_bot()
    for method, more, reason in (
        ("createForumTopic", {"name": "a"}, "not enough rights to create a topic"),
        ("editForumTopic", {"message_thread_id": theirs, "name": "a"}, "not enough rights to edit the topic"),
        ("closeForumTopic", {"message_thread_id": theirs}, "not enough rights to close or open the topic"),
        ("deleteForumTopic", {"message_thread_id": theirs}, "not enough rights to delete the topic"),
    ):
        assert refusal(await call(method, chat_id=FORUM, **more)) == (400, f"Bad Request: {reason}")
    assert (await call("closeForumTopic", chat_id=FORUM, message_thread_id=own))["ok"]
    assert fake.group(FORUM).closed == {own}


async def test_closed_topics_are_for_those_in_charge(call: Call, an: Member, binh: Member) -> None:
    topic = await an.begins_topic("Rác")
    await an.closes_topic(topic)
    where = {"chat_id": FORUM, "message_thread_id": topic, "text": "a"}
    assert (await call("sendMessage", **where))["ok"]
    await an.demotes_bot()
    assert refusal(await call("sendMessage", **where)) == (400, "Bad Request: TOPIC_CLOSED")
    await an.says("Xong", topic=topic)
    with pytest.raises(PermissionError, match="closed"):
        await binh.says("Chưa", topic=topic)
    await an.reopens_topic(topic)
    await binh.says("Chưa", topic=topic)


async def test_people_delete_a_topic_and_nobody_tells_the_bot(call: Call, an: Member, binh: Member) -> None:
    topic = await opened(call)
    count = len(await updates(call))
    with pytest.raises(PermissionError, match="no administrator"):
        await binh.deletes_topic(topic)
    await an.deletes_topic(topic)

    assert len(await updates(call)) == count
    answer = await call("sendMessage", chat_id=FORUM, message_thread_id=topic, text="a")
    assert refusal(answer) == (400, "Bad Request: message thread not found")


async def test_people_rename_topics_and_pin_in_them(call: Call, an: Member, forum: Group) -> None:
    topic = await opened(call)
    await an.renames_topic(topic, "Rác ngõ 3")
    number = await an.says("Việc hôm nay", topic=topic)
    await an.pins(number)
    note = (await updates(call))[-1]["message"]
    assert (note["message_thread_id"], note["pinned_message"]["message_id"]) == (topic, number)
    assert "reply_to_message" not in note["pinned_message"]
    assert (forum.topics, forum.pinned) == ({topic: "Rác ngõ 3"}, [number])


@pytest.mark.usefixtures("forum")
async def test_changes_must_change_something(call: Call) -> None:
    topic = {"chat_id": FORUM, "message_thread_id": await opened(call)}
    for method, more in (("editForumTopic", {"name": "Đèn đường"}), ("reopenForumTopic", {})):
        assert refusal(await call(method, **topic, **more)) == (400, "Bad Request: TOPIC_NOT_MODIFIED")
    assert (await call("editForumTopic", **topic))["ok"]


@pytest.mark.usefixtures("forum")
async def test_names_and_colors_are_checked(call: Call, fake: FakeTelegram) -> None:
    made = await call("createForumTopic", chat_id=FORUM, name="ô" * 200, icon_color=16766590)
    assert made["result"]["name"] == "ô" * 128
    assert (
        "title must be non-empty" in (await call("createForumTopic", chat_id=FORUM, name=" "))["description"]
    )
    odd = await call("createForumTopic", chat_id=FORUM, name="a", icon_color=3)
    assert "invalid icon color" in odd["description"]
    plain = await call("createForumTopic", chat_id=fake.group(FORUM - 1).id, name="a")
    assert refusal(plain) == (400, "Bad Request: the chat is not a forum")
