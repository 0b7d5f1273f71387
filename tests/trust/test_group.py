"""Only officers of the unit act in its group: what others try changes nothing, is refused and recorded."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from feedback.cases import Case
from feedback.messages import Incoming, Kind
from feedback.staff import Officer, Role
from handlers.actions import cases
from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage
from tests.handlers.desk.office import LAN

MINE, THEIRS, NOWHERE = "nhóm TL-BHXH", "nhóm CCVC", "nhóm lạ"
WATCHED = ("cases", "case_events", "drafts", "groups", "officer_accounts")
ANONYMOUS = "-1002155880123"  # a group in whose name an administrator writes
VERBS = ("send", "edit", "cancel", "undo", "again")
ACTS = ("accept", "answer", "ask", "extend", "transfer", "close")
TUAN = Officer("tuan", "Lê Anh Tuấn", "TL-BHXH", Role.OFFICER)


@dataclass
class Scene:
    """An's case with its topic, a note, a draft that waits for «Gửi», and a case of another unit."""

    stage: Stage
    case: Case
    other: Case
    topic: str
    card: str
    notice: str
    send: str

    async def tries(self, person: str, chat: str = MINE, **what: Any) -> None:  # noqa: ANN401 - many types
        self.stage.events += 1
        known = Incoming(
            "stage", "test", f"t{self.stage.events}", person, chat, self.stage.now, group=True, forum=True
        )
        await self.stage.door_keeps(replace(known, **{"message": f"t{self.stage.events}", **what}))

    async def presses(self, person: str, data: str, chat: str = MINE, message: str = "") -> None:
        pressed = {"kind": Kind.BUTTON, "text": data, "press": "p", "topic": self.topic}
        await self.tries(person, chat, **pressed, message=message or self.card)

    async def writes(self, person: str, words: str, **more: Any) -> None:  # noqa: ANN401 - many types
        await self.tries(person, **{"text": words, "topic": self.topic, "replies_to": self.topic, **more})


@pytest.fixture
def library(library: Library) -> Library:
    staff = (*library.office.staff, TUAN)
    return replace(library, office=replace(library.office, staff=staff))


@pytest.fixture
async def scene(store: Store, library: Library) -> Scene:
    stage = Stage(store, library)
    async with store.begin(stage.now) as tx:
        case = cases.open_case(tx, library, LAN)
        elsewhere = "Tôi nộp hồ sơ thi tuyển công chức mà không thấy tên trong danh sách."
        other = cases.open_case(tx, library, replace(LAN, text=elsewhere))
    assert (case.unit, other.unit) == ("TL-BHXH", "CCVC")
    stage.codes += [case.code, other.code]
    await stage.play(
        "\n".join(f"{name} nối Telegram" for name in ("An", "Cường", "Tuấn", "Chi"))
        + "\nAn (nhóm): /noi\nCường (nhóm): /noi\nAn (nhóm #1) bấm: Nhận xử lý"
        "\nAn (nhóm #1): Đã gọi cho xã.\nAn (nhóm #1): /traloi Xã đã chi trả, không thiếu giấy tờ gì."
    )
    here = {
        number: said
        for number, (chat, said) in stage.channel.standing.items()
        if chat == MINE and said.topic == stage.topic_in(MINE, case.code)
    }
    card = next(number for number, said in here.items() if any("do:" in each.data for each in said.buttons))
    notice = next(number for number, said in here.items() if said.text.startswith("Đã ghi chú"))
    send = next(b.data for said in here.values() for b in said.buttons if b.data.startswith("draft:send"))
    return Scene(stage, case, other, stage.topic_in(MINE, case.code), card, notice, send)


Attempt = Callable[[Scene], Awaitable[None]]


def press(person: str, data: str, chat: str = MINE) -> Attempt:
    async def attempt(scene: Scene) -> None:
        await scene.presses(person, data.format(s=scene, id=scene.send.rpartition(":")[2]), chat)

    return attempt


def write(person: str, words: str, **more: Any) -> Attempt:  # noqa: ANN401 - many types
    async def attempt(scene: Scene) -> None:
        given = {name: getattr(scene, value[1:]) if str(value).startswith("@") else value
                 for name, value in more.items()}  # fmt: skip
        await scene.writes(person, words.format(s=scene), **given)

    return attempt


def after(first: Attempt, then: Attempt) -> tuple[Attempt, Attempt]:
    return first, then


