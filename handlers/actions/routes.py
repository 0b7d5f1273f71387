"""Where a submission goes: by the office's rules, by its kind, or to the likeliest unit, with the reason.

What is not sure enough goes to the default unit, where a person routes; three units are suggested to them.
"""

from feedback import routing
from feedback.heard import CUT, Heard, hear
from feedback.kinds import Kind
from feedback.routing import Matter, Route, Said
from handlers.library import Library
from handlers.office import Office
from handlers.ranking import Near, Weighed

SUGGESTED = 3
SHOWN = 3  # keywords that are named


def route(library: Library, matter: Matter) -> Route:
    office, heard = library.office, hear(matter.text)
    if found := routing.ruled(matter, heard, office):
        return found
    said = routing.said(heard, office)
    kind = office.kind(matter.kind)
    if kind.unit and office.units[kind.unit].receives:
        return _of_its_kind(kind, said, office)
    told = [each for each in library.ranking.weigh(_matter_itself(heard, office), said) if each.told]
    return _likeliest(told, office) if told else _unclear(office)


def _matter_itself(heard: Heard, office: Office) -> str:
    """Leave out «tôi muốn phản ánh»: what only announces a kind is the work of no unit."""
    announcing = [phrase for kind in office.kinds if not kind.unit for phrase in kind.certain_signals]
    return " ".join(word for word in heard.without(announcing).words if word != CUT)


def _of_its_kind(kind: Kind, said: dict[str, Said], office: Office) -> Route:
    """The unit is the kind's; what the keywords say most of is the topic all the same."""
    topic = max(said.values(), key=lambda each: each.points, default=Said()).topic
    reason = f"Loại «{kind.name}» do {office.units[kind.unit].name} tiếp nhận."
    return Route(kind.unit, topic, reason, 1.0, (kind.unit,))


def _unclear(office: Office) -> Route:
    default = office.units[office.default_unit]
    reason = f"Không có từ nào nói đến việc của một đơn vị, nên {default.name} nhận để phân loại."
    return Route(default.code, "", reason, 0.0)


def _likeliest(told: list[Weighed], office: Office) -> Route:
    best, default = told[0], office.units[office.default_unit]
    suggestions = tuple(each.unit for each in told[:SUGGESTED])
    counted = tuple(_counted(each, office) for each in told[:SUGGESTED])
    if best.score >= office.threshold:
        return Route(best.unit, _topic(best), _reason(best, office), best.score, suggestions, "", counted)
    likely = ", ".join(
        f"{office.units[each.unit].short_name} ({percent(each.score)})" for each in told[:SUGGESTED]
    )
    reason = f"Chưa đủ chắc để chuyển, nên {default.name} phân loại. Gần nhất: {likely}."
    return Route(default.code, _topic(best), reason, best.score, suggestions, "", counted)


def _topic(best: Weighed) -> str:
    return best.said.topic or best.nearest.topic


def _reason(best: Weighed, office: Office) -> str:
    """Say what led there; keywords, if there are any, for they are what people know."""
    if best.said.topic:
        topic = office.topic(best.said.topic)
        why = f"Từ khóa {_quoted(best.said.words)} thuộc chủ đề «{topic.name}»"
        return _passed_on(why, topic.unit, best, office)
    if best.said.words:
        return _passed_on(f"Từ khóa {_quoted(best.said.words)}", best.nearest.body, best, office)
    return _passed_on(f"Lời văn gần với «{best.nearest.text}»", best.nearest.body, best, office)


def _passed_on(why: str, body: str, best: Weighed, office: Office) -> str:
    """Say who gets it, and why that is not the body whose work it is."""
    receiver = office.units[best.unit].name
    owner = office.units.get(body)
    if owner and owner.ended:
        return f"{why} của {owner.name}, nay đã kết thúc, nên chuyển {receiver}."
    if owner and owner.outside:
        return f"{why} do {owner.name} (ngoài Bộ) phụ trách, nên {receiver} nhận để chuyển tiếp."
    return f"{why} nên chuyển {receiver}."


def _counted(each: Weighed, office: Office) -> str:
    """Say what told for a unit: keywords, and which text of ours the wording is nearest to."""
    words = f"từ khóa {_quoted(each.said.words)}; " if each.said.words else ""
    return f"{office.units[each.unit].short_name} {percent(each.score)}: {words}{_nearest(each.nearest)}"


def _nearest(nearest: Near) -> str:
    return f"lời văn gần nhất «{nearest.text}»" if nearest.text else "không câu nào gần"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"«{word}»" for word in words[:SHOWN])


def percent(score: float) -> str:
    return f"{100 * score:.0f} %"
