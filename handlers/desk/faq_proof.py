"""A change of the answers, tried before it is saved."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from faq import golden
from faq.entries import CONTENT, Entry
from faq.files import Mistakes
from faq.reader import files
from faq.unanswered import Proof, proof
from faq.words import Words
from feedback.masking import without_placeholders
from handlers.desk.visit import Visit
from handlers.library import Library

REAL = 300  # of the latest questions, on which a change is tried

Change = Callable[[Path], object]  # of the files in a folder


@dataclass(frozen=True, slots=True)
class Trial:
    """`lines` are what it adds to each file, by name; `packaged` files are samples and stay as they are."""

    proof: Proof
    lines: Mapping[str, tuple[str, ...]]
    packaged: bool


async def attempt(visit: Visit, change: Change, *, question: str, entry: Entry) -> Trial:
    """Try the change, which makes this of the entry, in a copy of the files. Raises NotEdited, Mistakes."""
    async with visit.desk.store.look(visit.now) as tx:
        real = await tx.questions.latest(REAL)
    others = [without_placeholders(each.text) for each in real]
    library, day = visit.desk.library, visit.desk.library.office.today(visit.now)
    return await asyncio.to_thread(_attempt, visit.desk.faq, library, day, change, question, entry, others)


def _attempt(
    folder: Path,
    library: Library,
    day: date,
    change: Change,
    question: str,
    entry: Entry,
    others: list[str],
) -> Trial:
    lines = added(folder, change)
    known = [each.question for each in golden.load(folder, library.knowledge.entries)]
    found = proof(
        library.knowledge,
        Words.load(folder),
        day,
        question,
        entry,
        (*known, *others),
        old=library.index,
    )
    return Trial(found, lines, folder.resolve() == CONTENT.resolve())


def added(folder: Path, change: Change) -> dict[str, tuple[str, ...]]:
    """Make the change in a copy of the folder; return the lines that are new, by the files' names."""
    with TemporaryDirectory() as place:
        copy = Path(place)
        before = [path for path in files(folder) if path.exists()]
        for path in before:
            shutil.copyfile(path, copy / path.name)
        change(copy)
        found = {path.name: tuple(_new_lines(path, copy / path.name)) for path in before}
    return {name: lines for name, lines in found.items() if lines}


def _new_lines(old: Path, new: Path) -> Iterable[str]:
    before, after = (path.read_text("utf-8-sig").splitlines() for path in (old, new))
    changed = unified_diff(before, after, n=0, lineterm="")
    return [line[1:] for line in changed if line.startswith("+") and not line.startswith("+++")]


def reasons(error: Exception | None) -> tuple[object, ...]:
    """Say why a change was refused, each thing for itself; the copy's place is nobody's concern."""
    if isinstance(error, Mistakes):
        return tuple(replace(each, path=Path("faq") / each.path.name) for each in error.all)
    return (error,) if error else ()
