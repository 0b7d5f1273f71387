"""Groups, supergroups, and what a bot gets to see there."""

import pytest

from bot.simulator.telegram import FakeTelegram, Group, Member, Status
from tests.simulator.telegram.calls import AN, BINH, LAN, Call, Json, refusal, updates

BASIC, SUPER = -1001, -1_001_234_567_890
KEYBOARD = {"inline_keyboard": [[{"text": "Nhận", "callback_data": "take:17"}]]}


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    return fake.group(SUPER, "Tổ tiếp nhận", bot=Status.MEMBER)


@pytest.fixture
def an(fake: FakeTelegram, group: Group) -> Member:
    return group.member(fake.person(AN, "An"), Status.CREATOR)


@pytest.fixture
def binh(fake: FakeTelegram, group: Group) -> Member:
    return group.member(fake.person(BINH, "Bình", started=False))


async def heard(call: Call) -> list[str]:
    """Return the texts that have come since the last time."""
    found = await updates(call)
    if found:
        await updates(call, offset=found[-1]["update_id"] + 1)
    return [update["message"]["text"] for update in found if "text" in update.get("message", {})]


async def test_a_bot_hears_what_is_meant_for_it(call: Call, an: Member, binh: Member) -> None:
    await an.says("Chào cả nhà")
    await an.says("/help")
    await an.says("/nhan@Caunoi_Bot 17")
    await an.says("/nhan@other_bot 17")
    assert await heard(call) == ["/nhan@Caunoi_Bot 17"]

    asked = (await call("sendMessage", chat_id=SUPER, text="Ai nhận?"))["result"]["message_id"]
    await binh.replies(asked, "Tôi")
    await an.replies(await binh.says("Tôi bận"), "Vậy tôi")
    await an.says("/help")
    assert await heard(call) == ["Tôi", "/help"]


async def test_an_administrator_and_a_bot_without_privacy_hear_everything(
    fake: FakeTelegram, call: Call, an: Member
) -> None:
    await an.promotes_bot()
    await an.says("một")
    await an.demotes_bot()
    await an.says("hai")
    fake.hides(privacy=False)
    await an.says("ba")

    assert await heard(call) == ["một", "ba"]
    assert (await call("getMe"))["result"]["can_read_all_group_messages"] is True


async def test_edits_are_hidden_like_messages(call: Call, an: Member) -> None:
    hidden = await an.says("một")
    await an.edits("hai", hidden)
    shown = await an.says("/mot@caunoi_bot")
    await an.edits("/hai@caunoi_bot", shown)

    assert [set(update) - {"update_id"} for update in await updates(call)] == [
        {"message"},
        {"edited_message"},
    ]


async def test_how_a_bot_comes_and_goes(fake: FakeTelegram, call: Call) -> None:
    group = fake.group(SUPER, bot=Status.LEFT)
    an = group.member(fake.person(AN, "An"), Status.CREATOR)
    await an.says("/start@caunoi_bot")
    assert refusal(await call("sendMessage", chat_id=SUPER, text="a")) == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )

    await an.adds_bot()
    assert (await call("sendMessage", chat_id=SUPER, text="a"))["ok"]
    await an.promotes_bot("can_manage_topics")
    await an.demotes_bot()
    await an.removes_bot()
    assert refusal(await call("sendMessage", chat_id=SUPER, text="a")) == (
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    )
    await an.says("Đi rồi")

    found = await updates(call)
    changes = [update["my_chat_member"] for update in found if "my_chat_member" in update]
    assert [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "member"),
        ("member", "kicked"),
    ]
    assert changes[1]["new_chat_member"]["can_manage_topics"]
    assert not changes[1]["new_chat_member"]["can_delete_messages"]
    notes = [update["message"] for update in found if "message" in update]
    assert [sorted({"new_chat_members", "left_chat_member"} & note.keys()) for note in notes] == [
        ["new_chat_members"],
        ["left_chat_member"],
    ]


async def test_a_bot_leaves(fake: FakeTelegram, call: Call, group: Group, an: Member) -> None:
    assert (await call("leaveChat", chat_id=SUPER))["result"] is True

    assert group.status(int(fake.token.partition(":")[0])) is Status.LEFT
    assert [set(update) - {"update_id"} for update in await updates(call)] == [
        {"message"},
        {"my_chat_member"},
    ]
    assert not (await call("getChat", chat_id=SUPER))["ok"]
    assert an.id == AN


