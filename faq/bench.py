"""Measure the matcher on a set of questions (`faq.testset` has its format): `caunoi faq bench`.

The set's corpus is all that the index knows, beside the office's dictionary of words.
"""

import gc
import mmap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from faq import compare, testset
from faq.compare import Decision
from faq.entries import CONTENT, Confidence, Entry, Knowledge
from faq.index import Index
from faq.metrics import Quality, Ranked, percentile, place, quality
from faq.testset import Faq, Query
from faq.words import Words

DAY = date(2026, 1, 1)  # any day: these entries hold on all of them
CANDIDATES = 5
INSIDE = "all in scope"
OUTSIDE = "all out of scope"
RANKING = ("loại (kind)", "câu", "acc@1", "recall@3", "MRR", "AUROC", "sai@95 (false answers)")
DECISIONS = ("loại (kind)", "câu", "trả lời (answered)", "đưa chọn (offered)", "không (none)")
SHOWN = ("đúng khi trả lời (right)", "có câu đúng (found)")


class Candidate(NamedTuple):
    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question; `candidates`, at most 5, begins with the entries that were shown."""

    query: Query
    decision: Decision
    candidates: tuple[Candidate, ...]
    seconds: float

    @property
    def ranked(self) -> Ranked:
        found = place((each.id for each in self.candidates), self.query.relevant)
        return Ranked(found, self.candidates[0].score if self.candidates else 0.0)

    @property
    def found(self) -> bool:
        """Whether a right entry was shown."""
        return not set(self.query.relevant).isdisjoint(self.decision.ids)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions; `right` were answered rightly, `found` were shown a right entry at all."""

    asked: int
    answered: int
    right: int
    offered: int
    found: int
    none: int


@dataclass(frozen=True, slots=True)
class Report:
    """`build_mb` is the memory that the index holds, 0 where the system does not tell."""

    outcomes: tuple[Outcome, ...]
    entries: int
    build_seconds: float
    build_mb: float

    def ranking(self) -> dict[str, Quality]:
        """By kind of the questions in scope, then all; their scores against all out of scope."""
        outside = [each.ranked.score for each in self.outcomes if not each.query.relevant]
        inside = self._grouped(inside=True)
        return {kind: quality([each.ranked for each in found], outside) for kind, found in inside.items()}

    def decisions(self) -> dict[str, Tally]:
        """By kind of the questions in scope, then all."""
        return {kind: tally(found) for kind, found in self._grouped(inside=True).items()}

    def refusals(self) -> dict[str, Tally]:
        """By sub-kind of the questions out of scope, then all."""
        return {sub: tally(found) for sub, found in self._grouped(inside=False).items()}

    def milliseconds(self) -> dict[str, float]:
        """Say how long a decision took: half of the questions, 99 of 100, the slowest."""
        taken = [1000 * each.seconds for each in self.outcomes]
        return {"p50": percentile(taken, 0.5), "p99": percentile(taken, 0.99), "max": max(taken)}

    def json(self) -> dict[str, Any]:
        return {
            "entries": self.entries,
            "queries": len(self.outcomes),
            "build": {"seconds": self.build_seconds, "mb": self.build_mb},
            "milliseconds": self.milliseconds(),
            "ranking": {kind: asdict(each) for kind, each in self.ranking().items()},
            "decisions": {kind: asdict(each) for kind, each in self.decisions().items()},
            "out_of_scope": {sub: asdict(each) for sub, each in self.refusals().items()},
        }

    def predictions(self) -> Iterator[dict[str, Any]]:
        """Yield `{"qid", "decision", "candidates": [{"id", "score"}, …]}` in the order of the file."""
        for each in self.outcomes:
            candidates = [candidate._asdict() for candidate in each.candidates]
            yield {"qid": each.query.qid, "decision": each.decision.kind, "candidates": candidates}

    def text(self) -> str:
        taken, answers = self.milliseconds(), tally(self.outcomes)
        build = f"dựng chỉ mục {self.build_seconds:.2f} giây, {self.build_mb:.0f} MB"
        speed = ", ".join(f"{name} {value:.2f} ms" for name, value in taken.items())
        return "\n".join(
            (
                f"{self.entries} mục, {len(self.outcomes)} câu hỏi; {build}; mỗi câu {speed}",
                f"trả lời ngay {answers.answered} câu, đúng {share(answers.right, answers.answered)}",
                "\nXếp hạng (ranking)",
                table(RANKING, ((kind, *cells(each)) for kind, each in self.ranking().items())),
                "\nQuyết định, câu có trong kho (decisions, in scope)",
                table((*DECISIONS, *SHOWN), (_inside(kind, each) for kind, each in self.decisions().items())),
                "\nQuyết định, câu ngoài kho (decisions, out of scope)",
                table(DECISIONS, (_outside(sub, each) for sub, each in self.refusals().items())),
            )
        )

    def _grouped(self, *, inside: bool) -> dict[str, list[Outcome]]:
        found: defaultdict[str, list[Outcome]] = defaultdict(list)
        chosen = [each for each in self.outcomes if bool(each.query.relevant) is inside]
        for each in chosen:
            found[each.query.label].append(each)
        return {**found, INSIDE if inside else OUTSIDE: chosen} if chosen else {}


