"""What an official should look at in a knowledge base that can be read.

A mistake makes a wrong answer likely and must be mended; a warning should be looked at.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain
from pathlib import Path

from faq.entries import Document, Entry, Knowledge, Status, placed
from faq.files import Mistake
from faq.index import Answer, Index
from faq.words import Words
from feedback.messages import utf16_units
from feedback.routing import Topic, Unit
from feedback.vietnamese import contains, fold, plain

CHANNELS = {"Telegram": (4096, utf16_units), "Zalo": (2000, len)}  # longest message, and how it is measured
FEWEST_ALTERNATES = 2
VAGUE = ("hôm nay", "hiện nay", "hiện tại", "năm nay", "sắp tới", "thời gian tới")
DATED = re.compile(r"(?<![\d/])\d{1,2}/(?:\d{1,2}/)?(?:19|20)\d\d(?![\d/])|\bnăm (?:19|20)\d\d\b")
OVER = frozenset({Status.EXPIRED, Status.ENDED})
SAY_OTHERWISE = "đổi cách hỏi này, hoặc ghi chữ riêng vào question, alternates của câu kia"

Where = tuple[str | int, ...]


class Severity(StrEnum):
    MISTAKE = "mistake"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    title: str
    remedy: str
    severity: Severity = Severity.WARNING


KINDS = {  # in the order in which they are told
    "unreadable": Kind("Tệp chưa đúng", "", Severity.MISTAKE),
    "duplicate": Kind(
        "Hai câu có chung một cách hỏi", "giữ ở một câu, hoặc gộp hai câu làm một", Severity.MISTAKE
    ),
    "taken": Kind("Hỏi câu này thì câu khác trả lời", SAY_OTHERWISE, Severity.MISTAKE),
    "close": Kind("Hỏi câu này mà không được trả lời ngay", SAY_OTHERWISE),
    "left_out": Kind(
        "Thiếu cách hỏi ấy thì câu khác trả lời", "thêm vào alternates của câu này cách hỏi có chữ riêng"
    ),
    "repeated": Kind("Cách hỏi ghi hai lần trong một câu", "xóa một dòng"),
    "waiting": Kind("Chờ đối chiếu nên chưa dùng", "đối chiếu với văn bản gốc rồi thêm verified (by, on)"),
    "ended_source": Kind(
        "Căn cứ đã hết hiệu lực", "dẫn văn bản thay thế; câu nói về quy định cũ thì nêu rõ trong answer"
    ),
    "ended": Kind("Đã hết ngày áp dụng", "thêm câu mới có replaces là id này, hoặc ghi enabled: false"),
    "late_review": Kind("Quá ngày phải xem lại", "rà lại nội dung rồi ghi review_by mới"),
    "long": Kind("Dài hơn một tin nhắn", "rút gọn answer, hoặc tách thành hai câu"),
    "few_alternates": Kind("Ít cách hỏi", "thêm vào alternates những cách hỏi khác của người dân"),
    "no_source": Kind("Chưa dẫn căn cứ", "thêm sources với mã văn bản trong documents.yaml"),
    "no_entry": Kind("Chưa có câu trả lời nào", "thêm câu vào một tệp G*.yaml"),
    "undated": Kind("Nói «hiện nay» mà không nêu ngày", "ghi ngày, tháng hoặc năm mà answer nói đến"),
    "no_review": Kind("Chưa có ngày phải xem lại", "thêm dòng review_by: năm-tháng-ngày"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is a key of KINDS. `ids` are the entries concerned; `scores` theirs, where they compete."""

    kind: str
    mistake: Mistake
    ids: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()

    @property
    def severity(self) -> Severity:
        return KINDS[self.kind].severity


@dataclass(frozen=True, slots=True)
class _Noted:
    """A finding about a part of an entry, whose place is looked up at the end."""

    kind: str
    entry: Entry
    where: Where
    text: str
    ids: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()


