"""Deliveries doubled, shuffled, at the same time and late: what happens is what would have happened in peace.

Beside those who are disturbed, one person for each story is not. What the others are told, and what is filed
for them, has to be the same. `make trust` prints the figures.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import create_async_engine

from bot.simulator.telegram import Deed, FakeTelegram, Person
from storage.tables import InboxStatus
from tests.e2e.chat import CODE, DAY
from tests.e2e.inside import SECRET
from tests.e2e.waiting import settled
from tests.process import ServiceProcess
from tests.trust.courier import Courier
from tests.trust.figures import Figures

WORDS = "Tuyến đường liên xã hư hỏng đã lâu, đề nghị xem xét, thư số {}."
REPORT = (
    "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có, thư số {}."
)
QUESTION = "Lương cơ sở hiện nay là bao nhiêu?"
FIRST, INVENTED = 1000, 9_000_000
LOOK = 0.1  # seconds between looks whether an answer came
PATIENCE = 900  # seconds


class By(Enum):
    TEXT = auto()
    BUTTON = auto()
    EDIT = auto()
    EDIT_FIRST = auto()  # the edit comes before what was edited


@dataclass(frozen=True)
class Act:
    """What someone does so many times in a row, and how many messages answer it in all."""

    by: By
    text: str
    times: int = 1
    answers: int = 1

    @property
    def updates(self) -> int:
        return self.times * (2 if self.by is By.EDIT_FIRST else 1)


def _says(*texts: str) -> list[Act]:
    return [Act(By.TEXT, text) for text in texts]


def _presses(label: str, times: int = 1, answers: int = 1) -> list[Act]:
    return [Act(By.BUTTON, label, times, answers)]


FILES = _says("/gopy", "1", "1", "2", WORDS, "1", "1", "1", "1")
STORIES: list[tuple[list[Act], tuple[str, ...]]] = [  # and what is filed
    (FILES, (WORDS,)),
    (_says("/gopy", "1", "/gopy", "1", "1", "2", WORDS, "1", "1", "1", "1"), (WORDS,)),
    (
        [
            *_says(REPORT),
            *_presses("1. Gửi: Phản ánh", times=2, answers=2),
            *_presses("1. Đồng ý", times=2, answers=3),  # the second is told so, and asked again
            *_says("Người dân", "Xã Hòa Bình, tỉnh Phú Thọ"),
            *_presses("1. Bỏ qua"),
            *_presses("1. Ẩn danh"),
            *_presses("1. Gửi", times=3, answers=3),
        ],
        (REPORT,),
    ),
    (_says("/gopy", "1", "1", "/huy", QUESTION, "/start", "/tracuu"), ()),
    (
        [
            *_says(QUESTION),
            Act(By.EDIT, "/tracuu"),
            Act(By.EDIT_FIRST, QUESTION, answers=2),
            *_says("/start"),
        ],
        (),
    ),
]


@dataclass
class Teller:
    """Someone who lives through a story; `number` tells their words from all others."""

    telegram: FakeTelegram
    person: Person
    number: int
    acts: Sequence[Act]
    files: Sequence[str]

    async def tells(self) -> None:
        """Wait for the bot only to see a button, and after pressing it: texts come as fast as they can."""
        due, pressed = 0, False
        for act in self.acts:
            if pressed or act.by is By.BUTTON:
                await self.has_heard(due)
            pressed = act.by is By.BUTTON
            for _ in range(act.times):
                await self._does(act)
            due += act.answers
        await self.has_heard(due)

    async def has_heard(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.telegram.sent(self.person.id)) < count:  # noqa: ASYNC110 - hundreds wait at once
                await asyncio.sleep(LOOK)

    @property
    def updates(self) -> int:
        return sum(act.updates for act in self.acts)

    @property
    def answers(self) -> int:
        return sum(act.answers for act in self.acts)

    @property
    def filed(self) -> list[str]:
        return [text.format(self.number) for text in self.files]

    def heard(self) -> list[str]:
        """Return what the bot said, in order, without what differs between two people."""
        lines = self.telegram.ledger.of(Deed.SENT, chat=self.person.id)
        return [
            DAY.sub("…", CODE.sub("#", line.text)).replace(f"số {self.number}.", "số …") for line in lines
        ]

    async def _does(self, act: Act) -> None:
        words = act.text.format(self.number)
        match act.by:
            case By.TEXT:
                await self.person.says(words)
            case By.BUTTON:
                await self.person.presses(words)
            case By.EDIT:
                await self.person.edits(words)
            case By.EDIT_FIRST:
                place = {"id": self.person.id, "type": "private", "first_name": "Lan"}
                message = {
                    "message_id": INVENTED + self.number,
                    "from": self.person.user,
                    "chat": place,
                    "date": 1_800_000_000,
                    "text": words,
                }
                self.telegram.raw({"edited_message": message | {"edit_date": 1_800_000_001}})
                self.telegram.raw({"message": message})


@pytest.mark.parametrize(
    ("people", "late"), [(len(STORIES) * 2, 3.0), pytest.param(600, 60.0, marks=pytest.mark.trust)]
)
async def test_disorder_changes_nothing(
    people: int, late: float, url: str, tmp_path: Path, figures: Figures
) -> None:
    rng = random.Random(20261128)  # noqa: S311 - the same disorder in every run
    careful = {FIRST + number for number in range(len(STORIES))}
    async with FakeTelegram(flooded=True) as telegram, Courier(rng, careful, late) as courier:
        service = ServiceProcess(
            tmp_path,
            database_url=url,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_secret=SECRET,
            public_url=courier.url,
        )
        courier.target = service.url
        telegram.deliveries.doubled = telegram.deliveries.shuffled = True
        tellers = [
            Teller(telegram, telegram.person(FIRST + number), number, *STORIES[number % len(STORIES)])
            for number in range(people)
        ]
        async with service:
            begun = time.monotonic()
            await asyncio.gather(*(teller.tells() for teller in tellers))
            seconds = time.monotonic() - begun
            await telegram.taken()
            await courier.over()
            await settled(service.url)
            assert await service.stop() == 0
        updates = sum(teller.updates for teller in tellers)
        figures.size = f"{updates} updates of {people} people, {courier.brought} deliveries"
        figures.exactly("updates lost", len(telegram.ledger.lost()))
        figures.exactly("copies refused", courier.refused)
        await _cases(url, tellers, figures)
        _replies(tellers, figures)
        figures.exactly("429 of our own making", telegram.peaks().refused)
        figures.tell("seconds", seconds)
        figures.tell("updates a second", updates / seconds)
    assert "Traceback" not in service.log.read_text("utf-8")
    assert courier.brought > 2 * updates
    figures.hold()


async def _cases(url: str, tellers: Sequence[Teller], figures: Figures) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        filed = Counter(await connection.scalars(sql("SELECT text FROM cases")))
        dead = await connection.scalar(
            sql("SELECT count(*) FROM inbox WHERE status = :dead"), {"dead": InboxStatus.DEAD}
        )
    await engine.dispose()
    expected = Counter(text for teller in tellers for text in teller.filed)
    figures.exactly("cases", filed.total(), expected.total())
    figures.exactly("cases missing", (expected - filed).total())
    figures.exactly("cases twice, or of nobody", (filed - expected).total())
    figures.exactly("dead letters", dead or 0)


def _replies(tellers: Sequence[Teller], figures: Figures) -> None:
    in_peace = [teller.heard() for teller in tellers[: len(STORIES)]]
    lost = doubled = inverted = 0
    for number, teller in enumerate(tellers):
        wanted, heard = in_peace[number % len(STORIES)], teller.heard()
        assert len(wanted) == teller.answers
        lost += (Counter(wanted) - Counter(heard)).total()
        doubled += (Counter(heard) - Counter(wanted)).total()
        inverted += sorted(wanted) == sorted(heard) and wanted != heard
    figures.exactly("replies lost", lost)
    figures.exactly("replies doubled", doubled)
    figures.exactly("chats out of order", inverted)
