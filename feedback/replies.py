"""Replies that a unit writes often: kept with fields, which the case fills in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CODE, DUE, UNIT, KIND = FIELDS = ("mã", "hạn", "đơn vị", "loại")
_FIELD = re.compile(r"{([^{}\n]*)}")


@dataclass(frozen=True, slots=True)
class Reply:
    """For every unit and kind, unless `units` or `kinds` name some."""

    name: str
    text: str
    units: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def fitting(replies: Iterable[Reply], unit: str, kind: str) -> list[Reply]:
    return [
        reply
        for reply in replies
        if (not reply.units or unit in reply.units) and (not reply.kinds or kind in reply.kinds)
    ]


def filled(reply: Reply, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: values.get(found[1].strip(), found[0]), reply.text).strip()


def unknown_fields(text: str) -> list[str]:
    return [field for field in _FIELD.findall(text) if field.strip() not in FIELDS]
