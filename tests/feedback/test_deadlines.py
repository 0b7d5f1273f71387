"""A calendar of hand-made rows: when a promise falls due."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from feedback.deadlines import (
    Calendar,
    after_pause,
    due,
    is_working_day,
    next_opening,
    received_on,
    remaining,
)
from feedback.kinds import Promise, TimeUnit
from handlers import office

CALENDAR = office.load().calendar
UNITS = {"w": TimeUnit.WORKING_DAY, "c": TimeUnit.CALENDAR_DAY, "m": TimeUnit.MINUTE}

TABLE = """
2026-03-02 09:00 |  1w | 2026-03-03 17:30 | the day of receipt does not count
2026-03-02 09:00 |  5w | 2026-03-09 17:30 | over a weekend
2026-03-02 09:00 | 10w | 2026-03-16 17:30 | over two weekends
2026-03-06 10:00 |  1w | 2026-03-09 17:30 | Friday
2026-03-06 17:29 |  1w | 2026-03-09 17:30 | the last minute of the office
2026-03-06 17:30 |  1w | 2026-03-10 17:30 | the office has closed: counts from Monday
2026-03-06 23:59 |  1w | 2026-03-10 17:30 | late on Friday
2026-03-07 10:00 |  1w | 2026-03-10 17:30 | Saturday
2026-03-08 22:00 |  1w | 2026-03-10 17:30 | Sunday
2026-03-09 00:05 |  1w | 2026-03-10 17:30 | after midnight, still before work
2026-03-09 07:59 |  1w | 2026-03-10 17:30 | a minute before work
2026-03-09 12:30 |  1w | 2026-03-10 17:30 | in the lunch break
2026-03-09 12:30 |  0w | 2026-03-09 17:30 | today
2026-03-09 18:00 |  0w | 2026-03-10 17:30 | today is over
2026-02-13 09:00 |  1w | 2026-02-23 17:30 | the last day before Tết
2026-02-13 18:00 |  1w | 2026-02-24 17:30 | in the evening before Tết
2026-02-12 09:00 |  2w | 2026-02-23 17:30 | one day before and one after Tết
2026-02-17 10:00 |  1w | 2026-02-24 17:30 | on the first day of Tết
2026-02-10 09:00 |  5w | 2026-02-24 17:30 | five days around Tết
2026-02-09 09:00 | 10w | 2026-03-02 17:30 | ten days around Tết
2026-08-21 09:00 |  1w | 2026-08-22 17:30 | the next day is a Saturday worked to make up
2026-08-21 18:00 |  1w | 2026-08-24 17:30 | counts from that Saturday
2026-08-22 09:00 |  1w | 2026-08-24 17:30 | received on that Saturday
2026-08-22 18:00 |  1w | 2026-08-25 17:30 | received in its evening
2026-08-28 09:00 |  1w | 2026-09-03 17:30 | 31/8, 1/9 and 2/9 are off
2026-08-28 09:00 |  2w | 2026-09-04 17:30 | two days after them
2026-08-31 09:00 |  1w | 2026-09-04 17:30 | received on the exchanged day
2026-08-20 09:00 | 10w | 2026-09-07 17:30 | the made-up Saturday and the holidays
2026-11-23 09:00 |  1w | 2026-11-25 17:30 | 24/11 is off since 2026
2026-11-23 18:00 |  1w | 2026-11-26 17:30 | in the evening before it
2026-11-24 09:00 |  1w | 2026-11-26 17:30 | received on it
2026-11-20 09:00 |  5w | 2026-11-30 17:30 | five days around it
2026-01-09 09:00 |  1w | 2026-01-10 17:30 | made up for 2 January
2025-12-31 16:00 |  1w | 2026-01-05 17:30 | new year and the exchanged day
2026-04-24 09:00 |  1w | 2026-04-28 17:30 | Giỗ Tổ on a Sunday, Monday off
2026-04-29 09:00 |  1w | 2026-05-04 17:30 | 30/4 and 1/5
2026-03-02 09:00 | 10c | 2026-03-12 17:30 | calendar days
2026-03-02 09:00 | 12c | 2026-03-16 17:30 | ends on a Saturday
2026-03-03 09:00 | 12c | 2026-03-16 17:30 | ends on a Sunday
2026-08-21 09:00 | 10c | 2026-09-03 17:30 | ends on 31/8
2026-08-12 09:00 | 10c | 2026-08-22 17:30 | ends on the made-up Saturday
2026-11-14 10:00 | 10c | 2026-11-26 17:30 | received on a Saturday
2026-11-12 09:00 | 12c | 2026-11-25 17:30 | ends on 24/11
2026-02-04 09:00 | 12c | 2026-02-23 17:30 | ends in Tết
2026-03-06 18:00 | 10c | 2026-03-19 17:30 | counts from Monday
2026-03-07 10:00 | 30m | 2026-03-07 10:30 | minutes know no calendar
2026-12-31 09:00 |  1w | 2027-01-04 17:30 | into the next year
2027-04-15 09:00 |  1w | 2027-04-19 17:30 | Giỗ Tổ 2027
2027-04-29 09:00 |  1w | 2027-05-04 17:30 | 1/5/2027 is a Saturday, Monday off
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in TABLE.strip().splitlines()]

