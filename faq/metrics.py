"""Measures of a ranking and of its scores, as functions of plain values.

«Inside» are questions that have an answer in the corpus, «outside» those that have none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple


class Ranked(NamedTuple):
    """One question: the place of its first right entry, 0 if there is none, and the score of the first."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares from 0 to 1; the last two are None if nothing is outside."""

    asked: int
    acc_at_1: float
    recall_at_3: float
    mrr: float
    auroc: float | None
    false_answers: float | None


def quality(inside: Sequence[Ranked], outside: Sequence[float]) -> Quality:
    """Measure questions inside, at least one, against the top scores outside."""
    places = [each.place for each in inside]
    scores = [each.score for each in inside]
    return Quality(
        asked=len(inside),
        acc_at_1=hits(places, 1),
        recall_at_3=hits(places, 3),
        mrr=reciprocal_rank(places),
        auroc=auroc(scores, outside) if outside else None,
        false_answers=false_answers(scores, outside) if outside else None,
    )


def place(ids: Iterable[str], relevant: Collection[str]) -> int:
    return next((at for at, each in enumerate(ids, 1) if each in relevant), 0)


def hits(places: Sequence[int], first: int) -> float:
    """Share of the questions with a right entry among the first ones."""
    return sum(0 < each <= first for each in places) / len(places)


def reciprocal_rank(places: Sequence[int]) -> float:
    """Mean of 1 / place; 0 where there is none."""
    return sum(1 / each for each in places if each) / len(places)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Chance that a question inside scores higher than one outside; a draw counts half."""
    ordered = sorted(outside)
    won = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in inside)
    return won / (2 * len(inside) * len(outside))


def false_answers(inside: Sequence[float], outside: Sequence[float], answered: float = 0.95) -> float:
    """Share outside that would be answered at the threshold that answers this share inside."""
    threshold = sorted(inside, reverse=True)[ceil(answered * len(inside)) - 1]
    return sum(score >= threshold for score in outside) / len(outside)


def percentile(values: Sequence[float], share: float) -> float:
    """Smallest of the values that is not exceeded by this share of them."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]