def check(
    folder: Path, knowledge: Knowledge, words: Words, day: date, *, deep: bool = False
) -> list[Finding]:
    """List what is found in the entries read from this folder, by kind and then by file.

    `deep` also leaves each wording out in turn and asks it, which takes some seconds more.
    """
    noted = [*_duplicates(knowledge), *_collisions(knowledge, words, day), *_of_entries(knowledge, day)]
    if deep:
        noted += _left_out(knowledge, words, day)
    places = {each.entry.id: each for each in placed(folder)}
    found = []
    for each in noted:
        line, column = places[each.entry.id].place(*each.where)
        mistake = Mistake(each.entry.path, line, each.text, column, KINDS[each.kind].remedy)
        found.append(Finding(each.kind, mistake, each.ids or (each.entry.id,), each.scores))
    return in_order(found)


def uncovered(
    folder: Path, knowledge: Knowledge, units: Mapping[str, Unit], topics: Mapping[str, Topic]
) -> list[Finding]:
    """List the topics, and the units of the office, of which no entry speaks."""
    entries = knowledge.entries.values()
    answered = {entry.topic for entry in entries}
    answering = {code for entry in entries for code in (entry.unit, *entry.also_units)}
    missing = [
        *(
            f"chủ đề «{each.code}» ({each.name})"
            for each in topics.values()
            if each.group and each.code not in answered
        ),
        *(
            f"đơn vị «{each.code}» ({each.name})"
            for each in units.values()
            if each.receives and each.code not in answering
        ),
    ]
    kind = "no_entry"
    return [
        Finding(kind, Mistake(folder, 1, f"{what} chưa có câu trả lời nào", remedy=KINDS[kind].remedy))
        for what in missing
    ]


def in_order(found: list[Finding]) -> list[Finding]:
    order = list(KINDS)
    return sorted(found, key=lambda each: order.index(each.kind))


def _duplicates(knowledge: Knowledge) -> Iterator[_Noted]:
    seen: dict[str, Entry] = {}
    for entry in knowledge.entries.values():
        own: set[str] = set()
        for n, text in enumerate(entry.wordings()):
            bare = fold(text)
            other = seen.setdefault(bare, entry)
            if bare in own:
                yield _Noted("repeated", entry, _wording(n), f"«{text}» đã có trong câu {entry.id}")
            elif not _together(entry, other):
                said = f"«{text}» cũng là cách hỏi của câu {other.id}"
                yield _Noted("duplicate", entry, _wording(n), said, (entry.id, other.id))
            own.add(bare)


def _collisions(knowledge: Knowledge, words: Words, day: date) -> Iterator[_Noted]:
    """Ask every wording that only one entry has; the others are duplicates."""
    entries = _always(knowledge)
    owners = Counter(bare for entry in entries.values() for bare in set(map(fold, entry.wordings())))
    index = Index(replace(knowledge, entries=entries), words)
    for entry in entries.values():
        for n, text in enumerate(entry.wordings()):
            if owners[fold(text)] == 1:
                yield from _asked(index, entry, n, day)


def each_left_out(knowledge: Knowledge, words: Words) -> Iterator[tuple[Index, Entry, int]]:
    """Yield every wording, as the entry and its number, with an index that does not have it.

    The first wordings of all entries are left out together, then the second: an index each.
    """
    entries = _always(knowledge)
    for n in range(max((len(entry.wordings()) for entry in entries.values()), default=0)):
        fewer = {id_: _without(entry, n) for id_, entry in entries.items()}
        index = Index(replace(knowledge, entries=fewer), words)
        yield from ((index, entry, n) for entry in entries.values() if n < len(entry.wordings()) > 1)


def _left_out(knowledge: Knowledge, words: Words, day: date) -> Iterator[_Noted]:
    for index, entry, n in each_left_out(knowledge, words):
        noted = _asked(index, entry, n, day)
        yield from (replace(each, kind="left_out") for each in noted if each.kind == "taken")


def _asked(index: Index, entry: Entry, n: int, day: date) -> Iterator[_Noted]:
    """Ask a wording of the entry: «taken» if another entry answers, «close» if none does."""
    text = entry.wordings()[n]
    decision = index.ask(text, day, audience=next(iter(entry.audience), ""))
    if isinstance(decision, Answer) and _together(decision.entry, entry):
        return
    ranked = index.rank(text)
    own = next((each.score for each in ranked if each.entry.id == entry.id), 0.0)
    rival = next((each for each in ranked if not _together(each.entry, entry)), None)
    said = f"«{text}» được {_score(own)} điểm"
    if rival is not None:
        said += f", câu {rival.entry.id} được {_score(rival.score)} vì «{rival.why}»"
    kind = "taken" if isinstance(decision, Answer) else "close"
    ids = (entry.id, rival.entry.id) if rival else (entry.id,)
    scores = (own, rival.score) if rival else (own,)
    yield _Noted(kind, entry, _wording(n), said, ids, scores)