async def test_members_and_their_roles(call: Call, fake: FakeTelegram, group: Group, an: Member) -> None:
    minh, chi = fake.person(1002, "Minh"), group.member(fake.person(2003, "Chi"))
    await chi.leaves()

    async def status(person: int) -> str:
        return str((await call("getChatMember", chat_id=SUPER, user_id=person))["result"]["status"])

    assert [await status(one) for one in (an.id, chi.id, minh.id)] == ["creator", "left", "left"]
    assert (await call("getChatMemberCount", chat_id=SUPER))["result"] == 2
    assert [one["user"]["id"] for one in (await call("getChatAdministrators", chat_id=SUPER))["result"]] == [
        AN
    ]
    assert refusal(await call("getChatMember", chat_id=SUPER, user_id=5)) == (
        400,
        "Bad Request: user not found",
    )
    assert refusal(await call("getChatAdministrators", chat_id=1002)) == (
        400,
        "Bad Request: there are no administrators in the private chat",
    )
    with pytest.raises(PermissionError, match="not in the group"):
        await chi.says("Tôi còn đây")


async def test_who_joins_is_announced_and_told_to_those_who_ask(
    fake: FakeTelegram, call: Call, group: Group, an: Member
) -> None:
    await an.promotes_bot()
    await updates(call, allowed_updates=["message", "chat_member"])
    chi = group.member(fake.person(2003, "Chi"), Status.LEFT)
    await chi.joins()

    kinds = [set(update) - {"update_id"} for update in await updates(call)]
    assert kinds[-2:] == [{"chat_member"}, {"message"}]


async def test_presses_of_several_people_and_a_forged_one(call: Call, an: Member, binh: Member) -> None:
    asked = (await call("sendMessage", chat_id=SUPER, text="Ai nhận?", reply_markup=KEYBOARD))["result"]
    await an.presses(asked["message_id"], "Nhận")
    await binh.presses(asked["message_id"], "take:17")
    await binh.presses_data(asked["message_id"], "forged:data")

    presses = [update["callback_query"] for update in await updates(call)]

    assert [(press["from"]["id"], press["data"]) for press in presses] == [
        (AN, "take:17"),
        (BINH, "take:17"),
        (BINH, "forged:data"),
    ]
    assert len({press["chat_instance"] for press in presses}) == 1
    assert len({press["id"] for press in presses}) == 3
    with pytest.raises(LookupError, match="no button 'Trả'"):
        await an.presses(asked["message_id"], "Trả")


async def test_a_press_on_a_message_that_is_gone(call: Call, an: Member) -> None:
    asked = (await call("sendMessage", chat_id=SUPER, text="Ai nhận?"))["result"]["message_id"]
    await call("deleteMessage", chat_id=SUPER, message_id=asked)
    await an.presses_data(asked, "take:17")

    message = (await updates(call))[0]["callback_query"]["message"]

    assert (message["message_id"], message["date"], set(message)) == (
        asked,
        0,
        {"message_id", "date", "chat"},
    )


