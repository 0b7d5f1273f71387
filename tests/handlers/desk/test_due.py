"""How urgent a case is, in the words of the office and in working time."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.cases import Case, Status
from feedback.deadlines import VIETNAM
from feedback.messages import Address
from handlers.desk import due
from handlers.desk.due import Cue
from handlers.library import Library


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


def case(promised: str) -> Case:
    moment = at(promised)
    address = Address("web", "main", "lan")
    return Case(1, "7K3F9-Q2M4R", "report", Status.ROUTED, "PC", "", "…", address, moment, moment)


@pytest.mark.parametrize(
    ("now", "promised", "cue"),
    [
        ("16/11/2026 09:00", "20/11/2026 17:30", Cue("calm", "due.left.days", 4)),
        ("16/11/2026 09:00", "17/11/2026 17:30", Cue("calm", "due.left.days", 1)),
        ("16/11/2026 17:30", "17/11/2026 17:30", Cue("soon", "due.left.days", 1)),
        ("17/11/2026 13:30", "17/11/2026 17:30", Cue("soon", "due.left.hours", 4)),
        ("17/11/2026 17:10", "17/11/2026 17:30", Cue("soon", "due.left.minutes", 20)),
        ("13/11/2026 17:00", "16/11/2026 10:00", Cue("soon", "due.left.hours", 2)),
        ("17/11/2026 18:00", "17/11/2026 17:30", Cue("late", "due.late.minutes", 0)),
        ("18/11/2026 11:00", "17/11/2026 17:30", Cue("late", "due.late.hours", 3)),
        ("20/11/2026 09:00", "17/11/2026 17:30", Cue("late", "due.late.days", 2)),
        ("25/11/2026 09:00", "23/11/2026 17:30", Cue("late", "due.late.hours", 1)),  # the 24th is a holiday
    ],
)
def test_a_cue_counts_working_time(now: str, promised: str, cue: Cue, library: Library) -> None:
    assert due.cue(case(promised), at(now), library.office.calendar) == cue


def test_a_case_that_is_done_says_whether_the_promise_was_kept(library: Library) -> None:
    calendar, open_case = library.office.calendar, case("17/11/2026 17:30")
    answered = replace(open_case, status=Status.ANSWERED, answered=open_case.due)
    late = replace(answered, answered=open_case.due + timedelta(minutes=1))
    assert due.cue(answered, at("30/11/2026 09:00"), calendar).level == "kept"
    assert due.cue(late, at("30/11/2026 09:00"), calendar).level == "missed"


@pytest.mark.parametrize(
    "now", ["16/11/2026 09:00", "13/11/2026 17:00", "23/11/2026 17:30", "15/02/2026 10:00"]
)
def test_the_filter_and_the_cue_agree_on_what_is_soon(now: str, library: Library) -> None:
    calendar, moment = library.office.calendar, at(now)
    edge = due.soon(moment, calendar)
    for minutes in (-600, -60, -1, 0, 1, 60, 600):
        promised = replace(case(now), due=edge + timedelta(minutes=minutes))
        if promised.due >= moment:
            assert (due.cue(promised, moment, calendar).level == "soon") is (promised.due < edge)
