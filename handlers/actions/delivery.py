"""What became of a message to a citizen is part of their case's timeline."""

from feedback.cases import SYSTEM, DeliveryUncertain, Event, Held, Undeliverable
from handlers.actions import cases
from storage.outbox import Item
from storage.store import Tx


async def uncertain(tx: Tx, item: Item, *, resent: bool) -> None:
    await _remember(tx, item, DeliveryUncertain(resent))


async def undeliverable(tx: Tx, item: Item, reason: str) -> None:
    await _remember(tx, item, Undeliverable(reason))


async def held(tx: Tx, item: Item) -> None:
    """It waits in the case; the unit sees so, and that it leaves by itself when the citizen writes again."""
    await _remember(tx, item, Held())


async def _remember(tx: Tx, item: Item, event: Event) -> None:
    case = await tx.cases.by_id(item.case_id) if item.case_id else None
    if case is not None:
        cases.record(tx, case, event, SYSTEM)
