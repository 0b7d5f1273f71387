"""How a question and the entries resemble each other, in five respects."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.likeness import ANSWERED, LOOKED_AT, Closeness, Likeness
from faq.reading import Reading, read
from faq.words import SynonymFile, WordFile, Words

WORDS = Words(WordFile(), SynonymFile((("lương", "tiền công"), ("ô tô", "xe hơi"))))
OTHERS = ("thi tuyển viên chức", "đăng ký kết hôn", "mở hội quán", "bầu cử quốc hội", "lễ hội mùa xuân")


def reading(text: str) -> Reading:
    return read(text.split(), WORDS)


def likeness(*entries: Sequence[str] | str, answers: Sequence[str] = ()) -> Likeness:
    """Compare with these entries and with others that are about something else."""
    wordings = [(entry,) if isinstance(entry, str) else entry for entry in (*entries, *OTHERS)]
    said = [*answers, *[""] * (len(wordings) - len(answers))]
    return Likeness(
        [[reading(text) for text in entry] for entry in wordings],
        [text.split() for text in said],
        WORDS.groups,
    )


def compared(found: Likeness, question: str) -> dict[int, Closeness]:
    asked = reading(question)
    return {each.entry: each for each in found.compare(asked, found.nearness(asked))}


def closeness(question: str, *entries: Sequence[str] | str, answers: Sequence[str] = ()) -> Closeness:
    """Compare the question with the first entry."""
    return compared(likeness(*entries, answers=answers), question)[0]


def test_the_very_question() -> None:
    found = closeness("lương cơ sở", "lương cơ sở")
    assert (found.covered, found.covering, found.agreeing, found.other_number) == pytest.approx(
        (1, 1, 1, False)
    )
    assert found.vote == pytest.approx(1, abs=0.05)


def test_both_wordings_speak_for_an_entry() -> None:
    two = ("nghỉ lễ dài ngắn", "mùng mấy đi làm")
    found = compared(likeness(two, "nghỉ lễ chỗ khác"), "nghỉ lễ mùng mấy")
    assert found[0].vote > found[1].vote
    one_by_one = [closeness("nghỉ lễ mùng mấy", wording).vote for wording in two]
    assert found[0].vote > max(one_by_one)


def test_a_wording_that_adds_something_counts_more_than_one_that_repeats() -> None:
    question = "nghỉ lễ mùng mấy"
    once, again, different = (
        closeness(question, wordings).vote
        for wordings in (("nghỉ lễ",), ("nghỉ lễ", "nghỉ lễ"), ("nghỉ lễ", "mùng mấy"))
    )
    assert once < again < different


def test_the_wording_that_is_nearest_is_told() -> None:
    found = compared(likeness(("lương hưu", "lương cơ sở"), "nghỉ tết"), "lương cơ sở là gì")
    assert found[0].wording == 1
    assert compared(likeness("lương hưu", ("nghỉ lễ", "nghỉ tết")), "nghỉ tết")[1].wording == 2


@pytest.mark.parametrize(
    ("question", "agreeing"),
    [
        ("lương cơ sở", 1),
        ("luong co so", 1),
        ("lương co so", 1),
        ("lượng cơ sở", 2 / 3),
        ("lượng cổ sổ", 0),
        ("lượng", 0),
        ("lượng co so", 0),  # of the marks that were typed
        ("xăng", 1),  # what does not stand there contradicts nothing
    ],
)
def test_marks_that_were_typed_must_agree(question: str, agreeing: float) -> None:
    found = likeness("lương cơ sở")
    asked = reading(question)
    everything = np.ones(1 + len(OTHERS), np.float32)
    first = next(each for each in found.compare(asked, everything) if each.entry == 0)
    assert first.agreeing == pytest.approx(agreeing)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("nghị định 154", False),
        ("nghị định 178", True),
        ("nghị định 154 năm 2024", False),  # in the answer
        ("nghị định 0154", False),
        ("nghị định 5", False),  # one digit is a count, not a name
        ("nghị định", False),
    ],
)
def test_another_number(question: str, other: bool) -> None:  # noqa: FBT001
    assert closeness(question, "nghị định 154", answers=["ban hành năm 2024"]).other_number is other


@pytest.mark.parametrize("question", ["lương cơ sở", "tiền công cơ sở", "tien cong co so", "luong co so"])
def test_what_means_the_same_is_covered(question: str) -> None:
    found = closeness(question, "lương cơ sở")
    assert (found.covered, found.covering) == pytest.approx((1, 1))


def test_half_of_a_synonym_means_nothing() -> None:
    assert closeness("tiền cơ sở", "lương cơ sở").covered < 0.9


def test_a_word_of_the_answer_counts_half() -> None:
    question, entry = "kết hôn ở xã", "kết hôn ở đây"
    nowhere, answer, wording = (
        closeness(question, entry, "nghỉ tết", answers=[""]).covered,
        closeness(question, entry, "nghỉ tết", answers=["làm tại xã"]).covered,
        closeness(question, (entry, "xã"), "nghỉ tết").covered,
    )
    assert nowhere < answer < wording == pytest.approx(1)
    found = likeness(entry, "nghỉ tết", answers=["làm tại xã"])
    weights = {word: found.rarity(word) for word in ("ket", "hon", "o", "xa")}
    assert answer == pytest.approx(1 - (1 - ANSWERED) * weights["xa"] / sum(weights.values()), abs=1e-5)


def test_a_slip_is_nearly_covered() -> None:
    right, slip, other = (
        closeness(text, "sáp nhập tỉnh thành").covered
        for text in ("sáp nhập tỉnh thành", "sáp nhâpp tỉnh thành", "sáp xe tỉnh thành")
    )
    assert right > slip > other


def test_covering_tells_how_much_of_the_wording_was_asked() -> None:
    short, long = (closeness(text, "lương cơ sở hiện nay").covering for text in ("lương", "lương cơ sở"))
    assert 0 < short < long < 1
    assert closeness("cho hỏi lương cơ sở hiện nay", "lương cơ sở hiện nay").covering == pytest.approx(1)


def test_only_the_nearest_entries_are_looked_at() -> None:
    many = [f"lương bậc{number}" for number in range(LOOKED_AT + 10)]
    others = [f"nghỉ phép{number}" for number in range(len(many))]
    found = compared(likeness(*many, *others), "lương bậc7")
    assert len(found) == LOOKED_AT
    assert 7 in found


def test_what_has_nothing_in_common_is_not_looked_at() -> None:
    assert compared(likeness("lương cơ sở"), "ww") == {}
    assert compared(likeness("lương cơ sở"), "") == {}


VOCABULARY = [*" ".join(OTHERS).split(), "lương", "luong", "lượng", "154", "2026", "xyz", "🙂"]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join),
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join),
)
def test_all_is_between_0_and_1(question: str, wording: str) -> None:
    found = likeness((wording, "lương hưu"), "nghị định 154")
    near = found.nearness(reading(question))
    assert (near >= 0).all()
    assert (near <= 1 + 1e-5).all()
    assert 0 <= found.glance(reading(question)) <= 1 + 1e-5
    for each in compared(found, question).values():
        assert min(each.covered, each.covering, each.agreeing) >= -1e-5
        assert max(each.covered, each.covering, each.agreeing) <= 1 + 1e-5
        assert -1 < each.vote < 1.5


def test_texts_are_compared_with_each_other() -> None:
    found = likeness("lương cơ sở").similarities(
        [reading(text) for text in ("lương cơ sở", "luong co so", "xăng tăng giá", "giá xăng", "🙂")]
    )
    assert found == pytest.approx(found.T)
    assert found[:4, :4].diagonal() == pytest.approx(1, abs=0.01)
    assert found[0, 1] == pytest.approx(1, abs=0.01)
    assert found[2, 3] > 0.4  # what stands nowhere in the knowledge base counts, too
    assert found[0, 2] < 0.1


def test_no_texts_are_compared() -> None:
    assert likeness("lương cơ sở").similarities([]).shape == (0, 0)


def test_a_wording_may_have_no_words() -> None:
    found = Likeness(
        [[reading("")], [reading("lương hưu"), reading("")], [reading("")]], [[], [], []], WORDS.groups
    )
    near = np.ones(4, np.float32)
    coverings = {each.entry: each.covering for each in found.compare(reading("lương"), near)}
    assert coverings == pytest.approx({0: 0, 1: 0.5, 2: 0})


def test_there_may_be_no_entries() -> None:
    found = Likeness([], [], 0)
    assert found.compare(reading("lương"), found.nearness(reading("lương"))) == []
    assert found.glance(reading("lương")) == 0
