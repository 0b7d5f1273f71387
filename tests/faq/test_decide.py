"""More that speaks for an entry never makes it less likely."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq import decide
from faq.likeness import Closeness

SHARE = st.floats(0, 1)
POINTS = st.floats(-1_000, 1_000)
CLOSENESS = st.builds(
    Closeness,
    entry=st.just(0),
    wording=st.just(0),
    vote=st.floats(-0.5, 1.5),
    covered=SHARE,
    covering=SHARE,
    agreeing=SHARE,
    other_number=st.booleans(),
)
PERFECT = Closeness(0, 0, vote=1, covered=1, covering=1, agreeing=1, other_number=False)
NOTHING = Closeness(0, 0, vote=0, covered=0, covering=0, agreeing=1, other_number=False)


@settings(deadline=None, max_examples=200)
@given(CLOSENESS, st.sampled_from(["vote", "covered", "covering", "agreeing"]), SHARE, SHARE)
def test_the_closer_the_more_points(found: Closeness, respect: str, more: float, weight: float) -> None:
    closer = replace(found, **{respect: getattr(found, respect) + more})
    assert decide.points(closer, weight) >= decide.points(found, weight)


@settings(deadline=None, max_examples=100)
@given(CLOSENESS, SHARE, SHARE)
def test_another_number_and_a_lesser_part_cost_points(found: Closeness, one: float, other: float) -> None:
    same, another = (replace(found, other_number=number) for number in (False, True))
    assert decide.points(same) > decide.points(another)
    less, more = sorted((one, other))
    assert decide.points(found, less) <= decide.points(found, more) <= decide.points(found)


@settings(deadline=None, max_examples=200)
@given(POINTS, POINTS, POINTS)
def test_more_points_and_a_larger_lead_are_surer(one: float, other: float, lead: float) -> None:
    less, more = sorted((one, other))
    assert 0 < decide.right(less) <= decide.right(more) < 1
    assert 0 < decide.among(less) <= decide.among(more) < 1
    assert 0 < decide.sure(less, lead) <= decide.sure(more, lead) < 1
    assert decide.sure(lead, less) <= decide.sure(lead, more)


def test_the_extremes() -> None:
    best, none = decide.points(PERFECT), decide.points(NOTHING)
    assert decide.sure(best, best) > decide.ANSWER
    assert decide.right(best) > decide.ANSWER
    assert decide.among(best) > decide.CHOOSE
    assert decide.sure(best, 0) < decide.ANSWER  # two that are equally near are a choice
    assert decide.among(none) < decide.AROUND
    assert decide.right(none) < decide.AROUND


@pytest.mark.parametrize("respect", ["vote", "covered", "covering", "agreeing"])
def test_each_respect_counts(respect: str) -> None:
    without: dict[str, Any] = {respect: 0}
    assert decide.points(PERFECT) - decide.points(replace(PERFECT, **without)) > 1


def test_the_thresholds() -> None:
    assert 0 < decide.AROUND < decide.AGAIN < decide.CHOOSE < decide.ANSWER < 1
    assert 2 <= decide.CHOICES <= 3
    assert decide.OTHER_AUDIENCE > 0
    assert 0 < decide.BESIDE_THE_POINT < decide.points(PERFECT)
