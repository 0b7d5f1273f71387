"""What may be meant by one word as it was typed: itself, another one, or two without the space between.

Each guess tells how much less likely it is than a word that was typed with care, as a logarithm. Which
of them stands best beside its neighbours is not asked here. All words are without marks.
"""

from collections.abc import Iterator
from itertools import chain

from faq.context import Context
from faq.keystrokes import is_syllable
from faq.slips import Slips, unlikely

Guesses = dict[tuple[str, ...], float]
Guess = tuple[tuple[str, ...], float]
LONGEST = 14  # letters of a word that may be repaired
INITIALS = 2  # letters that may as well be initials
SURELY_TWO = 6  # more letters than any syllable has
# How much less likely each is than a word that was typed with care
NO_WORD = 14.0
QUICKLY = 0.5
QUICKLY_UNKNOWN = 2.0  # a syllable that stands nowhere here
SLIPPED = 2.0
SLIPPED_FOREIGN = 3.0  # no syllable was meant
WITHOUT_SPACE = 3.0
WITHOUT_SPACE_UNKNOWN = 4.0  # one of the two stands nowhere here
WITHOUT_SPACE_SLIPPED = 7.0
ALIKE = 4.0  # instead of what is a word, too
MISTAKEN = 6.0
QUICK = (  # beginnings of words as the young write them
    ("f", "ph"),
    ("j", "gi"),
    ("w", "qu"),
    ("z", "d"),
    ("z", "gi"),
    ("j", "ch"),
    ("k", "c"),
    ("c", "k"),
    ("q", "qu"),
    ("dz", "d"),
    ("x", "s"),
    ("s", "x"),
)
CONFUSED = (  # beginnings that sound alike somewhere in the country
    ("ch", "tr"),
    ("s", "x"),
    ("l", "n"),
    ("d", "gi"),
    ("d", "r"),
    ("r", "gi"),
    ("v", "d"),
    ("c", "k"),
)


class Guesser:
    """Immutable."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._slips = Slips(filter(str.isalpha, context.known))

    def is_word(self, typed: str) -> bool:
        """Whether it stands here, could stand, or is too odd to be a slip."""
        known = typed in self._context.known or is_syllable(typed)
        return known or not typed.isalpha() or len(typed) > LONGEST

    def of_a_word(self, typed: str) -> Guesses:
        """Guess at what is a word, or may be initials, and yet may be a slip."""
        found: Guesses = {} if self.is_word(typed) else self.of_no_word(typed)
        if len(typed) > 1 and (is_syllable(typed) or not self.is_word(typed)):
            near = filter(is_syllable, self._slips.of(typed))
            found |= {(other,): MISTAKEN + unlikely(typed, other) for other in near}
            found |= {(other,): ALIKE for other in _alike(typed) if other in self._context.known}
        return found | {(typed,): 0.0}

    def of_no_word(self, typed: str) -> Guesses:
        found: Guesses = {(typed,): NO_WORD}
        for meant, less in chain(self._quick(typed), self._slipped(typed), self._apart(typed)):
            found[meant] = min(less, found.get(meant, less))
        return found

    def _quick(self, typed: str) -> Iterator[Guess]:
        for start, into in QUICK:
            other = into + typed[len(start) :]
            if typed.startswith(start) and is_syllable(other):
                yield (other,), QUICKLY if other in self._context.known else QUICKLY_UNKNOWN

    def _slipped(self, typed: str) -> Iterator[Guess]:
        for other in self._slips.of(typed) if len(typed) > INITIALS else ():
            yield (other,), (SLIPPED if is_syllable(other) else SLIPPED_FOREIGN) + unlikely(typed, other)

    def _apart(self, typed: str) -> Iterator[Guess]:
        for i in range(1, len(typed)):
            one, other = typed[:i], typed[i:]
            known = [self._stands(each) for each in (one, other)]
            if all(known):
                yield (one, other), WITHOUT_SPACE
            elif i > 1 and len(other) > 1:
                if any(known) and is_syllable(other if known[0] else one):
                    yield (one, other), WITHOUT_SPACE_UNKNOWN
                yield from self._apart_slipped(one, other)

    def _apart_slipped(self, one: str, other: str) -> Iterator[Guess]:
        """Guess at two neighbours with a slip in one of them, or at any two if it is too long for one."""
        context = self._context
        found = [((one, near), unlikely(other, near)) for near in self._near(other) if one in context.known]
        found += [((near, other), unlikely(one, near)) for near in self._near(one) if other in context.known]
        for pair, less in found:
            if len("".join(pair)) > SURELY_TWO or pair in context.pairs:
                yield pair, WITHOUT_SPACE_SLIPPED + less

    def _near(self, typed: str) -> list[str]:
        return [near for near in self._slips.of(typed) if len(near) > INITIALS]

    def _stands(self, word: str) -> bool:
        return word in self._context.known and (is_syllable(word) or len(word) > INITIALS)


def _alike(word: str) -> Iterator[str]:
    for one, other in (*CONFUSED, *((other, one) for one, other in CONFUSED)):
        if word.startswith(one):
            yield other + word[len(one) :]
    if word.endswith(("i", "y")):
        yield word[:-1] + ("y" if word.endswith("i") else "i")
