"""A person's words, made ready to be asked what they say."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from feedback.vietnamese import bare, plain, remembered

CARELESS = 0.3  # a smaller share of marked syllables than this: the person types without marks
CUT = "|"  # stands where a phrase was taken out, so that its neighbours do not meet


class Heard:
    """What a text says, word by word.

    A phrase is said when all its words stand there together. Marks that were typed must agree
    («lượng» is not «lương»); a text with hardly any marks says both.
    """

    def __init__(self, words: Sequence[str], *, without_marks: bool) -> None:
        self.words = words
        self.without_marks = without_marks
        self._bare = [bare(word) or word for word in words]
        self._there = frozenset(self._bare)
        self._letters = [_letters(word) for word in words]
        self._line = f" {' '.join(self._bare)} "

    def says(self, phrase: str) -> bool:
        return any(True for _ in self._places(phrase, tolerant=self.without_marks))

    def says_with_marks(self, phrase: str) -> bool:
        return any(True for _ in self._places(phrase, tolerant=False))

    def says_any(self, phrases: Sequence[str]) -> bool:
        return any(self.says(phrase) for phrase in self._possible(phrases))

    def those_said(self, phrases: Sequence[str]) -> list[str]:
        """Return the phrases that are said, in their order."""
        possible = set(self._possible(phrases))
        return [phrase for phrase in phrases if phrase in possible and self.says(phrase)]

    def without(self, phrases: Sequence[str]) -> "Heard":
        """Take these phrases out."""
        taken = {
            place + step
            for phrase in self._possible(phrases)
            for place in self._places(phrase, tolerant=self.without_marks)
            for step in range(len(phrase.split()))
        }
        if not taken:
            return self
        rest = [CUT if i in taken else word for i, word in enumerate(self.words)]
        return Heard(rest, without_marks=self.without_marks)

    def left(self) -> int:
        """Count the words that were not taken out."""
        return sum(word != CUT for word in self.words)

    def _possible(self, phrases: Sequence[str]) -> Iterator[str]:
        """Most phrases of a long list begin with a word that does not stand here at all."""
        beginnings = _by_first_word(tuple(phrases))
        for word in beginnings.keys() & self._there:
            yield from beginnings[word]

    def _places(self, phrase: str, *, tolerant: bool) -> Iterator[int]:
        folded, letters = _phrase(phrase)
        start = self._line.find(folded)
        while start >= 0:
            place = self._line.count(" ", 0, start)
            typed = zip(letters, self._letters[place:], self._bare[place:], self.words[place:], strict=False)
            if all(wanted == seen or (tolerant and bare == word) for wanted, seen, bare, word in typed):
                yield place
            start = self._line.find(folded, start + 1)


def hear(text: str) -> Heard:
    words = plain(text).split()
    marked = sum(word != bare(word) for word in words)
    return Heard(words, without_marks=not marked or marked < CARELESS * len(words))


@lru_cache(maxsize=2_000)
def _by_first_word(phrases: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        found.setdefault(_phrase(phrase)[0].split(" ")[1], []).append(phrase)
    return found


@lru_cache(maxsize=2**15)
def _phrase(phrase: str) -> tuple[str, tuple[str, ...]]:
    words = plain(phrase).split()
    return f" {' '.join(bare(word) for word in words)} ", tuple(_letters(word) for word in words)


@remembered
def _letters(word: str) -> str:
    """Spell «hoả» and «hỏa», the old and the new place of a tone, in one way."""
    return "".join(sorted(unicodedata.normalize("NFD", word)))
