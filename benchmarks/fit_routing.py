"""Fit the weights of handlers/ranking.py: `python -m benchmarks.fit_routing FILE…`.

The files are messages whose unit is known, tests/feedback/routing_messages*.yaml. They are few, so what
people say (says.yaml) is used too: a quarter of it is taken out, the rest makes a ranking, and the quarter
is weighed by it, four times over. A conditional logistic regression in which large weights are held back.
Each file, and each quarter, is also measured with weights that were fitted to all the others.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from feedback import routing
from feedback.heard import hear
from feedback.routing import Says
from handlers import examples, library, ranking
from handlers.library import Library
from handlers.office import Office

DAMPED = 3e-4
QUARTERS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """`evidence` by message, unit and kind of evidence; `right` is each message's unit by its place."""

    name: str
    evidence: Floats
    right: NDArray[np.int64]


def main() -> None:
    home = library.load()
    parts = [*(_of_file(home, Path(file)) for file in sys.argv[1:]), *_of_quarters(home)]
    print("KEYWORDS, NEAREST, LEANING, DEFAULT =", np.round(_fitted(parts), 2).tolist())
    print("now:", [ranking.KEYWORDS, ranking.NEAREST, ranking.LEANING, ranking.DEFAULT])
    for part in parts:
        _measure(part, _fitted([other for other in parts if other is not part]), home.office.threshold)


def _of_file(home: Library, file: Path) -> Part:
    """Messages whose kind has its own unit say nothing here."""
    sheet = examples.load(file, home.office)
    cases = [
        each for each in (sheet.value.cases if sheet.value else ()) if not home.office.kind(each.kind).unit
    ]
    return _part(file.stem, home, [(each.text, each.unit) for each in cases])


def _of_quarters(home: Library) -> Iterator[Part]:
    """Every fourth sentence is weighed by an office that has not heard it."""
    said = [(each, text) for each in home.office.says for text in each.texts]
    for first in range(QUARTERS):
        known = tuple(
            Says(each.unit, (text,), each.topic)
            for place, (each, text) in enumerate(said)
            if place % QUARTERS != first
        )
        new = [(text, _receiver(home.office, each.unit)) for each, text in said[first::QUARTERS]]
        yield _part(
            f"says {first + 1}/{QUARTERS}", replace(home, office=replace(home.office, says=known)), new
        )


def _receiver(office: Office, unit: str) -> str:
    return routing.receiver(unit, office).code


def _part(name: str, home: Library, messages: list[tuple[str, str]]) -> Part:
    units = [unit.code for unit in home.office.units.values() if unit.receives]
    evidence = np.array([_evidence(home, text, units) for text, _ in messages])
    return Part(name, evidence, np.array([units.index(unit) for _, unit in messages]))


def _evidence(home: Library, text: str, units: list[str]) -> list[list[float]]:
    told = home.ranking.weigh(text, routing.said(hear(text), home.office))
    weighed = {each.unit: each for each in told}
    return [[*weighed[unit].features, float(unit == home.office.default_unit)] for unit in units]


def _fitted(parts: list[Part]) -> Floats:
    evidence = np.concatenate([part.evidence for part in parts])
    right = np.concatenate([part.right for part in parts])
    found = minimize(_loss, np.ones(evidence.shape[2]), args=(evidence, right))
    return np.asarray(found.x)


def _loss(weights: Floats, evidence: Floats, right: NDArray[np.int64]) -> float:
    likelihood = np.log(_probable(weights, evidence)[np.arange(len(right)), right])
    return float(-likelihood.mean() + DAMPED * (weights**2).sum())


def _probable(weights: Floats, evidence: Floats) -> Floats:
    points = evidence @ weights
    powers = np.exp(points - points.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _measure(part: Part, weights: Floats, threshold: float) -> None:
    scores = _probable(weights, part.evidence)
    order = np.argsort(-scores, axis=1)
    first = order[:, 0] == part.right
    among = (order[:, :3] == part.right[:, None]).any(axis=1)
    sure = scores.max(axis=1) >= threshold
    print(
        f"{part.name}: {len(first)} messages, first {first.mean():.3f}, among three {among.mean():.3f}, "
        f"sure {sure.mean():.3f}, of these right {first[sure].mean():.3f}"
    )


if __name__ == "__main__":
    main()
