"""Repair words with what the knowledge base itself says.

A word is taken for a slip only if it stands nowhere here and is no syllable, and it becomes a word,
or two, that do: «thnog» → «thong», «thiêntai» → «thien tai», «qang» → «quang». Initials are read
as a term that is used here: «qtkd» → «quan tri kinh doanh». All words are given with the marks that
were typed; those that come instead have none.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.keystrokes import is_syllable
from feedback.vietnamese import bare

LONGEST = 14  # letters of a word that may be repaired
LONGEST_TERM = 6  # words
TOGETHER = 1 / 3  # how often neighbours stand together, of all times that the rarer one is used, in a term
SEEN = 2  # wordings that have a term of two words
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


class Spelling:
    """Immutable."""

    def __init__(self, known: Sequence[Sequence[Sequence[str]]], more: Iterable[Sequence[str]]) -> None:
        """`known` are the wordings of each entry, `more` phrases that are right, too; all without marks."""
        wordings = [wording for entry in known for wording in entry]
        phrases = list(more)
        self._counts = Counter(word for wording in wordings for word in wording)
        self._pairs = Counter(pair for wording in (*wordings, *phrases) for pair in pairwise(wording))
        neighbours: defaultdict[str, list[str]] = defaultdict(list)
        for one, other in self._pairs:
            neighbours[one].append(other)
            neighbours[other].append(one)
        self._neighbours = dict(neighbours)
        self._known = self._counts.keys() | {word for phrase in phrases for word in phrase}
        self._vocabulary = sorted(word for word in self._known if word.isalpha())
        self._terms = _terms(wordings)

    def repaired(self, words: Sequence[str]) -> list[str]:
        out: list[str] = []
        bared = [bare(word) for word in words]
        for place, (word, letters) in enumerate(zip(words, bared, strict=True)):
            if self._is_right(letters):
                out.append(word)
            else:
                before = bare(out[-1]) if out else ""
                found = self._repaired(letters, before, "".join(bared[place + 1 : place + 2]))
                out += [word] if found == [letters] else found
        return out

    def likelier(self, words: Sequence[str]) -> list[str]:
        """Exchange words for those that would stand beside their neighbours here: «san duat» is «san xuat».

        Only a word that never stands beside them is exchanged, and only in another reading: it may be right.
        """
        out = [bare(word) for word in words]
        for place, word in enumerate(out):
            before, after = "".join(out[max(place - 1, 0) : place]), "".join(out[place + 1 : place + 2])
            if len(word) > 1 and is_syllable(word) and not self._beside(word, before, after):
                found = [guess for guess in self._guesses(word) if self._beside(guess, before, after)]
                out[place] = max(found, key=lambda guess: self._fit(guess, before, after), default=word)
        return [word if bare(word) == found else found for word, found in zip(words, out, strict=True)]

    def written_out(self, words: Sequence[str]) -> list[str]:
        """Write the terms out whose initials may be meant."""
        out: list[str] = []
        for word in words:
            letters = bare(word)
            is_word = letters in self._known or is_syllable(letters)
            out += [word] if is_word else self._terms.get(letters, (word,))
        return out

    def _is_right(self, word: str) -> bool:
        return word in self._known or not word.isalpha() or len(word) > LONGEST or is_syllable(word)

    def _repaired(self, word: str, before: str, after: str) -> list[str]:
        quick = [into + word[len(start) :] for start, into in QUICK if word.startswith(start)]
        if found := next((guess for guess in quick if guess in self._known and is_syllable(guess)), ""):
            return [found]
        parts = self._parts(word)
        if parts and self._pairs[parts]:
            return list(parts)
        near = self._near(word) if len(word) > 2 else []
        if near:
            return [max(near, key=lambda guess: self._fit(guess, before, after))]
        if slipped := self._slipped_parts(word):
            return list(slipped)
        return list(parts) if parts else [next(filter(is_syllable, quick), word)]

    def _parts(self, word: str) -> tuple[str, str] | None:
        """Two words that were typed without the space."""
        cuts = [(word[:i], word[i:]) for i in range(1, len(word))]
        found = [pair for pair in cuts if all(part in self._known and is_syllable(part) for part in pair)]
        return max(
            found,
            key=lambda pair: (self._pairs[pair], min(self._counts[part] for part in pair)),
            default=None,
        )

    def _slipped_parts(self, word: str) -> tuple[str, str] | None:
        """Two neighbours that were typed without the space, with a slip in one of them."""
        for i in range(2, len(word) - 1):
            one, other = word[:i], word[i:]
            for near in self._neighbours.get(one, ()):
                if self._pairs[one, near] and _is_slip(other, near):
                    return one, near
            for near in self._neighbours.get(other, ()):
                if self._pairs[near, other] and _is_slip(one, near):
                    return near, other
        return None

    def _guesses(self, word: str) -> list[str]:
        found = [guess for guess in _alike(word) if guess in self._counts]
        return found if word in self._known else found + self._near(word)

    def _near(self, word: str) -> list[str]:
        """Known words that are one slip away: a letter wrong, missing, too many, or two exchanged."""
        found = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=1, limit=30)
        return [near for near, _, _ in found]

    def _beside(self, word: str, before: str, after: str) -> int:
        return self._pairs[before, word] + self._pairs[word, after]

    def _fit(self, word: str, before: str, after: str) -> tuple[bool, bool, int, int]:
        beside = self._beside(word, before, after)
        return beside > 0, is_syllable(word), beside, self._counts[word]


def _is_slip(word: str, of: str) -> bool:
    return len(of) > 2 and OSA.distance(word, of, score_cutoff=1) <= 1


def _alike(word: str) -> Iterator[str]:
    for one, other in (*CONFUSED, *((other, one) for one, other in CONFUSED)):
        if word.startswith(one):
            yield other + word[len(one) :]
    if word.endswith(("i", "y")):
        yield word[:-1] + ("y" if word.endswith("i") else "i")


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
