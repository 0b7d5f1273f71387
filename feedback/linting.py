"""What an answer may lack, before it is sent: said to the officer, who decides.

An answer should say what to do, by when, or on what it rests; touch each question; name nobody else's
data; and not be a copy of what was sent to another person. Everything here is a warning, by shape and by
the office's words, and never more than that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feedback import masking
from feedback.heard import hear
from feedback.vietnamese import fold, plain

LITTLE_ELSE = 6  # words beside courtesy that still say nothing
TOUCHED = 0.3  # share of a question's words that an answer mentions when it is about it
LEAST_WORDS = 2  # of its own that a question must have, to be missed
ALIKE = 0.8  # share of word triples that two texts have in common
SHORT = 8  # words; so short texts are alike by chance

_SENTENCE = re.compile(r"[^.?!\n;]*[.?!\n;]?")
_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\b(?:ngày|tháng|năm|quý)\s+\d|\d+\s+(?:ngày|tháng|tuần|giờ)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\b\d+/\d{4}/[A-ZĐ]|\b\d+/[A-ZĐ]{2,}|\b(?:điều|khoản)\s+\d", re.IGNORECASE)
_OFFICES = re.compile(r"^\(?(?:0|\+?84 ?)2\d|\.gov\.vn$")  # their landlines and addresses
_THIRD = {
    masking.PHONE,
    masking.IDENTITY,
    masking.EMAIL,
    masking.ACCOUNT,
    masking.CODE,
    masking.PLATE,
    masking.NAME,
}


class Lack(StrEnum):
    COURTESY = "courtesy"  # polite, and nothing else
    VAGUE = "vague"  # no step, no date, no source
    UNTOUCHED = "untouched"  # a question that the answer never mentions
    PERSONAL = "personal"  # somebody else's data
    REPEATED = "repeated"  # nearly what another person was sent


@dataclass(frozen=True, slots=True)
class Wording:
    """The office's words: of courtesy, steps to take, sources and questions, and those that say little."""

    courtesy: tuple[str, ...]
    actions: tuple[str, ...]
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    unspecific: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """`shown` is the place: the question, or the data."""

    lack: Lack
    shown: str = ""


def check(answer: str, said: str, own: str, earlier: Sequence[str], wording: Wording) -> list[Warned]:
    """Return what `answer` may lack for a citizen who `said` this.

    `own` is what may be named beside it: the citizen's contact, the case's code. `earlier` are answers to
    others.
    """
    return [
        *_content(answer, wording),
        *_untouched(answer, said, wording),
        *privacy(answer, f"{said}\n{own}", earlier),
    ]


def privacy(answer: str, own: str, earlier: Sequence[str]) -> list[Warned]:
    """Return only what holds in every language."""
    return [*_personal(answer, own), *_repeated(answer, earlier)]


def _content(answer: str, wording: Wording) -> Iterator[Warned]:
    heard = hear(answer)
    said = heard.says_any(wording.actions) or heard.says_any(wording.sources)
    if not (said or _DATE.search(answer) or _DOCUMENT.search(answer)):
        little = heard.without(wording.courtesy).left() <= LITTLE_ELSE
        yield Warned(Lack.COURTESY if little else Lack.VAGUE)


def _untouched(answer: str, said: str, wording: Wording) -> Iterator[Warned]:
    mentioned = set(fold(answer).split())
    for question in _questions(said, wording):
        words = set(fold(" ".join(hear(question).without(wording.unspecific).words)).split())
        if len(words) >= LEAST_WORDS and len(words & mentioned) < TOUCHED * len(words):
            yield Warned(Lack.UNTOUCHED, question)


def _questions(said: str, wording: Wording) -> Iterator[str]:
    for sentence in map(str.strip, _SENTENCE.findall(said)):
        if sentence.endswith("?") or hear(sentence).says_any(wording.questions):
            yield sentence


def _personal(answer: str, own: str) -> Iterator[Warned]:
    known, numbers = f" {fold(own)} ", re.sub(r"\D", "", own)
    for kind, text in masking.found(answer):
        digits = re.sub(r"\D", "", text)
        theirs = (digits in numbers) if len(digits) > LITTLE_ELSE else f" {fold(text)} " in known
        if kind in _THIRD and not theirs and not _OFFICES.search(text):
            yield Warned(Lack.PERSONAL, text)


def _repeated(answer: str, earlier: Sequence[str]) -> Iterator[Warned]:
    mine = _triples(answer)
    if len(mine) + 2 < SHORT:
        return
    for other in map(_triples, earlier):
        if len(mine & other) >= ALIKE * len(mine | other):
            yield Warned(Lack.REPEATED)
            return


def _triples(text: str) -> set[tuple[str, ...]]:
    words = plain(text).split()
    return set(zip(words, words[1:], words[2:], strict=False))