def run(corpus: Path, queries: Path) -> Report:
    """Ask every question. Raises `faq.files.Mistakes` if a file is missing, empty or wrong."""
    return measure(*testset.load(corpus, queries))


def measure(faqs: Sequence[Faq], queries: Sequence[Query]) -> Report:
    known, words = knowledge(faqs), Words.load(CONTENT)
    before, started = _resident_mb(), perf_counter()
    index = Index(known, words)
    seconds, grown = perf_counter() - started, max(_resident_mb() - before, 0.0)
    return Report(tuple(_outcome(index, query) for query in queries), len(faqs), seconds, grown)


def knowledge(faqs: Iterable[Faq]) -> Knowledge:
    entries = (
        Entry(
            id=faq.id,
            topic="",
            question=faq.question,
            answer=faq.answer,
            alternates=faq.alternates,
            unit="",
            confidence=Confidence.CHECKED,
        )
        for faq in faqs
    )
    return Knowledge({}, {entry.id: entry for entry in entries})


def tally(outcomes: Sequence[Outcome]) -> Tally:
    answered = [each for each in outcomes if each.decision.kind == "answer"]
    return Tally(
        asked=len(outcomes),
        answered=len(answered),
        right=sum(each.found for each in answered),
        offered=sum(each.decision.kind == "choose" for each in outcomes),
        found=sum(each.found for each in outcomes),
        none=sum(each.decision.kind == "none" for each in outcomes),
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Align the columns: names left, numbers right."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join((line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:]))) for line in lines
    )


def cells(each: Quality) -> tuple[str, ...]:
    return (
        str(each.asked),
        *map(_figure, (each.acc_at_1, each.recall_at_3, each.mrr, each.auroc, each.false_answers)),
    )


def share(count: int, of: int) -> str:
    return _figure(count / of if of else None)


def _inside(kind: str, n: Tally) -> tuple[str, ...]:
    return (*_outside(kind, n), share(n.right, n.answered), share(n.found, n.asked))


def _outside(kind: str, n: Tally) -> tuple[str, ...]:
    return (kind, str(n.asked), *(share(each, n.asked) for each in (n.answered, n.offered, n.none)))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _outcome(index: Index, query: Query) -> Outcome:
    started = perf_counter()
    decision = compare.decision(index, query.text, DAY)
    seconds = perf_counter() - started
    scores = {match.entry.id: match.score for match in index.rank(query.text)}
    ids = dict.fromkeys((*decision.ids, *scores))  # an answered or offered entry stands first
    candidates = [Candidate(each, float(scores.get(each, decision.score))) for each in ids]
    return Outcome(query, decision, tuple(candidates[:CANDIDATES]), seconds)


def _resident_mb() -> float:
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * mmap.PAGESIZE / 2**20
