"""Which unit a submission goes to, and why, by the office's own words.

The first of the office's rules that fits decides. A kind with its own unit goes there. Otherwise the
topics' keywords tell, a longer keyword more than a short one, and the units' own keywords help a little.
When nothing is said, or two units are said equally, the default unit takes it. A unit that has ended
passes to its successor; a body outside the Ministry receives nothing from us, so the default unit takes
that too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from feedback.heard import Heard, hear
from feedback.kinds import Kind

UNIT_WORDS = 0.5  # what a unit's own keyword counts beside a topic's
GROUP_WORDS = 0.5  # the same for the keywords of a whole group of topics
SHOWN = 3  # keywords named in the reason
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


def ruled(matter: Matter, office: Directory) -> Route | None:
    """Follow the first rule that fits."""
    heard, place = hear(matter.text), hear(matter.place)
    own = next((kind.unit for kind in office.kinds if kind.code == matter.kind), "")
    topics = {found.topic.code for found in _topics(heard, office)}
    for rule in office.rules:
        if own and matter.kind not in rule.kinds:
            continue
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


def said(text: str, office: Directory) -> dict[str, Said]:
    """Return what the keywords say of each unit that receives; another body counts for the default one."""
    heard, kind_words = hear(text), _kind_words(office)
    told: dict[str, Said] = {}
    for found in sorted(_topics(heard, office), key=lambda found: -found.score):
        unit = receiver(found.topic.unit, office).code
        told.setdefault(unit, Said(found.score, found.topic.code, found.words))
    for each in office.units.values():
        own = [word for word in each.keywords if word not in kind_words and heard.says(word)]
        if own:
            code = receiver(each.code, office).code
            before = told.get(code, Said(words=_longest(own)))
            told[code] = replace(before, points=before.points + UNIT_WORDS * _weight(_longest(own)))
    return told


def route(text: str, kind: Kind, office: Directory) -> Route:
    """Choose by the kind and the keywords alone."""
    heard = hear(text)
    found = sorted(_topics(heard, office), key=lambda found: -found.score)
    if kind.unit and office.units[kind.unit].receives:
        topic = found[0].topic.code if found else ""
        reason = f"Loại «{kind.name}» do {office.units[kind.unit].name} tiếp nhận."
        return Route(kind.unit, topic, reason, 1.0, (kind.unit,))
    if not found:
        return _unclear("Không có từ khóa nào của các chủ đề", office)
    scores = _by_unit(heard, found, office)
    best = max(scores, key=scores.__getitem__)
    rivals = [unit for unit, score in scores.items() if unit != best and score == scores[best]]
    if rivals:
        names = ", ".join(office.units[unit].name for unit in sorted([best, *rivals]))
        return _unclear(f"Nội dung nói đến việc của nhiều đơn vị ngang nhau ({names})", office)
    return _to(next(f for f in found if f.topic.unit == best), scores[best], office)


def _to(found: _Found, score: float, office: Directory) -> Route:
    unit = office.units[found.topic.unit]
    words = ", ".join(f"«{word}»" for word in found.words[:SHOWN])
    why = f"Từ khóa {words} thuộc chủ đề «{found.topic.name}»"
    if unit.ended:
        successor = receiver(unit.code, office)
        reason = f"{why} của {unit.name}, nay đã kết thúc, nên chuyển {successor.name}."
        return Route(successor.code, found.topic.code, reason, score)
    if unit.outside:
        default = office.units[office.default_unit]
        reason = f"{why} do {unit.name} (ngoài Bộ) phụ trách, nên {default.name} nhận để chuyển tiếp."
        return Route(default.code, found.topic.code, reason, score)
    return Route(unit.code, found.topic.code, f"{why} nên chuyển {unit.name}.", score)


def _unclear(why: str, office: Directory) -> Route:
    default = office.units[office.default_unit]
    return Route(default.code, "", f"{why}, nên {default.name} nhận để phân loại.", 0.0)


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
        said = [word for word in listed if heard.says(word) and word not in kind_words]
        words = _longest(said)
        if words:
            weight = 1.0 if topic.group else GROUP_WORDS
            yield _Found(topic, words, weight * _weight(words))


def _kind_words(office: Directory) -> set[str]:
    """What only says which kind of submission it is says nothing of a topic."""
    return {signal for kind in office.kinds for signal in kind.signals}


def _by_unit(heard: Heard, found: list[_Found], office: Directory) -> dict[str, float]:
    """Score each unit by its best topic and its own keywords."""
    scores: dict[str, float] = {}
    for each in found:
        scores.setdefault(each.topic.unit, each.score)
    for code in scores:
        own = [word for word in office.units[code].keywords if heard.says(word)]
        scores[code] += UNIT_WORDS * _weight(_longest(own))
    return scores


def _longest(words: list[str]) -> tuple[str, ...]:
    """Drop those that are part of another: beside «lương cơ sở», «lương» says nothing new."""
    kept = [
        word for word in words if not any(word != other and f" {word} " in f" {other} " for other in words)
    ]
    return tuple(sorted(kept, key=lambda word: -len(word.split())))


def _weight(words: Iterable[str]) -> float:
    return float(sum(len(word.split()) ** 2 for word in words))
