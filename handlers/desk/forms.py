"""The forms of a case, and what is wrong with one that was filled in."""

from collections.abc import Mapping

from handlers.desk.names import Names

LONGEST = {"text": 5000, "note": 2000, "reason": 500, "result": 2000}  # characters
FIELDS = {
    "accept": (),
    "answer": ("text",),
    "note": ("note",),
    "transfer": ("unit", "reason"),
    "close": ("result",),
}


def mistakes(act: str, filled: Mapping[str, str], unit: str, names: Names) -> dict[str, str]:
    """Return the word for what is wrong, for each field where something is."""
    found = {}
    for field in FIELDS[act]:
        value = filled.get(field, "")
        if field == "unit" and value not in [each.code for each in names.receiving(but=unit)]:
            found[field] = "mistake.unit"
        elif not value:
            found[field] = f"mistake.{field}.empty"
        elif len(value) > LONGEST.get(field, len(value)):
            found[field] = f"mistake.{field}.long"
    return found
