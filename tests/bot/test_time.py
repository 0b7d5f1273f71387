"""The one place that knows what time it is."""

from datetime import UTC, datetime, timedelta

from bot.service import Time


def test_time_that_is_let_pass_stays_passed() -> None:
    time = Time()
    before = time()
    time.later(timedelta(days=8))
    time.later(timedelta(hours=1))
    assert time() >= before + timedelta(days=8, hours=1)
    assert before.tzinfo is UTC
    assert before > datetime(2026, 1, 1, tzinfo=UTC)
