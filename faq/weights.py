"""Wordings as weighted features, and how near a question is to each of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from math import log, sqrt

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
        self._size = len(counted)
        self._places: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, features in enumerate(counted):
            weights = self._weighed(features)
            length = _length(weights)
            for feature, weight in weights.items():
                if len(having[feature]) <= COMMON * total + 1:
                    self._places[feature].append((place, weight / length))

    def cosines(self, features: Counter[str]) -> list[float]:
        """Compare with every wording, in their order."""
        weights = self._weighed(features)
        length = _length(weights)
        scores = [0.0] * self._size
        for feature, weight in weights.items():
            if feature in self._places:
                share = weight / length
                for place, other in self._places[feature]:
                    scores[place] += share * other
        return scores

    def covered(self, words: AbstractSet[str], by: AbstractSet[str]) -> float:
        """Say how much of the words, by weight, stands among the others."""
        weights = {word: self._rarity.get(word, self._unseen) for word in words}
        return sum(weight for word, weight in weights.items() if word in by) / (sum(weights.values()) or 1.0)

    def _weighed(self, features: Counter[str]) -> dict[str, float]:
        rarity, unseen = self._rarity, self._unseen
        return {feature: (1 + log(n)) * rarity.get(feature, unseen) for feature, n in features.items()}


def _length(weights: dict[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values())) or 1.0
