"""Which units a text may be for, the likeliest first: keywords and wording weighed together.

A unit's wording is its duties, its topics and the questions that its answers answer. What another body
does counts for who receives it instead. The weights make the points probabilities; they were fitted by
benchmarks/fit_routing.py, and docs/how-to/route-cases.md says how well they do.
"""

from dataclasses import dataclass
from math import exp, sqrt

from faq.entries import Knowledge
from faq.nearness import Nearness, features, together
from faq.vectors import Features
from faq.words import Words
from feedback import routing
from feedback.routing import Said
from handlers.office import Office

KEYWORDS = 1.7  # the weight of the root of the keywords' points
WORDING = 2.9  # of the nearness to all that the unit does
TOPIC = 6.0  # of the nearness to the nearest of its topics, duties and answers
DEFAULT = -0.6  # the default unit has something of everything
SECOND, THIRD = 0.5, 0.25  # what the next nearest count beside the nearest


@dataclass(frozen=True, slots=True)
class Weighed:
    """A unit with the probability that it is the right one, and what told."""

    unit: str
    score: float
    said: Said
    wording: float
    topic: float
    nearest: str

    @property
    def features(self) -> tuple[float, float, float]:
        return (sqrt(self.said.points), self.wording, self.topic)

    @property
    def told(self) -> bool:
        return any(self.features)


class Ranking:
    """Immutable: other files make another one."""

    def __init__(self, office: Office, knowledge: Knowledge, words: Words) -> None:
        self._office = office
        self._words = words
        self._units = [unit.code for unit in office.units.values() if unit.receives]
        owned = _owned(office, knowledge)
        self._owners = [owner for owner, _, _ in owned]
        self._codes = [code for _, code, _ in owned]
        read = [[features(text, words) for text in texts] for _, _, texts in owned]
        by_unit = [
            [text for owner, texts in zip(self._owners, read, strict=True) if owner == unit for text in texts]
            for unit in self._units
        ]
        self._topics = Nearness([together(texts) for texts in read])
        self._wording = Nearness([together(texts) for texts in by_unit])

    def weigh(self, text: str) -> list[Weighed]:
        """Return every unit that receives, the likeliest first."""
        said = routing.said(text, self._office)
        read = features(text, self._words)
        near = self._nearest(read)
        wording = dict(zip(self._units, self._wording.of(read), strict=True))
        told = [
            Weighed(unit, 0.0, said.get(unit, Said()), wording[unit], *near.get(unit, (0.0, "")))
            for unit in self._units
        ]
        return self._probable(told)

    def _nearest(self, text: Features) -> dict[str, tuple[float, str]]:
        """Return for each unit how near its nearest topics are, and the code of the nearest."""
        found: dict[str, list[tuple[float, str]]] = {}
        for owner, code, near in zip(self._owners, self._codes, self._topics.of(text), strict=True):
            found.setdefault(owner, []).append((near, code))
        return {unit: _first_three(places) for unit, places in found.items()}

    def _probable(self, told: list[Weighed]) -> list[Weighed]:
        points = [self._points(each) for each in told]
        powers = [exp(each - max(points)) for each in points]
        scored = [
            Weighed(each.unit, power / sum(powers), each.said, each.wording, each.topic, each.nearest)
            for each, power in zip(told, powers, strict=True)
        ]
        return sorted(scored, key=lambda each: -each.score)

    def _points(self, each: Weighed) -> float:
        weights = (KEYWORDS, WORDING, TOPIC)
        prior = DEFAULT if each.unit == self._office.default_unit else 0.0
        return prior + sum(weight * feature for weight, feature in zip(weights, each.features, strict=True))


def _owned(office: Office, knowledge: Knowledge) -> list[tuple[str, str, list[str]]]:
    """Return who receives what, the topic's code, and the texts that describe it."""
    topics = [(each.unit, each.code, [each.name, *each.keywords]) for each in office.topics.values()]
    duties = [
        (each.code, "", [each.name, each.formerly, *each.duties, *each.keywords])
        for each in office.units.values()
    ]
    answers = [(each.unit, each.topic, list(each.wordings())) for each in knowledge.entries.values()]
    says = [(each.unit, each.topic, [text]) for each in office.says for text in each.texts]
    return [
        (routing.receiver(unit, office).code, code, texts)
        for unit, code, texts in (*topics, *duties, *answers, *says)
    ]


def _first_three(places: list[tuple[float, str]]) -> tuple[float, str]:
    best = sorted(places, reverse=True)[:3]
    near = sum(weight * each for weight, (each, _) in zip((1.0, SECOND, THIRD), best, strict=False))
    return near, next((code for each, code in best if code and each), "")
