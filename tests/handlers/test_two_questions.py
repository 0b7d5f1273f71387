"""Two questions in one message, and a question that leans on the one before."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

import pytest

from faq import entries
from faq.index import Answer, Choices, Index, Unknown
from faq.words import Words
from feedback.cases import Status
from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage

SALARY = "lương cơ sở hiện nay là bao nhiêu?"
PROVINCES = "cả nước hiện có bao nhiêu tỉnh, thành phố?"
RECIPE = "cách nấu phở bò ngon thế nào?"
WRONG = "Không đúng ý tôi"


@dataclass(frozen=True)
class Asked:
    """How the index was asked."""

    off: AbstractSet[str]
    audience: str
    before: str


class Parting(Index):
    """An index that takes every question mark for the end of a question."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.knowledge, Words.load(entries.CONTENT))
        self.calls: list[Asked] = []

    def asked(
        self,
        text: str,
        day: date,
        *,
        off: AbstractSet[str] = frozenset(),
        audience: str = "",
        before: str = "",
    ) -> tuple[tuple[str, Answer | Choices | Unknown], ...]:
        self.calls.append(Asked(off, audience, before))
        parts = re.findall(r"[^?\s][^?]*\??", text)
        return tuple((part, self.ask(part, day)) for part in parts)


@pytest.fixture(scope="session")
def parting(library: Library) -> Parting:
    return Parting(library)


@pytest.fixture
def stage(store: Store, library: Library, parting: Parting) -> Stage:
    parting.calls.clear()
    return Stage(store, replace(library, index=parting))


async def replies(stage: Stage, script: str) -> list[str]:
    """Play a script; return the first line of each reply to its last act, with its buttons' labels."""
    *before, last = script.splitlines()
    await stage.play("\n".join(before))
    said = len(stage.channel.said)
    await stage.play(last)
    return [
        " ".join([message.text.splitlines()[0], *(button.label for button in message.buttons)])
        for _, message in stage.channel.said[said:]
    ]


def one(text: str, replied: list[str]) -> bool:
    return len(replied) == 1 and text in replied[0]


async def test_each_question_gets_its_answer_and_buttons_that_are_numbered_through(stage: Stage) -> None:
    assert await replies(stage, f"Lan: {SALARY} {PROVINCES}") == [
        "Câu hỏi tôi hiểu là: Lương cơ sở hiện nay là bao nhiêu? 1. Không đúng ý tôi 2. Về đầu",
        "Câu hỏi tôi hiểu là: Cả nước hiện có bao nhiêu tỉnh, thành phố? 3. Không đúng ý tôi 4. Về đầu",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"), [("1", SALARY), ("3", PROVINCES), ("không đúng ý tôi", PROVINCES)]
)
async def test_a_typed_choice_means_the_answer_beside_it(stage: Stage, typed: str, meant: str) -> None:
    assert one(f"Về câu «{meant}»:", await replies(stage, f"Lan: {SALARY} {PROVINCES}\nLan: {typed}"))


async def test_of_two_only_the_refused_one_is_refused(stage: Stage) -> None:
    await stage.play(f"Lan: {SALARY} {PROVINCES}\nLan: 3")
    async with stage.store.look(stage.now) as tx:
        found = {question.text: str(question.outcome) for question in await tx.questions.latest(5)}
    assert found == {SALARY: "answered", PROVINCES: "refused"}


async def test_one_answered_and_one_unknown_are_both_told(stage: Stage) -> None:
    known, unknown = await replies(stage, f"Lan: {SALARY} {RECIPE}")
    assert known.startswith("Câu hỏi tôi hiểu là: Lương cơ sở")
    assert unknown == f"Về câu «{RECIPE}»: 3. Gửi câu hỏi này cho cán bộ 4. Về đầu"


async def test_only_the_unknown_one_is_sent_on(stage: Stage) -> None:
    await replies(stage, f"Lan: {SALARY} {RECIPE}\nLan: 3\nLan: 1\nLan: bỏ qua\nLan: 1\nLan: 1")
    async with stage.store.look(stage.now) as tx:
        [case] = await tx.cases.work_list(None, [Status.ROUTED])
    assert case.text == RECIPE


async def test_two_unknown_ones_are_one_message_for_the_unit(stage: Stage) -> None:
    text = f"{RECIPE} cách nấu bún riêu cua đồng?"
    assert one("Tôi chưa có thông tin chính thức", await replies(stage, f"Lan: {text}"))
    await stage.play("Lan: 1\nLan: 1\nLan: bỏ qua\nLan: 1\nLan: 1")
    async with stage.store.look(stage.now) as tx:
        [case] = await tx.cases.work_list(None, [Status.ROUTED])
        assert len(await tx.questions.latest(5)) == 2
    assert case.text == text


@pytest.mark.parametrize(
    ("between", "before"),
    [
        ("~ 25 phút", "Lương cơ sở hiện nay là bao nhiêu?"),
        ("~ 31 phút", ""),
        (f"Lan: {RECIPE}", "Lương cơ sở hiện nay là bao nhiêu?"),
        (f"Lan bấm: {WRONG}", ""),
        ("Lan: /start", ""),
        (f"Minh: {PROVINCES}", "Lương cơ sở hiện nay là bao nhiêu?"),
    ],
)
async def test_a_question_leans_on_the_answer_just_before(
    stage: Stage, parting: Parting, between: str, before: str
) -> None:
    await stage.play(f"Lan: {SALARY}\n{between}\nLan: còn viên chức thì sao?")
    assert parting.calls[0].before == ""
    assert parting.calls[-1].before == before


async def test_the_index_is_told_who_asks_and_what_is_switched_off(stage: Stage, parting: Parting) -> None:
    await stage.play(f"Lan: /toila\nLan: 2\nAn ngừng câu: G3-31\nLan: {SALARY}\nMinh: {SALARY}")
    assert [(call.audience, set(call.off)) for call in parting.calls] == [
        ("business", {"G3-31"}),
        ("", {"G3-31"}),
    ]
    await stage.play(f"Lan: /toila\nLan: 5\nLan: {SALARY}")
    assert parting.calls[-1].audience == ""
