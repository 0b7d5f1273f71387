"""Plays a transcript against the real door, router, storage, worker and sender; only the channel is ours.

A line is what somebody does; what the service says in return follows it:

    Lan: luong co so la bao nhieu
    Bot → Lan: …
    Lan bấm: Không đúng ý tôi                   Lan bấm nút cũ: wrong:G3-31
    Lan gửi tệp: anh.jpg    Lan chuyển tiếp: lời của người khác
    Lan gõ liền: một | hai  Lan gửi album: a.jpg | b.jpg | Chú thích
    Lan gửi vị trí: 21.0, 105.8                 Lan gửi danh thiếp: Minh, 0900 000 000
    Lan sửa «lời cũ»: lời mới                   Lan gửi tệp muộn: c.jpg   (của album trước)
    An nhận: #1            An trả lời #1: …     An ghi chú #1: …    An đóng #1: …
    An chuyển #1 CCVC: lý do                    An trả lại #1: lý do
    An trình #1: …         Quang duyệt #1:      Quang không duyệt #1: lý do
    An đính chính #1: lý do | câu đúng          An ngừng câu: G3-31
    Bình sửa câu: G3-31 => câu mới              Bình đính chính: G3-31 lý do   (cho người nhận trong 30 ngày)
    ~ 4 ngày
    + Tin đồn. => Lời đính chính.               (có trong tệp nội dung từ lúc này)
    * 48 giờ                                    (kênh chỉ cho viết chừng ấy sau tin cuối, từ lúc này)
    An xem #1                                   (diễn biến trên bàn làm việc)
    An nối Telegram                             (bằng liên kết của bàn làm việc)
    An (nhóm): /noi        An (nhóm #1): …      Minh (nhóm TL-BHXH #1): …
    An (nhóm #1) bấm: Trả lời                   An (nhóm #1) trả lời thẻ: …
    An (nhóm #1) trả lời tin: …                 An (nhóm #1) sửa tin: …
    An (nhóm #1) bấm giả: do:close:#1           An (nhóm) gỡ bot
    ? #1                                        (thời gian làm việc của hồ sơ đã ở đâu)

Each unit has a group of its own, with topics; «nhóm» alone is that of the officer's unit.
Codes become #1, #2 … in the order in which they appear. `pytest --rewrite` writes what happened.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.base import UNLIMITED, Channel, SendError
from bot.clock import Clock
from bot.door import Door
from bot.pace import Rate
from bot.sender import Sender
from bot.worker import Worker
from faq import entries
from faq.entries import Confidence, Entry, Verdict
from faq.index import Index
from faq.words import Words
from feedback import custody, gathering
from feedback.cases import Case
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing
from feedback.staff import Officer
from feedback.windows import Window
from handlers import group
from handlers.actions import accounts, approval, boards, cases, identity, recalls, terms
from handlers.citizen import router
from handlers.desk import timeline
from handlers.desk.templates import WORDS, say, worked
from handlers.library import Library, Shelf
from handlers.names import Names
from storage.store import Store, Tx

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09:00 in Hà Nội; the 24th is a holiday
CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
NUMBER = re.compile(r"#(\d+)")
OFFICERS = {
    "An": "an",
    "Bình": "binh",
    "Cường": "cuong",
    "Chi": "chi",
    "Tuấn": "tuan",
    "Quang": "quang",
    "Hà": "ha",
}
IN_GROUP = re.compile(r"(\S+) \(nhóm ?([\w-]*) ?(?:#(\d+))?\)([^:]*)(?:: ?(.*))?")
SECRET = b"a secret of the tests"
UNITS = {"giây": "seconds", "phút": "minutes", "giờ": "hours", "ngày": "days"}
AT_ONCE = {"gõ liền": "", "gửi album": "gửi tệp muộn"}  # several messages, separated by |
KINDS = {
    "": Kind.TEXT,
    "bấm nút cũ": Kind.BUTTON,
    "gửi hình dán": Kind.UNSUPPORTED,
    "gửi vị trí": Kind.LOCATION,
    "gửi danh thiếp": Kind.CONTACT,
}
SAMPLE = "7K3F9-Q2M4R"  # the example that stands in a phrase


@dataclass
class StageChannel:
    """Keeps what was said; refuses what a test tells it to refuse."""

    name: str = "stage"
    account: str = "test"
    overall: Rate = UNLIMITED
    window: Window | None = None
    said: list[tuple[str, Outgoing]] = field(default_factory=list)
    standing: dict[str, tuple[str, Outgoing]] = field(default_factory=dict)
    faults: list[SendError] = field(default_factory=list)

    def rate_of(self, address: Address) -> Rate | None: ...

    async def send(self, address: Address, message: Outgoing) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.said.append((address.chat, message))
        number = message.edits or str(len(self.said))
        self.standing[number] = (address.chat, message)
        return number

    async def reachable(self) -> bool:
        return True

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        raise NotImplementedError


class Stage:
    def __init__(self, store: Store, library: Library, channel: Channel | None = None) -> None:
        self.now = START
        self.channel = channel if isinstance(channel, StageChannel) else StageChannel()
        self.store = store
        self.shelf = Shelf(library)
        self.codes: list[str] = []
        self.seen: list[str] = []  # what somebody saw without being told
        self.topics: dict[tuple[str, str], str] = {}
        self.in_groups = False
        self.events = 0
        self._albums = 0
        self.wrote: dict[tuple[str, str], str] = {}
        arrived = asyncio.Event()
        self.door = Door(store, library.office.kinds, self.time, arrived)
        self.worker = Worker(store, self._handle, self.time, arrived, lambda: None, self.goes_on)
        self.sender = Sender(store, channel or self.channel, self.time, asyncio.Event())
        self.clock = Clock(store, self.shelf, self.time)

    @property
    def library(self) -> Library:
        return self.shelf.library

    def time(self) -> datetime:
        return self.now

    async def _handle(self, message: Incoming, tx: Tx) -> None:
        if group.takes(message):
            await group.handle(message, tx, self.library, SECRET)
        else:
            await router.handle(message, tx, self.library)

    def goes_on(self, message: Incoming, step: str) -> bool:
        return router.goes_on(message, step, self.library)

    async def play(self, script: str) -> str:
        """Return the script with what the service really said after each line."""
        door = asyncio.create_task(self.door.run())
        out: list[str] = []
        try:
            for line in acts(script):
                out.append(line)
                if line and not line.startswith("#"):
                    out += [self._mask(said) for said in await self._act(line)]
        finally:
            door.cancel()
        return "\n".join(out).strip() + "\n"

    async def _act(self, line: str) -> list[str]:
        before, self.seen = len(self.channel.said), []
        self.now += timedelta(seconds=10)
        if wait := re.fullmatch(r"~ (\d+) (giây|phút|giờ|ngày)", line):
            self.now += timedelta(**{UNITS[wait[2]]: int(wait[1])})
            await self.clock.tick()
        elif window := re.fullmatch(r"\* (\d+) giờ", line):
            term = timedelta(hours=int(window[1]))
            self.channel.window = Window(term, term)
        elif look := re.fullmatch(r"(\S+) xem #(\d+)", line):
            await self._look(self.codes[int(look[2]) - 1], look[1])
        elif found := IN_GROUP.fullmatch(line):
            await self._in_a_group(*(part or "" for part in found.groups()))
        elif line.endswith(" nối Telegram"):
            await self._link(line.partition(" ")[0])
        elif line.startswith("? #"):
            return await self._custody(self.codes[int(line[3:]) - 1])
        elif line.startswith("+ "):
            claim, _, answer = line[2:].partition(" => ")
            self.shelf.library = clarified(self.library, claim, answer)
        else:
            head, _, text = line.partition(":")
            person, _, what = head.strip().partition(" ")
            text = NUMBER.sub(lambda found: self.codes[int(found[1]) - 1], text.strip())
            if person in OFFICERS:
                await self._officer(OFFICERS[person], what, text)
            else:
                await self._citizen(person, what, text)
        await self.settle()
        said = [self._as_lines(chat, message) for chat, message in self.channel.said[before:]]
        return [*said, *self.seen]

    async def _custody(self, code: str) -> list[str]:
        """Say what the desk's case page says of where the time went."""
        async with self.store.look(self.now) as tx:
            case = await _case(tx, code)
            happenings = await tx.cases.timeline(case)
        names, calendar = Names(self.library.office), self.library.office.calendar
        shown = [
            f"  {say(f'custody.{each.holder}', unit=names.unit(each.unit))}: {worked(each.minutes)}"
            for each in custody.shares(happenings, self.now, calendar)
        ]
        late = custody.late_with(happenings, case.due, self.now)
        return [*shown, *([f"  {say('custody.late', unit=names.unit(late))}"] if late else [])]

    async def door_keeps(self, message: Incoming) -> None:
        """Take one message and let everything follow that it causes."""
        self.now += timedelta(seconds=1)
        door = asyncio.create_task(self.door.run())
        await self.door.keep(message)
        door.cancel()
        await self.settle()

    async def settle(self) -> None:
        """Let the service do all that it can, and then once more what it left until there was quiet."""
        for _ in range(2):
            while await self.worker.work() or await self.sender.start_due() or await self._groups_shown():
                await self.sender.drain()
            self.now += gathering.THOUGHT

    async def _groups_shown(self) -> bool:
        """Bring the groups up to date; whether there is more to send then."""
        if not self.in_groups:
            return False
        async with self.store.look(self.now) as tx:
            before = await tx.outbox.unsent()
        for _ in range(2):  # what one look causes may be for the next one to see
            async with self.store.begin(self.now) as tx:
                await boards.show(tx, self.library)
        async with self.store.look(self.now) as tx:
            return await tx.outbox.unsent() > before

    async def _link(self, name: str) -> None:
        token = accounts.make(SECRET, OFFICERS[name], self.now + accounts.LIFETIME)
        await self._citizen(name, "", f"/start {accounts.START}{token}")

    async def _in_a_group(self, person: str, where: str, number: str, what: str, text: str) -> None:
        self.in_groups = True
        self.events += 1
        staff = OFFICERS.get(person)
        unit = where.strip() or (self.library.office.officer(staff).unit if staff else "")
        chat = f"nhóm {unit}"
        topic = self.topic_in(chat, self.codes[int(number) - 1]) if number else ""
        text = NUMBER.sub(lambda found: self.codes[int(found[1]) - 1], text)
        message = Incoming(
            "stage",
            "test",
            f"e{self.events}",
            person,
            chat,
            self.now,
            text=text,
            message=f"m{self.events}",
            group=True,
            forum=True,
            topic=topic,
            replies_to=topic,
        )
        await self.door.keep(replace(message, **self._group_act(what.strip(), message)))

    def topic_in(self, chat: str, code: str) -> str:
        return self.topics.get((chat, code), "")

    def _group_act(self, what: str, message: Incoming) -> dict[str, Any]:
        here = [
            (number, said)
            for number, (chat, said) in self.channel.standing.items()
            if chat == message.chat and said.topic == message.topic and not said.opens
        ]
        match what:
            case "":
                return {}
            case "bấm":
                fits = [(n, b) for n, said in here for b in said.buttons if b.label == message.text]
                number, button = fits[-1]
                return {"kind": Kind.BUTTON, "text": button.data, "message": number, "press": "p"}
            case "bấm giả":
                return {"kind": Kind.BUTTON, "message": "1", "press": "p"}
            case "trả lời thẻ":
                cards = [n for n, said in here if any(b.data.startswith("do:") for b in said.buttons)]
                return {"replies_to": cards[-1]}
            case "trả lời tin":
                return {"replies_to": here[-1][0]}
            case "sửa tin":
                return {"kind": Kind.EDIT}
            case "gỡ bot":
                return {"kind": Kind.PLACED, "text": ""}
            case "mời bot":
                return {"kind": Kind.PLACED, "text": "write topics"}
            case _:
                raise ValueError(f"nobody can do this in a group: {what}")

    async def _citizen(self, person: str, what: str, text: str) -> None:
        if what in AT_ONCE:
            self._albums += 1
            for part in text.split(" | "):
                await self._sends(person, AT_ONCE[what], part)
        else:
            await self._sends(person, what, text)

    async def _sends(self, person: str, what: str, text: str) -> None:
        self.events += 1
        number = str(self.events)
        message = Incoming("stage", "test", f"e{number}", person, person, self.now, text=text, message=number)
        self.wrote[person, text] = number
        what, _, before = what.partition(" «")
        match what:
            case "bấm":
                more: dict[str, object] = {"kind": Kind.BUTTON, "text": self._button(person, text)}
            case "gửi tệp":
                name, _, caption = text.partition(" ")
                file = Attachment("remote", name, "image/jpeg", 1)
                more = {"kind": Kind.FILES, "text": caption, "attachments": (file,)}
            case "gửi tệp muộn":
                more = _photo(text, self._albums)
            case "chuyển tiếp":
                more = {"forwarded": True}
            case "sửa":
                more = {"kind": Kind.EDIT, "message": self.wrote.get((person, before.rstrip("»")), "0")}
            case _:
                more = {"kind": KINDS[what]}
        await self.door.keep(Incoming(**_fields(message) | more))  # type: ignore[arg-type]

    def _button(self, person: str, label: str) -> str:
        for chat, message in reversed(self.channel.said):
            if chat == person:
                for button in message.buttons:
                    if label in button.label:
                        return button.data
        raise ValueError(f"{person} was shown no button «{label}»")

    async def _officer(self, officer_id: str, what: str, text: str) -> None:
        officer = self.library.office.officer(officer_id)
        if what in ("ngừng câu", "sửa câu", "đính chính"):
            await self._about_an_answer(officer_id, what, text)
            return
        verb, number, unit = re.fullmatch(r"(\D+) #(\d+) ?([\w-]*)", what).groups()  # type: ignore[union-attr]
        async with self.store.begin(self.now) as tx:
            case = await _case(tx, self.codes[int(number) - 1])
            match verb:
                case "nhận":
                    cases.accept(tx, self.library, case, officer)
                case "yêu cầu bổ sung":
                    cases.ask(tx, self.library, case, text, officer)
                case "gia hạn":
                    day, _, why = text.partition(" ")
                    due = terms.later(self.library.office, case, day)
                    cases.extend(tx, self.library, case, due, why, officer)
                case "trả lời":
                    cases.answer(tx, self.library, case, text, officer)
                case "ghi chú":
                    cases.note(tx, case, text, officer)
                case "chuyển":
                    cases.transfer(tx, self.library, case, unit, text, officer)
                case "trả lại":
                    cases.give_back(tx, self.library, case, text, officer)
                case "đóng":
                    cases.close(tx, self.library, case, text, officer)
                case _:
                    await self._with_another(tx, case, verb, text, officer)

    async def _with_another(self, tx: Tx, case: Case, verb: str, text: str, officer: Officer) -> None:
        """What is done to an answer before it is sent, or afterwards."""
        match verb:
            case "trình":
                approval.propose(tx, case, text, officer)
            case "duyệt":
                proposed = approval.proposal(case, await tx.cases.timeline(case))
                assert proposed
                approval.approve(tx, self.library, case, proposed, text or proposed.text, officer)
            case "không duyệt":
                approval.decline(tx, case, text, officer)
            case "đính chính":
                reason, _, words = text.partition(" | ")
                cases.correct(tx, self.library, case, words, reason, officer)
            case _:
                await self._identity(tx, case, officer, verb, text)

    async def _identity(self, tx: Tx, case: Case, officer: Officer, verb: str, text: str) -> None:
        reveals = await tx.reveals.of_case(case.id)
        match verb:
            case "xin biết người gửi":
                assert identity.may_ask(case, reveals, officer)
                tx.reveals.ask(case.id, officer.id, text)
            case "đồng ý cho biết" | "từ chối cho biết":
                assert identity.may_decide(reveals[-1], officer)
                tx.reveals.decide(reveals[-1], officer.id, approved=verb.startswith("đồng ý"))
            case "xem người gửi":
                approved = identity.to_show(reveals, officer)
                assert approved, "nothing was approved for this officer"
                identity.show(tx, self.library, case, approved)
            case _:
                raise ValueError(f"an officer cannot do this: {verb}")

    async def _look(self, code: str, name: str) -> None:
        async with self.store.look(self.now) as tx:
            case = await _case(tx, code)
            happenings, sent = await tx.cases.timeline(case), await tx.outbox.of_case(case.id)
        found = timeline.lines(happenings, sent, Names(self.library.office))
        for line in found:
            told = f" (tin báo người dân: {WORDS[f'delivery.{line.delivery}']})" if line.delivery else ""
            self.seen.append(f"Bot → {name} (bàn làm việc): {WORDS[line.words].format(**line.values)}{told}")

    async def _about_an_answer(self, officer_id: str, what: str, text: str) -> None:
        if what == "sửa câu":
            self.shelf.library = rewritten(self.library, *text.split(" => "))
            return
        entry, _, reason = text.partition(" ")
        async with self.store.begin(self.now) as tx:
            if what == "ngừng câu":
                tx.questions.switch(entry, off=True, by=officer_id, reason="đang xem lại")
            else:
                recalls.order(tx, await recalls.plan(tx, self.library, entry, 30, reason, officer_id))
        if what == "đính chính":
            await self.clock.tick()

    def _as_lines(self, chat: str, message: Outgoing) -> str:
        where = chat
        if message.opens:
            number = next(n for n, (_, said) in self.channel.standing.items() if said is message)
            self.topics[chat, message.opens.partition(" ")[0]] = number
            return f"Bot → {chat}: (mở chủ đề «{message.opens}»)"
        if message.toast:
            where += " (báo nhanh)"
        if message.topic:
            where += " " + next(code for (_, code), topic in self.topics.items() if topic == message.topic)
        if message.edits:
            where += " (sửa)"
        lines = message.text.splitlines()
        shown = [f"Bot → {where}: {lines[0]}", *(f"  {line}".rstrip() or "  ." for line in lines[1:])]
        return "\n".join([*shown, *(f"  [{button.label}]" for button in message.buttons)])

    def _mask(self, text: str) -> str:
        return CODE.sub(self._number, text)

    def _number(self, found: re.Match[str]) -> str:
        if found[0] == SAMPLE:
            return SAMPLE
        if found[0] not in self.codes:
            self.codes.append(found[0])
        return f"#{self.codes.index(found[0]) + 1}"


