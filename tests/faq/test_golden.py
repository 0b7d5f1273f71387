"""The golden questions are read, tried, and judged; the sample ones are not wrong today."""

import re
from datetime import date
from pathlib import Path

import pytest

from faq import golden
from faq.compare import Decision
from faq.entries import CONTENT, Knowledge, load
from faq.files import Mistakes
from faq.golden import Golden, Outcome
from faq.index import Index
from faq.words import Words
from feedback.vietnamese import fold

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(CONTENT)


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    return Index(knowledge, Words.load(CONTENT))


@pytest.fixture(scope="module")
def sample(knowledge: Knowledge) -> tuple[Golden, ...]:
    return golden.load(CONTENT, knowledge.entries)


def test_the_sample_asks_enough_in_every_way(knowledge: Knowledge, sample: tuple[Golden, ...]) -> None:
    assert len(sample) >= 60
    assert sum(not each.expected for each in sample) >= 10
    assert sum(each.question.isascii() for each in sample) >= 15
    known = {fold(text) for entry in knowledge.entries.values() for text in entry.wordings()}
    assert [each.question for each in sample if fold(each.question) in known] == []


def test_no_sample_question_is_answered_wrongly(
    knowledge: Knowledge, index: Index, sample: tuple[Golden, ...]
) -> None:
    results = golden.run(sample, knowledge, index, TODAY)
    assert [each for each in results if each.outcome is Outcome.WRONG] == []
    assert [each.golden for each in results] == list(sample)


@pytest.mark.parametrize(
    ("expected", "made", "outcome"),
    [
        ({"A", "B"}, Decision("answer", ("B",), 0.9), Outcome.RIGHT),
        ({"A"}, Decision("answer", ("B",), 0.9), Outcome.WRONG),
        (set(), Decision("answer", ("B",), 0.9), Outcome.WRONG),
        ({"A"}, Decision("choose", ("B", "A"), 0.4), Outcome.OFFERED),
        ({"A"}, Decision("choose", ("B", "C"), 0.4), Outcome.MISSED),
        (set(), Decision("choose", ("B",), 0.4), Outcome.OFFERED),
        ({"A"}, Decision("none"), Outcome.MISSED),
        (set(), Decision("none"), Outcome.RIGHT),
    ],
)
def test_the_outcome(expected: set[str], made: Decision, outcome: Outcome) -> None:
    assert golden.outcome(expected, made) is outcome


@pytest.mark.parametrize(
    ("day", "outcome"), [(date(2026, 12, 31), Outcome.RIGHT), (date(2027, 1, 1), Outcome.MISSED)]
)
def test_what_may_not_be_shown_on_the_day_is_not_expected(
    knowledge: Knowledge, index: Index, day: date, outcome: Outcome
) -> None:
    asked = Golden("mai có mưa không", ("G6-08",))
    assert [each.outcome for each in golden.run([asked], knowledge, index, day)] == [outcome]


def test_a_missing_file_is_fine(tmp_path: Path) -> None:
    assert golden.load(tmp_path, {"A"}) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("questions:\n  - {question: a, expected: [A, B]}\n", ["2:33: không có câu trả lời «B»"]),
        ("questions:\n  - question: a\n", ["2:5: thiếu mục «expected»"]),
        ("questions:\n  - question: a\n    expected: A\n", ["3:5: «expected» phải là một danh sách"]),
        ("questions:\n  - {question: '', expected: []}\n", ["2:6: «question» không được để trống"]),
        (
            "questions:\n  - {question: một hai, expected: []}\n  - {question: Một hai?, expected: [A]}\n",
            ["3:6: câu hỏi ghi hai lần"],
        ),
        ("{}\n", ["1:1: thiếu mục «questions»"]),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, told: list[str]) -> None:
    (tmp_path / golden.FILE).write_text(text, "utf-8")
    with pytest.raises(Mistakes) as caught:
        golden.load(tmp_path, {"A"})
    found = [re.sub(r".*golden.yaml:|[.,].*", "", str(each)) for each in caught.value.all]
    assert found == told