ATTEMPTS: dict[str, Attempt | tuple[Attempt, Attempt]] = {
    **{f"outsider presses {act}": press("Minh", f"do:{act}:{{s.case.code}}") for act in ACTS},
    **{f"outsider presses {verb}": press("Minh", f"draft:{verb}:{{id}}") for verb in VERBS},
    "outsider presses to send a note": press("Minh", "note:{s.case.code}:3"),
    "outsider writes in the topic": write("Minh", "Tôi là cán bộ mới."),
    "outsider answers the card": write("Minh", "Đã xong.", replies_to="@card"),
    "outsider commands an answer": write("Minh", "/traloi Đã xong."),
    "outsider unbinds the group": write("Minh", "/thoi"),
    "outsider asks for the digest": write("Minh", "/homnay"),
    "outsider binds a group": write("Minh", "/noi", chat=NOWHERE, topic="", replies_to=""),
    **{f"other unit presses {act}": press("Cường", f"do:{act}:{{s.case.code}}") for act in ACTS},
    "other unit presses send": press("Cường", "draft:send:{id}"),
    "other unit writes in the topic": write("Cường", "Cho tôi góp ý."),
    "other unit commands an answer": write("Cường", "/traloi Đã xong."),
    "other unit unbinds the group": write("Cường", "/thoi"),
    "leader presses": press("Chi", "do:close:{s.case.code}"),
    "leader writes in the topic": write("Chi", "Làm nhanh lên."),
    "colleague sends another's draft": press("Tuấn", "draft:send:{id}"),
    "colleague cancels another's draft": press("Tuấn", "draft:cancel:{id}"),
    "button pressed in another unit's group": press("An", "do:close:{s.case.code}", THEIRS),
    "button pressed by that unit in its group": press("Cường", "do:close:{s.case.code}", THEIRS),
    "draft sent from another group": press("An", "draft:send:{id}", THEIRS),
    "button pressed where no unit works": press("An", "do:close:{s.case.code}", NOWHERE),
    "outsider presses where no unit works": press("Minh", "do:close:{s.case.code}", NOWHERE),
    "tampered: another unit's case": press("An", "do:close:{s.other.code}"),
    "tampered: no such case": press("An", "do:close:00000-00000"),
    "tampered: no such act": press("An", "do:delete:{s.case.code}"),
    "tampered: an act that is no button": press("An", "do:note:{s.case.code}"),
    "tampered: no such draft": press("An", "draft:send:7"),
    "tampered: no number": press("An", "draft:send:abc"),
    "tampered: a huge number": press("An", "draft:send:99999999999999999999"),
    "tampered: no such verb": press("An", "draft:now:{id}"),
    "tampered: a note that is none": press("An", "note:{s.case.code}:900"),
    "tampered: a citizen's button": press("An", "rate:{s.case.code}:5"),
    "tampered: nothing": press("An", ""),
    "tampered: 64 bytes": press("An", "đ" * 32),
    "stale: taken up twice": press("An", "do:accept:{s.case.code}"),
    "stale: sent twice": after(press("An", "draft:send:{id}"), press("An", "draft:send:{id}")),
    "stale: sent after it was stopped": after(press("An", "draft:undo:{id}"), press("An", "draft:send:{id}")),
    "anonymous administrator writes": write(ANONYMOUS, "Đã xong."),
    "anonymous administrator answers the card": write(ANONYMOUS, "Đã xong.", replies_to="@card"),
    "anonymous administrator commands": write(ANONYMOUS, "/traloi Đã xong."),
    "anonymous administrator unbinds": write(ANONYMOUS, "/thoi"),
    "edited note": write("An", "Chưa gọi cho xã.", kind=Kind.EDIT),
    "edited answer to the card": write("An", "Đã xong.", kind=Kind.EDIT, replies_to="@card"),
    "edit of an outsider": write("Minh", "Đã xong.", kind=Kind.EDIT),
    "reply to a bot's notice": write("An", "Gửi đi.", replies_to="@notice"),
}


@pytest.mark.parametrize("name", ATTEMPTS)
async def test_what_is_not_theirs_changes_nothing(name: str, scene: Scene, store: Store) -> None:
    attempt, stage = ATTEMPTS[name], scene.stage
    if isinstance(attempt, tuple):
        await attempt[0](scene)
        attempt = attempt[1]
    before, said = await state(store, stage.now), len(stage.channel.said)
    refused = await refusals(store, stage.now)

    await attempt(scene)

    assert await state(store, stage.now) == before
    answers = [message for _, message in stage.channel.said[said:]]
    assert len(answers) == 1
    assert answers[0].text.startswith(("Không làm được", "Tin "))
    kept = await refusals(store, stage.now)
    assert len(kept) == len(refused) + 1
    print(f"\n{name:48} {kept[0]:14} {answers[0].text[:60]}", end="")  # noqa: T201


async def test_who_left_the_list_acts_no_more(scene: Scene, store: Store) -> None:
    stage = scene.stage
    staff = tuple(officer for officer in stage.library.office.staff if officer.id != "an")
    stage.shelf.library = replace(stage.library, office=replace(stage.library.office, staff=staff))
    await scene.presses("An", scene.send)
    before = await state(store, stage.now)
    await scene.presses("An", f"do:close:{scene.case.code}")
    await scene.writes("An", "Đã xong.")
    assert await state(store, stage.now) == before
    assert (await refusals(store, stage.now))[:3] == ["stranger"] * 3


async def test_what_waits_to_leave_does_not_leave_for_who_left(scene: Scene, store: Store) -> None:
    stage = scene.stage
    await scene.presses("An", scene.send)
    staff = tuple(officer for officer in stage.library.office.staff if officer.id != "an")
    stage.shelf.library = replace(stage.library, office=replace(stage.library.office, staff=staff))
    await stage.play("~ 1 phút")
    async with store.look(stage.now) as tx:
        case = await tx.cases.by_id(scene.case.id)
    assert case
    assert case.status == "accepted"


async def test_a_chatterer_is_not_answered_for_ever(scene: Scene, store: Store) -> None:
    said = len(scene.stage.channel.said)
    for _ in range(9):
        await scene.writes("Minh", "Alo")
    assert len(scene.stage.channel.said) == said + 5
    assert len(await refusals(store, scene.stage.now)) == 9


async def state(store: Store, now: datetime) -> dict[str, list[tuple[object, ...]]]:
    """Return all that may not change, and what was said to the citizen."""
    async with store.look(now) as tx:
        found = {}
        for table in WATCHED:
            rows = await tx.connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - ours
            found[table] = sorted(tuple(map(str, row)) for row in rows)
        mail = await tx.connection.execute(text("SELECT id FROM outbox WHERE case_id IS NOT NULL"))
        found["to citizens"] = sorted((str(row.id),) for row in mail)
    return found  # type: ignore[return-value]


async def refusals(store: Store, now: datetime) -> list[str]:
    """Return why, the latest first."""
    async with store.look(now) as tx:
        return [refusal.why for refusal in await tx.groups.refused(limit=1000)]
