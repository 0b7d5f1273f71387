"""The product of two texts is the weighted mean of the cosines of their channels."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from math import log, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.vectors import UNSEEN, Channel, Features, Floats, Row, Vectors, joined, ranges

ENTRIES = (
    ("luong co so", "muc luong"),
    ("nghi tet may ngay ngay",),
    ("nghi huu som", "ve huu", "tuoi nghi huu"),
    ("thi tuyen vien chuc nghi",),
    ("luong huu bao nhieu",),
)
TEXTS = tuple(text for entry in ENTRIES for text in entry)


def words(text: str) -> Features:
    return Counter(text.split())


def letters(text: str) -> Features:
    return Counter(text)


SHARES: dict[Callable[[str], Features], float] = {words: 0.7, letters: 0.3}


def rows(texts: Sequence[str], entries: Sequence[Sequence[str]]) -> tuple[list[Row], int]:
    first = Channel(words, entries, SHARES[words], 0)
    second = Channel(letters, entries, SHARES[letters], first.end)
    return [joined([channel.row(text) for channel in (first, second)]) for text in texts], second.end


def products(text: str) -> Floats:
    (row, *stored), width = rows((text, *TEXTS), ENTRIES)
    return Vectors(stored, width).products(row)


def having(feature: Hashable, extract: Callable[[str], Features]) -> int:
    return sum(any(feature in extract(text) for text in entry) for entry in ENTRIES)


def weights(text: str, extract: Callable[[str], Features]) -> dict[Hashable, float]:
    """All features of a text, to a length of 1."""
    found = {
        feature: (1 + log(count))
        * (log((len(ENTRIES) + 1) / (having(feature, extract) + 1)) + 1)
        * (1 if having(feature, extract) else UNSEEN)
        for feature, count in extract(text).items()
    }
    length = sqrt(sum(weight**2 for weight in found.values()))
    return {feature: weight / length for feature, weight in found.items()}


def product(one: str, other: str) -> float:
    """Multiply two texts slowly."""
    return sum(
        share * weight * weights(other, extract).get(feature, 0.0)
        for extract, share in SHARES.items()
        for feature, weight in weights(one, extract).items()
        if having(feature, extract) <= len(ENTRIES) / 2 + 1
    )


QUESTION = st.lists(
    st.sampled_from([*" ".join(TEXTS).split(), "xa", "quy", "moi"]), min_size=1, max_size=9
).map(" ".join)


@settings(deadline=None, max_examples=100)
@given(QUESTION)
def test_a_product_is_the_weighted_mean_of_the_cosines(text: str) -> None:
    assert products(text) == pytest.approx([product(text, other) for other in TEXTS], abs=1e-5)


@settings(deadline=None, max_examples=100)
@given(st.text() | QUESTION)
def test_a_product_is_from_0_to_1(text: str) -> None:
    found = products(text)
    assert len(found) == len(TEXTS)
    assert (found >= 0).all()
    assert (found <= 1 + 1e-5).all()


def test_the_very_text_is_nearest() -> None:
    for number, text in enumerate(TEXTS):
        assert products(text).argmax() == number


def test_a_feature_of_nearly_all_entries_tells_nothing() -> None:
    entries = [[f"xin {word}"] for word in ("luong", "huu", "tet", "thi", "phep")]
    channel = Channel(words, entries, 1.0, 0)
    assert len(channel.row("xin").numbers) == 0
    assert channel.row("xin luong").numbers.tolist() == channel.row("luong").numbers.tolist()
    assert channel.rarity("xin") < channel.rarity("luong")


def test_what_stands_nowhere_here_tells_something_but_meets_nothing() -> None:
    channel = Channel(words, ENTRIES, 1.0, 0)
    assert len(channel.row("quy").numbers) == 0
    assert channel.rarity("quy") == pytest.approx(UNSEEN * channel.rarity_of(0))
    assert channel.row("luong quy").weights[0] < channel.row("luong").weights[0] == pytest.approx(1)


def test_the_rarer_the_heavier() -> None:
    channel = Channel(words, ENTRIES, 1.0, 0)
    assert channel.total == len(ENTRIES)
    assert channel.rarity("tet") > channel.rarity("luong") > channel.rarity("nghi")


def test_numbers_of_a_channel_follow_those_of_the_other() -> None:
    first = Channel(words, ENTRIES, 0.5, 0)
    second = Channel(letters, ENTRIES, 0.5, first.end)
    found = [second.row(text).numbers for text in TEXTS]
    assert {number for numbers in found for number in numbers.tolist()} == set(
        range(second.first, second.end)
    )


def test_a_channel_of_nothing() -> None:
    channel = Channel(words, [], 1.0, 0)
    assert (channel.total, channel.end) == (0, 0)
    row = channel.row("luong")
    assert len(row.numbers) == len(row.weights) == 0
    assert Vectors([], 0).products(row).tolist() == []
    assert Vectors([row], 0).products(row).tolist() == [0]


INITIALS = "b ch d g h kh l m n ng nh ph t th tr v x"
RIMES = "a ai an ang anh ao at e eo i ien ieu in inh o oan oi on ong u ua uc um uong uy uyen"


def pieces(text: str) -> Features:
    return Counter(text[i : i + n] for n in (2, 3, 4) for i in range(len(text) - n + 1))


def many(count: int) -> list[str]:
    random = Random(7)  # noqa: S311 - a test needs the same texts each time
    syllables = [f"{initial}{rime}" for initial in INITIALS.split() for rime in RIMES.split()]
    return [" ".join(random.choices(syllables, k=random.randint(3, 12))) for _ in range(count)]


@pytest.fixture(scope="module")
def compared() -> tuple[Floats, Floats]:
    """Return all products of many texts, folded and exact."""
    texts = many(200)
    channel = Channel(pieces, [[text] for text in texts], 1.0, 0)
    found = [channel.row(text) for text in texts]
    vectors = Vectors(found, channel.end)
    return vectors.alike(np.arange(len(texts))), np.stack([vectors.products(row) for row in found])


def test_texts_are_alike_to_each_other(compared: tuple[Floats, Floats]) -> None:
    alike, exact = compared
    assert alike == pytest.approx(alike.T, abs=1e-6)
    assert np.diag(exact) == pytest.approx(1, abs=0.1)  # what all have in common is left out
    assert (abs(alike - exact).mean(), alike.mean()) == pytest.approx((0, exact.mean()), abs=0.05)


def test_folding_hardly_matters(compared: tuple[Floats, Floats]) -> None:
    alike, exact = compared
    assert np.quantile(abs(alike - exact), 0.99) <= 0.1


@pytest.mark.parametrize("at_once", [False, True])
def test_few_features_do_not_meet(*, at_once: bool) -> None:
    found, width = rows(TEXTS, ENTRIES)
    vectors = Vectors(found, width, compared=at_once)
    exact = np.stack([vectors.products(row) for row in found])
    assert vectors.alike(np.arange(len(TEXTS))) == pytest.approx(exact, abs=1e-6)
    some = np.array([4, 1])
    assert vectors.alike(some) == pytest.approx(exact[np.ix_(some, some)], abs=1e-6)


def test_a_text_has_features_that_nobody_else_has() -> None:
    channel = Channel(words, ENTRIES, 1.0, 0)
    seen: dict[Hashable, int] = {}
    one, other = channel.free_row("quy quy luong", seen), channel.free_row("quy moi", seen)
    assert sorted(seen.values()) == [0, 1, 2]
    assert one.numbers.tolist() == [0, 1]
    assert other.numbers.tolist() == [0, 2]
    assert [float(row.weights @ row.weights) for row in (one, other)] == pytest.approx([1, 1])


def test_features_of_two_channels_are_never_one() -> None:
    seen: dict[Hashable, int] = {}
    one, other = (Channel(extract, ENTRIES, 1.0, 0).free_row("a b", seen) for extract in SHARES)
    assert not set(one.numbers.tolist()) & set(other.numbers.tolist())


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=8))
def test_ranges(found: list[tuple[int, int]]) -> None:
    starts, counts = (np.array([each[i] for each in found], np.int64) for i in (0, 1))
    expected = [number for start, count in found for number in range(start, start + count)]
    assert ranges(starts, counts).tolist() == expected
