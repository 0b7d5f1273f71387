"""Slips of the hand: the words that are one slip away from what was typed, and how easily one is made."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

BESIDE = {  # the letters beside each on a keyboard
    "q": "wa",
    "w": "qesa",
    "e": "wrsd",
    "r": "etdf",
    "t": "ryfg",
    "y": "tugh",
    "u": "yihj",
    "i": "uojk",
    "o": "ipkl",
    "p": "ol",
    "a": "qwsz",
    "s": "awedzx",
    "d": "serfxc",
    "f": "drtgcv",
    "g": "ftyhvb",
    "h": "gyujbn",
    "j": "huiknm",
    "k": "jiolm",
    "l": "kop",
    "z": "asx",
    "x": "zsdc",
    "c": "xdfv",
    "v": "cfgb",
    "b": "vghn",
    "n": "bhjm",
    "m": "njk",
}
OTHER_LENGTH = 0.3  # a letter is missing or too many; two exchanged, or one from beside, cost nothing
FAR = 2.5  # a letter from elsewhere


class Slips:
    """The known words, each kept under itself and under what is left of it without one of its letters.

    Two words that are one slip apart meet under one of these. Immutable.
    """

    def __init__(self, words: Iterable[str]) -> None:
        kept: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            for rest in dict.fromkeys(_rests(word)):
                kept[rest].append(word)
        self._kept = dict(kept)

    def of(self, word: str) -> list[str]:
        """Known words with a letter wrong, missing, too many, or two exchanged."""
        met = dict.fromkeys(near for rest in _rests(word) for near in self._kept.get(rest, ()))
        return [near for near in met if near != word and OSA.distance(word, near, score_cutoff=1) == 1]


def unlikely(typed: str, meant: str) -> float:
    """How much less likely this slip is than the commonest ones, as a logarithm."""
    if len(typed) != len(meant):
        return OTHER_LENGTH
    other = [(letter, right) for letter, right in zip(typed, meant, strict=True) if letter != right]
    (letter, right), *exchanged = other
    return 0.0 if exchanged or right in BESIDE.get(letter, "") else FAR


def _rests(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
