"""Wordings as weighted features, and how near a question is to each of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Row = tuple[NDArray[np.int64], Floats]

COMMON = 0.5  # a feature of more entries than this share tells nothing and costs most of the time
UNSEEN = 0.6  # how much of a rare word's weight a word has that stands nowhere in the knowledge base


def letters(words: Sequence[str]) -> Counter[str]:
    """Count the pieces of 2 to 4 letters, across the spaces between words."""
    line = f" {' '.join(words)} "
    return Counter(line[i : i + n] for n in (2, 3, 4) for i in range(len(line) - n + 1))


def syllables(words: Sequence[str]) -> Counter[str]:
    """Count the words and the pairs of neighbours."""
    return Counter((*words, *(f"{a} {b}" for a, b in pairwise(words))))


class Weights:
    """An inverted index: for each feature, the wordings that have it and how heavy it is there.

    A feature is rare when few entries have it, however many wordings those have.
    """

    def __init__(self, counted: Sequence[Counter[str]], owners: Sequence[str]) -> None:
        having: defaultdict[str, set[str]] = defaultdict(set)
        for features, owner in zip(counted, owners, strict=True):
            for feature in features:
                having[feature].add(owner)
        total = len(set(owners))
        self._rarity = {feature: log((total + 1) / (len(who) + 1)) + 1 for feature, who in having.items()}
        self._unseen = UNSEEN * (log(total + 1) + 1)
        kept = (feature for feature, who in having.items() if len(who) <= COMMON * total + 1)
        self._numbers = {feature: number for number, feature in enumerate(kept)}
        self._wordings = [self._row(features) for features in counted]
        self._places = self._inverted()

    def cosines(self, features: Counter[str]) -> Floats:
        """Compare with every wording, in their order."""
        scores = np.zeros(len(self._wordings))
        for number, share in zip(*self._row(features), strict=True):
            places, weights = self._places[number]
            scores[places] += share * weights
        return scores

    def alike(self, places: Sequence[int]) -> Floats:
        """Compare these wordings with each other."""
        rows = [self._wordings[place] for place in places]
        numbers, columns = np.unique(np.concatenate([row[0] for row in rows]), return_inverse=True)
        table = np.zeros((len(rows), len(numbers)))
        table[np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows]), columns] = np.concatenate(
            [row[1] for row in rows]
        )
        return np.asarray(table @ table.T)

    def covered(self, words: AbstractSet[str], by: AbstractSet[str]) -> float:
        """Say how much of the words, by weight, stands among the others."""
        weights = {word: self._rarity.get(word, self._unseen) for word in words}
        return sum(weight for word, weight in weights.items() if word in by) / (sum(weights.values()) or 1.0)

    def _row(self, features: Counter[str]) -> Row:
        """Number the features that tell something, and say how heavy each is."""
        rarity, unseen, numbers = self._rarity, self._unseen, self._numbers
        weights = {feature: (1 + log(n)) * rarity.get(feature, unseen) for feature, n in features.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        known = [(numbers[feature], weight) for feature, weight in weights.items() if feature in numbers]
        return (
            np.array([number for number, _ in known], dtype=np.int64),
            np.array([weight / length for _, weight in known], dtype=np.float64),
        )

    def _inverted(self) -> list[Row]:
        """List for each feature the places of the wordings that have it."""
        found: list[list[tuple[int, float]]] = [[] for _ in self._numbers]
        for place, row in enumerate(self._wordings):
            for number, weight in zip(*(part.tolist() for part in row), strict=True):
                found[number].append((place, weight))
        return [
            (np.array([place for place, _ in each]), np.array([weight for _, weight in each]))
            for each in found
        ]
