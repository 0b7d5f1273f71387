"""Plays a transcript against the real door, router, storage, worker and sender; only the channel is ours.

A line is what somebody does; what the service says in return follows it:

    Lan: luong co so la bao nhieu
    Bot → Lan: …
    Lan bấm: Không đúng ý tôi                   Lan bấm nút cũ: wrong:G3-31
    Lan gửi tệp: anh.jpg    Lan chuyển tiếp: lời của người khác
    An nhận: #1            An trả lời #1: …     An ghi chú #1: …    An đóng #1: …
    An chuyển #1 CCVC: lý do                    An ngừng câu: G3-31
    ~ 4 ngày
    + Tin đồn. => Lời đính chính.               (có trong tệp nội dung từ lúc này)

Codes become #1, #2 … in the order in which they appear. `pytest --rewrite` writes what happened.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.channels.base import UNLIMITED, SendError
from bot.clock import Clock
from bot.door import Door
from bot.pace import Rate
from bot.sender import Sender
from bot.worker import Worker
from faq import entries
from faq.entries import Confidence, Entry, Verdict
from faq.index import Index
from faq.words import Words
from feedback.cases import Case
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing
from feedback.windows import Window
from handlers.actions import cases
from handlers.citizen import router
from handlers.library import Library, Shelf
from storage.store import Store, Tx

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09:00 in Hà Nội; the 24th is a holiday
CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
NUMBER = re.compile(r"#(\d+)")
OFFICERS = {"An": "an", "Bình": "binh"}
UNITS = {"phút": "minutes", "giờ": "hours", "ngày": "days"}
SAMPLE = "7K3F9-Q2M4R"  # the example that stands in a phrase


@dataclass
class StageChannel:
    """Keeps what was said; refuses what a test tells it to refuse."""

    name: str = "stage"
    account: str = "test"
    overall: Rate = UNLIMITED
    window: Window | None = None
    said: list[tuple[str, Outgoing]] = field(default_factory=list)
    faults: list[SendError] = field(default_factory=list)

    def rate_of(self, address: Address) -> Rate | None: ...

    async def send(self, address: Address, message: Outgoing) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.said.append((address.chat, message))
        return str(len(self.said))

    async def reachable(self) -> bool:
        return True

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        raise NotImplementedError


class Stage:
    def __init__(self, store: Store, library: Library) -> None:
        self.now = START
        self.channel = StageChannel()
        self.store = store
        self.shelf = Shelf(library)
        self.codes: list[str] = []
        self._events = 0
        arrived = asyncio.Event()
        self.door = Door(store, library.office.kinds, self.time, arrived)
        self.worker = Worker(store, self._handle, self.time, arrived, lambda: None)
        self.sender = Sender(store, self.channel, self.time, asyncio.Event())
        self.clock = Clock(store, self.shelf, self.time)

    @property
    def library(self) -> Library:
        return self.shelf.library

    def time(self) -> datetime:
        return self.now

    async def _handle(self, message: Incoming, tx: Tx) -> None:
        await router.handle(message, tx, self.library)

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
        before = len(self.channel.said)
        self.now += timedelta(seconds=10)
        if wait := re.fullmatch(r"~ (\d+) (phút|giờ|ngày)", line):
            self.now += timedelta(**{UNITS[wait[2]]: int(wait[1])})
            await self.clock.tick()
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
        return [_as_lines(chat, message) for chat, message in self.channel.said[before:]]

    async def settle(self) -> None:
        while await self.worker.work() or await self.sender.start_due():
            await self.sender.drain()

    async def _citizen(self, person: str, what: str, text: str) -> None:
        self._events += 1
        message = Incoming(
            "stage", "test", f"e{self._events}", person, person, self.now, text=text, message="7"
        )
        match what:
            case "":
                more: dict[str, object] = {}
            case "bấm":
                more = {"kind": Kind.BUTTON, "text": self._button(person, text)}
            case "bấm nút cũ":
                more = {"kind": Kind.BUTTON}
            case "gửi tệp":
                name, _, caption = text.partition(" ")
                file = Attachment("remote", name, "image/jpeg", 1)
                more = {"kind": Kind.FILES, "text": caption, "attachments": (file,)}
            case "chuyển tiếp":
                more = {"forwarded": True}
            case "gửi hình dán":
                more = {"kind": Kind.UNSUPPORTED, "text": ""}
            case "sửa tin":
                more = {"kind": Kind.EDIT}
            case _:
                raise ValueError(f"{person} cannot do this: {what}")
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
        if what == "ngừng câu":
            async with self.store.begin(self.now) as tx:
                tx.questions.switch(text, off=True, by=officer.id, reason="đang xem lại")
            return
        verb, number, unit = re.fullmatch(r"(\D+) #(\d+) ?([\w-]*)", what).groups()  # type: ignore[union-attr]
        async with self.store.begin(self.now) as tx:
            case = await _case(tx, self.codes[int(number) - 1])
            match verb:
                case "nhận":
                    cases.accept(tx, self.library, case, officer)
                case "trả lời":
                    cases.answer(tx, self.library, case, text, officer)
                case "ghi chú":
                    cases.note(tx, case, text, officer)
                case "chuyển":
                    cases.transfer(tx, self.library, case, unit, text, officer)
                case "đóng":
                    cases.close(tx, self.library, case, text, officer)
                case _:
                    raise ValueError(f"an officer cannot do this: {what}")

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


async def _case(tx: Tx, code: str) -> Case:
    case = await tx.cases.by_code(code)
    assert case is not None, code
    return case


def _as_lines(chat: str, message: Outgoing) -> str:
    lines = message.text.splitlines()
    shown = [f"Bot → {chat}: {lines[0]}", *(f"  {line}".rstrip() or "  ." for line in lines[1:])]
    return "\n".join([*shown, *(f"  [{button.label}]" for button in message.buttons)])


def _fields(message: Incoming) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}
