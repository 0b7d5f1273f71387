"""The first page: which cases there are, the most urgent first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from feedback import codes
from feedback.cases import OPEN, RUNNING, Case, Status
from feedback.vietnamese import fold, sound, tidy
from handlers.desk import due
from handlers.desk.due import Cue
from handlers.desk.visit import Visit, go
from storage.accounts import Alarm, Quota
from storage.cases import MOST
from storage.reminders import Silence
from storage.store import Tx

LIMIT = 200
REMINDED = 20
REPORTED = 2  # the stage at which those who route learn that a unit shows no life
ALL, LATE, SOON, LOW = "all", "overdue", "soon", "low"
PENDING = ("proposed", "declined")  # answers that a second person is to approve, or did not
FILTERS: dict[str, Collection[Status]] = {
    ALL: OPEN,
    LATE: RUNNING,
    SOON: RUNNING,
    Status.ROUTED: (Status.ROUTED,),
    Status.ACCEPTED: (Status.ACCEPTED,),
    Status.WAITING: (Status.WAITING,),
    **dict.fromkeys(PENDING, ()),
    Status.ANSWERED: (Status.ANSWERED,),
    LOW: (Status.ANSWERED, Status.CLOSED),
    Status.CLOSED: (Status.CLOSED,),
}


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    cue: Cue


async def show(visit: Visit) -> web.Response:
    asked, query = visit.request.query.get("show", ALL), tidy(sound(visit.request.query.get("q", "")))
    chosen = asked if asked in FILTERS else ALL
    soon = due.soon(visit.now, visit.desk.library.office.calendar)
    async with visit.desk.store.look(visit.now) as tx:
        if case := await _by_code(visit, tx, query):
            return go(f"/desk/cases/{case.code}")
        counts = await tx.cases.counts(visit.units, soon)
        cases = await _cases(visit, tx, chosen, soon)
        alarms, quotas = await _accounts(visit, tx)
        reminded = await _reminded(visit, tx)
        silent = await _silent(visit, tx)
        groups_wrong = await tx.groups.wrong() if visit.units is None else 0
    return visit.show(
        "list.html",
        rows=_rows(visit, [case for case in cases if _says(case, query)]),
        counts=counts,
        most=MOST,
        filters=[each for each in FILTERS if each not in PENDING or counts[each] or each == chosen],
        chosen=chosen,
        query=query,
        limit=LIMIT if len(cases) == LIMIT else 0,
        groups_wrong=groups_wrong,
        reminded=reminded,
        silent=silent,
        done=visit.request.query.get("done", ""),
        alarms=alarms,
        quotas=quotas,
    )


async def _reminded(visit: Visit, tx: Tx) -> list[Row]:
    """Return what the officer was reminded of and can still see, the latest first."""
    reminders = await tx.reminders.of(visit.officer.id, REMINDED)
    found = {case.id: case for case in await tx.cases.by_ids([each.case_id for each in reminders])}
    mine = [found[each.case_id] for each in reminders]
    return _rows(visit, [case for case in mine if case.open and visit.sees(case)])


async def _silent(visit: Visit, tx: Tx) -> list[Silence]:
    """Return the units that were asked in vain, for those who see all units."""
    if visit.units is not None:
        return []
    return [each for each in (await tx.reminders.silences()).values() if each.stage >= REPORTED]


async def _accounts(visit: Visit, tx: Tx) -> tuple[list[Alarm], list[Quota]]:
    """How the channels are is shown to those who see all units."""
    if visit.units is not None:
        return [], []
    return await tx.accounts.alarms(), await tx.accounts.quotas()


async def _by_code(visit: Visit, tx: Tx, query: str) -> Case | None:
    code = codes.read(query)
    case = await tx.cases.by_code(code) if code else None
    return case if case and visit.sees(case) else None


async def _cases(visit: Visit, tx: Tx, chosen: str, soon: datetime) -> list[Case]:
    if chosen == LOW:
        return await tx.cases.low_list(visit.units, LIMIT)
    if chosen in (Status.ANSWERED, Status.CLOSED):
        return await tx.cases.done_list(visit.units, Status(chosen), LIMIT)
    if chosen in PENDING:
        return await tx.cases.pending_list(visit.units, chosen, LIMIT)
    after = visit.now if chosen == SOON else None
    before = {LATE: visit.now, SOON: soon}.get(chosen)
    return await tx.cases.work_list(visit.units, FILTERS[chosen], after=after, before=before, limit=LIMIT)


def _rows(visit: Visit, cases: list[Case]) -> list[Row]:
    calendar = visit.desk.library.office.calendar
    return [Row(case, due.cue(case, visit.now, calendar)) for case in cases]


def _says(case: Case, query: str) -> bool:
    return fold(query) in fold(f"{case.code} {case.text} {case.place}")
