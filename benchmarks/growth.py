"""How the matcher grows with its entries: `python -m benchmarks.growth FOLDER`.

Each size is measured in a process of its own, so that its memory is its own. The hostile messages are as
long as a chat app lets them be. It measures and asserts nothing.
"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType

from faq import bench, testset
from faq.bench import Report
from faq.metrics import percentile
from faq.testset import Faq, Query

SIZES = (200, 2_000, 20_000)
QUESTIONS = 300
LONGEST = 4_096  # characters
EACH = 5  # messages of a shape
SEED = 0
ONSETS = (*"bcdghklmnprstvx", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr")
RIMES = tuple(map("".join, product("aăâeêioôơuưy", ("", *"cmnptiuy", "ch", "ng", "nh"))))
SYLLABLES = tuple(dict.fromkeys(map("".join, product(ONSETS, RIMES))))
HOSTILE: Mapping[str, Callable[[random.Random], str]] = MappingProxyType(
    {
        "one letter": lambda chance: chance.choice("aeăđ") * LONGEST,
        "no spaces": lambda chance: "".join(chance.choices(SYLLABLES, k=LONGEST)),
        "distinct syllables": lambda chance: " ".join(chance.sample(SYLLABLES, k=1_500)),
        "digits": lambda chance: "".join(chance.choices("0123456789. ", k=LONGEST)),
        "combining marks": lambda chance: "".join(
            chance.choices("ao\u0300\u0301\u0303\u0309\u0323", k=LONGEST)
        ),
        "emoji": lambda chance: "".join(chance.choices("😀🙏🇻🇳👨‍👩‍👧❤️ ", k=LONGEST)),
    }
)


def main(folder: Path) -> None:
    faqs, queries = testset.load(folder / "corpus.jsonl", folder / "queries.jsonl")
    chance = random.Random(SEED)  # noqa: S311  # a fair sample
    asked = chance.sample(queries, min(QUESTIONS, len(queries)))
    hostile = list(_hostile(chance))
    sizes = [*(size for size in SIZES if size < len(faqs)), *([len(faqs)] if len(faqs) < SIZES[-1] else [])]
    samples = [chance.sample(faqs, size) for size in sizes]
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as fresh:
        reports = list(fresh.map(_measure, samples, [[*asked, *hostile]] * len(sizes)))
    print(bench.table(("entries", "build s", "memory MB", "p50 ms", "p99 ms"), map(_row, reports)))
    print(f"\nslowest of {EACH} hostile messages of {LONGEST} characters, ms")
    head = ("message", *(f"{size} entries" for size in sizes))
    print(bench.table(head, ((shape, *(_slowest(each, shape) for each in reports)) for shape in HOSTILE)))


def _hostile(chance: random.Random) -> Iterator[Query]:
    for shape, make in HOSTILE.items():
        yield from (Query(f"{shape} {i}", make(chance)[:LONGEST], (), sub=shape) for i in range(EACH))


def _measure(faqs: list[Faq], queries: list[Query]) -> Report:
    """Ask the questions; what is right for them may not be in this sample of the entries."""
    return bench.measure(faqs, [replace(query, relevant=()) for query in queries])


def _row(report: Report) -> tuple[str, ...]:
    taken = [1000 * each.seconds for each in report.outcomes if each.query.sub not in HOSTILE]
    times = (f"{percentile(taken, 0.5):.2f}", f"{percentile(taken, 0.99):.2f}")
    return (str(report.entries), f"{report.build_seconds:.2f}", f"{report.build_mb:.0f}", *times)


def _slowest(report: Report, shape: str) -> str:
    taken: Sequence[float] = [each.seconds for each in report.outcomes if each.query.sub == shape]
    return f"{1000 * max(taken):.1f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
