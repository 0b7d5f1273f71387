"""A promise that was not kept is written into the case, once."""

from feedback.cases import SYSTEM, WentOverdue
from handlers.actions import cases, letters
from handlers.library import Library
from storage.store import Tx


async def mark_overdue(tx: Tx, library: Library) -> None:
    for case in await tx.cases.newly_overdue():
        after = cases.record(tx, case, WentOverdue(case.due.isoformat()), SYSTEM)
        letters.tell_unit(tx, library, after, "overdue")