LEFT = """
2026-03-02 09:00 | 2026-03-02 10:00 |    60 | an hour
2026-03-02 11:00 | 2026-03-02 14:00 |    90 | without the lunch break
2026-03-02 12:10 | 2026-03-02 13:20 |     0 | only the lunch break
2026-03-02 06:00 | 2026-03-02 20:00 |   480 | a day has eight hours
2026-03-06 17:00 | 2026-03-09 08:30 |    60 | over the weekend
2026-03-07 08:00 | 2026-03-08 20:00 |     0 | the weekend
2026-02-13 17:00 | 2026-02-23 08:30 |    60 | over Tết
2026-08-21 17:30 | 2026-08-24 08:00 |   480 | the made-up Saturday
2026-03-02 10:00 | 2026-03-02 09:00 |   -60 | an hour too late
2026-03-09 08:30 | 2026-03-06 17:00 |   -60 | too late over the weekend
"""
LEFT_ROWS = [tuple(part.strip() for part in line.split("|")) for line in LEFT.strip().splitlines()]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


@pytest.mark.parametrize(("received", "promise", "expected", "why"), ROWS, ids=[row[3] for row in ROWS])
def test_due(received: str, promise: str, expected: str, why: str) -> None:
    term = Promise(int(promise[:-1]), UNITS[promise[-1]])
    assert due(local(received), term, CALENDAR) == local(expected), why


@pytest.mark.parametrize(("now", "until", "minutes", "why"), LEFT_ROWS, ids=[row[3] for row in LEFT_ROWS])
def test_remaining(now: str, until: str, minutes: str, why: str) -> None:
    assert remaining(local(now), local(until), CALENDAR) == int(minutes), why


def test_a_due_date_is_told_in_utc() -> None:
    found = due(local("2026-03-02 09:00"), Promise(1, TimeUnit.WORKING_DAY), CALENDAR)
    assert found == datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_holidays_come_from_the_office_only() -> None:
    bare = Calendar(CALENDAR.weekdays, CALENDAR.hours)
    assert is_working_day(date(2026, 2, 17), bare)
    assert not is_working_day(date(2026, 2, 17), CALENDAR)
    assert not is_working_day(date(2026, 8, 22), bare)
    assert is_working_day(date(2026, 8, 22), CALENDAR)


def test_after_a_pause_as_much_working_time_is_left_to_the_end_of_that_day() -> None:
    promised = due(local("2026-11-23 09:00"), Promise(5, TimeUnit.WORKING_DAY), CALENDAR)
    asked, added = local("2026-11-25 10:00"), local("2026-11-27 16:00")
    moved = after_pause(promised, asked, added, CALENDAR)
    assert remaining(added, moved, CALENDAR) >= remaining(asked, promised, CALENDAR)
    assert after_pause(promised, asked, asked, CALENDAR) == promised


HALF = replace(CALENDAR, half_days={date(2026, 12, 31): ((time(8), time(12)),)})


def test_a_half_day_counts_as_a_day_and_ends_when_its_own_hours_end() -> None:
    assert due(local("2026-12-30 09:00"), Promise(1, TimeUnit.WORKING_DAY), HALF) == local("2026-12-31 12:00")
    assert remaining(local("2026-12-31 08:00"), local("2027-01-04 08:30"), HALF) == 240 + 30
    assert received_on(local("2026-12-31 12:00"), HALF) == date(2027, 1, 4)
    assert received_on(local("2026-12-31 11:59"), HALF) == date(2026, 12, 31)


def test_a_half_day_is_worked_though_it_is_a_saturday_or_a_holiday() -> None:
    worked = ((time(8), time(12)),)
    calendar = replace(CALENDAR, half_days={date(2026, 3, 7): worked, date(2026, 11, 24): worked})
    assert due(local("2026-03-06 09:00"), Promise(1, TimeUnit.WORKING_DAY), calendar) == local(
        "2026-03-07 12:00"
    )
    assert is_working_day(date(2026, 11, 24), calendar)


def test_seconds_are_added_up_before_minutes_are_counted() -> None:
    start, end = local("2026-03-02 11:59:30"), local("2026-03-02 13:30:30")
    assert remaining(start, end, CALENDAR) == 1


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-03-02 07:00", "2026-03-02 08:00"),
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 08:01", "2026-03-02 13:30"),
        ("2026-03-06 14:00", "2026-03-09 08:00"),
        ("2026-02-13 14:00", "2026-02-23 08:00"),
    ],
)
def test_work_begins_in_the_morning_and_after_lunch(now: str, begins: str) -> None:
    assert next_opening(local(now), CALENDAR) == local(begins)


def test_a_unit_gains_nothing_by_asking_after_the_promise_has_passed() -> None:
    promised, asked, added = local("2026-11-25 17:30"), local("2026-11-26 09:00"), local("2026-12-10 09:00")
    assert after_pause(promised, asked, added, CALENDAR) == promised
