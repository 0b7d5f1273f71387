"""How a question and the entries of a knowledge base resemble each other, in five respects.

The entries whose wordings are nearest by pieces of words, words and synonyms are looked at closely.
There all wordings vote on what is asked, by a kernel ridge regression: wordings that are alike share
their weight, so an entry gains by a wording that adds something and not by one that repeats another.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from faq.reading import Reading
from faq.vectors import Channel, Floats, Numbers, Row, Vectors, joined, products_of, ranges
from feedback.vietnamese import bare

PIECES, WORDS, SYNONYMS = 10 / 23, 10 / 23, 3 / 23  # the channels' parts of a wording's nearness
WHOLE = 0.2  # the part that the entry as a whole has, answer and all
LOOKED_AT = 20  # entries that are compared closely
DOUBT = 1.0  # how little one wording is trusted alone
SPELLED = 0.5  # words less alike than this have nothing to do with each other
SLIP = 0.8  # the most that a word counts which is only spelled alike
ANSWERED = 0.5  # how much a word counts that stands in the answer only
LONGEST_ANSWER = 400  # words of an answer that are read
Features = Counter[Hashable]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How a question resembles an entry; all from 0 to 1, but `vote` may go a little beyond.

    `covered` is the part of the question that stands in the entry, `covering` the part of its best
    wording that stands in the question, both weighted by rarity. `agreeing` is the part of the typed
    marks that the wording does not contradict.
    """

    entry: int
    wording: int
    vote: float
    covered: float
    covering: float
    agreeing: float
    other_number: bool


