"""The kinds of submission, and how one is recognised.

The kinds come in their detection order and the first one that is said wins, so a denunciation
comes before a report: in doubt nothing is kept. Four rules decide what «said» means:

* Phrases of `not_signals` are taken out first: «phòng cháy» is no fire.
* `certain_signals` recognise a kind always.
* `signals` do so unless the text is a general question («tố cáo là gì?»): short, in the form of a
  question, and without the words of `people` that tie it to a person or to the writer's own case.
* A greeting counts only when little else is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from feedback.heard import Heard, hear

LONGEST_QUESTION = 30  # words; a longer text tells a story, whatever it asks
LITTLE_ELSE = 2  # words beside a greeting
QUESTION_ENDS = ("không", "ko", "khong", "chưa", "hông", "hả", "ạ không")


class Handling(StrEnum):
    ANSWER = "answer"
    CASE = "case"
    EXPLAIN_ONLY = "explain_only"
    EMERGENCY = "emergency"
    GREET = "greet"
    DECLINE = "decline"


class TimeUnit(StrEnum):
    MINUTE = "minute"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


@dataclass(frozen=True, slots=True)
class Promise:
    """The term after which the citizen has an answer."""

    value: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Target:
    """A step that the office wants to have done within a term; never shown to citizens."""

    step: str
    value: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class LegalDeadline:
    step: str
    value: int
    unit: TimeUnit
    basis: str
    confidence: str
    extension: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A document of the knowledge base, by its key, and the articles meant."""

    doc: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be sent to us, and what is allowed with it. `unit` is set when one unit takes them all.

    `offered` is its place in the list to choose from, 0 for none. Without `keep_content` nothing that was
    written is stored, not even for a moment. With `second_person` an answer leaves only when somebody else
    has approved it. `survey` allows questions after the rating.
    """

    code: str
    name: str
    name_en: str
    definition: str
    definition_en: str
    handling: Handling
    offered: int
    anonymous_allowed: bool
    answer_first: bool = False
    keep_content: bool = True
    second_person: bool = False
    survey: bool = True
    signals: tuple[str, ...] = ()
    certain_signals: tuple[str, ...] = ()
    marked_signals: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    not_signals: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    unit: str = ""
    copy_to: tuple[str, ...] = ()
    promise: Promise | None = None
    targets: tuple[Target, ...] = ()
    legal_deadlines: tuple[LegalDeadline, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    explanation: str = ""
    explanation_en: str = ""
    must_not: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        return self.name_en if language == "en" else self.name

    def explained(self, language: str) -> str:
        return self.explanation_en if language == "en" else self.explanation


def recognise(text: str, kinds: Sequence[Kind]) -> Kind | None:
    """Find the first kind, in their order, that the text says."""
    heard = hear(text)
    general = _is_general_question(text, heard, kinds)
    return next((kind for kind in kinds if _is_said(heard, kind, general=general)), None)


def _is_said(heard: Heard, kind: Kind, *, general: bool) -> bool:
    rest = heard.without(kind.not_signals)
    if rest.says_any(kind.certain_signals):
        return True
    if kind.handling is Handling.GREET:
        return rest.says_any(kind.signals) and rest.without(kind.signals).left() <= LITTLE_ELSE
    if kind.handling is Handling.ANSWER and general:
        return True
    if not _has_signal(rest, kind):
        return False
    return not general or kind.handling is Handling.ANSWER or rest.says_any(kind.people)


def _has_signal(heard: Heard, kind: Kind) -> bool:
    return heard.says_any(kind.signals) or any(
        heard.says_with_marks(signal) for signal in kind.marked_signals
    )


def _is_general_question(text: str, heard: Heard, kinds: Sequence[Kind]) -> bool:
    if not heard.words or len(heard.words) > LONGEST_QUESTION:
        return False
    asks = any(_has_signal(heard, kind) for kind in kinds if kind.handling is Handling.ANSWER)
    return asks or "?" in text or heard.words[-1] in QUESTION_ENDS
