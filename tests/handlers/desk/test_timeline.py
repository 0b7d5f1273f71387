"""What the timeline says of a message to the citizen."""

from datetime import UTC, datetime

import pytest

from feedback.messages import Address, Outgoing
from handlers.desk.timeline import delivery
from storage.outbox import Item
from storage.tables import OutboxStatus

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def item(status: OutboxStatus, *, maybe_twice: bool = False) -> Item:
    return Item(1, Address("web", "main", "lan"), Outgoing("…"), 1, NOW, 0, status, maybe_twice)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        ([(OutboxStatus.SENT, False)], "sent"),
        ([(OutboxStatus.SENT, False), (OutboxStatus.DUE, False)], "waiting"),
        ([(OutboxStatus.ON_THE_WIRE, False)], "waiting"),
        ([(OutboxStatus.UNKNOWN, False)], "unsure"),
        ([(OutboxStatus.SENT, True)], "unsure"),
        ([(OutboxStatus.SENT, False), (OutboxStatus.DEAD, False)], "failed"),
    ],
)
def test_a_message_is_as_good_as_its_worst_piece(items: list[tuple[OutboxStatus, bool]], said: str) -> None:
    assert delivery([item(status, maybe_twice=twice) for status, twice in items]) == said