async def test_an_anonymous_administrator_writes_in_the_groups_name(
    fake: FakeTelegram, call: Call, group: Group, an: Member
) -> None:
    await an.promotes_bot()
    anonymous = group.member(fake.person(2004, "Chi"), anonymous=True)
    number = await anonymous.says("Đã xong")
    await anonymous.edits("Đã xong cả")

    sent, edited = (next(iter(update.values())) for update in map(_content, (await updates(call))[-2:]))

    assert sent["from"] == {
        "id": 1087968824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    assert sent["sender_chat"]["id"] == sent["chat"]["id"] == SUPER
    assert (edited["message_id"], edited["text"]) == (number, "Đã xong cả")


def _content(update: Json) -> Json:
    return {kind: content for kind, content in update.items() if kind != "update_id"}


async def test_a_group_becomes_a_supergroup(fake: FakeTelegram, call: Call) -> None:
    group = fake.group(BASIC)
    an = group.member(fake.person(AN, "An"), Status.CREATOR)
    assert (await call("sendMessage", chat_id=BASIC, text="a"))["result"]["chat"]["type"] == "group"

    new = await an.upgrades_group(forum=True)

    answer = await call("sendMessage", chat_id=BASIC, text="a")
    assert refusal(answer) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    moved = (await call("sendMessage", chat_id=new, text="a"))["result"]
    assert (moved["chat"]["type"], moved["chat"]["is_forum"]) == ("supergroup", True)
    out, into = (update["message"] for update in await updates(call))
    assert (out["chat"]["id"], out["migrate_to_chat_id"]) == (BASIC, new)
    assert (into["chat"]["id"], into["migrate_from_chat_id"]) == (new, BASIC)
    assert fake.group(new).status(AN) is Status.CREATOR


async def test_numbers_of_messages_are_counted_in_each_supergroup(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    places = (LAN, fake.group(BASIC).id, fake.group(SUPER).id, fake.group(SUPER - 1).id, LAN)

    sent = [(await call("sendMessage", chat_id=place, text="a"))["result"]["message_id"] for place in places]

    assert sent == [1, 2, 1, 1, 3]


async def test_who_never_wrote_to_the_bot_cannot_be_written_to(call: Call, binh: Member) -> None:
    assert refusal(await call("sendMessage", chat_id=binh.id, text="a")) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )


async def test_pins_need_the_right_and_leave_a_note(call: Call, an: Member, group: Group) -> None:
    number = (await call("sendMessage", chat_id=SUPER, text="Việc hôm nay"))["result"]["message_id"]
    assert refusal(await call("pinChatMessage", chat_id=SUPER, message_id=number)) == (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
    )
    await an.promotes_bot("can_pin_messages")

    assert (await call("pinChatMessage", chat_id=SUPER, message_id=number))["result"] is True
    note = (await updates(call))[-1]["message"]
    assert (note["from"]["username"], note["pinned_message"]["message_id"]) == ("caunoi_bot", number)
    assert (await call("getChat", chat_id=SUPER))["result"]["pinned_message"]["message_id"] == number
    assert refusal(await call("pinChatMessage", chat_id=SUPER, message_id=note["message_id"])) == (
        400,
        "Bad Request: message can't be pinned",
    )
    assert (await call("unpinChatMessage", chat_id=SUPER))["result"] is True
    assert group.pinned == []
    assert "message to unpin not found" in (await call("unpinChatMessage", chat_id=SUPER))["description"]


async def test_deleting_needs_the_right_or_a_young_message_of_ones_own(
    fake: FakeTelegram, call: Call, an: Member
) -> None:
    own = (await call("sendMessage", chat_id=SUPER, text="a"))["result"]["message_id"]
    other = await an.says("b")
    assert (
        "message can't be deleted"
        in (await call("deleteMessage", chat_id=SUPER, message_id=other))["description"]
    )
    fake.later(48 * 3600 + 1)
    assert refusal(await call("deleteMessage", chat_id=SUPER, message_id=own)) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )
    await an.promotes_bot("can_delete_messages")
    assert (await call("deleteMessage", chat_id=SUPER, message_id=other))["result"] is True


async def test_reactions_go_both_ways(fake: FakeTelegram, call: Call, an: Member) -> None:
    await updates(call, allowed_updates=["message", "message_reaction"])
    number = await an.says("/xong@caunoi_bot")

    async def react(*emoji: str) -> Json:
        reaction = [{"type": "emoji", "emoji": one} for one in emoji]
        return await call("setMessageReaction", chat_id=SUPER, message_id=number, reaction=reaction)

    assert (await react("👍"))["result"] is True
    assert "REACTION_INVALID" in (await react("x"))["description"]
    assert "REACTIONS_TOO_MANY" in (await react("👍", "👏"))["description"]
    assert fake.reactions(SUPER) == {number: ["👍"]}
    await an.reacts(number, "👏")
    await an.promotes_bot()
    await an.reacts(number, "🎉")
    reactions = [update for update in await updates(call) if "message_reaction" in update]
    assert [one["message_reaction"]["new_reaction"][0]["emoji"] for one in reactions] == ["🎉"]
