"""A text as it was understood: its words as typed and bare, and what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from faq.words import Concepts, Words
from feedback.vietnamese import bare


@dataclass(frozen=True, slots=True)
class Reading:
    """`words` have the marks that were typed, `bare` are the same without marks."""

    words: tuple[str, ...]
    bare: tuple[str, ...]
    concepts: tuple[Concepts, ...]

    def __str__(self) -> str:
        return " ".join(self.words)

    @property
    def marked(self) -> dict[str, str]:
        """The words that were typed with marks, and their bare form."""
        return {word: bare for word, bare in zip(self.words, self.bare, strict=True) if word != bare}

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(word.lstrip("0") for word in self.bare if word.isdigit() and len(word) > 1)


def read(found: Sequence[str], words: Words) -> Reading:
    letters = tuple(map(bare, found))
    return Reading(tuple(found), letters, words.concepts(found, letters))
