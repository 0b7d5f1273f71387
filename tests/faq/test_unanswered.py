"""What was not answered: one group for one thing that is asked, and a proof before a change is saved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from faq.entries import CONTENT, Confidence, Entry, Knowledge, load
from faq.index import Index, Match
from faq.unanswered import NEAREST, groups, joined, proof, with_wording
from faq.words import Words
from feedback.vietnamese import fold

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = date(2026, 11, 23)
WORDS = Words.load(CONTENT)
KNOWLEDGE = load(CONTENT)
INDEX = Index(KNOWLEDGE, WORDS)


@dataclass(frozen=True)
class Kept:
    id: int
    text: str
    at: datetime


class Pieces:
    """The index of the samples; texts are alike when they share pieces of three letters."""

    def rank(self, text: str) -> list[Match]:
        return INDEX.rank(text)

    def similarities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        lines = [f" {fold(text)} " for text in texts]
        counts = [Counter(line[i : i + 3] for i in range(len(line) - 2)) for line in lines]
        numbers = {piece: number for number, piece in enumerate({piece for each in counts for piece in each})}
        table = np.zeros((len(texts), len(numbers)), dtype=np.float32)
        for row, each in enumerate(counts):
            table[row, [numbers[piece] for piece in each]] = list(each.values())
        table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
        return table @ table.T


def kept(*texts: str) -> list[Kept]:
    """Ask one question an hour."""
    return [Kept(number, text, NOW + number * timedelta(hours=1)) for number, text in enumerate(texts)]


def test_questions_that_ask_the_same_are_one_group_and_the_largest_comes_first() -> None:
    asked = kept(
        "xin visa đi Nhật ở đâu",
        "học phí đại học năm nay bao nhiêu",
        "hoc phi dai hoc nam nay bao nhieu",
        "trồng cây gì ở sân",
        "học phí đại học bao nhiêu",
    )
    found = groups(asked, Pieces())
    assert [group.ids for group in found] == [(4, 2, 1), (3,), (0,)]
    assert [group.count for group in found] == [3, 1, 1]
    assert found[0].last == asked[4].at
    assert found[0].wording in {each.text for each in asked}


def test_the_most_central_wording_stands_for_the_group() -> None:
    asked = kept(
        "học phí đại học công lập", "học phí đại học công lập và tư thục", "cho hỏi học phí đại học công lập"
    )
    [group] = groups(asked, Pieces())
    assert group.wording == "học phí đại học công lập"


def test_the_same_words_are_shown_once_and_counted_each_time() -> None:
    [group] = groups(kept("Lương hưu?", "lương hưu", "LƯƠNG HƯU"), Pieces())
    assert group.count == 3
    assert group.wordings == ("LƯƠNG HƯU",)


def test_the_nearest_entries_are_named() -> None:
    [group] = groups(kept("lương cơ sở hiện nay bao nhiêu"), Pieces())
    assert len(group.nearest) == NEAREST
    assert [match.entry.id for match in group.nearest] == [
        match.entry.id for match in INDEX.rank("lương cơ sở hiện nay bao nhiêu")[:NEAREST]
    ]


def test_what_was_masked_neither_joins_nor_is_shown() -> None:
    asked = kept("[số điện thoại] xin visa", "[số điện thoại] trồng rau")
    assert {group.wording for group in groups(asked, Pieces())} == {"xin visa", "trồng rau"}
    [group] = groups(kept("[số điện thoại]"), Pieces())
    assert group.wording == "[số điện thoại]"


def test_no_question_makes_no_group_and_the_limit_holds() -> None:
    assert groups([], Pieces()) == []
    assert [group.ids for group in groups(kept("xin visa", "trồng rau", "mua xe"), Pieces(), limit=2)] == [
        (2,),
        (1,),
    ]


def test_the_order_in_which_they_are_given_does_not_matter() -> None:
    asked = kept(
        *(wording for entry in list(KNOWLEDGE.entries.values())[:20] for wording in entry.wordings())
    )
    shuffled = Random(1).sample(asked, len(asked))  # noqa: S311 - any order will do
    assert groups(shuffled, Pieces()) == groups(asked, Pieces())


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0.95, [[0], [1], [2]]), (0.85, [[0, 1], [2]]), (0.5, [[0, 1], [2]]), (0.4, [[0, 1, 2]])],
)
def test_groups_are_joined_by_the_average(least: float, expected: list[list[int]]) -> None:
    alike = np.array([[1, 0.9, 0.8], [0.9, 1, 0.1], [0.8, 0.1, 1]])  # to both together the third is 0.45
    assert sorted(map(sorted, joined(alike, least))) == expected


@given(st.integers(0, 30), st.integers(0, 99), st.floats(0.1, 1))
def test_every_row_is_in_one_group(count: int, seed: int, least: float) -> None:
    rows = np.random.default_rng(seed).integers(0, 3, (count, 4)) / 2  # many are equally alike
    found = joined(rows @ rows.T / 4, least)
    assert sorted(row for group in found for row in group) == list(range(count))


def test_a_wording_that_helps_proves_it() -> None:
    entry = KNOWLEDGE.entries["G1-03"]
    question = "bao giờ biết ai đắc cử"
    found = proof(KNOWLEDGE, WORDS, DAY, question, with_wording(entry, question), old=INDEX)
    assert found.before.kind != "answer"
    assert (found.after.kind, found.after.first) == ("answer", "G1-03")
    assert found.helps
    assert found.tried > 10
    assert all(each.after.first != "G1-03" for each in found.others)


def test_a_new_entry_proves_itself_too() -> None:
    entry = Entry("NEW", "", "Trồng rau trên sân thượng thế nào?", "Tùy.", "VP", Confidence.CHECKED)
    question = "trồng rau sân thượng"
    assert proof(KNOWLEDGE, WORDS, DAY, question, entry).helps
    unchecked = replace(entry, verify_before_use=True)
    assert not proof(KNOWLEDGE, WORDS, DAY, question, unchecked, old=INDEX).helps


def test_a_wording_that_takes_another_s_questions_is_told() -> None:
    first, second = (
        Entry(name, "", question, "Trả lời.", "VP", Confidence.CHECKED)
        for name, question in (("a", "Đăng ký khai sinh ở đâu?"), ("b", "Thuê nhà công vụ thế nào?"))
    )
    knowledge = Knowledge({}, {"a": first, "b": second})
    greedy = with_wording(second, "Đăng ký khai sinh ở chỗ nào?")
    found = proof(knowledge, WORDS, DAY, "nhà công vụ", greedy, ["khai sinh ở chỗ nào", "trồng rau"])
    assert {each.before.first for each in found.others} == {"a"}
    assert "khai sinh ở chỗ nào" in {each.question for each in found.others}
    assert found.tried == 3
