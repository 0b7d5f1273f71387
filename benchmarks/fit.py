"""Fit the judgement of faq/decide.py: `python -m benchmarks.fit FOLDER FOLDER…`.

Each folder is a set of questions. The weights are fitted once with each set left out, which tells how
much a set gains that had no part in it, and once on all, which gives the numbers of faq/decide.py. The
weights come from a conditional logistic regression over the entries that were compared, the probabilities
from ordinary ones. Every set counts the same, however large.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from faq import bench, decide, testset
from faq.entries import CONTENT
from faq.index import Index
from faq.likeness import Closeness
from faq.metrics import auroc
from faq.testset import Query
from faq.words import Words

NAMES = ("VOTE", "COVERED", "COVERING", "AGREEING", "OTHER_NUMBER")
DAMPED = 2e-3  # how strongly large weights are held back
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """One part of one question: what each entry resembles in, and which are right."""

    weight: float
    entries: tuple[str, ...]
    evidence: Floats
    right: NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    query: Query
    parts: tuple[Compared, ...]

    def ranked(self, weights: Floats) -> list[tuple[float, str]]:
        best: dict[str, float] = {}
        for part in self.parts:
            lost = decide.BESIDE_THE_POINT * (1 - part.weight)
            for entry, points in zip(part.entries, part.evidence @ weights - lost, strict=True):
                best[entry] = max(best.get(entry, -99.0), float(points))
        return sorted(((points, entry) for entry, points in best.items()), reverse=True)[:4]


def main(folders: Sequence[str]) -> None:
    sets = {Path(folder).name: _asked(Path(folder)) for folder in folders}
    if len(sets) < 2:
        sys.exit("usage: python -m benchmarks.fit FOLDER FOLDER…")
    shipped = np.array([getattr(decide, name) for name in NAMES])
    for name, asked in sets.items():
        weights = fitted([other for each, other in sets.items() if each != name])
        print(f"without {name}: {_named(weights)}")
        print(f"  {name} with these weights: {_told(asked, weights)}")
        print(f"  {name} with those of faq/decide.py: {_told(asked, shipped)}", flush=True)
    weights = fitted(list(sets.values()))
    print(f"all: {_named(weights)}")
    for name, features, among in (("right", 1, 1), ("sure", 2, 1), ("among", 1, 3)):
        print(f"{name}: {_probability(list(sets.values()), weights, features, among)}")


def fitted(sets: Sequence[Sequence[Asked]]) -> Floats:
    """The weights under which the right entry stands out best among those compared with it."""
    cases, shares = [], []
    for asked in sets:
        own = [part for each in asked for part in each.parts[:1] if part.right.any() and not part.right.all()]
        cases += own
        shares += [1 / len(own) / len(sets)] * len(own)
    scale = np.concatenate([part.evidence for part in cases]).std(axis=0)
    scaled = [(part.evidence / scale, part.right) for part in cases]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = DAMPED * float(weights @ weights), 2 * DAMPED * weights
        for share, (evidence, right) in zip(shares, scaled, strict=True):
            points = evidence @ weights
            likely = np.exp(points - points.max())
            all_, those = likely / likely.sum(), likely * right / (likely * right).sum()
            total -= share * float(np.log((likely * right).sum() / likely.sum()))
            slope = slope - share * ((those - all_) @ evidence)
        return total, slope

    found: Floats = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x / scale
    return found


def _asked(folder: Path) -> list[Asked]:
    faqs, queries = testset.load(folder / "corpus.jsonl", folder / "queries.jsonl")
    index = Index(bench.knowledge(faqs), Words.load(CONTENT))
    return [
        Asked(
            query,
            tuple(
                Compared(
                    weight,
                    tuple(entry for entry, _ in compared),
                    np.array([_evidence(each) for _, each in compared]),
                    np.array([entry in query.relevant for entry, _ in compared]),
                )
                for weight, compared in index.compared(query.text)
                if compared
            ),
        )
        for query in queries
    ]


def _evidence(found: Closeness) -> list[float]:
    return [max(found.vote, 0.0), found.covered, found.covering, found.agreeing, float(found.other_number)]


def _told(asked: Sequence[Asked], weights: Floats) -> str:
    inside = [each for each in asked if each.query.relevant]
    first = sum(_hit(each, weights, 1) for each in inside) / len(inside)
    three = sum(_hit(each, weights, 3) for each in inside) / len(inside)
    tops = [_top(each, weights) for each in inside]
    outside = [_top(each, weights) for each in asked if not each.query.relevant]
    return f"acc@1 {first:.3f}  recall@3 {three:.3f}  AUROC {auroc(tops, outside):.3f}"


def _hit(asked: Asked, weights: Floats, among: int) -> bool:
    return any(entry in asked.query.relevant for _, entry in asked.ranked(weights)[:among])


def _top(asked: Asked, weights: Floats) -> float:
    ranked = asked.ranked(weights)
    return ranked[0][0] if ranked else 0.0


def _probability(sets: Sequence[Sequence[Asked]], weights: Floats, features: int, among: int) -> str:
    rows, hits, shares = [], [], []
    for asked in sets:
        for each in asked:
            ranked = [*each.ranked(weights), (0.0, ""), (0.0, "")]
            rows.append([ranked[0][0], ranked[0][0] - ranked[1][0]][:features])
            hits.append(_hit(each, weights, among))
            shares.append(1 / len(asked))
    model = LogisticRegression(C=100, max_iter=5000).fit(rows, hits, np.array(shares) / np.mean(shares))
    names = ("points", "lead")
    terms = [f"{weight:.3f} * {name}" for weight, name in zip(model.coef_[0], names, strict=False)]
    return f"{' + '.join(terms)} {model.intercept_[0]:+.3f}"


def _named(weights: Floats) -> str:
    return "  ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, weights, strict=True))


if __name__ == "__main__":
    with threadpool_limits(1):
        main(sys.argv[1:])
