"""Ask a knowledge base its own questions, each left out: `python -m benchmarks.leave_one_out [FOLDER]`.

The folder holds the FAQ files; without one it is the sample. What is left out is asked as if nobody had
thought of it. It measures and asserts nothing.
"""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from faq.bench import share, table
from faq.check import each_left_out
from faq.compare import decision
from faq.entries import CONTENT, load
from faq.words import Words

DAY = date(2026, 1, 1)  # any day: the entries are taken to hold on all of them
HEAD = ("wording", "asked", "answered right", "answered wrong", "among the choices", "other choices", "none")


def main(folder: Path) -> None:
    knowledge, words = load(folder), Words.load(folder)
    counts: dict[str, Counter[str]] = {"question": Counter(), "alternate": Counter()}
    for index, entry, n in each_left_out(knowledge, words):
        said = decision(index, entry.wordings()[n], DAY)
        right = entry.id in said.ids
        counts["alternate" if n else "question"][f"{said.kind} {right}"] += 1
    print(table(HEAD, (_row(kind, found) for kind, found in counts.items())))


def _row(kind: str, found: Counter[str]) -> tuple[str, ...]:
    asked = found.total()
    shown = ("answer True", "answer False", "choose True", "choose False", "none False")
    return (kind, str(asked), *(share(found[each], asked) for each in shown))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CONTENT)
