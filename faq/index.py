"""Find the entry that answers a question, and decide: answer, let choose, or say that we don't know.

The question is looked for in the message (faq.story), read as it was meant (faq.text, faq.spelling),
compared with every entry (faq.likeness), and judged (faq.decide).

A wrong official answer is worse than none. Entries that may not be shown today compete as well,
so that none of their neighbours is shown in their place.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from typing import NamedTuple

from faq import decide
from faq.decide import CHOICES
from faq.entries import Entry, Knowledge
from faq.likeness import Closeness, Likeness
from faq.reading import Reading, read
from faq.spelling import Spelling
from faq.story import Part, Question, follows_up, parts, questions
from faq.text import readings, tokens
from faq.vectors import Floats
from faq.words import Words

PARTS = 3  # parts of a message that are compared closely
WEIGHED = 10  # entries that the decision looks at
HOPEFUL = 0.7  # of the nearest reading's nearness, that another must have to be compared closely
OTHER_READING = 0.97  # what a part keeps of its weight when it is read in another way than first
GUESSED = 14  # words of a part at most where what may be right is exchanged: one in more tells little
LESS_LIKELY = 0.05  # what it loses for each step of the logarithm that the reading is less likely
EXCHANGED = 0.5  # what it loses if all words were exchanged that may be right, or the share of it
DOUBTED = 0.2  # and if all marks were left out
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """`score` is the probability that it is right, `understood` the question as it was read.

    `why` is the wording that it matched.
    """

    entry: Entry
    score: float
    understood: str
    why: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Up to three entries, the likeliest first; `scores` are probabilities."""

    entries: tuple[Entry, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """`nearest` tells the likely unit; it must not be shown as an answer."""

    nearest: Entry | None = None


Decision = Answer | Choices | Unknown


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may be asked for.

    `score` is the probability that it is the one, `points` what it is ranked by, `lead` how far it is
    ahead of the next (or behind the first). `why` is the wording that is nearest, `shared` are the words
    of the question that it has, `missing` those that it has not.
    """

    entry: Entry
    score: float
    points: float
    lead: float
    understood: str
    why: str
    shared: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    points: float
    reading: Reading
    wording: int


class _Led(NamedTuple):
    """`lead` is how far the next one is behind, or how far it is behind the first itself."""

    entry: Entry
    found: _Found
    lead: float


class Index:
    """Immutable: a new knowledge base makes a new index."""

    def __init__(self, knowledge: Knowledge, words: Words) -> None:
        self._words = words
        self._entries = list(knowledge.entries.values())
        self._by_id = knowledge.entries
        self._successors = {each.replaces: each for each in self._entries if each.replaces}
        self._texts = [text for entry in self._entries for text in entry.wordings()]
        wordings = [[self._as_written(text) for text in entry.wordings()] for entry in self._entries]
        answers = [tokens(_answer(entry, knowledge), words) for entry in self._entries]
        self._spelling = Spelling([[each.words for each in entry] for entry in wordings], words.phrases)
        self._likeness = Likeness(wordings, answers, words.groups)
        self._readings = [each for entry in wordings for each in entry]

    @property
    def words(self) -> Words:
        """How words are read here."""
        return self._words

    def ask(
        self,
        text: str,
        day: date,
        *,
        off: AbstractSet[str] = NOBODY,
        refused: AbstractSet[str] = NOBODY,
        audience: str = "",
        before: str = "",
    ) -> Decision:
        """Decide what to say to a question.

        `off` are the entries that are switched off, `refused` those that the person did not mean, `audience`
        is who asks, and `before` the question that was answered just before: «còn viên chức thì sao?» is
        asked in its light.
        """
        follows = bool(before) and follows_up(text)
        ranked = self._following(text, before) if follows else self._ranked(parts(text))
        meant = [(entry, found) for entry, found in ranked if entry.id not in refused]
        enough = decide.AGAIN if refused else decide.CHOOSE
        return self._decided(self._for(audience, meant), day, off, enough)

    def asked(
        self,
        text: str,
        day: date,
        *,
        off: AbstractSet[str] = NOBODY,
        audience: str = "",
        before: str = "",
    ) -> tuple[tuple[str, Decision], ...]:
        """Decide for each question of a message, two at most: the words it was asked in, and what to say.

        Two sentences that ask are two questions if one of them is answered, two halves of a sentence only if
        both are, differently. Any other message is one question.
        """
        found = [(each, self.ask(each.text, day, off=off, audience=audience)) for each in questions(text)]
        if len(found) == 2 and _apart(*found):
            return tuple((each.text, said) for each, said in found)
        return ((text, self.ask(text, day, off=off, audience=audience, before=before)),)

    def rank(self, text: str) -> list[Match]:
        """Order the likeliest entries by how well they answer, whether or not they may be shown."""
        ranked = self._ranked(parts(text))
        return [self._match(*each) for each in _with_leads(ranked)]

    def similarities(self, texts: Sequence[str]) -> Floats:
        """Compare texts with each other: one row and one column for each, from 0 to 1."""
        return self._likeness.similarities([self._telling(text) for text in texts])

    def compared(self, text: str) -> list[tuple[float, list[tuple[str, Closeness]]]]:
        """All that a judgement rests on: each part's weight, and how it resembles which entries."""
        return [
            (weight, [(self._entries[each.entry].id, each) for each in compared])
            for weight, _, compared in self._compared(parts(text))
        ]

    def _as_written(self, text: str) -> Reading:
        return read(readings(tokens(text, self._words), self._words)[0], self._words)

    def _ranked(self, found: Sequence[Part]) -> list[tuple[Entry, _Found]]:
        """Every entry that was looked at, the best first."""
        best: dict[int, _Found] = {}
        for weight, reading, compared in self._compared(found):
            for each in compared:
                points = decide.points(each, weight)
                other = best.get(each.entry)
                if other is None or points > other.points:
                    best[each.entry] = _Found(points, reading, each.wording)
        ranked = sorted(best.items(), key=lambda each: -each[1].points)
        return [(self._entries[number], each) for number, each in ranked]

    def _compared(self, found: Sequence[Part]) -> Iterator[tuple[float, Reading, list[Closeness]]]:
        for weight, reading, near in self._candidates(found):
            yield weight, reading, self._likeness.compare(reading, near)

    def _candidates(self, found: Sequence[Part]) -> list[tuple[float, Reading, Floats]]:
        """The parts of a message, in all their readings, that come nearest to anything here."""
        if len(found) > PARTS:
            found = nlargest(PARTS, found, key=self._glance)
        near = [
            (part.weight * kept, reading, self._likeness.nearness(reading))
            for part in found
            for kept, reading in self._understood(part.text)
        ]
        nearness = [weight * float(each.max(initial=0.0)) for weight, _, each in near]
        best = nlargest(PARTS, range(len(near)), key=nearness.__getitem__)
        return [near[i] for i in best if nearness[i] >= HOPEFUL * nearness[best[0]]]

    def _glance(self, part: Part) -> float:
        return part.weight * self._likeness.glance(self._as_written(part.text))

    def _understood(self, text: str) -> Iterator[tuple[float, Reading]]:
        """Each way to read a text, the plainest first, and what a part keeps of its weight when read so."""
        found = tokens(text, self._words, self._spelling.are_two)
        ways = readings(found, self._words)
        written_out = self._spelling.written_out(found)
        if written_out != found:
            ways.append(readings(written_out, self._words)[0])
        kept: dict[tuple[str, ...], float] = {}
        for other, way in enumerate(ways):
            for each in self._spelling.repaired(way):
                kept.setdefault(each.words, (OTHER_READING if other else 1.0) - LESS_LIKELY * each.behind)
        if 0 < len(ways[0]) <= GUESSED:
            likelier = self._spelling.likelier(ways[0])
            lost = EXCHANGED * likelier.exchanged + DOUBTED * likelier.doubted
            kept.setdefault(likelier.words, OTHER_READING - lost / len(ways[0]))
        for words, weight in kept.items():
            if any(len(word) > 1 for word in words):
                yield weight, read(words, self._words)

    def _telling(self, text: str) -> Reading:
        """The part of a text that is most likely asked."""
        found = self._candidates(parts(text))
        return found[0][1] if found else self._as_written(text)

    def _following(self, text: str, before: str) -> list[tuple[Entry, _Found]]:
        """Rank by the question before and what is new in this one; the entry that was answered is out."""
        new = set(self._as_written(text).bare)
        ranked = self._ranked([Part(f"{text} {before}", 1.0)])
        return [
            (entry, found)
            for entry, found in ranked
            if before not in entry.wordings() and self._tells(new) & set(self._readings[found.wording].bare)
        ]

    def _tells(self, words: Iterable[str]) -> set[str]:
        """The words that tell something: those of fewer than a tenth of the entries."""
        limit = self._likeness.rarity_of_share(0.1)
        return {word for word in words if self._likeness.rarity(word) >= limit}

    def _for(self, audience: str, ranked: list[tuple[Entry, _Found]]) -> list[tuple[Entry, _Found]]:
        """Let entries that are meant for others fall behind."""
        if not audience:
            return ranked
        fair = [
            (entry, replace(found, points=found.points - decide.OTHER_AUDIENCE))
            if entry.audience and audience not in entry.audience
            else (entry, found)
            for entry, found in ranked
        ]
        return sorted(fair, key=lambda each: -each[1].points)

    def _decided(
        self, ranked: list[tuple[Entry, _Found]], day: date, off: AbstractSet[str], enough: float
    ) -> Decision:
        chance = decide.among(ranked[0][1].points) if ranked else 0.0
        if chance < enough:
            return Unknown(ranked[0][0] if chance >= decide.AROUND else None)
        shown: dict[str, tuple[Entry, _Found]] = {}
        for entry, found in ranked:
            valid = self._valid_instead(entry, day)
            shown.setdefault(valid.id, (valid, found))
            if len(shown) == WEIGHED:
                break
        leading = list(_with_leads(list(shown.values())))
        usable = [each for each in leading if each.entry.usable(day) and each.entry.id not in off]
        entry, found, lead = best = leading[0]
        if best not in usable:
            tied = [each for each in usable if each.lead > -decide.TIED]
            return _choices(tied) if tied else Unknown(entry)
        score = decide.right(found.points)
        if decide.sure(found.points, lead) >= decide.ANSWER and score >= decide.RIGHT:
            return Answer(entry, score, str(found.reading), self._texts[found.wording])
        return _choices([each for each in usable if decide.among(each.found.points) >= decide.AROUND])

    def _match(self, entry: Entry, found: _Found, lead: float) -> Match:
        there = set(self._readings[found.wording].bare)
        pairs = dict(zip(found.reading.words, found.reading.bare, strict=True)).items()
        return Match(
            entry=entry,
            score=decide.right(found.points),
            points=found.points,
            lead=lead,
            understood=str(found.reading),
            why=self._texts[found.wording],
            shared=tuple(word for word, bare in pairs if bare in there),
            missing=tuple(word for word, bare in pairs if bare not in there),
        )

    def _valid_instead(self, entry: Entry, day: date) -> Entry:
        """Take the entry that holds on that day, when one replaces the other at a date."""
        row = [entry]
        for each in row:
            if each.usable(day):
                return each
            beside = (self._by_id.get(each.replaces), self._successors.get(each.id))
            row += [other for other in beside if other is not None and other not in row]
        return entry


def _apart(one: tuple[Question, Decision], other: tuple[Question, Decision]) -> bool:
    """Whether two questions were asked: one has an answer of which the other knows nothing."""
    (part, said), (_, heard) = sorted((one, other), key=lambda each: not isinstance(each[1], Answer))
    match said, heard:
        case Answer(entry), Answer(another):
            return entry != another
        case Answer(entry), Choices(entries):
            return part.alone and entry not in entries
        case Answer(), Unknown():
            return part.alone
    return False


def _with_leads(ranked: list[tuple[Entry, _Found]]) -> Iterator[_Led]:
    points = [found.points for _, found in ranked]
    for place, (entry, found) in enumerate(ranked):
        other = points[0] if place else (points[1] if len(points) > 1 else 0.0)
        yield _Led(entry, found, found.points - other)


def _choices(led: Sequence[_Led]) -> Choices:
    first = led[:CHOICES]
    scores = tuple(decide.right(each.found.points) for each in first)
    return Choices(tuple(each.entry for each in first), scores)


def _answer(entry: Entry, knowledge: Knowledge) -> str:
    """All that an entry says besides its wordings."""
    documents = (f"{document.number} {article}" for document, article in knowledge.sources(entry))
    return " ".join((entry.answer, *documents))
