"""What we can answer: reviewed entries with their sources and the days on which they are valid."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from faq.files import Mistakes, Sheet, read
from feedback.cases import Sender
from feedback.vietnamese import plain

SOON = timedelta(days=90)
ONE_DAY = timedelta(days=1)
AS_CLARIFIED: dict[str | int, str] = {"question": "claim", "answer": "clarification"}
CONTENT = Path(__file__).parent / "content"

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
EntryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,29}$")]  # it must fit into a button
PartOfDate = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Status(StrEnum):
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    ENDED = "ended"
    TO_CHECK = "to_check"
    INFORMATION = "information"


class Confidence(StrEnum):
    CHECKED = "checked"
    PARTLY = "partly"
    KNOWLEDGE = "knowledge"
    COMPUTED = "computed"


class Verdict(StrEnum):
    FALSE = "false"
    NO_LONGER_TRUE = "no_longer_true"


@dataclass(frozen=True, slots=True)
class Document:
    """A legal document that answers refer to. Of some dates only the month or the year is known."""

    key: Code
    number: Text
    title: Text
    status: Status
    confidence: Confidence
    issued: PartOfDate | None = None
    effective: PartOfDate | None = None
    expired: PartOfDate | None = None
    replaces: tuple[Text, ...] = ()
    amended_by: tuple[Text, ...] = ()
    replaced_by: str = ""
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    doc: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """Who compared the entry with the original documents, and when."""

    by: Text
    on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """An approved answer, or the clarification of a rumour: then `verdict` is set.

    `audience` names those for whom it holds, empty for everybody. `replaces` names the entry that was
    the answer until this one became valid. `path` and `line` say where it is written.
    """

    id: EntryId
    topic: str
    question: Text
    answer: Text
    unit: str
    confidence: Confidence
    alternates: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    audience: tuple[Sender, ...] = ()
    also_units: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    replaces: str = ""
    enabled: bool = True
    verify_before_use: bool = False
    verified: Verified | None = None
    verdict: Verdict | None = None
    note: str = ""
    evidence: str = ""
    path: Path = field(default=Path(), compare=False)
    line: int = field(default=0, compare=False)

    def usable(self, day: date) -> bool:
        """Whether citizens may see it on that day. A review that is late is reported, not hidden."""
        approved = self.enabled and not self.waiting
        return approved and (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def waiting(self) -> bool:
        """Whether nobody has compared it with the original documents yet, though somebody must."""
        return self.verify_before_use and self.verified is None

    def apart_from(self, other: "Entry") -> bool:
        """Whether both may have the same wording: one follows the other, or they are for different people."""
        if self.audience and other.audience and set(self.audience).isdisjoint(other.audience):
            return True
        return self.id != other.id and (self.replaces == other.id != "" or other.replaces == self.id != "")

    @property
    def version(self) -> str:
        """Names what is said, for whom and on what it rests: another text is another version."""
        rests_on = [f"{source.doc} {source.article}" for source in self.sources]
        said = "\0".join([self.verdict or "", self.answer, *rests_on, *self.audience])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def wordings(self) -> tuple[str, ...]:
        return (self.question, *self.alternates)


@dataclass(frozen=True, slots=True)
class Group:
    """A file that one official looks after."""

    group: Code
    name: Text
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    id: EntryId
    topic: str
    claim: Text
    verdict: Verdict
    clarification: Text
    unit: str
    confidence: Confidence
    alternates: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    audience: tuple[Sender, ...] = ()
    also_units: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    enabled: bool = True
    verify_before_use: bool = False
    verified: Verified | None = None
    claim_documented: bool = False
    note: str = ""
    evidence: str = ""

    def entry(self) -> Entry:
        return Entry(
            id=self.id,
            topic=self.topic,
            question=self.claim,
            answer=self.clarification,
            unit=self.unit,
            confidence=self.confidence,
            alternates=self.alternates,
            sources=self.sources,
            audience=self.audience,
            also_units=self.also_units,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            review_by=self.review_by,
            enabled=self.enabled,
            verify_before_use=self.verify_before_use,
            verified=self.verified,
            verdict=self.verdict,
            note=self.note,
            evidence=self.evidence,
        )


@dataclass(frozen=True, slots=True)
class Documents:
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Clarifications:
    clarifications: tuple[Clarification, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that can be answered, in the order of the files. `groups` are their names by code."""

    documents: dict[str, Document]
    entries: dict[str, Entry]
    groups: dict[str, str] = field(default_factory=dict)

    def changes_soon(self, entry: Entry, day: date) -> date | None:
        """Say from which day another answer holds, when that day is near («sắp thay đổi từ ngày…»)."""
        if entry.valid_to is None or not day <= entry.valid_to <= day + SOON:
            return None
        return entry.valid_to + ONE_DAY

    def changed_lately(self, entry: Entry, day: date) -> date | None:
        """Say since which day the entry holds in another's place, when that day is not long ago."""
        if not entry.replaces or entry.valid_from is None:
            return None
        return entry.valid_from if entry.valid_from <= day <= entry.valid_from + SOON else None

    def successor(self, entry: Entry, day: date) -> Entry | None:
        """Return the entry that may be shown in its place on that day."""
        following = (each for each in self.entries.values() if each.replaces == entry.id)
        return next((each for each in following if each.usable(day)), None)

    def sources(self, entry: Entry) -> tuple[tuple[Document, str], ...]:
        return tuple((self.documents[source.doc], source.article) for source in entry.sources)

    def late_reviews(self, day: date) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries.values() if each.review_by and each.review_by < day)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and where it stands in its file; its parts have the names that `Entry` gives them."""

    entry: Entry
    sheet: Sheet[Group] | Sheet[Clarifications]
    where: tuple[str | int, ...]

    def place(self, *where: str | int) -> tuple[int, int]:
        return self.sheet.place(*self._written(where))

    def wrong(self, text: str, *where: str | int) -> None:
        self.sheet.wrong(text, *self._written(where))

    def _written(self, where: tuple[str | int, ...]) -> tuple[str | int, ...]:
        if self.where[0] == "clarifications" and where:
            where = (AS_CLARIFIED.get(where[0], where[0]), *where[1:])
        return (*self.where, *where)


class _AnyName(frozenset[str]):
    def __contains__(self, _name: object) -> bool:
        return True


ANY_NAME = _AnyName()  # where the office's files could not be read, no entry is blamed for a name


def load(folder: Path, units: Collection[str] = ANY_NAME, topics: Collection[str] = ANY_NAME) -> Knowledge:
    """Read the knowledge base; raise `Mistakes` with everything that is wrong in all its files."""
    documents = read(folder / "documents.yaml", Documents)
    clarifications, groups = sheets(folder)
    known = _documents(documents)
    placed = [*_in_groups(groups), *_in_clarifications(clarifications)]
    _check(placed, set(known) if documents.value else ANY_NAME, units, topics)
    found = (
        documents.mistakes + clarifications.mistakes + [each for group in groups for each in group.mistakes]
    )
    if found:
        raise Mistakes(sorted(found, key=lambda mistake: (mistake.path, mistake.line)))
    names = {sheet.value.group: sheet.value.name for sheet in groups if sheet.value}
    return Knowledge(known, {each.entry.id: _with_place(each) for each in placed}, names)


def placed(folder: Path) -> list[Placed]:
    """Find each entry in its file; what cannot be read is left out."""
    clarifications, groups = sheets(folder)
    return [*_in_groups(groups), *_in_clarifications(clarifications)]


def group_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("G*.yaml") if path.name.startswith("G"))  # not golden.yaml


def sheets(folder: Path) -> tuple[Sheet[Clarifications], list[Sheet[Group]]]:
    clarifications = read(folder / "clarifications.yaml", Clarifications)
    return clarifications, [read(path, Group) for path in group_files(folder)]


def _with_place(placed: Placed) -> Entry:
    return replace(placed.entry, path=placed.sheet.path, line=placed.place()[0])


def _documents(sheet: Sheet[Documents]) -> dict[str, Document]:
    known: dict[str, Document] = {}
    for i, document in enumerate(sheet.value.documents if sheet.value else ()):
        if document.key in known:
            sheet.wrong(f"mã văn bản «{document.key}» đã có ở trên", "documents", i, "key")
        known[document.key] = document
    return known


def _in_groups(sheets: list[Sheet[Group]]) -> Iterator[Placed]:
    codes: set[str] = set()
    for sheet in sheets:
        if sheet.value is None:
            continue
        if sheet.value.group in codes:
            sheet.wrong(f"nhóm «{sheet.value.group}» đã có ở tệp khác", "group")
        codes.add(sheet.value.group)
        for i, entry in enumerate(sheet.value.entries):
            yield Placed(entry, sheet, ("entries", i))


def _in_clarifications(sheet: Sheet[Clarifications]) -> Iterator[Placed]:
    for i, each in enumerate(sheet.value.clarifications if sheet.value else ()):
        yield Placed(each.entry(), sheet, ("clarifications", i))


def _check(
    placed: list[Placed], documents: Collection[str], units: Collection[str], topics: Collection[str]
) -> None:
    ids = {each.entry.id for each in placed}
    seen_ids: set[str] = set()
    seen_questions: dict[str, str] = {}
    for each in placed:
        entry = each.entry
        if entry.id in seen_ids:
            each.wrong(f"id «{entry.id}» đã dùng cho câu khác", "id")
        seen_ids.add(entry.id)
        other = seen_questions.setdefault(plain(entry.question), entry.id)
        if other != entry.id:
            each.wrong(f"câu hỏi trùng với câu {other}", "question")
        _check_names(each, ids, documents, units, topics)
        if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
            each.wrong("valid_from sau valid_to: câu này không bao giờ được dùng", "valid_from")


def _check_names(
    each: Placed,
    ids: Collection[str],
    documents: Collection[str],
    units: Collection[str],
    topics: Collection[str],
) -> None:
    entry = each.entry
    if entry.topic not in topics:
        each.wrong(f"không có chủ đề «{entry.topic}»", "topic")
    if entry.unit not in units:
        each.wrong(f"không có đơn vị «{entry.unit}»", "unit")
    for i, unit in enumerate(entry.also_units):
        if unit not in units:
            each.wrong(f"không có đơn vị «{unit}»", "also_units", i)
    for i, source in enumerate(entry.sources):
        if source.doc not in documents:
            each.wrong(f"không có văn bản «{source.doc}» trong documents.yaml", "sources", i, "doc")
    if entry.replaces and entry.replaces not in ids:
        each.wrong(f"không có câu «{entry.replaces}»", "replaces")
