"""Find what is asked in a message: people greet, tell, ask, and thank.

A message is cut into parts that may be the question, each with a weight: what follows «cho hỏi» or
ends with a question mark is likelier to be it than what leads there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedback.vietnamese import fold, tidy

LONGEST = 1_000  # characters that are looked at
SHORT = 14  # words; a shorter sentence is the question itself
WHOLE = 20  # words of a sentence that is also looked at whole
WINDOW = 12
STRIDE = 6
LEADING = 0.85  # a clause that something follows
SPAN = 0.9  # a piece that was cut out of a long clause, or spans several
END = re.compile(r"[.!…\n;]+(?:\s|$)|\?+")
ASKING = re.compile(
    r"\b(?:(?:cho|xin|mu[oố]n|c[aầ]n|nh[oờ])\s+(?:[^\W\d]+\s+){0,3}?(?:h[oỏ]i|bi[eế]t)(?:\s+(?:l[aà]|v[eề]|r[aằ]ng|xem|ch[uú]t|x[ií]u|v[oớ]i))*"
    r"|h[oỏ]i\s+(?:l[aà]|v[eề]|xem)(?:\s+l[aà])?|v[aậ]y\s+th[iì])[\s,:]+",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"^(?:(?:toi|em|minh|chau|con)?\s*(?:xin |chan thanh )*cam on|xin chao|kinh gui|alo"
    r"|(?:rat )?mong (?:duoc|som|nhan)|chao (?:ad|anh|chi|cac|co|moi)|tran trong|thanks?)\b"
)
FOLLOWING = re.compile(r"^(?:the |vay )?(?:con|the|voi)\b")  # «còn viên chức thì sao?»
FOLLOWING_LONGEST = 8  # words
AND = re.compile(r"\s(?:và|với lại|đồng thời|va|voi lai|dong thoi)\s", re.IGNORECASE)
BY_THE_WAY = re.compile(r"^(?:neu duoc|tien the|nhan tien|luon tien|sang tien|ngoai ra|a ma)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the message and how likely it is what is asked, up to 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """`alone` if it is a sentence of its own."""

    text: str
    alone: bool


def parts(text: str) -> list[Part]:
    text = tidy(text[: 2 * LONGEST])[:LONGEST]
    sentences = list(_sentences(text))
    if len(sentences) <= 1 and len(text.split()) <= SHORT:
        return [Part(text, 1.0)] if text else []
    main = [sentence for sentence in sentences if not BY_THE_WAY.match(fold(sentence))]
    found = [part for sentence in main or sentences for part in _parts(sentence)]
    return found or [Part(text, 1.0)]


def questions(text: str) -> list[Question]:
    """Cut a message into the two questions that it may hold; whether it does, the answers tell."""
    text = tidy(text[: 2 * LONGEST])[:LONGEST]
    sentences = list(_sentences(text))
    asked = [each for each in sentences if _asks(each, text)]
    if len(asked) == 2:
        return [Question(each, alone=True) for each in asked]
    if len(sentences) == 1 and len(halves := AND.split(sentences[0])) == 2:
        return [Question(each, alone=False) for each in halves]
    return []


def _asks(sentence: str, text: str) -> bool:
    """Whether it ends with a question mark, or says that it asks."""
    end = text.find(sentence) + len(sentence)
    says = ASKING.search(sentence) or BY_THE_WAY.match(fold(sentence))
    return len(sentence.split()) > 1 and (says is not None or text[end : end + 1] == "?")


def follows_up(text: str) -> bool:
    """Whether a message can only be understood from the question before."""
    bare = fold(text)
    return len(bare.split()) <= FOLLOWING_LONGEST and FOLLOWING.match(bare) is not None


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in END.finditer(text):
        if sentence := text[start : end.start()].strip():
            yield sentence
        start = end.end()
    if sentence := text[start:].strip():
        yield sentence


def _parts(sentence: str) -> Iterator[Part]:
    asking = [found for found in ASKING.finditer(sentence) if found.end() < len(sentence)]
    if asking:
        asked = sentence[asking[-1].end() :]
        yield Part(asked, 1.0)
        if len(asking) > 1:
            yield Part(sentence[asking[0].end() :], SPAN)
    else:
        asked = sentence
    clauses = [clause.strip() for clause in asked.split(",")]
    clauses = [clause for clause in clauses if clause and not POLITE.match(fold(clause))]
    if not asking and clauses and len(sentence.split()) <= WHOLE:
        yield Part(", ".join(clauses), 1.0)
        return
    if len(clauses) > 2:
        yield Part(", ".join(clauses[-2:]), SPAN)
    for i, clause in enumerate(clauses):
        first, last = i == 0, i == len(clauses) - 1
        if len(clauses) > 1 or not asking:
            yield Part(clause, 1.0 if (first if asking else last) else LEADING)
        words = clause.split()
        if len(words) > SHORT + 2:
            for start in range(0, len(words) - STRIDE, STRIDE):
                yield Part(" ".join(words[start : start + WINDOW]), SPAN)
