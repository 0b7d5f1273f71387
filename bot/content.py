"""The answers of a folder, and what citizens asked lately, as a command works on them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot import telling
from bot.looking import looking
from bot.service import now
from bot.settings import Settings
from bot.telling import stop
from faq import entries
from faq.entries import ANY_NAME, Knowledge
from faq.files import Mistake, Mistakes, attempt
from faq.index import Index
from faq.words import Words
from feedback.cases import Case, Routed
from handlers import office
from handlers.office import Office
from storage.questions import Question
from storage.store import Tx, Unavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """What was read. `folder` is that of the answers; `office` is None where they stand alone."""

    folder: Path
    knowledge: Knowledge
    words: Words
    office: Office | None

    def index(self) -> Index:
        return Index(self.knowledge, self.words)

    def today(self) -> date:
        return self.day(now())

    def day(self, moment: datetime) -> date:
        """Return the day of the moment where the office is; the samples' office stands in for none."""
        return (self.office or office.load()).today(moment)


def home(folder: Path | None) -> Path | None:
    """Return the folder, or the one in use; None for the samples in the program."""
    return folder or telling.settings().content_dir


def answers(folder: Path | None) -> Path:
    """Find the answers in an office's content, or in a folder of their own. Stops where there are none."""
    if folder is None:
        return entries.CONTENT
    place = folder / "faq" if (folder / "faq").is_dir() else folder
    if not (place / "documents.yaml").exists():
        stop(
            f"{folder} không có nội dung: thiếu documents.yaml. Tạo nội dung bằng lệnh: caunoi init {folder}"
        )
    return place


def rules(folder: Path | None) -> Office | None:
    """Read the office beside the answers, if there is one. Raises Mistakes."""
    if folder is None:
        return office.load()
    return office.load(folder / "office") if (folder / "faq").is_dir() else None


def read(folder: Path | None) -> Content:
    """Read everything that the answers need. Raises Mistakes, which lists all of them."""
    folder = home(folder)
    place = answers(folder)
    wrong: list[Mistake] = []
    known = attempt(lambda: rules(folder), wrong)
    names = (known.units, known.topics) if known else (ANY_NAME, ANY_NAME)
    knowledge = attempt(lambda: entries.load(place, *names), wrong)
    words = attempt(lambda: Words.load(place), wrong)
    if knowledge is None or words is None or wrong:
        raise Mistakes(wrong)
    return Content(place, knowledge, words, known)


def latest(count: int) -> list[Question]:
    """Return the last questions as they were kept; none where the service never ran."""
    return _look(lambda tx: tx.questions.latest(count)) if count else []


def unanswered(days: int) -> list[Question]:
    """Return those of the last days that were not answered and that nobody has settled."""
    return _look(lambda tx: tx.questions.unanswered(tx.now - timedelta(days=days)))


def moved(days: int) -> list[tuple[Case, Routed]]:
    """Return the cases that officers passed on in the last days, with their first routing."""
    return _look(lambda tx: tx.cases.moved(tx.now - timedelta(days=days)))


def _look(ask: Callable[[Tx], Awaitable[list[T]]]) -> list[T]:
    """Read from the database, while the service may run. Stops if that cannot be."""
    try:
        return asyncio.run(_looked(telling.settings(), ask))
    except Unavailable as error:
        stop(
            f"Không đọc được cơ sở dữ liệu: {error}. Kiểm tra CAUNOI_DATABASE_URL; "
            "nếu vừa nâng cấp Cầu Nối thì chạy một lần: caunoi run"
        )


async def _looked(settings: Settings, ask: Callable[[Tx], Awaitable[list[T]]]) -> list[T]:
    async with looking(settings) as tx:
        return await ask(tx) if tx else []
