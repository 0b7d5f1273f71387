"""The case: what each state allows, and that nothing else changes it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.cases import (
    MOST_REOPENED,
    Accepted,
    Added,
    Answered,
    Asked,
    Case,
    Closed,
    Commented,
    Corrected,
    Declined,
    DeliveryUncertain,
    Erased,
    Event,
    Extended,
    Informed,
    NotAllowed,
    Noted,
    Proposed,
    Rated,
    Reminded,
    Reopened,
    Rescheduled,
    Resumed,
    Returned,
    Routed,
    Status,
    Surveyed,
    TakenBack,
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
WAITING = replace(ACCEPTED, status=Status.WAITING, paused=NOW)
PROPOSED = replace(ACCEPTED, proposed_by="an")
ANSWERED = replace(ACCEPTED, status=Status.ANSWERED, answered=NOW)
CLOSED = replace(ANSWERED, status=Status.CLOSED, closed=NOW)

EVENTS: dict[str, Event] = {
    "accept": Accepted("an"),
    "note": Noted("x"),
    "ask": Asked("x"),
    "resume": Resumed(LATER, "x"),
    "add": Added("x"),
    "inform": Informed("R-01", "x"),
    "propose": Proposed("x", "an"),
    "propose a correction": Proposed("x", "an", "y"),
    "decline": Declined("x", "an"),
    "answer": Answered("x"),
    "correct": Corrected("x", "y"),
    "transfer": Transferred("CCVC", "x"),
    "return": Returned("VP", "x"),
    "extend": Extended(LATER, "x"),
    "reschedule": Rescheduled(LATER, "x"),
    "remind": Reminded(50, "an"),
    "close": Closed("x"),
    "take back": TakenBack("x"),
    "reopen": Reopened(LATER, "x"),
    "rate": Rated(4),
    "comment": Commented("x"),
    "survey": Surveyed("staff", 4),
    "overdue": WentOverdue("x"),
    "uncertain": DeliveryUncertain(resent=True),
    "undeliverable": Undeliverable("x"),
    "erase": Erased(),
}
CASES = {
    "routed": ROUTED,
    "accepted": ACCEPTED,
    "proposed": PROPOSED,
    "waiting": WAITING,
    "answered": ANSWERED,
    "closed": CLOSED,
}
EVERYWHERE = {"note", "uncertain", "undeliverable", "erase"}
BEFORE_CLOSED = {"add", "inform", "answer", "close"}
HELD = {"transfer", "return", "reschedule", "take back"}
RUNNING = {"extend", "remind", "overdue"}
ALLOWED = {
    "routed": BEFORE_CLOSED | HELD | RUNNING | {"accept", "propose"},
    "accepted": BEFORE_CLOSED | HELD | RUNNING | {"ask", "propose"},
    "proposed": BEFORE_CLOSED | HELD | RUNNING | {"ask", "decline"},
    "waiting": BEFORE_CLOSED | HELD | {"ask", "resume", "propose"},
    "answered": BEFORE_CLOSED | {"propose", "propose a correction", "correct", "rate", "reopen"},
    "closed": {"propose a correction", "correct", "rate", "reopen"},
}


@pytest.mark.parametrize(("state", "name"), list(product(CASES, EVENTS)))
def test_each_state_allows_just_what_the_table_says(state: str, name: str) -> None:
    case = CASES[state]
    if name in ALLOWED[state] | EVERYWHERE:
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


def test_what_was_proposed_is_settled_by_an_answer_and_written_again_when_declined() -> None:
    proposed = apply(ACCEPTED, Proposed("x", "an"), NOW)
    assert (proposed.proposed_by, proposed.declined_to) == ("an", "")
    declined = apply(proposed, Declined("y", "an"), NOW)
    assert (declined.proposed_by, declined.declined_to) == ("", "an")
    assert apply(declined, Proposed("z", "an"), NOW).declined_to == ""
    for event in (Answered("x", "an"), Transferred("CCVC", "x"), Closed("x")):
        for case in (proposed, declined):
            after = apply(case, event, NOW)
            assert (after.proposed_by, after.declined_to) == ("", "")


def test_two_corrections_at_once_are_two_changes() -> None:
    assert apply(CLOSED, Corrected("x", "y"), NOW).version == CLOSED.version + 1


def test_a_promise_moves_to_later_dates_only_and_only_before_it_has_passed() -> None:
    later = apply(ACCEPTED, Extended(LATER, "x"), NOW)
    assert later.due == datetime.fromisoformat(LATER)
    assert (later.status, later.version) == (Status.ACCEPTED, 1)
    for due in (NOW, later.due):
        with pytest.raises(NotAllowed):
            apply(later, Extended(due.isoformat(), "x"), NOW)
    with pytest.raises(NotAllowed):
        apply(ACCEPTED, Extended(LATER, "x"), NOW + timedelta(seconds=1))


def test_the_clock_stands_while_the_citizen_is_asked_and_runs_on_to_a_new_promise() -> None:
    waiting = apply(ACCEPTED, Asked("x"), NOW)
    assert (waiting.status, waiting.paused) == (Status.WAITING, NOW)
    again = apply(waiting, Resumed(LATER, ""), NOW)
    assert (again.status, again.paused, again.due) == (Status.ACCEPTED, None, datetime.fromisoformat(LATER))


def test_a_reopened_case_begins_again_with_a_new_promise_and_may_be_rated_again() -> None:
    case = replace(ANSWERED, overdue=True, stars=1, transfers=3)
    again = apply(case, Reopened(LATER, "x"), NOW)
    assert (again.status, again.officer, again.overdue) == (Status.ROUTED, "", False)
    assert (again.answered, again.stars, again.transfers, again.reopened) == (None, None, 0, 1)
    with pytest.raises(NotAllowed):
        apply(replace(ANSWERED, reopened=MOST_REOPENED), Reopened(LATER, "x"), NOW)


def test_a_case_is_overdue_no_longer_when_its_promise_moves_past_now() -> None:
    late = replace(ACCEPTED, overdue=True)
    assert not apply(late, Rescheduled(LATER, "x"), NOW).overdue
    assert apply(late, Rescheduled((NOW - timedelta(days=1)).isoformat(), "x"), NOW).overdue


def test_there_is_one_rating_of_one_to_five() -> None:
    rated = apply(ANSWERED, Rated(5), NOW)
    assert rated.stars == 5
    assert apply(rated, Commented("x"), NOW) is rated
    for wrong in (Rated(1), Rated(0), Rated(6)):
        with pytest.raises(NotAllowed):
            apply(rated if wrong.stars == 1 else ANSWERED, wrong, NOW)


def test_factors_are_asked_after_the_rating_only() -> None:
    rated = apply(ANSWERED, Rated(2), NOW)
    assert apply(rated, Surveyed("staff", 4), NOW) is rated
    for case, wrong in (
        (ANSWERED, Surveyed("staff", 4)),
        (rated, Surveyed("weather", 4)),
        (rated, Surveyed("staff", 6)),
    ):
        with pytest.raises(NotAllowed):
            apply(case, wrong, NOW)


def test_what_was_likely_survives_storage_as_it_was() -> None:
    routed = Routed("VP", "", "x", 0.4, ("CCVC", "VL"))
    name, data = to_data(routed)
    assert from_data(name, json.loads(json.dumps(data))) == routed
    assert from_data("Routed", {"unit": "VP", "topic": "", "reason": "x"}) == Routed("VP", "", "x")


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
        assert case.status is not Status.CLOSED or after.status is Status.CLOSED or name == "reopen"
        assert after.status is not Status.ANSWERED or after.answered
        assert (after.status is Status.WAITING) == (after.paused is not None)
        assert not (after.proposed_by and after.declined_to)
        assert after.reopened <= MOST_REOPENED
        assert (after.id, after.code, after.text, after.received) == (1, ROUTED.code, ROUTED.text, NOW)
        case = after


@pytest.mark.parametrize("event", EVENTS.values(), ids=str)
def test_an_event_survives_storage(event: Event) -> None:
    name, data = to_data(event)
    assert from_data(name, data | {"a key of a later version": 1}) == event
