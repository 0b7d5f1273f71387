"""Repair words with what the knowledge base itself says.

A form that is no word becomes one that stands here, or two: «thnog» → «thong», «thiêntai» → «thien tai»,
«qang» → «quang». A word that never stands beside its neighbours may be a slip, too: «đua điểm» → «dia điểm».
Of all that may be meant (faq.guesses), the row of words is taken that is likeliest as a whole (faq.context).
Initials are read as a term that is used here: «qtkd» → «quan tri kinh doanh». All words are given with the
marks that were typed; those that come instead have none.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from operator import itemgetter
from typing import TypeVar

from faq.context import NONE, Context
from faq.guesses import INITIALS, LONGEST, Guesser, Guesses
from faq.keystrokes import is_syllable, is_writable
from feedback.vietnamese import bare

LONGEST_TERM = 6  # words
TOGETHER = 1 / 3  # how often neighbours stand together, of all times that the rarer one is used, in a term
SEEN = 2  # wordings that have a term of two words
WAYS = 2  # in which a text is repaired
BEHIND = 3.0  # how much less likely the second may be, as a logarithm
T = TypeVar("T")
Row = tuple[float, tuple[tuple[str, ...], ...]]  # how likely it is, and what is meant by each word so far


@dataclass(frozen=True, slots=True)
class Way:
    """How a text may be read.

    `behind` is how much less likely it is than the first, as a logarithm. `exchanged` words came instead
    of others that may be right, and `doubted` ones lost marks that may be.
    """

    words: tuple[str, ...]
    behind: float = 0.0
    exchanged: int = 0
    doubted: int = 0


class Spelling:
    """Immutable."""

    def __init__(self, known: Sequence[Sequence[Sequence[str]]], more: Iterable[Sequence[str]]) -> None:
        """`known` are the wordings of each entry, `more` phrases that are right, too, without marks."""
        wordings = [wording for entry in known for wording in entry]
        self._context = Context(wordings, more)
        self._guesser = Guesser(self._context)
        self._terms = _terms([list(map(bare, wording)) for wording in wordings])

    def repaired(self, words: Sequence[str]) -> list[Way]:
        """Repair what is no word, and marks that cannot stand so; the likeliest way first."""
        kept = [word if is_writable(word) else bare(word) for word in words]
        guesses: list[Guesses] = [
            {(word,): 0.0} if self._guesser.is_word(word) else self._guesser.of_no_word(word)
            for word in map(bare, kept)
        ]
        return [Way(_shown(kept, meant), behind) for behind, meant in self._likeliest(guesses, WAYS)]

    def likelier(self, words: Sequence[str]) -> Way:
        """Exchange words also for those that would stand beside their neighbours: «san duat» is «san xuat».

        Only a word that never stands beside them is exchanged, and only in another reading: it may be right.
        So it is with marks: «hạng hóa» is «hang hóa» where only «hàng hóa» stands.
        """
        bared = list(map(bare, words))
        doubted = [self._context.marks_in_doubt(*each) for each in _around(words, "")]
        guesses = [self._guesses(*each) for each in _around(bared, "")]
        ((_, meant),) = self._likeliest(self._with_evidence(bared, guesses), 1)
        kept = [
            letters if doubt or not is_writable(word) else word
            for word, letters, doubt in zip(words, bared, doubted, strict=True)
        ]
        exchanged = [
            (guess != (word,) and self._may_be_right(word)) for word, guess in zip(bared, meant, strict=True)
        ]
        return Way(_shown(kept, meant), exchanged=sum(exchanged), doubted=sum(doubted))

    def are_two(self, word: str) -> bool:
        """Whether these are two neighbours of the knowledge base, typed without the space."""
        cuts = ((word[:i], word[i:]) for i in range(2, min(len(word), LONGEST + 1) - 1))
        return any(cut in self._context.pairs and all(map(is_syllable, cut)) for cut in cuts)

    def written_out(self, words: Sequence[str]) -> list[str]:
        """Write the terms out whose initials may be meant."""
        out: list[str] = []
        for word in words:
            letters = bare(word)
            is_word = letters in self._context.known or is_syllable(letters)
            out += [word] if is_word else self._terms.get(letters, (word,))
        return out

    def _may_be_right(self, word: str) -> bool:
        return len(word) <= INITIALS or self._guesser.is_word(word)

    def _guesses(self, before: str, word: str, after: str) -> Guesses:
        if not self._may_be_right(word):
            return self._guesser.of_no_word(word)
        return (
            {(word,): 0.0} if self._context.is_beside(before, word, after) else self._guesser.of_a_word(word)
        )

    def _with_evidence(self, bared: Sequence[str], guesses: Sequence[Guesses]) -> list[Guesses]:
        """Leave out what would take the place of what may be right, yet suits none of its neighbours."""
        ends = [frozenset(word for meant in each for word in (meant[0], meant[-1])) for each in guesses]
        return [
            {
                guess: less
                for guess, less in each.items()
                if guess == (word,) or self._fits(before, guess, after)
            }
            if self._may_be_right(word)
            else each
            for (before, _, after), word, each in zip(_around(ends, NONE), bared, guesses, strict=True)
        ]

    def _fits(self, before: AbstractSet[str], guess: tuple[str, ...], after: AbstractSet[str]) -> bool:
        told = self._context.before(guess[0]), self._context.after(guess[-1])
        return not (before.isdisjoint(told[0]) and after.isdisjoint(told[1]))

    def _likeliest(self, guesses: Sequence[Guesses], most: int) -> list[Row]:
        """Tell what each word means, the likeliest first, and how much less likely each row is than that."""
        if all(len(each) == 1 for each in guesses):
            return [(0.0, tuple(meant for each in guesses for meant in each))]
        rows: dict[str, list[Row]] = {"": [(0.0, ())]}
        for each in guesses:
            rows = self._longer(rows, each, most)
        found = nlargest(most, (row for ending in rows.values() for row in ending), itemgetter(0))
        behind = [(found[0][0] - likely, meant) for likely, meant in found]
        return [each for each in behind if each[0] <= BEHIND]

    def _longer(self, rows: Mapping[str, list[Row]], guesses: Guesses, most: int) -> dict[str, list[Row]]:
        """Add the next word to each row; of those that end in the same word the likeliest are kept."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for meant, less in guesses.items():
            within = sum(self._context.likely(word, before) for before, word in pairwise(meant)) - less
            for last, ending in rows.items():
                step = within + self._context.likely(meant[0], last)
                found[meant[-1]] += [(likely + step, (*before, meant)) for likely, before in ending]
        return {last: nlargest(most, each, itemgetter(0)) for last, each in found.items()}


