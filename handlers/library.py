"""Everything the office has written down: its units and rules, its answers, its sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from faq import entries, live, reader
from faq.entries import ANY_NAME, Knowledge
from faq.files import Mistake, Mistakes, attempt
from faq.index import Index
from faq.live import Stamp
from feedback.windows import WINDOWS, Windows
from handlers import office, phrases
from handlers.office import Office
from handlers.phrases import Phrases
from handlers.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Boards:
    """How cases are shown in the units' groups. `address` is where the desk is, if groups may be told so."""

    address: str = ""
    personal_data: bool = False


@dataclass(frozen=True, slots=True)
class Letters:
    """How units are written to by mail. `account` is our mailbox, empty if we have none; `key` signs.

    `address` is where the desk is, `answered` says that replies are read.
    """

    account: str = ""
    address: str = ""
    answered: bool = False
    key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Library:
    """`windows` says how long each channel lets us write: no office's rule, but known wherever these are."""

    office: Office
    knowledge: Knowledge
    index: Index
    phrases: Phrases
    windows: Windows = field(default_factory=lambda: WINDOWS)
    boards: Boards = Boards()
    letters: Letters = Letters()

    @cached_property
    def ranking(self) -> Ranking:
        """How near a text is to each unit's work, as the office's files and the answers describe it."""
        return Ranking(self.office, self.knowledge, self.index.words)

    def ready(self) -> None:
        """Make now, rather than while the first case waits, what takes about a second."""
        self.ranking.weigh("", {})


@dataclass
class Shelf:
    """What is served now. Take `library` once for each message, page or tick, for it may be replaced.

    `mistakes` is what is wrong in the FAQ files on the disk now: then the last good version is served.
    `loaded_at` is when the answers last changed while the service ran, `seen` how the files looked when
    they were read.
    """

    library: Library
    mistakes: tuple[Mistake, ...] = ()
    loaded_at: datetime | None = None
    seen: Stamp = ()


PACKAGE = Path(__file__).parent
PARTS = {  # what `caunoi init` copies: folder of the office's copy → folder of the package
    "faq": entries.CONTENT,
    "office": PACKAGE / "office",
    "phrases": PACKAGE / "phrases",
}


def place(folder: Path | None, part: str) -> Path:
    """Say where a part of the office's folder is, or of the package's samples."""
    return folder / part if folder else PARTS[part]


def load(folder: Path | None = None, faq: Path | None = None) -> Library:
    """Read the office's folder, the answers from `faq` if it is given. Raises Mistakes, which lists all."""
    found: list[Mistake] = []
    rules = attempt(lambda: office.load(place(folder, "office")), found)
    sentences = attempt(lambda: phrases.load(place(folder, "phrases")), found)
    units, topics = (rules.units, rules.topics) if rules else (ANY_NAME, ANY_NAME)
    answers = attempt(lambda: reader.read(faq or place(folder, "faq"), units, topics), found)
    if rules is None or sentences is None or answers is None:
        raise Mistakes(found)
    return Library(rules, answers.knowledge, answers.index, sentences)


def shelve(folder: Path | None, last_good: Path) -> Shelf:
    """Like `load`; but if only the answers cannot be read, take the last good ones, if there are any."""
    seen = live.look(place(folder, "faq"))
    try:
        return Shelf(load(folder), seen=seen)
    except Mistakes as wrong:
        copy = live.kept(last_good)
        library = attempt(lambda: load(folder, copy), []) if copy else None
        if library is None:
            raise
        return Shelf(library, wrong.all, seen=seen)


def warnings(library: Library, day: date) -> Iterator[str]:
    """What is no mistake, but an official should look at."""
    waiting = [entry for entry in library.knowledge.entries.values() if entry.waiting]
    if waiting:
        ids = ", ".join(entry.id for entry in waiting)
        yield f"{len(waiting)} câu chờ đối chiếu văn bản gốc nên chưa dùng: {ids}"
    if late := library.knowledge.late_reviews(day):
        yield f"{len(late)} câu đã quá ngày phải xem lại: {', '.join(entry.id for entry in late)}"
    for year in (day.year, day.year + 1):
        if year not in library.office.calendar.announced:
            yield f"ngày nghỉ năm {year} tính theo lịch nghỉ chung, chưa ghi theo thông báo chính thức"
    yield from library.office.pending
