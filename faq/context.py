"""How likely words stand beside each other, told by the wordings of the knowledge base."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise
from math import log

from feedback.vietnamese import bare

FOLLOWING = 0.8  # how much of a word's likelihood comes from the word before it
NONE: frozenset[str] = frozenset()
UNSEEN = 0.5  # how often a word counts that stands nowhere


class Context:
    """Immutable."""

    def __init__(self, wordings: Sequence[Sequence[str]], phrases: Iterable[Sequence[str]]) -> None:
        """`wordings` have their marks, `phrases` are right, too, and have none."""
        marked = Counter(chain.from_iterable(wordings))
        self._marked = frozenset(marked)
        self.counts: Counter[str] = Counter()
        for word, count in marked.items():
            self.counts[bare(word)] += count
        others = list(phrases)
        self.known = self.counts.keys() | {word for phrase in others for word in phrase}
        self.pairs = Counter(pair for phrase in others for pair in pairwise(phrase))
        self._marked_pairs: set[tuple[str, str]] = set()  # of each pair one has its marks
        for (before, word), count in Counter(chain.from_iterable(map(pairwise, wordings))).items():
            self.pairs[bare(before), bare(word)] += count
            self._marked_pairs |= {(bare(before), word), (before, bare(word))}
        self._followed: Counter[str] = Counter()
        self._before: defaultdict[str, set[str]] = defaultdict(set)
        self._after: defaultdict[str, set[str]] = defaultdict(set)
        for (before, word), count in self.pairs.items():
            self._followed[before] += count
            self._before[word].add(before)
            self._after[before].add(word)
        self._total = self.counts.total() + UNSEEN * (len(self.known) + 1)

    def likely(self, word: str, before: str) -> float:
        """Return the logarithm of the probability that a word follows another; both without marks."""
        likely = (1 - FOLLOWING) * (self.counts[word] + UNSEEN) / self._total
        if together := self.pairs[before, word]:
            likely += FOLLOWING * together / self._followed[before]
        return log(likely)

    def before(self, word: str) -> AbstractSet[str]:
        """Return the words that a word follows."""
        return self._before.get(word, NONE)

    def after(self, word: str) -> AbstractSet[str]:
        return self._after.get(word, NONE)

    def is_beside(self, before: str, word: str, after: str) -> bool:
        return (before, word) in self.pairs or (word, after) in self.pairs

    def marks_in_doubt(self, before: str, word: str, after: str) -> bool:
        """Whether a word stands here, but not with the marks that were typed, or not beside these neighbours.

        «hạng» of «hạng hóa» is in doubt where only «hàng hóa» stands; all words are given as typed.
        """
        letters, before, after = bare(word), bare(before), bare(after)
        if word == letters or letters not in self.known:
            return False
        if (before, word) in self._marked_pairs or (word, after) in self._marked_pairs:
            return False
        return word not in self._marked or self.is_beside(before, letters, after)