def _of_entries(knowledge: Knowledge, day: date) -> Iterator[_Noted]:
    for entry in knowledge.entries.values():
        if entry.enabled:
            yield from chain.from_iterable(look(entry, knowledge, day) for look in LOOKS)


def _waiting(entry: Entry, _knowledge: Knowledge, _day: date) -> Iterator[_Noted]:
    if entry.waiting:
        yield _Noted("waiting", entry, ("verify_before_use",), f"câu {entry.id} chưa được đối chiếu")


def _sources(entry: Entry, knowledge: Knowledge, day: date) -> Iterator[_Noted]:
    if not entry.sources:
        yield _Noted("no_source", entry, (), f"câu {entry.id} không có căn cứ")
    for n, (document, _) in enumerate(knowledge.sources(entry)):
        if entry.usable(day) and _over(document, day):
            text = f"câu {entry.id} đang dùng, dẫn {document.number} đã hết hiệu lực"
            yield _Noted("ended_source", entry, ("sources", n, "doc"), text)


def _days(entry: Entry, knowledge: Knowledge, day: date) -> Iterator[_Noted]:
    if entry.valid_to and entry.valid_to < day:
        if entry.id not in {each.replaces for each in knowledge.entries.values()}:
            text = f"câu {entry.id} hết áp dụng ngày {entry.valid_to:%d/%m/%Y} mà chưa có câu thay"
            yield _Noted("ended", entry, ("valid_to",), text)
    elif entry.review_by is None:
        yield _Noted("no_review", entry, (), f"câu {entry.id} không có review_by")
    elif entry.review_by < day:
        text = f"câu {entry.id} phải xem lại trước ngày {entry.review_by:%d/%m/%Y}"
        yield _Noted("late_review", entry, ("review_by",), text)


def _words(entry: Entry, _knowledge: Knowledge, _day: date) -> Iterator[_Noted]:
    if len(entry.alternates) < FEWEST_ALTERNATES:
        text = f"câu {entry.id} có {len(entry.alternates)} cách hỏi khác; nên có từ {FEWEST_ALTERNATES}"
        yield _Noted("few_alternates", entry, ("alternates",), text)
    for channel, (most, measure) in CHANNELS.items():
        if (length := measure(entry.answer)) > most:
            text = f"câu trả lời của {entry.id} dài {length} ký tự, quá {most} của {channel} nên sẽ bị chia"
            yield _Noted("long", entry, ("answer",), text)
    said = plain(entry.answer)
    vague = next((phrase for phrase in VAGUE if contains(said, phrase)), None)
    if vague and not DATED.search(entry.answer):
        text = f"câu {entry.id} nói «{vague}» mà không nêu ngày nào"
        yield _Noted("undated", entry, ("answer",), text)


LOOKS: tuple[Callable[[Entry, Knowledge, date], Iterator[_Noted]], ...] = (_waiting, _sources, _days, _words)


def _score(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _over(document: Document, day: date) -> bool:
    """A part of a date, «2026-07», is past when it has begun."""
    return document.status in OVER or bool(document.expired and document.expired <= day.isoformat())


def _together(entry: Entry, other: Entry) -> bool:
    """Whether they never compete: one answer, of two times perhaps, or answers for different people."""
    return entry.id == other.id or entry.apart_from(other)


def _always(knowledge: Knowledge) -> dict[str, Entry]:
    """Entries compete whether or not they may be shown today."""
    return {
        id_: replace(entry, enabled=True, verify_before_use=False, valid_from=None, valid_to=None)
        for id_, entry in knowledge.entries.items()
    }


def _without(entry: Entry, n: int) -> Entry:
    """Take the n-th wording away, if there is another one."""
    left = [text for place, text in enumerate(entry.wordings()) if place != n]
    return replace(entry, question=left[0], alternates=tuple(left[1:])) if left else entry


def _wording(n: int) -> Where:
    return ("alternates", n - 1) if n else ("question",)
