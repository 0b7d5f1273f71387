"""Where a submission goes: by the office's rules, by its kind, or to the likeliest unit, with the reason.

What is not sure enough goes to the default unit, where a person routes; three units are suggested to them.
"""

from feedback import routing
from feedback.routing import Matter, Route
from handlers.library import Library
from handlers.office import Office
from handlers.ranking import Weighed

SUGGESTED = 3
SHOWN = 3  # keywords that are named


def route(library: Library, matter: Matter) -> Route:
    office = library.office
    if found := routing.ruled(matter, office):
        return found
    kind = office.kind(matter.kind)
    if kind.unit and office.units[kind.unit].receives:
        return routing.route(matter.text, kind, office)
    told = [each for each in library.ranking.weigh(matter.text) if each.told]
    return _likeliest(told, matter, office) if told else routing.route(matter.text, kind, office)


def _likeliest(told: list[Weighed], matter: Matter, office: Office) -> Route:
    best, default = told[0], office.units[office.default_unit]
    suggestions = tuple(each.unit for each in told[:SUGGESTED])
    counted = tuple(_counted(each, office) for each in told[:SUGGESTED])
    if best.score >= office.threshold:
        return Route(
            best.unit, _topic(best), _reason(best, matter, office), best.score, suggestions, "", counted
        )
    likely = ", ".join(
        f"{office.units[each.unit].short_name} ({percent(each.score)})" for each in told[:SUGGESTED]
    )
    reason = f"Chưa đủ chắc để chuyển, nên {default.name} phân loại. Gần nhất: {likely}."
    return Route(default.code, _topic(best), reason, best.score, suggestions, "", counted)


def _topic(best: Weighed) -> str:
    return best.said.topic or best.nearest


def _reason(best: Weighed, matter: Matter, office: Office) -> str:
    by_words = routing.route(matter.text, office.kind(matter.kind), office)
    if by_words.unit == best.unit and by_words.score:
        return by_words.reason
    unit = office.units[best.unit].name
    if best.said.words:
        return f"Từ khóa {_quoted(best.said.words)} và lời văn gần với việc của {unit} nhất."
    return f"Lời văn gần với việc của {unit} nhất{_about(best, office)}."


def _about(best: Weighed, office: Office) -> str:
    return f" (chủ đề «{office.topic(best.nearest).name}»)" if best.nearest in office.topics else ""


def _counted(each: Weighed, office: Office) -> str:
    """Say what told for a unit: keywords, and how near the wording is."""
    words = f"từ khóa {_quoted(each.said.words)}; " if each.said.words else ""
    near = f"lời văn {percent(each.wording)}, chủ đề gần nhất {percent(min(each.topic, 1))}"
    return f"{office.units[each.unit].short_name} {percent(each.score)}: {words}{near}{_about(each, office)}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"«{word}»" for word in words[:SHOWN])


def percent(score: float) -> str:
    return f"{100 * score:.0f} %"
