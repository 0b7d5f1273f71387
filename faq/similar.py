"""Which of many texts say nearly the same as one: by their words and pairs of words, without marks."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np

from faq.vectors import Channel, Vectors
from feedback.vietnamese import fold

LEAST = 0.4  # the cosine from which two texts are about the same
LONGEST = 400  # characters of a text that are read


def similar(text: str, others: Sequence[str], least: float = LEAST) -> list[int]:
    """Return the numbers of the texts that are at least so near, the nearest first."""
    if not others:
        return []
    channel = Channel(_features, ([each] for each in (text, *others)), share=1.0, first=0)
    seen: dict[Hashable, int] = {}
    this, *rows = [channel.free_row(each, seen) for each in (text, *others)]
    near = Vectors(rows, len(seen)).products(this)
    order = np.argsort(-near, kind="stable")
    return [int(number) for number in order if near[number] >= least]


def _features(text: str) -> Counter[Hashable]:
    words = fold(text[:LONGEST]).split()
    return Counter([*words, *pairwise(words)])
