"""What the officer is warned of before an answer leaves: seldom for nothing, mostly when it should be."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from faq.files import read
from feedback.linting import Lack, Warned, check
from handlers import office

SAMPLES = Path(__file__).with_name("answers.yaml")
FALSE_ALARMS, MISSED = 0.1, 0.1  # at most


@dataclass(frozen=True, slots=True)
class Sample:
    said: str
    answer: str
    lacks: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Samples:
    good: tuple[Sample, ...]
    poor: tuple[Sample, ...]


WORDING = office.load().wording


def samples() -> Samples:
    sheet = read(SAMPLES, Samples)
    assert sheet.value, sheet.mistakes
    return sheet.value


def warned(sample: Sample) -> list[Warned]:
    return check(sample.answer, sample.said, "", [sample.earlier] if sample.earlier else [], WORDING)


def test_good_answers_are_seldom_warned_of_and_poor_ones_mostly(capsys: pytest.CaptureFixture[str]) -> None:
    known = samples()
    alarms = [sample for sample in known.good if warned(sample)]
    missed = [sample for sample in known.poor if sample.lacks not in {each.lack for each in warned(sample)}]
    with capsys.disabled():
        print(f"\n{len(alarms)} of {len(known.good)} good answers warned of, "  # noqa: T201
              f"{len(missed)} of {len(known.poor)} poor ones missed")  # fmt: skip
    assert len(known.good) >= 30 <= len(known.poor)
    assert {sample.lacks for sample in known.poor} == set(Lack)
    assert len(alarms) <= FALSE_ALARMS * len(known.good), [(each.answer, warned(each)) for each in alarms]
    assert len(missed) <= MISSED * len(known.poor), [(each.answer, warned(each)) for each in missed]
