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


@given(st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 5), st.floats(0, 1)), min_size=1, max_size=60))
def test_whenever_it_arrived_no_stretch_of_time_holds_more_than_the_rate(
    sends: list[tuple[float, float, float]],
) -> None:
    """Each send has the pause before it, how long its answer takes, and at what part of that it arrived."""
    rate = Rate(3, timedelta(seconds=2))
    pace, now = Pace(per_second(1000), lambda _: rate), 0.0
    under_way: list[float] = []
    arrived: list[float] = []
    for pause, lasts, part in sends:
        now += pause
        for end in sorted(end for end in under_way if end <= now):
            under_way.remove(end)
            pace.end(LAN, seconds(end))
        if LAN.lane not in pace.resting(seconds(now)):
            pace.begin(LAN)
            under_way.append(now + lasts)
            arrived.append(now + lasts * part)
    assert all(sum(first <= each < first + 1.999 for each in arrived) <= rate.most for first in arrived)


def test_what_is_on_its_way_is_never_forgotten() -> None:
    pace = Pace(per_second(1), lambda _: None)
    pace.begin(LAN)
    assert pace.room(seconds(60)) == 0
    assert pace.wait(seconds(60), 10) == 10
    pace.end(LAN, seconds(61))
    assert pace.room(seconds(61.5)) == 0
    assert pace.room(seconds(62)) == 1