def acts(script: str) -> Iterator[str]:
    """Leave out what the service says: those lines are written anew."""
    for line in script.splitlines():
        if not line.startswith(("Bot → ", "  ")):
            yield line.rstrip()


def clarified(library: Library, claim: str, answer: str) -> Library:
    entry = Entry("R-99", "tin-gia", claim, answer, "VP", Confidence.CHECKED, verdict=Verdict.FALSE)
    knowledge = replace(library.knowledge, entries={**library.knowledge.entries, entry.id: entry})
    return replace(library, knowledge=knowledge, index=Index(knowledge, Words.load(entries.CONTENT)))


def rewritten(library: Library, entry_id: str, answer: str) -> Library:
    entry = replace(library.knowledge.entries[entry_id], answer=answer)
    knowledge = replace(library.knowledge, entries={**library.knowledge.entries, entry.id: entry})
    return replace(library, knowledge=knowledge, index=Index(knowledge, Words.load(entries.CONTENT)))


def _photo(text: str, album: int) -> dict[str, object]:
    """Return a part of an album; what has no file's name is the caption of one."""
    name, caption = (text, "") if text.endswith(".jpg") else ("anh.jpg", text)
    files = (Attachment(f"remote {name} {caption}", name, "image/jpeg", 1),)
    return {"kind": Kind.FILES, "text": caption, "attachments": files, "album": f"album {album}"}


async def _case(tx: Tx, code: str) -> Case:
    case = await tx.cases.by_code(code)
    assert case is not None, code
    return case


def _fields(message: Incoming) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}
