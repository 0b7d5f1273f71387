"""How near a text is to each of several collections of texts, by the rare words and pairs that they share."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import cast

from faq.reading import read
from faq.text import readings, tokens
from faq.vectors import Channel, Features, Vectors
from faq.words import Words


class Nearness:
    """Immutable. The collections, given by their features, are known by their places."""

    def __init__(self, collections: Sequence[Features]) -> None:
        self._channel = Channel(_itself, ([each] for each in collections), 1.0, 0)
        self._vectors = Vectors([self._channel.row(each) for each in collections], self._channel.end)

    def of(self, text: Features) -> list[float]:
        """Return from 0 to 1 for each collection."""
        return [float(each) for each in self._vectors.products(self._channel.row(text))]


def features(text: str, words: Words) -> Features:
    """Return the words of a text, without marks and as they are meant, and their pairs."""
    bare = read(readings(tokens(text, words), words)[0], words).bare
    return dict.fromkeys([*bare, *pairwise(bare)], 1)


def together(texts: Iterable[Features]) -> Features:
    """Return how many of the texts have each feature."""
    return Counter(feature for text in texts for feature in text)


def _itself(found: object) -> Features:
    return cast("Features", found)
