"""Measure the matcher beside common methods: `python -m benchmarks.matchers FOLDER…`.

A folder is a set of questions, corpus.jsonl and queries.jsonl, or holds such sets. One thread; «ms» is
the median for one question. It measures and asserts nothing.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from threadpoolctl import threadpool_limits

from benchmarks import growth
from benchmarks.baselines import METHODS, Rank
from faq import bench, testset
from faq.files import Mistakes
from faq.metrics import Ranked, hits, place, quality
from faq.testset import Query

OURS = "Cầu Nối"
SLOW = ("rapidfuzz WRatio", "rapidfuzz token_set_ratio")
LARGE = 10_000  # wordings, from which slow methods are asked only some of the questions
SOME = 300
HEAVY = "logistic regression"
HEAVIEST = 5_000_000  # entries times wordings; more takes longer than two minutes
HEAD = ("method", "asked", "acc@1", "recall@3", "MRR", "AUROC", "FA@95", "ms", "ours / its time")


@dataclass(slots=True)
class Result:
    """`inside` by kind."""

    inside: dict[str, list[Ranked]] = field(default_factory=lambda: defaultdict(list))
    outside: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, query: Query, ranked: Ranked, seconds: float) -> None:
        self.seconds.append(seconds)
        if query.relevant:
            self.inside[query.label].append(ranked)
        else:
            self.outside.append(ranked.score)

    @property
    def milliseconds(self) -> float:
        return 1000 * median(self.seconds)


def main(folders: Sequence[str]) -> None:
    sets = [each for folder in folders for each in _sets(Path(folder))]
    if not sets:
        sys.exit("usage: python -m benchmarks.matchers FOLDER…")
    for each in sets:
        print(f"\n# {each.name}\n", flush=True)
        with threadpool_limits(1):
            _compare(each)
    print("\n# Growth\n", flush=True)
    growth.main(max(sets, key=lambda each: (each / "corpus.jsonl").stat().st_size))


def _sets(folder: Path) -> list[Path]:
    found = [folder] if (folder / "corpus.jsonl").exists() else []
    return (
        found
        or sorted(path.parent for path in folder.glob("*/corpus.jsonl"))
        or sys.exit(f"no set in {folder}")
    )


def _compare(folder: Path) -> None:
    files = folder / "corpus.jsonl", folder / "queries.jsonl"
    faqs, queries = testset.load(*files)
    wordings = sum(1 + len(faq.alternates) for faq in faqs)
    report = bench.run(*files)
    results = {OURS: Result()}
    for outcome in report.outcomes:
        results[OURS].add(outcome.query, outcome.ranked, outcome.seconds)
    for name, build in METHODS.items():
        if name == HEAVY and len(faqs) * wordings > HEAVIEST:
            print(f"({name}: left out, its training would take more than two minutes)")
            continue
        some = name in SLOW and wordings > LARGE and len(queries) > SOME
        asked = random.Random(0).sample(queries, SOME) if some else queries  # noqa: S311  # a fair sample
        results[name + " (a sample)" * some] = _measure(build(faqs), asked)
    ours = results[OURS].milliseconds
    print(bench.table(HEAD, (_row(name, result, ours) for name, result in results.items())))
    print("\nacc@1 by kind")
    kinds = list(results[OURS].inside)
    print(bench.table(("method", *kinds), (_by_kind(name, kinds, each) for name, each in results.items())))
    print(f"\n{report.text()}", flush=True)


def _measure(rank: Rank, queries: Sequence[Query]) -> Result:
    result = Result()
    for query in queries:
        started = perf_counter()
        ranking = rank(query.text)
        seconds = perf_counter() - started
        found = place((each for each, _ in ranking), query.relevant)
        result.add(query, Ranked(found, ranking[0][1] if ranking else 0.0), seconds)
    return result


def _row(name: str, result: Result, ours: float) -> tuple[str, ...]:
    inside = [ranked for found in result.inside.values() for ranked in found]
    times = (f"{result.milliseconds:.2f}", f"{ours / result.milliseconds:.1f}")
    return (name, *bench.cells(quality(inside, result.outside)), *times)


def _by_kind(name: str, kinds: Sequence[str], result: Result) -> tuple[str, ...]:
    places = ([ranked.place for ranked in result.inside[kind]] for kind in kinds)
    return (name, *(f"{hits(each, 1):.3f}" if each else "–" for each in places))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Mistakes as mistakes:
        sys.exit(str(mistakes))
