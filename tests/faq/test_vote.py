"""Wordings vote: what is new counts, what only repeats does not."""

import numpy as np
import pytest

from faq.vote import votes


def test_the_very_question_that_stands_alone_has_one() -> None:
    assert votes(np.array([1.0, 0.0]), np.eye(2)) == pytest.approx([1.0, 0.0])


def test_a_second_wording_adds_more_when_it_is_another_one() -> None:
    near = np.array([0.5, 0.5])
    different = votes(near, np.eye(2)).sum()
    repeated = votes(near, np.array([[1.0, 1.0], [1.0, 1.0]])).sum()
    assert votes(near[:1], np.eye(1)).sum() < repeated < different
