"""Measure the matcher on a set of questions: `python -m faq.bench FOLDER`.

The folder holds `corpus.jsonl` (id, question, answer, alternates) and `queries.jsonl` (text, kind,
relevant ids; none for a question that has no answer here).
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from faq.entries import CONTENT, Confidence, Entry, Knowledge
from faq.index import Answer, Choices, Index, Unknown
from faq.words import Words

DAY = date(2026, 1, 1)  # any day: these entries hold on all of them


@dataclass(slots=True)
class Tally:
    """Of the questions of one kind: first place, first three, answered, answered wrongly, not answered."""

    asked: int = 0
    first: int = 0
    third: int = 0
    answered: int = 0
    wrong: int = 0
    offered: int = 0

    def row(self, kind: str) -> str:
        shares = (self.first, self.third, self.answered, self.wrong, self.offered)
        return f"{kind:22} {self.asked:6} " + " ".join(f"{count / self.asked:9.3f}" for count in shares)


def measure(folder: Path) -> tuple[dict[str, Tally], float]:
    """Count the outcomes by kind of question, and the seconds that one question took."""
    index = Index(corpus(folder / "corpus.jsonl"), Words.load(CONTENT))
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    started = perf_counter()
    asked = 0
    for query in _lines(folder / "queries.jsonl"):
        relevant = set(query["relevant"])
        _count(tallies[query["kind"]], index, query["text"], relevant)
        _count(tallies["all in scope" if relevant else "all out of scope"], index, query["text"], relevant)
        asked += 4  # ranked and asked, under two kinds
    return dict(tallies), (perf_counter() - started) / max(asked, 1)


def corpus(path: Path) -> Knowledge:
    entries = {
        line["id"]: Entry(
            id=line["id"],
            topic="",
            question=line["question"],
            answer=line["answer"],
            alternates=tuple(line["alternates"]),
            unit="",
            confidence=Confidence.CHECKED,
        )
        for line in _lines(path)
    }
    return Knowledge({}, entries)


def _count(tally: Tally, index: Index, text: str, relevant: set[str]) -> None:
    ranked = [match.entry.id for match in index.rank(text)[:3]]
    tally.asked += 1
    tally.first += bool(relevant.intersection(ranked[:1]))
    tally.third += bool(relevant.intersection(ranked))
    match index.ask(text, DAY):
        case Answer(entry):
            tally.answered += 1
            tally.wrong += entry.id not in relevant
        case Choices():
            tally.offered += 1
        case Unknown():
            pass


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def main() -> None:
    tallies, seconds = measure(Path(sys.argv[1]))
    head = f"{'kind':22} {'asked':>6}     acc@1  recall@3  answered     wrong   offered"
    rows = [tally.row(kind) for kind, tally in tallies.items()]
    sys.stdout.write("\n".join((head, *rows, f"{1000 * seconds:.1f} ms a question", "")))


if __name__ == "__main__":
    main()
