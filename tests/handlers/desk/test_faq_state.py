"""How an entry stands today is what citizens get of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from faq.entries import Confidence, Entry, Verified
from handlers.desk.faq_state import Standing, standing

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
PLAIN = Entry("X-01", "bau-cu", "Hỏi gì?", "Trả lời.", "VP", Confidence.CHECKED)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, Standing.USED),
        ({"enabled": False}, Standing.OFF),
        ({"id": "X-OFF"}, Standing.OFF),
        ({"verify_before_use": True}, Standing.WAITING),
        ({"verify_before_use": True, "verified": Verified("Nguyễn Văn Mẫu", TODAY)}, Standing.USED),
        ({"valid_to": TODAY - DAY}, Standing.PAST),
        ({"valid_to": TODAY}, Standing.USED),
        ({"valid_from": TODAY + DAY}, Standing.FUTURE),
        ({"valid_from": TODAY}, Standing.USED),
        ({"review_by": TODAY - DAY}, Standing.LATE),
        ({"review_by": TODAY}, Standing.USED),
        ({"review_by": TODAY - DAY, "valid_to": TODAY - DAY, "enabled": False}, Standing.OFF),
    ],
)
def test_an_entry_stands_as_citizens_get_it(change: dict[str, object], wanted: Standing) -> None:
    entry = replace(PLAIN, **change)  # type: ignore[arg-type]
    assert standing(entry, TODAY, {"X-OFF"}) is wanted
    assert entry.id == "X-OFF" or entry.usable(TODAY) is (wanted in (Standing.USED, Standing.LATE))
