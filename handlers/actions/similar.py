"""Open cases of one unit that say nearly the same, and one answer to several of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from faq.similar import similar
from feedback.cases import OPEN, Case
from feedback.staff import Officer
from handlers.actions import approval, cases
from handlers.actions.allowed import allows, way
from handlers.library import Library
from storage.store import Changed, Store, Tx

LOOKED_AT = 300  # open cases of the unit, the earliest due first
CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Together:
    """One answer to several cases of a unit: `chosen` are their codes, with how much had happened to each."""

    unit: str
    chosen: Mapping[str, int]
    text: str
    officer: Officer
    overridden: str = ""


async def to(tx: Tx, case: Case, most: int) -> list[Case]:
    """Return the open cases of its unit that are most like this one."""
    open_ = await tx.cases.work_list([case.unit], OPEN, limit=LOOKED_AT)
    others = [each for each in open_ if each.id != case.id]
    near = await asyncio.to_thread(similar, case.text, [each.text for each in others])
    return [others[number] for number in near[:most]]


async def answer(store: Store, now: datetime, library: Library, what: Together) -> dict[str, str]:
    """Answer each by itself, or propose so; say for each code what was done: answer, propose or changed.

    A case that is not any more as it was when it was chosen is left alone.
    """
    return {code: await _one(store, now, library, what, code) for code in what.chosen}


async def _one(store: Store, now: datetime, library: Library, what: Together, code: str) -> str:
    try:
        async with store.begin(now) as tx:
            case = await tx.cases.by_code(code)
            if case is None or case.unit != what.unit:
                return CHANGED
            act = way(library.office, case, "answer")
            known = len(await tx.cases.timeline(case)) == what.chosen[code]
            if not (known and case.open and allows(library.office, case, act, now)):
                return CHANGED
            if act == "propose":
                approval.propose(tx, case, what.text, what.officer)
            else:
                cases.answer(tx, library, case, what.text, what.officer, what.overridden)
    except Changed:
        return CHANGED
    return act
