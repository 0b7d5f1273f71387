"""How long a person can be reached after their last word."""

from datetime import datetime, timedelta

import pytest

from feedback.windows import Reach, Window
from tests.conftest import NOW

WINDOW = Window(timedelta(hours=48), timedelta(days=7))


@pytest.mark.parametrize(
    ("acted_at", "reach"),
    [
        (NOW, Reach.FREE),
        (NOW - timedelta(hours=48), Reach.FREE),
        (NOW - timedelta(hours=48, seconds=1), Reach.PAID),
        (NOW - timedelta(days=7), Reach.PAID),
        (NOW - timedelta(days=7, seconds=1), Reach.CLOSED),
        (None, Reach.CLOSED),
    ],
)
def test_the_window_opens_with_the_persons_act_and_closes_in_two_steps(
    acted_at: datetime | None, reach: Reach
) -> None:
    assert WINDOW.reach(acted_at, NOW) is reach