class Likeness:
    """Immutable. Entries and wordings are known by their numbers, in the order of the files."""

    def __init__(
        self, entries: Sequence[Sequence[Reading]], answers: Sequence[Sequence[str]], concepts: int
    ) -> None:
        """`concepts` is the number of groups of synonyms."""
        self._wordings = [wording for entry in entries for wording in entry]
        self._concepts = concepts
        self._bounds = np.cumsum([0, *map(len, entries)])
        self._owners = np.repeat(np.arange(len(entries)), np.diff(self._bounds))
        self._answers = [frozenset(map(bare, answer)) for answer in answers]
        self._channels: list[Channel] = []
        for extract, share in ((_pieces, PIECES), (_words, WORDS), (_meanings, SYNONYMS)):
            first = self._channels[-1].end if self._channels else 0
            self._channels.append(Channel(extract, entries, share, first))
        rows = [self._row(wording) for wording in self._wordings]
        self._near = Vectors(rows, self._channels[-1].end, compared=True)
        whole = [_document(entry, answer) for entry, answer in zip(entries, answers, strict=True)]
        self._whole_channel = Channel(_itself, ([each] for each in whole), 1.0, 0)
        self._whole = Vectors([self._whole_channel.row(each) for each in whole], self._whole_channel.end)
        self._numbers = [
            frozenset(number for wording in entry for number in wording.numbers)
            | {word.lstrip("0") for word in answer if word.isdigit()}
            for entry, answer in zip(entries, self._answers, strict=True)
        ]
        self._set_words()

    def _set_words(self) -> None:
        """Lay the words of all wordings in one row: number, weight in the wording, meanings."""
        numbers: dict[str, int] = {}
        words: list[int] = []
        weights: list[float] = []
        meanings: list[int] = []
        word_starts, meaning_starts = [0], [0]
        for wording in self._wordings:
            meant = _meant(wording) or {"": frozenset()}  # a wording of signs only: «?!»
            rarities = [self.rarity(word) for word in meant]
            total = sum(rarities) or 1.0
            for (word, concepts), rarity in zip(meant.items(), rarities, strict=True):
                words.append(numbers.setdefault(word, len(numbers)))
                weights.append(rarity / total)
                meanings += concepts
                meaning_starts.append(len(meanings))
            word_starts.append(len(words))
        self._vocabulary = list(numbers)
        self._words, self._word_starts = np.array(words, np.int32), np.array(word_starts)
        self._word_weights = np.array(weights, np.float32)
        self._meanings, self._meaning_starts = np.array(meanings, np.int32), np.array(meaning_starts)

    def rarity(self, word: str) -> float:
        return self._channels[1].rarity(word)

    def rarity_of_share(self, share: float) -> float:
        """How rare a word is that this share of the entries has."""
        channel = self._channels[1]
        return channel.rarity_of(round(share * channel.total))

    def similarities(self, texts: Sequence[Reading]) -> Floats:
        """Compare texts with each other, also by what stands nowhere in the knowledge base."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        seen: dict[Hashable, int] = {}
        rows = [joined([channel.free_row(text, seen) for channel in self._channels[:2]]) for text in texts]
        whole = joined(rows)
        counts = np.array([len(row.numbers) for row in rows])
        found = products_of(whole.numbers, whole.weights, counts) / np.float32(PIECES + WORDS)
        return np.asarray(np.clip(found, 0, 1), np.float32)

    def glance(self, reading: Reading) -> float:
        """How near the nearest wording is by its words alone; quick."""
        row = self._channels[1].row(reading)
        return float(self._near.products(row).max(initial=0.0)) / WORDS

    def nearness(self, reading: Reading) -> Floats:
        """How near each wording is, from 0 to 1."""
        whole = self._whole.products(self._whole_channel.row(_words(reading)))
        found: Floats = (1 - WHOLE) * self._near.products(self._row(reading)) + WHOLE * whole[self._owners]
        return found

    def compare(self, reading: Reading, near: Floats) -> list[Closeness]:
        """Look closely at the entries that are nearest."""
        entries = self._nearest(near)
        if not len(entries) or not reading.bare:
            return []
        counts = self._bounds[entries + 1] - self._bounds[entries]
        places = ranges(self._bounds[entries], counts)
        firsts = np.cumsum(counts) - counts
        votes = np.add.reduceat(self._votes(near[places], places), firsts)
        covered, covering = self._covering(reading, entries, places, firsts)
        marked, numbers = reading.marked, reading.numbers
        best = places[_greatest(near[places], counts)]
        return [
            Closeness(
                entry=entry,
                wording=wording,
                vote=float(votes[i]),
                covered=float(covered[i]),
                covering=float(covering[i]),
                agreeing=_agreeing(marked, self._wordings[wording]),
                other_number=not numbers <= self._numbers[entry],
            )
            for i, (entry, wording) in enumerate(zip(entries.tolist(), best.tolist(), strict=True))
        ]

    def _row(self, reading: Reading) -> Row:
        return joined([channel.row(reading) for channel in self._channels])

    def _nearest(self, near: Floats) -> Numbers:
        if not len(near):
            return np.empty(0, np.int64)
        by_entry = np.maximum.reduceat(near, self._bounds[:-1])
        count = min(LOOKED_AT, len(by_entry))
        entries = np.argpartition(-by_entry, count - 1)[:count]
        entries = entries[by_entry[entries] > 0]
        return np.asarray(entries[np.argsort(-by_entry[entries], kind="stable")])

    def _votes(self, near: Floats, places: Numbers) -> Floats:
        """Weigh each wording; one that is the very question, and unlike all others, has 1."""
        alike = self._near.alike(places)
        alike[np.diag_indices_from(alike)] = 1 + DOUBT
        shares: Floats = np.linalg.solve(alike, near).astype(np.float32)
        return (1 + DOUBT) * shares

    def _covering(
        self, reading: Reading, entries: Numbers, places: Numbers, firsts: Numbers
    ) -> tuple[Floats, Floats]:
        """Compare each word of the question with each word of the wordings.

        Words count fully when they are the same or mean the same, less when they are spelled alike.
        """
        meant = _meant(reading)
        counts = self._word_starts[places + 1] - self._word_starts[places]
        columns = ranges(self._word_starts[places], counts)
        known, where = np.unique(self._words[columns], return_inverse=True)
        spelled = process.cdist(
            list(meant),
            [self._vocabulary[number] for number in known.tolist()],
            scorer=Indel.normalized_similarity,
            dtype=np.float32,
        )
        partly = SLIP * (spelled - SPELLED) / (1 - SPELLED)
        same = np.where(spelled == 1, 1, np.maximum(partly, 0)).astype(np.float32)[:, where]
        for row, columns_meant in self._same_meaning(meant, columns):
            same[row, columns_meant] = 1
        word_firsts = np.cumsum(counts) - counts
        by_wording = np.add.reduceat(same.max(axis=0) * self._word_weights[columns], word_firsts)
        by_entry = np.maximum.reduceat(same, word_firsts[firsts], axis=1)
        for column, entry in enumerate(entries.tolist()):
            for row, word in enumerate(meant):
                if word in self._answers[entry] and by_entry[row, column] < ANSWERED:
                    by_entry[row, column] = ANSWERED
        weights = np.array([self.rarity(word) for word in meant], np.float32)
        return weights @ by_entry / weights.sum(), np.maximum.reduceat(by_wording, firsts)

    def _same_meaning(
        self, meant: dict[str, frozenset[int]], columns: Numbers
    ) -> Iterator[tuple[int, Numbers]]:
        """For each word of the question, the columns of the words that mean the same."""
        starts = self._meaning_starts[columns]
        counts = self._meaning_starts[columns + 1] - starts
        meanings = self._meanings[ranges(starts, counts)]
        owners = np.repeat(np.arange(len(columns)), counts)
        for row, concepts in enumerate(meant.values()):
            if concepts:
                wanted = np.zeros(self._concepts, np.bool_)
                wanted[list(concepts)] = True
                yield row, owners[wanted[meanings]]


def _greatest(values: Floats, counts: Numbers) -> Numbers:
    """Return the place of the first greatest value of each group; the groups stand one after the other."""
    order = np.lexsort((-values, np.repeat(np.arange(len(counts)), counts)))
    first: Numbers = order[np.cumsum(counts) - counts]
    return first


def _pieces(reading: Reading) -> Features:
    """Count the pieces of 2 to 4 letters, across the spaces between words."""
    line = f" {' '.join(reading.bare)} "
    return Counter([line[i : i + n] for n in (2, 3, 4) for i in range(len(line) - n + 1)])


def _words(reading: Reading) -> Features:
    """Count the words and the pairs of neighbours."""
    found: Counter[Hashable] = Counter(reading.bare)
    found.update(pairwise(reading.bare))
    return found


def _meanings(reading: Reading) -> Features:
    return Counter([concept for concepts in reading.concepts for concept in concepts])


def _itself(features: Features) -> Features:
    return features


def _document(wordings: Sequence[Reading], answer: Sequence[str]) -> Features:
    """All that an entry says; what only the answer says counts half."""
    found: Counter[Hashable] = Counter()
    for wording in wordings:
        found.update(_words(wording))
    said = [bare(word) for word in answer[:LONGEST_ANSWER]]
    for feature, count in Counter((*said, *pairwise(said))).items():
        found[feature] = max(found[feature] + count // 2, 1)
    return found


def _meant(reading: Reading) -> dict[str, frozenset[int]]:
    """The different words of a text, and all that each may mean there."""
    found: dict[str, frozenset[int]] = {}
    for word, concepts in zip(reading.bare, reading.concepts, strict=True):
        found[word] = found.get(word, frozenset()) | concepts
    return found


def _agreeing(marked: dict[str, str], wording: Reading) -> float:
    """Of the words that were typed with marks, the part that the wording has so, bare, or not at all."""
    other = 0
    for word, letters in marked.items():
        if letters in wording.bare and word not in wording.words and letters not in wording.words:
            other += 1
    return 1 - other / len(marked) if other else 1.0
