"""Which units a text may be for, the likeliest first: keywords and wording weighed together.

A unit is known by what people say of its work, by its duties, topics and keywords, and by the questions
that its answers answer. Three things tell: keywords, the nearest of those texts, and to which unit's texts
the words lean. What another body does counts for who receives it instead. The weights make the points
probabilities; they were fitted by benchmarks/fit_routing.py, and docs/how-to/route-cases.md says how well
they do.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nlargest
from math import exp, sqrt

from faq.entries import Knowledge
from faq.leaning import Leaning
from faq.nearness import Nearness, features
from faq.vectors import Features
from faq.words import Words
from feedback import routing
from feedback.routing import Said
from handlers.office import Office

KEYWORDS = 0.35  # the weight of the root of the keywords' points
NEAREST = 4.8  # of the nearness to the nearest texts
LEANING = 0.55  # of the words' leaning
DEFAULT = 0.4  # the default unit has something of everything
SECOND, THIRD = 0.5, 0.25  # what the next nearest texts count beside the nearest
SAYING, DUTY, QUESTION, KEYWORD = 1.0, 1.0, 0.7, 0.5  # what the words of each kind of text count


@dataclass(frozen=True, slots=True)
class Text:
    """What describes the work of a unit, perhaps of another body; `counts` is how much its words do."""

    unit: str
    topic: str
    text: str
    counts: float


@dataclass(frozen=True, slots=True)
class Near:
    """How near a unit's nearest texts are, the nearest, whose it is, and the nearest topic of theirs."""

    near: float = 0.0
    text: str = ""
    body: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A unit with the probability that it is the right one, and what told."""

    unit: str
    score: float
    said: Said
    nearest: Near
    leaning: float

    @property
    def features(self) -> tuple[float, float, float]:
        return (sqrt(self.said.points), self.nearest.near, self.leaning)

    @property
    def told(self) -> bool:
        return any(self.features)


class Ranking:
    """Immutable: other files make another one."""

    def __init__(self, office: Office, knowledge: Knowledge, words: Words) -> None:
        self._office = office
        self._words = words
        self._units = [unit.code for unit in office.units.values() if unit.receives]
        self._receivers = {code: routing.receiver(code, office).code for code in office.units}
        self._texts = list(_texts(office, knowledge))
        read = [features(each.text, words) for each in self._texts]
        self._nearness = Nearness(read)
        counts = self._counts(read)
        self._bodies = list(counts)
        self._leaning = Leaning(list(counts.values()))

    def weigh(self, text: str, said: Mapping[str, Said]) -> list[Weighed]:
        """Return every unit that receives, the likeliest first; `said` is what its keywords say of each."""
        read = features(text, self._words)
        near, leaning = self._near(read), self._lean(read)
        told = [
            Weighed(unit, 0.0, said.get(unit, Said()), near.get(unit, Near()), leaning.get(unit, 0.0))
            for unit in self._units
        ]
        return self._probable(told)

    def _counts(self, read: list[Features]) -> dict[str, dict[Hashable, float]]:
        """Return for each body how much each feature of its texts counts."""
        found: defaultdict[str, defaultdict[Hashable, float]] = defaultdict(lambda: defaultdict(float))
        for text, its in zip(self._texts, read, strict=True):
            for feature in its:
                found[text.unit][feature] += text.counts
        return {body: dict(counts) for body, counts in found.items()}

    def _near(self, text: Features) -> dict[str, Near]:
        found: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for place, near in enumerate(self._nearness.of(text)):
            if near:
                found[self._receivers[self._texts[place].unit]].append((near, place))
        return {unit: self._first_three(places) for unit, places in found.items()}

    def _first_three(self, places: list[tuple[float, int]]) -> Near:
        best = nlargest(3, places)
        near = sum(weight * each for weight, (each, _) in zip((1.0, SECOND, THIRD), best, strict=False))
        texts = [self._texts[place] for _, place in best]
        topic = next((each.topic for each in texts if each.topic), "")
        return Near(near, texts[0].text, texts[0].unit, topic)

    def _lean(self, text: Features) -> dict[str, float]:
        """A body outside leans for who receives its work: of several, the one that is leaned to most."""
        found: dict[str, float] = {}
        for body, leaning in zip(self._bodies, self._leaning.of(text), strict=True):
            unit = self._receivers[body]
            found[unit] = max(leaning, found.get(unit, leaning))
        return found

    def _probable(self, told: list[Weighed]) -> list[Weighed]:
        points = [self._points(each) for each in told]
        powers = [exp(each - max(points)) for each in points]
        scored = [replace(each, score=power / sum(powers)) for each, power in zip(told, powers, strict=True)]
        return sorted(scored, key=lambda each: -each.score)

    def _points(self, each: Weighed) -> float:
        weights = (KEYWORDS, NEAREST, LEANING)
        prior = DEFAULT if each.unit == self._office.default_unit else 0.0
        return prior + sum(weight * feature for weight, feature in zip(weights, each.features, strict=True))


def _texts(office: Office, knowledge: Knowledge) -> Iterator[Text]:
    for each in office.says:
        yield from (Text(each.unit, each.topic, text, SAYING) for text in each.texts)
    for topic in office.topics.values():
        yield from (Text(topic.unit, topic.code, text, KEYWORD) for text in (topic.name, *topic.keywords))
    for unit in office.units.values():
        yield from (Text(unit.code, "", text, DUTY) for text in (unit.name, *unit.duties))
        yield from (Text(unit.code, "", text, KEYWORD) for text in unit.keywords)
    for entry in knowledge.entries.values():
        yield from (Text(entry.unit, entry.topic, text, QUESTION) for text in entry.wordings())
