"""What two indexes make of the same questions: the proof before a change is saved or taken over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from faq.index import Answer, Choices, Index, Unknown


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person is shown: one answer, several questions to choose from, or none. Best first."""

    kind: Literal["answer", "choose", "none"]
    ids: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def first(self) -> str:
        """The entry shown first; empty if there is none."""
        return self.ids[0] if self.ids else ""

    def same(self, other: "Decision") -> bool:
        """Whether the kind and the first entry agree; scores and further choices may differ."""
        return (self.kind, self.first) == (other.kind, other.first)


@dataclass(frozen=True, slots=True)
class Difference:
    question: str
    before: Decision
    after: Decision


def decision(index: Index, text: str, day: date) -> Decision:
    return of(index.ask(text, day))


def of(found: Answer | Choices | Unknown) -> Decision:
    """Return what a person is shown."""
    match found:
        case Answer(entry, score):
            return Decision("answer", (entry.id,), score)
        case Choices(entries, scores):
            return Decision("choose", tuple(entry.id for entry in entries), scores[0] if scores else 0.0)
        case Unknown():
            return Decision("none")


def compare(old: Index, new: Index, questions: Iterable[str], day: date) -> list[Difference]:
    """List the questions that are decided differently, in their order, each once."""
    return list(_differences(old, new, questions, day))


def _differences(old: Index, new: Index, questions: Iterable[str], day: date) -> Iterator[Difference]:
    for question in dict.fromkeys(questions):
        before, after = decision(old, question, day), decision(new, question, day)
        if not before.same(after):
            yield Difference(question, before, after)
