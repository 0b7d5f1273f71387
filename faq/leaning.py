"""To which of several collections a text leans: where each of its words stands oftener than elsewhere."""

from collections.abc import Hashable, Mapping, Sequence
from math import sqrt

import numpy as np

from faq.vectors import Features

SELDOM = 0.02  # how often every word is thought to stand where it was not seen


class Leaning:
    """Immutable. The collections, given by how much each feature counts there, are known by their places."""

    def __init__(self, collections: Sequence[Mapping[Hashable, float]]) -> None:
        features = dict.fromkeys(feature for each in collections for feature in each)
        self._numbers = {feature: number for number, feature in enumerate(features)}
        counts = np.full((len(collections), len(features)), SELDOM)
        for place, each in enumerate(collections):
            counts[place, [self._numbers[feature] for feature in each]] += list(each.values())
        often = np.log(counts / counts.sum(axis=1, keepdims=True))
        self._leanings = (often - often.mean(axis=0)).T

    def of(self, text: Features) -> list[float]:
        """Return for each collection how much oftener its words stand there than elsewhere."""
        known = [self._numbers[feature] for feature in text if feature in self._numbers]
        return [float(each) for each in self._leanings[known].sum(axis=0) / sqrt(len(known) or 1)]
