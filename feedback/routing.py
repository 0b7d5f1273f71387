"""Which unit a submission goes to, and why.

A kind with its own unit goes there. Otherwise the topics' keywords decide, a longer keyword more
than a short one, and the units' own keywords help a little. When nothing is said, or two units are
said equally, the default unit takes it. A unit that has ended passes to its successor; a body
outside the Ministry receives nothing from us, so the default unit takes that too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from feedback.heard import Heard, hear
from feedback.kinds import Kind

UNIT_WORDS = 0.5  # what a unit's own keyword counts beside a topic's
GROUP_WORDS = 0.5  # the same for the keywords of a whole group of topics
SHOWN = 3  # keywords named in the reason


@dataclass(frozen=True, slots=True)
class Unit:
    """`outside` units are other bodies, to which we only point; `ended` ones have a successor."""

    code: str
    name: str
    short_name: str
    kind: str
    ended: bool = False
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
class Route:
    """`reason` is for the officer: it names keywords, topics and units, nothing that the citizen wrote."""

    unit: str
    topic: str
    reason: str
    score: float


class Directory(Protocol):
    """What routing must know of the office."""

    @property
    def units(self) -> Mapping[str, Unit]: ...
    @property
    def topics(self) -> Mapping[str, Topic]: ...
    @property
    def kinds(self) -> tuple[Kind, ...]: ...
    @property
    def default_unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Found:
    topic: Topic
    words: tuple[str, ...]
    score: float


def route(text: str, kind: Kind, office: Directory) -> Route:
    heard = hear(text)
    found = sorted(_topics(heard, office), key=lambda found: -found.score)
    if kind.unit and office.units[kind.unit].receives:
        topic = found[0].topic.code if found else ""
        reason = f"Loại «{kind.name}» do {office.units[kind.unit].name} tiếp nhận."
        return Route(kind.unit, topic, reason, 1.0)
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
    kind_words = {signal for kind in office.kinds for signal in kind.signals}
    for topic in office.topics.values():
        listed = topic.keywords_without_marks if heard.without_marks else topic.keywords
        said = [word for word in listed if heard.says(word) and word not in kind_words]
        words = _longest(said)
        if words:
            weight = 1.0 if topic.group else GROUP_WORDS
            yield _Found(topic, words, weight * _weight(words))


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
