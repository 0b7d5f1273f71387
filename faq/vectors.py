"""Texts as weighted features, and how near a question is to each of them.

A text has features in several channels (pieces of words, words, synonyms). Each channel is of
length 1 by itself, so the product of two texts is the weighted mean of the channels' cosines. The
weights of features come from this knowledge base alone: rare ones weigh more.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Features = Mapping[Hashable, int]  # how often each stands in a text

COMMON = 0.5  # a feature of more entries than this share tells nothing
COMMON_ENTRIES = 2_000  # or of more than this many: it costs time and tells next to nothing
UNSEEN = 0.6  # how much of a rare feature's weight one has that stands nowhere in the knowledge base
FEW_TEXTS = 2_000  # so many are compared with each other once and for all
FOLDED = 4_093  # columns at most where texts are compared with each other


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of a text's features, and their weights."""

    numbers: Numbers
    weights: Floats


NOTHING = Row(np.empty(0, np.int64), np.empty(0, np.float32))


class Channel:
    """One kind of feature: its numbers from `first` to `end`, and how rare each is among the entries."""

    def __init__(
        self, extract: Callable[..., Features], entries: Iterable[Iterable[object]], share: float, first: int
    ) -> None:
        """`extract` takes the features out of a text; each entry is a list of texts."""
        having: Counter[Hashable] = Counter()
        total = 0
        for texts in entries:
            found = [extract(text) for text in texts]
            having.update(found[0].keys() if len(found) == 1 else dict.fromkeys(chain(*found)).keys())
            total += 1
        most = min(COMMON * total + 1, COMMON_ENTRIES)
        telling = [feature for feature, count in having.items() if count <= most]
        common = [feature for feature, count in having.items() if count > most]
        self.extract = extract
        self.first, self.end = first, first + len(telling)
        self._total = total
        self._share = sqrt(share)
        self._numbers = {feature: number for number, feature in enumerate((*telling, *common))}
        rarities = [self.rarity_of(having[feature]) for feature in self._numbers]
        self._rarities = np.array((*rarities, UNSEEN * self.rarity_of(0)), np.float32)  # [-1] is the unseen

    def rarity(self, feature: Hashable) -> float:
        """How much a feature tells, whether or not it stands in the knowledge base."""
        return float(self._rarities[self._numbers.get(feature, -1)])

    def rarity_of(self, entries: int) -> float:
        """How much a feature tells that this many entries have."""
        return log((self._total + 1) / (entries + 1)) + 1

    @property
    def total(self) -> int:
        return self._total

    def row(self, text: object) -> Row:
        features = self.extract(text)
        numbers = self._known(features)
        weights = self._weights(features, numbers)
        kept = (numbers >= 0) & (numbers < self.end - self.first)
        return Row(numbers[kept] + self.first, weights[kept])

    def free_row(self, text: object, seen: dict[Hashable, int]) -> Row:
        """A row of all features of a text, known or not; `seen` numbers them as they come."""
        features = self.extract(text)
        known = self._known(features)
        numbers = np.array(
            [seen.setdefault((self.extract, feature), len(seen)) for feature in features], np.int64
        )
        return Row(numbers, self._weights(features, known))

    def _known(self, features: Features) -> Numbers:
        """Number the features; those that stand nowhere in the knowledge base have -1."""
        return np.fromiter(map(self._numbers.get, features, repeat(-1)), np.int64, len(features))

    def _weights(self, features: Features, numbers: Numbers) -> Floats:
        counts = np.fromiter(features.values(), np.float32, len(features))
        weights = (1 + np.log(counts)) * self._rarities[numbers]
        length = sqrt(float(weights @ weights)) or 1.0
        return np.asarray(weights * np.float32(self._share / length))


class Vectors:
    """Texts in their order, by text and by feature. Immutable."""

    def __init__(self, rows: Sequence[Row], width: int, *, compared: bool = False) -> None:
        """Texts that are `compared` often with each other are compared once and for all, if they are few."""
        lengths = np.array([len(row.numbers) for row in rows], np.int64)
        self.count = len(rows)
        self._starts = np.concatenate(([0], np.cumsum(lengths)))
        self._numbers = np.concatenate([NOTHING.numbers, *(row.numbers for row in rows)]).astype(np.int32)
        self._weights = np.concatenate([NOTHING.weights, *(row.weights for row in rows)])
        order = np.argsort(self._numbers, kind="stable")
        self._texts = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)[order]
        self._by_feature = self._weights[order]
        self._feature_starts = np.searchsorted(self._numbers[order], np.arange(width + 1))
        self._alike = np.empty((0, 0), np.float32)
        if compared and 0 < self.count <= FEW_TEXTS:
            self._alike = np.stack([self.products(row) for row in rows])

    def products(self, row: Row) -> Floats:
        """Compare with every text."""
        starts = self._feature_starts[row.numbers]
        counts = self._feature_starts[row.numbers + 1] - starts
        places = ranges(starts, counts)
        weights = self._by_feature[places] * np.repeat(row.weights, counts)
        return np.bincount(self._texts[places], weights, minlength=self.count).astype(np.float32)

    def alike(self, texts: Numbers) -> Floats:
        """Compare these texts with each other: one row and one column for each."""
        if len(self._alike):
            return self._alike[texts[:, None], texts]
        counts = self._starts[texts + 1] - self._starts[texts]
        places = ranges(self._starts[texts], counts)
        return products_of(self._numbers[places], self._weights[places], counts)


def joined(rows: Sequence[Row]) -> Row:
    return Row(np.concatenate([row.numbers for row in rows]), np.concatenate([row.weights for row in rows]))


def products_of(numbers: NDArray[np.integer[Any]], weights: Floats, counts: Numbers) -> Floats:
    """Multiply rows that stand one after the other, each as long as its count.

    Each feature that one of them has is a column; if these are too many, several are folded into one, with
    a sign each so that chance meetings cancel out.
    """
    seen = np.zeros(int(numbers.max(initial=-1)) + 1, np.bool_)
    seen[numbers] = True
    columns = (np.cumsum(seen) - 1)[numbers]
    width = max(min(int(seen.sum()), FOLDED), 1)
    cells = np.repeat(np.arange(len(counts)) * width, counts) + columns % width
    signed = np.where((columns // width) & 1, -weights, weights)
    table = np.bincount(cells, signed, minlength=len(counts) * width).astype(np.float32)
    table = table.reshape(len(counts), width)
    found: Floats = table @ table.T
    return found


def ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """List start, start + 1, … for each start, as many as its count."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    found: Numbers = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return found
