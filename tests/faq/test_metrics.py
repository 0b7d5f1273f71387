"""Each expected figure is computed by hand, as its comment shows."""

from dataclasses import astuple

import pytest

from faq.metrics import (
    Ranked,
    auroc,
    false_answers,
    hits,
    percentile,
    place,
    quality,
    reciprocal_rank,
)

PLACES = [1, 3, 0, 2, 5]


@pytest.mark.parametrize(
    ("ids", "relevant", "expected"),
    [
        (["a", "b", "c"], {"a"}, 1),
        (["a", "b", "c"], {"c", "b"}, 2),  # the first that is right
        (["a", "b", "c"], {"d"}, 0),
        (["a"], set(), 0),
        ([], {"a"}, 0),
    ],
)
def test_place(ids: list[str], relevant: set[str], expected: int) -> None:
    assert place(ids, relevant) == expected


@pytest.mark.parametrize(("first", "expected"), [(1, 1 / 5), (2, 2 / 5), (3, 3 / 5), (5, 4 / 5)])
def test_hits(first: int, expected: float) -> None:
    assert hits(PLACES, first) == pytest.approx(expected)


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(PLACES) == pytest.approx((1 + 1 / 3 + 0 + 1 / 2 + 1 / 5) / 5)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.5, 0.4, 0.1], (3 + 1.5) / 6),  # 0.9 wins 3; 0.4 wins 1 and draws 1
    ],
)
def test_auroc(inside: list[float], outside: list[float], expected: float) -> None:
    assert auroc(inside, outside) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (0.5, 1 / 4),  # the threshold is 0.8, the second of four
        (0.75, 2 / 4),  # 0.6
        (0.95, 3 / 4),  # 0.3: fewer than four of four would be too few
        (1.0, 3 / 4),
    ],
)
def test_false_answers(answered: float, expected: float) -> None:
    assert false_answers([0.9, 0.3, 0.6, 0.8], [0.85, 0.6, 0.3, 0.2], answered) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.5, 2.0), (0.75, 3.0), (0.76, 4.0), (1.0, 4.0)]
)
def test_percentile(share: float, expected: float) -> None:
    assert percentile([4.0, 2.0, 3.0, 1.0], share) == expected


def test_quality() -> None:
    inside = [Ranked(1, 0.9), Ranked(3, 0.5), Ranked(0, 0.2)]
    measured = quality(inside, [0.5, 0.1])
    # above the two outside: 2, then 1.5, then 1; at 0.2, which answers all inside, one of them is answered
    assert astuple(measured) == pytest.approx((3, 1 / 3, 2 / 3, 4 / 9, 4.5 / 6, 1 / 2))


def test_without_questions_outside_there_is_nothing_to_tell_apart() -> None:
    measured = quality([Ranked(1, 0.9)], [])
    assert (measured.auroc, measured.false_answers) == (None, None)
