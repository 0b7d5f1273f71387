"""How fast an account may send."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace, Rate, per_second
from feedback.messages import Address
from tests.conftest import NOW

LAN, MINH = Address("stage", "test", "lan"), Address("stage", "test", "minh")


def seconds(count: float) -> datetime:
    return NOW + timedelta(seconds=count)


def test_a_burst_passes_and_then_the_chat_rests_until_the_first_is_old_enough() -> None:
    pace = Pace(per_second(100), lambda _: per_second(3, seconds=3))
    for moment in (0, 0.5, 1):
        assert not pace.resting(seconds(moment))
        pace.took(LAN, seconds(moment))
    assert pace.resting(seconds(2.9)) == {LAN.lane}
    assert pace.wait(seconds(2), 10) == 1
    assert pace.resting(seconds(3)) == set()


def test_one_chat_that_rests_holds_up_no_other() -> None:
    pace = Pace(per_second(100), lambda address: per_second(1, seconds=60) if address == LAN else None)
    pace.took(LAN, NOW)
    pace.took(MINH, NOW)
    assert pace.resting(seconds(1)) == {LAN.lane}
    assert pace.room(seconds(0.5)) == 98


def test_a_clock_that_is_set_back_does_not_stop_the_sending() -> None:
    pace = Pace(per_second(1), lambda _: per_second(1, seconds=60))
    pace.took(LAN, seconds(3600))
    assert pace.room(NOW) == 1
    assert pace.resting(NOW) == set()


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60), st.integers(1, 5))
def test_no_stretch_of_time_ever_holds_more_than_the_rate(pauses: list[float], most: int) -> None:
    rate = Rate(most, timedelta(seconds=2))
    pace, now, sent = Pace(rate, lambda _: None), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if pace.room(now):
            pace.took(LAN, now)
            sent.append(now)
    assert all(sum(first <= each < first + rate.within for each in sent) <= most for first in sent)
