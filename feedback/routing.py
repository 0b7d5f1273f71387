"""Which unit a submission goes to, and why, by the office's own words.

The first of the office's rules that fits decides. Otherwise the topics' keywords tell, a longer keyword
more than a short one, and the units' own keywords help a little; handlers/ranking.py weighs them with the
wording. A unit that has ended passes to its successor; a body outside the Ministry receives nothing from
us, so the default unit takes that too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from feedback.heard import Heard, hear
from feedback.kinds import Kind

UNIT_WORDS = 0.5  # what a unit's own keyword counts beside a topic's
GROUP_WORDS = 0.5  # the same for the keywords of a whole group of topics
DRAFT = "dự thảo"  # without this word, a law's number is no draft


@dataclass(frozen=True, slots=True)
class Unit:
    """`outside` units are other bodies, to which we only point; `ended` ones have a successor.

    With `second_person` every answer of the unit leaves only when somebody else has approved it.
    """

    code: str
    name: str
    short_name: str
    kind: str
    ended: bool = False
    second_person: bool = False
    successor: str = ""
    parent: str = ""
    backup: str = ""
    contact: str = ""
    email: str = ""
    duties: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    formerly: str = ""
    note: str = ""
    confidence: str = ""
    evidence: str = ""

    @property
    def outside(self) -> bool:
        return self.kind == "outside"

    @property
    def receives(self) -> bool:
        return not self.ended and not self.outside


@dataclass(frozen=True, slots=True)
class Topic:
    """`group` is empty for a group itself, which is a topic with less weight."""

    code: str
    name: str
    unit: str
    group: str = ""
    with_units: tuple[str, ...] = ()
    outside_units: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    keywords_without_marks: tuple[str, ...] = ()
    sensitive: bool = False
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Says:
    """What people say who mean a unit's work, in whole sentences; of a topic, if it is clear which."""

    unit: str
    texts: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """All that it names must fit, of each list one. `drafts` name a draft law, as people write it.

    A kind with its own unit is touched only by a rule that names this kind.
    """

    name: str
    unit: str
    reason: str
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[tuple[str, ...], ...]:
        return (self.kinds, self.topics, self.keywords, self.drafts, self.places, self.senders)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be routed: everything that a rule may ask for. `kind` is a kind's code."""

    text: str
    kind: str = "report"
    place: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """`reason` is for the officer: it names keywords, topics and units, nothing that the citizen wrote.

    `score` is how probable it is that the unit is right, `suggestions` are the likeliest units, the first
    first, `counted` is what told.
    """

    unit: str
    topic: str
    reason: str
    score: float
    suggestions: tuple[str, ...] = ()
    rule: str = ""
    counted: tuple[str, ...] = ()


class Directory(Protocol):
    """What routing must know of the office."""

    @property
    def units(self) -> Mapping[str, Unit]: ...
    @property
    def topics(self) -> Mapping[str, Topic]: ...
    @property
    def kinds(self) -> tuple[Kind, ...]: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def default_unit(self) -> str: ...
    def find_kind(self, code: str) -> Kind | None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    topic: Topic
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of a unit's work: its points, and the keywords with their topics' codes."""

    points: float = 0.0
    topic: str = ""
    words: tuple[str, ...] = ()


def ruled(matter: Matter, heard: Heard, office: Directory) -> Route | None:
    """Follow the first rule that fits; `heard` is the matter's text."""
    kind = office.find_kind(matter.kind)
    rules = [rule for rule in office.rules if not (kind and kind.unit) or matter.kind in rule.kinds]
    place = hear(matter.place)
    asked = any(rule.topics for rule in rules)
    topics = {found.topic.code for found in _topics(heard, office)} if asked else set()
    for rule in rules:
        if _fits(rule, matter, heard, place, topics):
            unit = receiver(rule.unit, office)
            reason = f"Quy tắc «{rule.name}»: {rule.reason}"
            topic = next((code for code in rule.topics if code in topics), "")
            return Route(unit.code, topic, reason, 1.0, (unit.code,), rule.name, (f"quy tắc «{rule.name}»",))
    return None


def _fits(rule: Rule, matter: Matter, heard: Heard, place: Heard, topics: set[str]) -> bool:
    asked = (
        (rule.kinds, matter.kind in rule.kinds),
        (rule.senders, matter.sender in rule.senders),
        (rule.topics, not topics.isdisjoint(rule.topics)),
        (rule.keywords, heard.says_any(rule.keywords)),
        (rule.drafts, heard.says(DRAFT) and heard.says_any(rule.drafts)),
        (rule.places, heard.says_any(rule.places) or place.says_any(rule.places)),
    )
    return all(fits for wanted, fits in asked if wanted)


def said(heard: Heard, office: Directory) -> dict[str, Said]:
    """Return what the keywords say of each unit that receives; another body counts for the default one."""
    kind_words = _kind_words(office)
    told: dict[str, Said] = {}
    for found in sorted(_topics(heard, office), key=lambda found: -found.score):
        unit = receiver(found.topic.unit, office).code
        told.setdefault(unit, Said(found.score, found.topic.code, found.words))
    for each in office.units.values():
        own = _longest([word for word in heard.those_said(each.keywords) if word not in kind_words])
        if own:
            code = receiver(each.code, office).code
            before = told.get(code, Said(words=own))
            told[code] = replace(before, points=before.points + UNIT_WORDS * _weight(own))
    return told


def receiver(code: str, office: Directory) -> Unit:
    """Find who works for the unit now: itself, its successor, or the default unit for a body outside."""
    unit = office.units[code]
    for _ in office.units:
        if not unit.ended:
            break
        unit = office.units[unit.successor]
    return unit if unit.receives else office.units[office.default_unit]


def _topics(heard: Heard, office: Directory) -> Iterable[_Found]:
    kind_words = _kind_words(office)
    for topic in office.topics.values():
        listed = topic.keywords_without_marks if heard.without_marks else topic.keywords
        said = [word for word in heard.those_said(listed) if word not in kind_words]
        words = _longest(said)
        if words:
            weight = 1.0 if topic.group else GROUP_WORDS
            yield _Found(topic, words, weight * _weight(words))


def _kind_words(office: Directory) -> set[str]:
    """What only says which kind of submission it is says nothing of a topic."""
    return {signal for kind in office.kinds for signal in kind.signals}


def _longest(words: list[str]) -> tuple[str, ...]:
    """Drop those that are part of another: beside «lương cơ sở», «lương» says nothing new."""
    kept = [
        word for word in words if not any(word != other and f" {word} " in f" {other} " for other in words)
    ]
    return tuple(sorted(kept, key=lambda word: -len(word.split())))


def _weight(words: Iterable[str]) -> float:
    return float(sum(len(word.split()) ** 2 for word in words))
