"""Questions whose right answers the office knows beforehand: every change is tried on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from faq.compare import Decision, decision
from faq.entries import Knowledge
from faq.files import Mistakes, read
from faq.index import Index
from feedback.vietnamese import plain

FILE = "golden.yaml"
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Golden:
    """`expected` are the ids of which one must be the answer; none for what is out of scope."""

    question: Text
    expected: tuple[Text, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class GoldenFile:
    questions: tuple[Golden, ...]


class Outcome(StrEnum):
    """WRONG is a wrong direct answer. OFFERED: to choose from; MISSED: not even that."""

    WRONG = "wrong"
    MISSED = "missed"
    OFFERED = "offered"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Result:
    golden: Golden
    outcome: Outcome
    decision: Decision


def load(folder: Path, known: Collection[str]) -> tuple[Golden, ...]:
    """Read the file if there is one. Raises Mistakes, also for ids that are not known."""
    if not (folder / FILE).exists():
        return ()
    sheet = read(folder / FILE, GoldenFile)
    questions = sheet.value.questions if sheet.value else ()
    seen: set[str] = set()
    for i, golden in enumerate(questions):
        if plain(golden.question) in seen:
            sheet.wrong("câu hỏi ghi hai lần", "questions", i, "question", remedy="xóa một trong hai")
        seen.add(plain(golden.question))
        for j, id_ in enumerate(golden.expected):
            if id_ not in known:
                sheet.wrong(f"không có câu trả lời «{id_}»", "questions", i, "expected", j)
    if sheet.mistakes:
        raise Mistakes(sheet.mistakes)
    return questions


def run(questions: Sequence[Golden], knowledge: Knowledge, index: Index, day: date) -> list[Result]:
    """Ask each of them as a person would on that day. What may not be shown then is not expected then."""
    usable = {id_ for id_, entry in knowledge.entries.items() if entry.usable(day)}
    found = ((golden, decision(index, golden.question, day)) for golden in questions)
    return [
        Result(golden, outcome(usable.intersection(golden.expected), made), made) for golden, made in found
    ]


def outcome(expected: set[str], made: Decision) -> Outcome:
    hit = not expected.isdisjoint(made.ids)
    match made.kind:
        case "answer":
            return Outcome.RIGHT if hit else Outcome.WRONG
        case "choose":
            return Outcome.OFFERED if hit or not expected else Outcome.MISSED
        case "none":
            return Outcome.MISSED if expected else Outcome.RIGHT
