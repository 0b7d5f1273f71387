"""Find the entry that answers a question, and decide: answer, let choose, or say that we don't know.

Wordings are compared as bare text (no marks) in two ways, by pieces of 2 to 4 letters and by
syllables and pairs of them, each weighted by how rare it is in the knowledge base; the score is
the mean of the two cosines. Then the best are looked at more closely: marks and numbers that
were typed must agree.

A wrong official answer is worse than none. Entries that may not be shown today compete as well,
so that none of their neighbours is shown in their place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.entries import Entry, Knowledge
from faq.text import is_syllable, readings, windows
from faq.weights import Weights, letters, syllables
from faq.words import Words
from feedback.vietnamese import fold

SURE = 0.63  # from here an entry answers, if no other comes near
NEAR = 0.08  # closer than this, two entries are a choice
LIKELY = 0.34  # from here an entry is offered as a choice
AROUND = 0.20  # from here the nearest entry at least tells which unit to ask
CHOICES = 3
PARTS = 3  # parts of a long text that are compared
LOOKED_AT = 12  # wordings that are compared more closely
OTHER_MARKS = 0.5  # what is lost when all the words have other marks than were typed
UNCOVERED = 0.5  # what is lost when the entry, answer and all, has none of the words that were asked
OTHER_NUMBER = 0.25  # what is lost when a number is asked for that the entry does not name
SPELLING_LONGEST = 12  # letters of a word that may be repaired


@dataclass(frozen=True, slots=True)
class Answer:
    """`understood` is the question as it was read, `why` the wording that it matched."""

    entry: Entry
    score: float
    understood: str
    why: str


@dataclass(frozen=True, slots=True)
class Choices:
    entries: tuple[Entry, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """`nearest` tells the likely unit; it must not be shown as an answer."""

    nearest: Entry | None = None


@dataclass(frozen=True, slots=True)
class Match:
    entry: Entry
    score: float
    understood: str
    why: str


class Index:
    """Immutable: a new knowledge base makes a new index."""

    def __init__(self, knowledge: Knowledge, words: Words) -> None:
        self._words = words
        self._entries = knowledge.entries
        self._successors = {each.replaces: each for each in knowledge.entries.values() if each.replaces}
        self._wordings = [(entry, text) for entry in knowledge.entries.values() for text in entry.wordings()]
        self._read = [readings(text, words)[0] for _, text in self._wordings]
        bare = [[fold(word) for word in found] for found in self._read]
        self._shapes = [_shapes(found) for found in self._read]
        owners = [entry.id for entry, _ in self._wordings]
        self._letters = Weights([letters(found) for found in bare], owners)
        self._syllables = Weights([syllables(found) for found in bare], owners)
        self._vocabulary = sorted({word for found in bare for word in found if word.isalpha()})
        self._known = frozenset(self._vocabulary)
        self._all = {entry.id: _all_words(entry, words) for entry in knowledge.entries.values()}
        self._numbers = {entry.id: _numbers_of(entry, knowledge) for entry in knowledge.entries.values()}

    def ask(self, text: str, day: date) -> Answer | Choices | Unknown:
        ranked = self.rank(text)
        if not ranked or ranked[0].score < LIKELY:
            return Unknown(ranked[0].entry if ranked and ranked[0].score >= AROUND else None)
        best = self._valid_instead(ranked[0], day)
        close = [each for each in ranked[1:] if each.score >= max(LIKELY, best.score - NEAR)]
        usable = [each for each in (best, *close) if each.entry.usable(day)][:CHOICES]
        if not best.entry.usable(day):
            return _choices(usable) if usable else Unknown(best.entry)
        if best.score >= SURE and not close:
            return Answer(best.entry, best.score, best.understood, best.why)
        likely = [each for each in (best, *ranked[1:]) if each.score >= LIKELY and each.entry.usable(day)]
        return _choices(likely[:CHOICES])

    def rank(self, text: str) -> list[Match]:
        """Order the entries by how well they answer, whether or not they may be shown."""
        best: dict[str, Match] = {}
        parts = [readings(window, self._words) for window in windows(text)]
        for found in chain.from_iterable(self._telling(parts)):
            for match in self._compare(found):
                other = best.get(match.entry.id)
                if other is None or match.score > other.score:
                    best[match.entry.id] = match
        return sorted(best.values(), key=lambda match: -match.score)

    def _telling(self, parts: list[list[list[str]]]) -> list[list[list[str]]]:
        """Keep the parts of a long text that come nearest to anything here."""
        if len(parts) <= PARTS:
            return parts
        return nlargest(PARTS, parts, key=lambda part: self._nearness(part[0]))

    def _nearness(self, found: list[str]) -> float:
        return max(self._syllables.cosines(syllables([fold(word) for word in found])), default=0.0)

    def _compare(self, found: list[str]) -> Iterable[Match]:
        bare = [self._spelled(fold(word)) for word in found]
        if not any(bare):
            return
        pairs = zip(
            self._letters.cosines(letters(bare)), self._syllables.cosines(syllables(bare)), strict=True
        )
        scores = [(by_letters + by_syllables) / 2 for by_letters, by_syllables in pairs]
        nearest = nlargest(LOOKED_AT, range(len(scores)), key=scores.__getitem__)
        understood = " ".join(found)
        numbers = _numbers(bare)
        asked = set(bare)
        marked = {word: plain for word, plain in zip(found, bare, strict=True) if word != fold(word)}
        for place in nearest:
            entry, wording = self._wordings[place]
            score = scores[place] * _agreement(marked, self._shapes[place])
            if numbers - self._numbers[entry.id]:
                score *= 1 - OTHER_NUMBER
            score *= 1 - UNCOVERED * (1 - self._syllables.covered(asked, self._all[entry.id]))
            yield Match(entry, score, understood, wording)

    def _spelled(self, word: str) -> str:
        """Repair a word that is neither known nor a syllable, if one known word is a slip away."""
        if word in self._known or is_syllable(word) or not 2 < len(word) <= SPELLING_LONGEST:
            return word
        if not word.isalpha():
            return word
        near = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=1, limit=1)
        return near[0][0] if near else word

    def _valid_instead(self, match: Match, day: date) -> Match:
        """Take the entry that holds on that day, when one replaces the other at a date."""
        entry = match.entry
        for other in (self._entries.get(entry.replaces), self._successors.get(entry.id)):
            if other is not None and not entry.usable(day) and other.usable(day):
                return Match(other, match.score, match.understood, match.why)
        return match


def _choices(matches: Sequence[Match]) -> Choices:
    return Choices(tuple(each.entry for each in matches), tuple(each.score for each in matches))


def _shapes(wording: list[str]) -> dict[str, set[str]]:
    """List for each bare word how it is written; without marks it may be any of them."""
    shapes: dict[str, set[str]] = {}
    for word in wording:
        shapes.setdefault(fold(word), set()).add(word)
    return shapes


def _agreement(marked: dict[str, str], shapes: dict[str, set[str]]) -> float:
    """Compare the marks of the words that were typed with marks and stand in the wording."""
    other = [word for word, bare in marked.items() if bare in shapes and not shapes[bare] & {word, bare}]
    return 1 - OTHER_MARKS * len(other) / len(marked) if other else 1.0


def _all_words(entry: Entry, words: Words) -> frozenset[str]:
    texts = (*entry.wordings(), entry.answer)
    return frozenset(fold(word) for text in texts for word in readings(text, words)[0])


def _numbers(words: Iterable[str]) -> set[str]:
    return {word.lstrip("0") for word in words if word.isdigit() and len(word) > 1}


def _numbers_of(entry: Entry, knowledge: Knowledge) -> set[str]:
    documents = " ".join(document.number for document, _ in knowledge.sources(entry))
    text = " ".join((*entry.wordings(), entry.answer, documents))
    return _numbers("".join(letter if letter.isalnum() else " " for letter in text).split())
