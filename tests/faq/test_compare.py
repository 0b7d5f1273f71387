"""Comparing two indexes: only what a person would notice is a difference."""

from datetime import date

import pytest

from faq.compare import Decision, compare, decision
from faq.entries import CONTENT, Confidence, Entry, Knowledge
from faq.index import Index
from faq.words import Words

DAY = date(2026, 11, 22)
WORDS = Words.load(CONTENT)
PAY = "Mức lương cơ sở hiện nay là bao nhiêu?"
LEAVE = "Công chức được nghỉ phép mấy ngày một năm?"


def index(**questions: str) -> Index:
    entries = {
        name: Entry(name, "", question, "Trả lời.", "VP", Confidence.CHECKED)
        for name, question in questions.items()
    }
    return Index(Knowledge({}, entries), WORDS)


def test_a_decision_tells_what_is_shown() -> None:
    both = index(pay=PAY, leave=LEAVE)
    found = decision(both, PAY, DAY)
    assert (found.kind, found.ids) == ("answer", ("pay",))
    assert 0 < found.score <= 1
    assert decision(both, "trồng rau trên sân thượng", DAY) == Decision("none")
    assert decision(both, "trồng rau trên sân thượng", DAY).first == ""


def test_of_several_the_best_comes_first() -> None:
    two = index(a="Đăng ký khai sinh ở đâu?", b="Đăng ký khai tử ở đâu?", c=PAY)
    found = decision(two, "đăng ký khai ở đâu", DAY)
    assert found.kind == "choose"
    assert set(found.ids) == {"a", "b"}
    assert found.first == found.ids[0]


def test_only_what_is_decided_differently_is_listed_once_and_in_order() -> None:
    old, new = index(pay=PAY, leave=LEAVE), index(salary=PAY, leave=LEAVE)
    found = compare(old, new, [LEAVE, PAY, "trồng rau", PAY], DAY)
    assert [(each.question, each.before.first, each.after.first) for each in found] == [
        (PAY, "pay", "salary")
    ]
    assert compare(old, old, [LEAVE, PAY], DAY) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Decision("answer", ("a",), 0.9), Decision("answer", ("a",), 0.5), True),
        (Decision("choose", ("a", "b")), Decision("choose", ("a", "c")), True),
        (Decision("choose", ("a", "b")), Decision("choose", ("b", "a")), False),
        (Decision("answer", ("a",)), Decision("choose", ("a", "b")), False),
        (Decision("none"), Decision("none"), True),
    ],
)
def test_the_kind_and_the_first_entry_count(one: Decision, other: Decision, *, same: bool) -> None:
    assert one.same(other) is same
