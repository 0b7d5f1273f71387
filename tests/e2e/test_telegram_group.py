"""A unit's Telegram group against the strict server: from the link at the desk to a repaired topic."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram.incoming import read
from bot.simulator.telegram import FakeTelegram
from bot.simulator.telegram.groups import Group
from bot.simulator.telegram.members import Member
from feedback.cases import Case, Status
from handlers.actions import accounts, cases
from handlers.library import Library
from storage.groups import Group as Bound
from storage.store import Store
from tests.channels.telegram.conftest import QUICK
from tests.conversations.stage import SECRET, Stage
from tests.handlers.desk.office import LAN

AN, MINH, NUMBER = 2001, 2002, -1_002_155_880_123
ANSWER = "Lương hưu đã chi trả ngày 30/11, không thiếu giấy tờ gì."


@dataclass
class Room:
    """The real channel, router, storage, worker and sender; the time is ours."""

    stage: Stage
    fake: FakeTelegram
    telegram: Telegram
    group: Group
    an: Member
    _read: int = 0

    async def settle(self) -> None:
        """Take what happened at Telegram, and let everything follow."""
        for update in self.fake.pending[self._read :]:
            self._read += 1
            if message := read(update, self.telegram.account, self.stage.now):
                await self.stage.door_keeps(message)
        for _ in range(4):  # a group takes a few messages in each
            await self.stage.settle()
            self.stage.now += timedelta(seconds=10)
        await self.stage.settle()

    async def passes(self, line: str) -> None:
        await self.stage.play(line)

    async def opens_a_case(self) -> Case:
        async with self.stage.store.begin(self.stage.now) as tx:
            case = cases.open_case(tx, self.stage.library, LAN)
        await self.settle()
        return case

    async def case(self, case: Case) -> Case:
        async with self.stage.store.look(self.stage.now) as tx:
            found = await tx.cases.by_id(case.id)
        assert found
        return found

    async def bound(self) -> Bound:
        async with self.stage.store.look(self.stage.now) as tx:
            found = await tx.groups.of_unit("TL-BHXH")
        assert found
        return found

    def topic_of(self, case: Case) -> int:
        return next(number for number, name in self.group.topics.items() if name.startswith(case.code))

    def card_of(self, case: Case, chat: int = NUMBER) -> int:
        return max(
            sent.id
            for sent in self.fake.sent(chat)
            if sent.text.startswith(case.code) and "Tình trạng" in sent.text
        )

    async def says(self, text: str, topic: int = 0, reply_to: int | None = None) -> int:
        number = await self.an.says(text, topic=topic, reply_to=reply_to)
        await self.settle()
        return number

    async def presses(self, message: int, label: str) -> None:
        await self.an.presses(message, label)
        await self.settle()

    def last(self, chat: int = NUMBER) -> int:
        return self.fake.sent(chat)[-1].id


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


async def room_in(store: Store, library: Library, fake: FakeTelegram, group: Group) -> AsyncIterator[Room]:
    telegram = Telegram(fake.token, fake.url, QUICK)
    await telegram.start()
    await telegram.set_webhook("http://127.0.0.1:9/nobody", "a-secret")  # tells which updates we want
    await telegram._bot.call("deleteWebhook")  # noqa: SLF001 - then we take them ourselves
    stage = Stage(store, library, telegram)
    an = fake.person(AN, "An")
    token = accounts.make(SECRET, "an", stage.now + accounts.LIFETIME)
    await an.starts(f"{accounts.START}{token}")
    room = Room(stage, fake, telegram, group, group.member(an))
    await room.settle()
    assert fake.sent(AN)[-1].text.startswith("Đã nối tài khoản này với Nguyễn Thị An")
    stage.in_groups = True
    await room.says("/noi")
    yield room
    await telegram.stop()


@pytest.fixture
async def room(store: Store, library: Library, fake: FakeTelegram) -> AsyncIterator[Room]:
    async for room in room_in(store, library, fake, fake.group(NUMBER, forum=True)):
        yield room


async def test_a_case_is_worked_on_in_its_topic(room: Room, fake: FakeTelegram) -> None:
    assert "Mỗi hồ sơ có một chủ đề riêng" in fake.sent(NUMBER)[-1].text
    case = await room.opens_a_case()
    topic, card = room.topic_of(case), room.card_of(case)
    assert room.group.topics[topic] == f"{case.code} · Phản ánh"
    shown = next(sent for sent in fake.sent(NUMBER) if sent.id == card)
    assert shown.topic == topic
    for secret in ("0912345678", "chat-of-lan-4711", "Bà Lan"):
        assert secret not in str(shown.plain)

    await room.presses(card, "Nhận xử lý")
    assert fake.answers[-1].text == "Đã nhận xử lý. Người dân được báo ngay."
    assert (await room.case(case)).officer == "an"
    assert "đang xử lý (Nguyễn Thị An)" in next(s.text for s in fake.sent(NUMBER) if s.id == card)

    await room.says("Đã gọi cho xã.", topic)
    assert fake.sent(NUMBER)[-1].text == "Đã ghi chú nội bộ. Gửi người dân?"
    await room.says(ANSWER, reply_to=card)
    preview = room.last()
    await room.presses(preview, "Gửi")
    assert fake.answers[-1].text.startswith("Sẽ gửi sau 10 giây")
    assert (await room.case(case)).status is Status.ACCEPTED
    await room.passes("~ 10 giây")
    assert (await room.case(case)).status is Status.ANSWERED
    assert next(s.text for s in fake.sent(NUMBER) if s.id == preview).startswith("Đã trả lời người dân")
    async with room.stage.store.look(room.stage.now) as tx:
        told = [item.message.text for item in await tx.outbox.of_case(case.id)]
    assert ANSWER in told[-1]
    assert fake.peaks().group_minute <= 18


async def test_strangers_get_a_word_and_nothing_else(room: Room, fake: FakeTelegram) -> None:
    case = await room.opens_a_case()
    minh = room.group.member(fake.person(MINH, "Minh"))
    ghost = room.group.member(fake.person(2003, "Ma"), anonymous=True)
    await minh.presses(room.card_of(case), "Nhận xử lý")
    await room.settle()
    assert fake.answers[-1].text.startswith("Không làm được")
    for member in (minh, ghost):
        await member.says("/traloi Xong.", topic=room.topic_of(case))
        await room.settle()
        assert fake.sent(NUMBER)[-1].text.startswith("Không làm được")
    assert (await room.case(case)).status is Status.ROUTED


async def test_a_deleted_topic_is_opened_again_once(room: Room, fake: FakeTelegram) -> None:
    case = await room.opens_a_case()
    first = room.topic_of(case)
    boss = room.group.member(fake.person(2004, "Sếp"), status=fake.group(NUMBER).status(fake_bot(fake)))
    await boss.deletes_topic(first)
    async with room.stage.store.begin(room.stage.now) as tx:
        cases.accept(tx, room.stage.library, case, room.stage.library.office.officer("an"))
    await room.settle()
    assert [name for name in room.group.topics.values() if name.startswith(case.code)] == [
        f"{case.code} · Phản ánh"
    ]
    assert room.topic_of(case) != first
    await room.presses(room.card_of(case), "Trả lời")
    assert "viết câu trả lời" in fake.sent(NUMBER)[-1].text


async def test_a_deleted_card_is_put_up_again(room: Room) -> None:
    case = await room.opens_a_case()
    card = room.card_of(case)
    await room.an.deletes(card)
    async with room.stage.store.begin(room.stage.now) as tx:
        cases.accept(tx, room.stage.library, case, room.stage.library.office.officer("an"))
    await room.settle()
    assert room.card_of(case) != card
    assert len(room.group.topics) == 1


async def test_without_the_right_to_open_topics_everything_stands_in_one_place(
    room: Room, fake: FakeTelegram
) -> None:
    boss = room.group.member(fake.person(2004, "Sếp"), status=fake.group(NUMBER).status(fake_bot(fake)))
    await boss.promotes_bot("can_manage_chat")
    await room.settle()
    assert (await room.bound()).wrong == "topics"
    case = await room.opens_a_case()
    assert room.group.topics == {}
    card = room.card_of(case)
    await room.says(ANSWER, reply_to=card)
    assert "Người dân sẽ đọc đúng như sau" in fake.sent(NUMBER)[-1].text
    await boss.promotes_bot()
    await room.settle()
    second = await room.opens_a_case()
    assert room.topic_of(second)


async def test_thrown_out_is_seen_at_the_desk_and_made_up_for_when_we_are_back(
    room: Room, fake: FakeTelegram
) -> None:
    boss = room.group.member(fake.person(2004, "Sếp"), status=fake.group(NUMBER).status(fake_bot(fake)))
    await boss.removes_bot()
    await room.settle()
    assert (await room.bound()).wrong == "outside"
    case = await room.opens_a_case()
    assert room.group.topics == {}
    await boss.adds_bot()
    await boss.promotes_bot()
    await room.settle()
    assert (await room.bound()).wrong == ""
    assert room.card_of(case)


async def test_a_group_that_becomes_a_supergroup_takes_its_cards_along(
    store: Store, library: Library, fake: FakeTelegram
) -> None:
    async for room in room_in(store, library, fake, fake.group(-7001)):
        case = await room.opens_a_case()
        assert room.card_of(case, -7001)
        boss = room.group.member(fake.person(2004, "Sếp"), status=fake.group(-7001).status(fake_bot(fake)))
        new = await boss.upgrades_group()
        async with store.begin(room.stage.now) as tx:
            cases.accept(tx, library, case, library.office.officer("an"))
        await room.stage.settle()  # we hear of it by a refusal, before we are told
        assert (await room.bound()).address.chat == str(new)
        assert "đang xử lý" in next(s.text for s in fake.sent(new) if s.id == room.card_of(case, new))
        await room.settle()
        assert (await room.bound()).address.chat == str(new)


def fake_bot(fake: FakeTelegram) -> int:
    return int(fake.token.partition(":")[0])
