"""The case: what each state allows, and that nothing else changes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.cases import (
    Accepted,
    Added,
    Answered,
    Asked,
    Case,
    Closed,
    Commented,
    DeliveryUncertain,
    Event,
    Extended,
    Informed,
    NotAllowed,
    Noted,
    Rated,
    Status,
    Transferred,
    Undeliverable,
    WentOverdue,
    apply,
    from_data,
    to_data,
)
from feedback.messages import Address

LATER = "2026-11-24T10:30:00+00:00"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROUTED = Case(
    1, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "…", Address("web", "main", "lan"), NOW, NOW
)
ACCEPTED = replace(ROUTED, status=Status.ACCEPTED, officer="an")
ANSWERED = replace(ACCEPTED, status=Status.ANSWERED, answered=NOW)
CLOSED = replace(ANSWERED, status=Status.CLOSED, closed=NOW)

EVENTS: dict[str, Event] = {
    "accept": Accepted("an"),
    "note": Noted("x"),
    "ask": Asked("x"),
    "add": Added("x"),
    "inform": Informed("R-01", "x"),
    "answer": Answered("x"),
    "transfer": Transferred("CCVC", "x"),
    "extend": Extended(LATER, "x"),
    "close": Closed("x"),
    "rate": Rated(4),
    "comment": Commented("x"),
    "overdue": WentOverdue("x"),
    "uncertain": DeliveryUncertain(resent=True),
    "undeliverable": Undeliverable("x"),
}
ALLOWED = {
    Status.ROUTED: {"accept", "note", "add", "inform", "answer", "transfer", "extend", "close", "overdue"},
    Status.ACCEPTED: {"note", "ask", "add", "inform", "answer", "transfer", "extend", "close", "overdue"},
    Status.ANSWERED: {"note", "add", "inform", "answer", "close", "rate"},
    Status.CLOSED: {"note", "rate"},
}
ALWAYS = {"uncertain", "undeliverable"}


@pytest.mark.parametrize(
    ("case", "name"), list(product([ROUTED, ACCEPTED, ANSWERED, CLOSED], EVENTS)), ids=str
)
def test_each_state_allows_just_what_the_table_says(case: Case, name: str) -> None:
    if name in ALLOWED[case.status] | ALWAYS:
        apply(case, EVENTS[name], NOW)
    else:
        with pytest.raises(NotAllowed):
            apply(case, EVENTS[name], NOW)


def test_the_first_answer_counts_for_the_time_and_the_transfer_frees_the_officer() -> None:
    later = NOW + timedelta(days=1)
    assert apply(ACCEPTED, Answered("x"), NOW).answered == NOW
    assert apply(ANSWERED, Answered("y"), later).answered == NOW
    moved = apply(ACCEPTED, Transferred("CCVC", "x"), NOW)
    assert (moved.status, moved.unit, moved.officer) == (Status.ROUTED, "CCVC", "")


def test_a_promise_moves_to_later_dates_only_and_only_before_it_has_passed() -> None:
    later = apply(ACCEPTED, Extended(LATER, "x"), NOW)
    assert later.due == datetime.fromisoformat(LATER)
    assert (later.status, later.version) == (Status.ACCEPTED, 1)
    for due in (NOW, later.due):
        with pytest.raises(NotAllowed):
            apply(later, Extended(due.isoformat(), "x"), NOW)
    with pytest.raises(NotAllowed):
        apply(ACCEPTED, Extended(LATER, "x"), NOW + timedelta(seconds=1))


def test_there_is_one_rating_of_one_to_five() -> None:
    rated = apply(ANSWERED, Rated(5), NOW)
    assert rated.stars == 5
    assert apply(rated, Commented("x"), NOW) is rated
    for wrong in (Rated(1), Rated(0), Rated(6)):
        with pytest.raises(NotAllowed):
            apply(rated if wrong.stars == 1 else ANSWERED, wrong, NOW)


def test_a_case_goes_overdue_once() -> None:
    late = apply(ROUTED, WentOverdue("x"), NOW)
    with pytest.raises(NotAllowed):
        apply(late, WentOverdue("x"), NOW)


def test_the_version_counts_changes_and_not_notes() -> None:
    assert apply(ROUTED, Accepted("an"), NOW).version == 1
    assert apply(ROUTED, Noted("x"), NOW).version == 0


@given(st.lists(st.sampled_from(sorted(EVENTS)), max_size=30))
def test_whatever_happens_the_case_stays_sound(names: list[str]) -> None:
    case = ROUTED
    for name in names:
        try:
            after = apply(case, EVENTS[name], NOW)
        except NotAllowed:
            continue
        assert case.status is not Status.CLOSED or after.status is Status.CLOSED
        assert after.status is not Status.ANSWERED or after.answered
        assert (after.id, after.code, after.text, after.received) == (1, ROUTED.code, ROUTED.text, NOW)
        case = after


@pytest.mark.parametrize("event", EVENTS.values(), ids=str)
def test_an_event_survives_storage(event: Event) -> None:
    name, data = to_data(event)
    assert from_data(name, data | {"a key of a later version": 1}) == event
