"""Which words are one slip away, and which slips are easily made."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from faq.slips import BESIDE, Slips, unlikely

KNOWN = ("luong", "long", "uong", "cham", "tham", "xam", "sua", "a", "zalo")
WORDS = st.text("aghlmnotuz", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("luonh", ["luong"]),  # a letter beside it
        ("lung", ["long", "luong"]),  # wrong, or missing
        ("lluong", ["luong"]),
        ("lunog", ["luong"]),
        ("xham", ["cham", "tham", "xam"]),
        ("luong", ["long", "uong"]),  # not itself
        ("zao", ["zalo"]),
        ("xyz", []),
        ("", ["a"]),
    ],
)
def test_a_letter_is_wrong_missing_too_many_or_exchanged(typed: str, meant: list[str]) -> None:
    assert sorted(Slips(KNOWN).of(typed)) == meant


@given(known=st.sets(WORDS, max_size=20), typed=WORDS)
def test_none_is_missed(known: set[str], typed: str) -> None:
    near = {word for word in known if word != typed and OSA.distance(word, typed) == 1}
    assert set(Slips(known).of(typed)) == near


def test_a_letter_from_beside_is_likelier_than_one_from_elsewhere() -> None:
    row = [("xham", "cham"), ("lunog", "luong"), ("lung", "luong"), ("xham", "tham")]
    costs = [unlikely(*each) for each in row]
    assert costs == sorted(costs)
    assert costs[0] == costs[1] < costs[2] < costs[3]


def test_beside_is_beside_both_ways() -> None:
    assert all(letter in BESIDE[other] for letter, others in BESIDE.items() for other in others)
    assert all(
        other in BESIDE[letter] for row in ("qwertyuiop", "asdfghjkl") for letter, other in pairwise(row)
    )
