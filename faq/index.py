"""Find the entry that answers a question, and decide: answer, let choose, or say that we don't know.

Wordings are compared as bare text (no marks) in two ways, by pieces of 2 to 4 letters and by
syllables and pairs of them, each weighted by how rare it is in the knowledge base. Then the nearest
entries are looked at more closely: all their wordings vote, marks and numbers that were typed must
agree, and what was asked should stand in the entry.

An entry answers if it leads clearly before the next one, and if the question is its own: the lead
tells which of the entries is right, the other whether any of them is.

A wrong official answer is worse than none. Entries that may not be shown today compete as well,
so that none of their neighbours is shown in their place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from itertools import chain

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.entries import Entry, Knowledge
from faq.text import is_syllable, readings, said_twice, windows
from faq.vote import votes
from faq.weights import Floats, Weights, letters, syllables
from faq.words import Words
from feedback.vietnamese import fold

LEAD = 0.22  # an entry answers if it is that much better than the next
OWN = 0.58  # and if its vote, times the share of the question that it covers, is at least this
LIKELY = 0.34  # from here an entry is offered as a choice
AROUND = 0.20  # from here the nearest entry at least tells which unit to ask
CHOICES = 3
VOTE = 0.55  # the vote's part of the score; the nearest wording has the rest
PARTS = 3  # parts of a long text that are compared
LOOKED_AT = 12  # entries that are compared more closely
OTHER_MARKS = 0.5  # what is lost when all the words have other marks than were typed
UNCOVERED = 0.6  # what is lost when the entry, answer and all, has none of the words that were asked
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
    own: float


class Index:
    """Immutable: a new knowledge base makes a new index."""

    def __init__(self, knowledge: Knowledge, words: Words) -> None:
        self._words = words
        self._entries = knowledge.entries
        self._successors = {each.replaces: each for each in knowledge.entries.values() if each.replaces}
        self._wordings = [(entry, text) for entry in knowledge.entries.values() for text in entry.wordings()]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, (entry, _) in enumerate(self._wordings):
            self._places[entry.id].append(place)
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
        others = [each for each in ranked[1:] if self._valid_instead(each, day).entry != best.entry]
        if not best.entry.usable(day):
            close = [each for each in others if each.score >= max(LIKELY, best.score - LEAD)]
            usable = [each for each in close if each.entry.usable(day)]
            return _choices(usable[:CHOICES]) if usable else Unknown(best.entry)
        if best.own >= OWN and best.score - max((each.score for each in others), default=0.0) >= LEAD:
            return Answer(best.entry, best.score, best.understood, best.why)
        likely = [each for each in (best, *others) if each.score >= LIKELY and each.entry.usable(day)]
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
        cosines = self._syllables.cosines(syllables([fold(word) for word in found]))
        return float(cosines.max(initial=0.0))

    def _compare(self, found: list[str]) -> Iterator[Match]:
        bare = self._bare(found)
        scores = (self._letters.cosines(letters(bare)) + self._syllables.cosines(syllables(bare))) / 2
        entries = self._nearest(scores)
        if not entries:
            return
        places = [place for entry in entries for place in self._places[entry.id]]
        alike = (self._letters.alike(places) + self._syllables.alike(places)) / 2
        weighed = dict(zip(places, votes(scores[places], alike).tolist(), strict=True))
        marked = {word: plain for word, plain in zip(found, bare, strict=True) if word != fold(word)}
        numbers = _numbers(bare)
        asked = [tuple(map(self._bare, each)) for each in said_twice(found, self._words)]
        for entry in entries:
            covered = self._covered(asked, self._all[entry.id])
            fit = 1 - UNCOVERED * (1 - covered)
            if numbers - self._numbers[entry.id]:
                fit *= 1 - OTHER_NUMBER
            agreed = {place: _agreement(marked, self._shapes[place]) for place in self._places[entry.id]}
            near, place = max((float(scores[place]) * agreed[place], place) for place in agreed)
            vote = fit * max(sum(weighed[place] * agreed[place] for place in agreed), 0.0)
            score = (1 - VOTE) * fit * near + VOTE * vote
            yield Match(entry, score, " ".join(found), self._wordings[place][1], vote * covered)

    def _nearest(self, scores: Floats) -> list[Entry]:
        found: dict[str, Entry] = {}
        for place in np.argsort(-scores, kind="stable").tolist():
            entry, _ = self._wordings[place]
            if len(found) == LOOKED_AT or scores[place] <= 0:
                break
            found[entry.id] = entry
        return list(found.values())

    def _covered(self, asked: list[tuple[list[str], ...]], by: frozenset[str]) -> float:
        """Count an abbreviation once: as it was typed, or else as it was understood."""
        words = {
            word
            for typed, meant in asked
            for word in (typed if not meant or not by.isdisjoint(typed) else meant)
        }
        return self._syllables.covered(words, by)

    def _bare(self, found: list[str]) -> list[str]:
        return [self._spelled(fold(word)) for word in found]

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
                return replace(match, entry=other)
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
