"""One case with everything that belongs to it, on one page."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from feedback import codes, custody
from feedback.cases import Case, Happening, Routed, Transferred
from handlers.actions import allowed
from handlers.desk import due, reach, reasons, timeline
from handlers.desk.visit import Visit
from handlers.names import Names
from handlers.office import Office
from storage.files import File
from storage.outbox import Item
from storage.store import Tx
from storage.talks import State


@dataclass(frozen=True, slots=True)
class Folder:
    """`version` is how much had happened: a form names the version that the officer saw.

    `talk` is where the conversation with the citizen stands.
    """

    case: Case
    happenings: list[Happening]
    files: list[File]
    sent: list[Item]
    talk: State
    now: datetime

    @property
    def version(self) -> int:
        return len(self.happenings)

    @property
    def reason(self) -> str:
        """Why this unit has the case."""
        routes = [each.event for each in self.happenings if isinstance(each.event, Routed | Transferred)]
        return routes[-1].reason if routes else ""

    def since(self, version: int) -> "Folder":
        return replace(self, happenings=self.happenings[version:])

    def allows(self, act: str) -> bool:
        return allowed.allows(self.case, act, self.now)


async def find(visit: Visit, tx: Tx) -> Case:
    """Raises HTTPNotFound, for a case of another unit as for none."""
    code = codes.read(visit.request.match_info["code"])
    case = await tx.cases.by_code(code) if code else None
    if case is None or not visit.sees(case):
        raise web.HTTPNotFound
    return case


async def take(visit: Visit, tx: Tx) -> Folder:
    case = await find(visit, tx)
    return Folder(
        case,
        await tx.cases.timeline(case),
        await tx.files.of_case(case.id),
        await tx.outbox.of_case(case.id),
        await tx.talks.find(case.address.lane),
        visit.now,
    )


async def show(visit: Visit) -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        folder = await take(visit, tx)
    return page(visit, folder, done=visit.request.query.get("done", ""))


def page(
    visit: Visit,
    folder: Folder,
    status: int = 200,
    *,
    done: str = "",
    errors: dict[str, str] | None = None,
    opened: str = "",
) -> web.Response:
    """Show the case; after a mistake with the form that was `opened`, as it was filled in."""
    return visit.show(
        "case.html", status, **values(visit, folder), done=done, errors=errors or {}, opened=opened
    )


def values(visit: Visit, folder: Folder) -> dict[str, Any]:
    office = visit.desk.library.office
    return {
        "case": folder.case,
        "folder": folder,
        "lines": timeline.lines(folder.happenings, folder.sent, Names(office)),
        "reasons": _reasons(office, folder),
        "custody": custody.shares(folder.happenings, folder.now, office.calendar),
        "late_with": custody.late_with(folder.happenings, folder.case.due, folder.now),
        "reach": reach.cue(folder.case, folder.talk, visit.desk.library.windows, visit.now),
        "cue": due.cue(folder.case, visit.now, office.calendar),
        "filled": visit.form,
        "version": visit.form.get("version", folder.version),
    }


def _reasons(office: Office, folder: Folder) -> list[str]:
    """Say why the promise is what it is; nothing if its kind has left the office's files."""
    kind = next((kind for kind in office.kinds if kind.code == folder.case.kind), None)
    if kind is None or kind.promise is None:
        return []
    return reasons.sentences(folder.case.received, kind.promise, office.calendar, folder.happenings)
