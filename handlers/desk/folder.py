"""One case with everything that belongs to it, on one page."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from feedback import codes
from feedback.cases import Case, Happening, Noted, Routed, Transferred
from handlers.actions import allowed
from handlers.desk import due, reach, timeline
from handlers.desk.visit import Visit
from handlers.names import Names
from storage.files import File
from storage.outbox import Item
from storage.replies import Reply
from storage.store import Tx
from storage.talks import State


@dataclass(frozen=True, slots=True)
class Folder:
    """`version` is how much had happened: a form names the version that the officer saw.

    `talk` is where the conversation with the citizen stands, `replies` what came by mail and waits.
    """

    case: Case
    happenings: list[Happening]
    files: list[File]
    sent: list[Item]
    talk: State
    replies: list[Reply]
    now: datetime

    @property
    def version(self) -> int:
        return len(self.happenings)

    @property
    def reason(self) -> str:
        """Why this unit has the case."""
        routes = [each.event for each in self.happenings if isinstance(each.event, Routed | Transferred)]
        return routes[-1].reason if routes else ""

    def changed_after(self, reply: Reply) -> bool:
        """Whether more has happened than its writer can have known."""
        return any(each.at > reply.at and not isinstance(each.event, Noted) for each in self.happenings)

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
        await tx.replies.waiting(case.id),
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
        "reach": reach.cue(folder.case, folder.talk, visit.desk.library.windows, visit.now),
        "cue": due.cue(folder.case, visit.now, office.calendar),
        "filled": visit.form,
        "version": visit.form.get("version", folder.version),
    }
