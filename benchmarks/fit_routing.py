"""Fit the weights of handlers/ranking.py: `python -m benchmarks.fit_routing FILE`.

FILE is tests/feedback/routing_messages.yaml. The order of the units is fitted to its odd messages: a
conditional logistic regression in which large weights are held back. How sure it may be is fitted to the
even ones, which changes no order. Messages whose kind has its own unit say nothing here.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from handlers import examples, library, ranking
from handlers.library import Library

DAMPED = 3e-4
Floats = NDArray[np.float64]


def main() -> None:
    home = library.load()
    sheet = examples.load(Path(sys.argv[1]), home.office)
    cases = [
        each for each in (sheet.value.cases if sheet.value else ()) if not home.office.kind(each.kind).unit
    ]
    units = [unit.code for unit in home.office.units.values() if unit.receives]
    evidence = np.array([_evidence(home, each.text, units) for each in cases])
    right = np.array([units.index(each.unit) for each in cases])
    odd = np.arange(len(cases)) % 2 == 0
    weights = _fitted(evidence[odd], right[odd])
    sureness = minimize_scalar(lambda each: _loss(each * weights, evidence[~odd], right[~odd], 0)).x
    print("KEYWORDS, WORDING, TOPIC, DEFAULT =", np.round(sureness * weights, 1).tolist())
    print("now:", [ranking.KEYWORDS, ranking.WORDING, ranking.TOPIC, ranking.DEFAULT])
    for name, these in (("odd", odd), ("even", ~odd)):
        order = np.argsort(-(evidence[these] @ weights), axis=1)
        first = float((order[:, 0] == right[these]).mean())
        among = float((order[:, :3] == right[these][:, None]).any(axis=1).mean())
        print(f"{name}: first {first:.3f}, among three {among:.3f}")


def _evidence(home: Library, text: str, units: list[str]) -> list[list[float]]:
    weighed = {each.unit: each for each in home.ranking.weigh(text)}
    return [[*weighed[unit].features, float(unit == home.office.default_unit)] for unit in units]


def _fitted(evidence: Floats, right: NDArray[np.int64]) -> Floats:
    found = minimize(_loss, np.ones(evidence.shape[2]), args=(evidence, right))
    return np.asarray(found.x)


def _loss(weights: Floats, evidence: Floats, right: NDArray[np.int64], damped: float = DAMPED) -> float:
    points = evidence @ weights
    points -= points.max(axis=1, keepdims=True)
    likelihood = points[np.arange(len(right)), right] - np.log(np.exp(points).sum(axis=1))
    return float(-likelihood.mean() + damped * (weights**2).sum())


if __name__ == "__main__":
    main()
