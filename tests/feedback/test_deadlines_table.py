"""Two hundred dated promises, worked out by hand, and every minute counted one by one."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.cases import Asked, Event, Extended, Happening, Resumed
from feedback.deadlines import (
    DAY,
    MINUTE,
    Calendar,
    after,
    after_pause,
    due,
    hours_of,
    is_working_day,
    next_opening,
    remaining,
)
from feedback.explained import promised
from feedback.kinds import Promise, TimeUnit
from handlers import office

MORNING, SHORT = ((time(8), time(12)),), ((time(8), time(11, 30)),)
HALF_DAYS = {date(2026, 7, 11): MORNING, date(2026, 12, 31): MORNING, date(2027, 2, 3): SHORT}
CALENDAR = replace(office.load().calendar, half_days=HALF_DAYS)
UNITS = {"w": TimeUnit.WORKING_DAY, "c": TimeUnit.CALENDAR_DAY, "m": TimeUnit.MINUTE}
TEXT = (Path(__file__).parent / "deadlines_table.txt").read_text("utf-8").splitlines()
ROWS = [tuple(part.strip() for part in line.split("|")) for line in TEXT if line and line[0] != "#"]
MOMENT = re.compile(r"(hỏi|đến|gia hạn) (\d{4}-\d\d-\d\d \d\d:\d\d)")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def happened(text: str, received: datetime) -> list[Happening]:
    found = []
    for what, moment in MOMENT.findall(text):
        events: dict[str, Event] = {
            "hỏi": Asked(""),
            "đến": Resumed("", ""),
            "gia hạn": Extended(local(moment).isoformat(), ""),
        }
        found.append(Happening(received if what == "gia hạn" else local(moment), "an", events[what]))
    return found


def test_the_table_is_long_and_says_nothing_twice() -> None:
    assert len(ROWS) >= 200
    assert len({row[:3] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[2]}".strip())
def test_the_promise_is_what_was_worked_out_by_hand(row: tuple[str, ...]) -> None:
    received, term, changes, expected, why = row
    promise = Promise(int(term[:-1]), UNITS[term[-1]])
    found = promised(local(received), promise, CALENDAR, happened(changes, local(received)))
    assert found == local(expected), why


def test_the_days_of_the_wall_calendar_are_those_that_are_worked() -> None:
    for line in TEXT:
        if month := re.fullmatch(r"# (\d{4})-(\d\d): ([\d ]+)", line):
            year, number = int(month[1]), int(month[2])
            first = date(year, number, 1)
            days = [first + n * DAY for n in range(31) if (first + n * DAY).month == number]
            assert [day.day for day in days if is_working_day(day, CALENDAR)] == [
                int(day) for day in month[3].split()
            ], line


MOMENTS = st.datetimes(datetime(2026, 1, 20), datetime(2026, 9, 20)).map(  # noqa: DTZ001 - gets its zone here
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=CALENDAR.zone).astimezone(UTC)
)
SPANS = st.sampled_from(
    [
        ((time(8), time(12)), (time(13, 30), time(17, 30))),
        ((time(7, 30), time(11, 30)), (time(13), time(17))),
        ((time(8), time(17)),),
        ((time(9), time(9, 1)), (time(12), time(12, 7)), (time(23), time(23, 59))),
    ]
)
CALENDARS = st.builds(
    lambda hours, half: replace(CALENDAR, hours=hours, half_days=half),
    SPANS,
    st.dictionaries(st.dates(date(2026, 1, 20), date(2026, 9, 20)), SPANS, max_size=5),
)
BRIEF = st.integers(0, 9 * 24 * 60).map(lambda n: n * MINUTE)
OFTEN = settings(max_examples=60, deadline=None)


def minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Look at every minute whether somebody works in it."""
    count, moment = 0, start
    while moment < end:
        here = moment.astimezone(calendar.zone)
        count += any(opens <= here.time() < ends for opens, ends in hours_of(here.date(), calendar))
        moment += MINUTE
    return count


@OFTEN
@given(MOMENTS, BRIEF, CALENDARS)
def test_what_remains_is_every_minute_in_which_somebody_works(
    start: datetime, span: timedelta, calendar: Calendar
) -> None:
    assert remaining(start, start + span, calendar) == minutes(start, start + span, calendar)
    assert remaining(start + span, start, calendar) == -minutes(start, start + span, calendar)


@OFTEN
@given(MOMENTS, st.integers(1, 3000), CALENDARS)
def test_after_so_many_minutes_so_many_have_passed(start: datetime, count: int, calendar: Calendar) -> None:
    calendar = replace(calendar, hours=CALENDAR.hours)
    end = after(start, count, calendar)
    assert remaining(start, end, calendar) == count
    assert remaining(start, end - MINUTE, calendar) == count - 1


@OFTEN
@given(MOMENTS, st.integers(0, 12), CALENDARS)
def test_a_promise_of_working_days_ends_on_the_last_of_them(
    received: datetime, value: int, calendar: Calendar
) -> None:
    end = due(received, Promise(value, TimeUnit.WORKING_DAY), calendar)
    day, last = received.astimezone(calendar.zone).date(), end.astimezone(calendar.zone)
    began_late = _closed(received, calendar)
    worked = sum(is_working_day(day + n * DAY, calendar) for n in range(1, (last.date() - day).days + 1))
    assert worked == value + began_late
    assert last.time() == hours_of(last.date(), calendar)[-1][1]


def _closed(received: datetime, calendar: Calendar) -> bool:
    here = received.astimezone(calendar.zone)
    spans = hours_of(here.date(), calendar)
    return not spans or here.time() >= spans[-1][1]


@OFTEN
@given(MOMENTS, BRIEF, BRIEF, CALENDARS)
def test_after_a_pause_nothing_is_lost_and_less_than_a_day_is_won(
    paused: datetime, left: timedelta, pause: timedelta, calendar: Calendar
) -> None:
    promise, now = next_opening(paused + left, calendar), paused + pause
    moved = after_pause(promise, paused, now, calendar)
    had = minutes(paused, promise, calendar)
    assert minutes(now, moved, calendar) >= had or moved == promise
    if moved != promise:
        day = moved.astimezone(calendar.zone).date()
        closes = [_at(day, spans[-1][1]) for spans in [hours_of(day, calendar)]]
        assert closes == [moved]
        assert minutes(now, _at(day, time(0)), calendar) < had


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, CALENDAR.zone).astimezone(UTC)
