"""How near a text is to each of several others, by the rare words and pairs that they share."""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from faq.reading import read
from faq.text import readings, tokens
from faq.vectors import Channel, Features, Vectors
from faq.words import Words


class Nearness:
    """Immutable. The texts, given by their features, are known by their places."""

    def __init__(self, texts: Sequence[Features]) -> None:
        self._channel = Channel(_itself, ([each] for each in texts), 1.0, 0)
        self._vectors = Vectors([self._channel.row(each) for each in texts], self._channel.end)

    def of(self, text: Features) -> list[float]:
        """Return from 0 to 1 for each of them."""
        return [float(each) for each in self._vectors.products(self._channel.row(text))]


def features(text: str, words: Words) -> Features:
    """Return the words of a text as they are meant, with the marks that were typed and without, and pairs."""
    found = read(readings(tokens(text, words), words)[0], words)
    return dict.fromkeys([*found.bare, *pairwise(found.bare), *found.marked], 1)


def _itself(found: object) -> Features:
    return cast("Features", found)
