"""The forms of a case, and what is wrong with one that was filled in."""

from collections.abc import Mapping

from feedback.cases import Case
from handlers.actions import terms
from handlers.names import Names

LONGEST = {
    "text": 5000,
    "note": 2000,
    "reason": 500,
    "back": 500,
    "result": 2000,
    "question": 2000,
    "why": 500,
    "corrected": 5000,
    "cause": 500,
    "need": 500,
    "why_not": 500,
    "override": 500,
}  # characters
FIELDS = {
    "accept": (),
    "answer": ("text",),
    "correct": ("corrected", "cause"),
    "approve": ("text",),
    "decline": ("why_not",),
    "note": ("note",),
    "transfer": ("unit", "reason"),
    "return": ("back",),
    "close": ("result",),
    "ask": ("question",),
    "extend": ("day", "why"),
    "identity": ("need",),
}


def mistakes(act: str, filled: Mapping[str, str], case: Case, names: Names) -> dict[str, str]:
    """Return the word for what is wrong, for each field where something is."""
    found = {}
    for field in FIELDS[act]:
        value = filled.get(field, "")
        if field == "unit" and value not in [each.code for each in names.receiving(but=case.unit)]:
            found[field] = "mistake.unit"
        elif field == "day":
            found |= _mistaken_day(names, case, value)
        elif not value:
            found[field] = f"mistake.{field}.empty"
        elif len(value) > LONGEST.get(field, len(value)):
            found[field] = f"mistake.{field}.long"
    return found


def leaves_unsaid(filled: Mapping[str, str]) -> bool:
    """Whether there were warnings, and no word, or too long a one, why it is sent all the same."""
    return "warned" in filled and not 0 < len(filled.get("override", "")) <= LONGEST["override"]


def _mistaken_day(names: Names, case: Case, value: str) -> dict[str, str]:
    try:
        terms.later(names.office, case, value)
    except terms.NoTerm:
        return {"day": "mistake.day"}
    return {}
