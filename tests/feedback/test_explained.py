"""Why a promise falls due on its day, stretch by stretch."""

from datetime import UTC, date, datetime

import pytest

from feedback.cases import (
    SYSTEM,
    Asked,
    Extended,
    Happening,
    Reopened,
    Rescheduled,
    Resumed,
    TakenBack,
    Transferred,
)
from feedback.deadlines import due, is_working_day
from feedback.explained import Stretch, Why, explain, promised
from feedback.kinds import Promise, TimeUnit
from handlers import office
from handlers.desk import reasons
from handlers.desk.templates import say

CALENDAR = office.load().calendar
FIVE = Promise(5, TimeUnit.WORKING_DAY)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def test_tet_is_told_by_its_name_and_the_days_around_it_are_counted() -> None:
    assert explain(local("2026-02-11 09:00"), Promise(3, TimeUnit.WORKING_DAY), CALENDAR) == [
        Stretch(Why.RECEIVED, date(2026, 2, 11), date(2026, 2, 11)),
        Stretch(Why.COUNTED, date(2026, 2, 12), date(2026, 2, 13), 2),
        Stretch(Why.WEEKEND, date(2026, 2, 14), date(2026, 2, 15), 2),
        Stretch(Why.OFF, date(2026, 2, 16), date(2026, 2, 20), 5, "Nghỉ Tết Bính Ngọ"),
        Stretch(Why.WEEKEND, date(2026, 2, 21), date(2026, 2, 22), 2),
        Stretch(Why.COUNTED, date(2026, 2, 23), date(2026, 2, 23), 1),
    ]


def test_what_comes_after_hours_counts_from_the_next_working_day() -> None:
    later, *_ = explain(local("2026-03-06 18:00"), FIVE, CALENDAR)
    assert later == Stretch(Why.LATER, date(2026, 3, 6), date(2026, 3, 9))


def test_a_last_day_that_is_off_moves() -> None:
    *_, moved = explain(local("2026-03-02 09:00"), Promise(12, TimeUnit.CALENDAR_DAY), CALENDAR)
    assert moved == Stretch(Why.MOVED, date(2026, 3, 14), date(2026, 3, 16), name="weekend")


@pytest.mark.parametrize("day", range(1, 29))
@pytest.mark.parametrize("month", [2, 4, 8, 12])
def test_the_days_that_count_add_up_to_the_term(month: int, day: int) -> None:
    received = local(f"2026-{month:02}-{day:02} 09:00")
    stretches = explain(received, Promise(10, TimeUnit.WORKING_DAY), CALENDAR)
    counted = [each for each in stretches if each.why is Why.COUNTED]
    assert sum(each.n for each in counted) == 10
    last = due(received, Promise(10, TimeUnit.WORKING_DAY), CALENDAR).astimezone(CALENDAR.zone).date()
    assert counted[-1].last == last
    assert all(
        is_working_day(each.first, CALENDAR) and is_working_day(each.last, CALENDAR) for each in counted
    )


def test_pauses_extensions_and_new_rules_are_told_in_order() -> None:
    changes = [
        Happening(local("2026-03-03 10:00"), "an", Asked("?")),
        Happening(local("2026-03-05 09:00"), SYSTEM, Resumed(local("2026-03-11 17:30").isoformat(), "")),
        Happening(local("2026-03-10 09:00"), "an", Extended(local("2026-03-20 17:30").isoformat(), "khó")),
        Happening(
            local("2026-03-11 09:00"), SYSTEM, Rescheduled(local("2026-03-23 17:30").isoformat(), "lịch")
        ),
        Happening(local("2026-03-12 09:00"), "an", Asked("?")),
    ]
    told = [each.why for each in explain(local("2026-03-02 09:00"), FIVE, CALENDAR, changes)]
    assert told[-4:] == [Why.PAUSED, Why.EXTENDED, Why.RESCHEDULED, Why.WAITS]


def test_the_promise_is_found_again_from_what_happened() -> None:
    received = local("2026-11-23 09:00")
    asked = Happening(local("2026-11-25 10:00"), "an", Asked("?"))
    resumed = Happening(local("2026-11-27 16:00"), SYSTEM, Resumed("", ""))
    assert promised(received, FIVE, CALENDAR) == local("2026-12-01 17:30")
    assert promised(received, FIVE, CALENDAR, [asked, resumed]) == local("2026-12-04 17:30")
    moved = Happening(local("2026-11-26 09:00"), "an", Transferred("VP", "x"))
    assert promised(received, FIVE, CALENDAR, [asked, moved, resumed]) == local("2026-12-01 17:30")
    longer = Happening(local("2026-11-26 09:00"), "an", Extended(local("2026-12-31 17:30").isoformat(), "x"))
    assert promised(received, FIVE, CALENDAR, [longer]) == local("2026-12-31 17:30")


def test_a_pause_ends_when_the_case_is_taken_back_and_the_next_one_counts() -> None:
    again = Happening(local("2026-11-26 09:00"), "citizen", Reopened("2026-12-03T10:30:00+00:00", "x"))
    changes = [
        Happening(local("2026-11-25 10:00"), "an", Asked("?")),
        Happening(local("2026-11-25 14:00"), "citizen", TakenBack("")),
        again,
    ]
    told = explain(local("2026-11-23 09:00"), FIVE, CALENDAR, changes)
    assert not {Why.PAUSED, Why.WAITS} & {each.why for each in told}
    asked = Happening(local("2026-11-30 10:00"), "an", Asked("?"))
    resumed = Happening(local("2026-12-01 10:00"), SYSTEM, Resumed("", ""))
    assert promised(local("2026-11-23 09:00"), FIVE, CALENDAR, [*changes, asked, resumed]) == local(
        "2026-12-04 17:30"
    )


CAME_LATE = (
    "Gửi đến thứ Năm 12/02/2026 ngoài giờ làm việc; tính là tiếp nhận thứ Sáu 13/02/2026, "
    "thời hạn tính từ ngày làm việc sau đó."
)


def test_every_stretch_has_its_sentence() -> None:
    told = reasons.sentences(local("2026-02-12 20:00"), Promise(2, TimeUnit.WORKING_DAY), CALENDAR)
    assert told == [
        CAME_LATE,
        "thứ Bảy 14/02/2026 đến Chủ nhật 15/02/2026: nghỉ cuối tuần, không tính.",
        "thứ Hai 16/02/2026 đến thứ Sáu 20/02/2026: nghỉ (Nghỉ Tết Bính Ngọ), không tính.",
        "thứ Bảy 21/02/2026 đến Chủ nhật 22/02/2026: nghỉ cuối tuần, không tính.",
        "thứ Hai 23/02/2026 đến thứ Ba 24/02/2026: 2 ngày làm việc, có tính.",
    ]
    for why in Why:
        assert say(f"why.{why}", days="", first="", last="", n=1, name="", due="")
