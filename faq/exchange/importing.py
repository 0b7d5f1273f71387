"""Bring what officials filled in back into the folder."""

from collections.abc import Callable, Collection
from contextlib import nullcontext
from pathlib import Path

from faq.edit import locked, replace_files
from faq.entries import ANY_NAME
from faq.exchange import markdown, spreadsheet, validate
from faq.exchange.exporting import suffix_of
from faq.exchange.filled import Filled
from faq.exchange.merge import Merge, load
from faq.exchange.report import NO_DEFAULTS, Defaults, ImportReport
from faq.files import Mistakes

READERS: dict[str, Callable[[Path], list[Filled]]] = {".xlsx": spreadsheet.read, ".md": markdown.read}


def imported(
    source: Path,
    folder: Path,
    *,
    dry_run: bool,
    remove: bool = False,
    units: Collection[str] = ANY_NAME,
    topics: Collection[str] = ANY_NAME,
    defaults: Defaults = NO_DEFAULTS,
) -> ImportReport:
    """Change the lines of the YAML files that say something else; all files or none.

    Items that the source leaves out stay (`report.missing`) unless `remove`. With mistakes in the
    report, or with `dry_run`, nothing is written. Raises NotEdited.
    """
    try:
        filled = READERS[suffix_of(source)](source)
        with nullcontext() if dry_run else locked(folder):
            merge = Merge(load(folder), source, defaults)
            merge.take(filled, remove=remove)
            mistakes = tuple(merge.mistakes) or validate.mistakes(merge, units, topics)
            if not (dry_run or mistakes):
                replace_files(merge.folder.files)
    except Mistakes as found:
        return ImportReport(mistakes=found.all)
    return ImportReport(
        added=tuple(merge.added),
        changed=tuple(merge.changed),
        removed=tuple(merge.removed),
        missing=tuple(merge.missing),
        unchanged=tuple(merge.unchanged),
        mistakes=mistakes,
    )