def _shown(kept: Sequence[str], meant: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Show words as they were typed, if only a space was missing also with it."""
    return tuple(each for word, guess in zip(kept, meant, strict=True) for each in _as_typed(word, guess))


def _as_typed(word: str, guess: tuple[str, ...]) -> tuple[str, ...]:
    letters = bare(word)
    if guess == (letters,):
        return (word,)
    if "".join(guess) != letters or len(letters) != len(word):
        return guess
    apart = word[: len(guess[0])], word[len(guess[0]) :]
    return tuple(each if is_writable(each) else bare(each) for each in apart)


def _around(items: Sequence[T], nothing: T) -> Iterator[tuple[T, T, T]]:
    """Yield each with the one before and the one after it."""
    return zip((nothing, *items), items, (*items[1:], nothing), strict=False)


def _terms(wordings: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Learn the terms that may be written by their initials: words that mostly stand together."""
    words = Counter(word for wording in wordings for word in set(wording))
    pairs = Counter(pair for wording in wordings for pair in set(pairwise(wording)))
    bound = {
        (one, other): count / min(words[one], words[other])
        for (one, other), count in pairs.items()
        if count >= TOGETHER * min(words[one], words[other]) and is_syllable(one) and is_syllable(other)
    }
    counts: Counter[tuple[str, ...]] = Counter()
    for wording in wordings:
        counts.update(set(_phrases(wording, bound)))
    found: defaultdict[str, list[tuple[float, tuple[str, ...]]]] = defaultdict(list)
    for phrase, count in counts.items():
        if len(phrase) > 2 or count >= SEEN:
            together = min(bound[pair] for pair in pairwise(phrase))
            found["".join(word[0] for word in phrase)].append((count * together, phrase))
    return {letters: max(terms)[1] for letters, terms in found.items()}


def _phrases(wording: Sequence[str], bound: Container[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """All pieces of a wording whose neighbours are bound to each other."""
    for start in range(len(wording)):
        for end in range(start + 1, min(start + LONGEST_TERM, len(wording))):
            if (wording[end - 1], wording[end]) not in bound:
                break
            yield tuple(wording[start : end + 1])
