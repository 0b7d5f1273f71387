"""Where the working time of a case went, and whose its lateness is."""

from datetime import UTC, datetime

import pytest

from feedback.cases import (
    SYSTEM,
    Accepted,
    Answered,
    Asked,
    Event,
    Happening,
    Noted,
    Received,
    Reopened,
    Resumed,
    Routed,
    Transferred,
)
from feedback.custody import Holder, Share, keepings, late_with, shares
from feedback.deadlines import remaining
from handlers import office

CALENDAR = office.load().calendar


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def line(*events: tuple[str, Event]) -> list[Happening]:
    return [Happening(local(at), SYSTEM, event) for at, event in events]


STORY = line(
    ("03-02 09:00", Received("x")),
    ("03-02 09:00", Routed("A", "", "")),
    ("03-02 11:00", Accepted("an")),
    ("03-03 08:00", Noted("x")),
    ("03-03 13:30", Asked("?")),
    ("03-05 13:30", Resumed("2026-03-12T10:30:00+00:00", "")),
    ("03-06 17:30", Transferred("B", "x")),
    ("03-10 08:00", Accepted("binh")),
    ("03-13 12:00", Answered("x")),
)


def test_each_place_has_its_working_minutes() -> None:
    assert shares(STORY, local("04-01 09:00"), CALENDAR) == [
        Share(Holder.TRANSIT, "A", 120),
        Share(Holder.UNIT, "A", 300 + 240 + 240 + 480),
        Share(Holder.CITIZEN, "A", 960),
        Share(Holder.TRANSIT, "B", 480),
        Share(Holder.UNIT, "B", 480 + 480 + 480 + 240),
    ]


@pytest.mark.parametrize("events", range(2, len(STORY) + 1))
def test_the_shares_add_up_to_all_the_time_that_passed(events: int) -> None:
    now = local("03-20 10:00")
    passed = remaining(STORY[0].at, STORY[-1].at if events == len(STORY) else now, CALENDAR)
    assert sum(share.minutes for share in shares(STORY[:events], now, CALENDAR)) == passed


@pytest.mark.parametrize(
    ("due", "unit"),
    [
        ("03-06 17:00", "A"),
        ("03-09 17:30", "B"),
        ("03-12 17:30", "B"),
        ("03-13 17:30", ""),
        ("03-02 10:00", "A"),
        ("03-04 17:30", ""),
    ],
)
def test_lateness_belongs_to_who_had_the_case_when_the_promise_passed(due: str, unit: str) -> None:
    assert late_with(STORY, local(due), local("04-01 09:00")) == unit


def test_after_the_answer_nobody_has_it_until_it_is_reopened() -> None:
    again = [*STORY, *line(("03-20 08:00", Reopened("2026-03-30T10:30:00+00:00", "x")))]
    last = list(keepings(again, local("03-20 10:00")))[-1]
    assert (last.holder, last.unit, last.start) == (Holder.TRANSIT, "B", local("03-20 08:00"))
    assert shares(again, local("03-20 10:00"), CALENDAR)[3] == Share(Holder.TRANSIT, "B", 480 + 120)
