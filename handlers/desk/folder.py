"""One case with everything that belongs to it, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from feedback import codes, custody
from feedback.cases import Case, Declined, Happening, Noted, Proposed, Returned, Routed, Transferred
from feedback.staff import Officer
from handlers.actions import allowed, approval, cards, identity, replies, similar
from handlers.desk import due, reach, reasons, timeline
from handlers.desk.visit import Visit
from handlers.library import Library
from handlers.names import Names
from handlers.office import Office
from storage.files import File
from storage.outbox import Item
from storage.replies import Reply
from storage.reveals import Reveal
from storage.store import Tx
from storage.talks import State

BESIDE = 5  # similar cases that are shown beside one


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
    reveals: list[Reveal]
    officer: Officer
    library: Library

    @property
    def version(self) -> int:
        return len(self.happenings)

    @property
    def received(self) -> list[File]:
        """What the citizen sent."""
        return [file for file in self.files if not file.officer]

    @property
    def pending(self) -> list[File]:
        """What goes along with the next answer."""
        return [file for file in self.files if file.officer and file.enclosed_at is None]

    @property
    def enclosed(self) -> list[File]:
        return [file for file in self.files if file.enclosed_at]

    @property
    def reason(self) -> str:
        """Why this unit has the case."""
        routes = [
            each.event for each in self.happenings if isinstance(each.event, Routed | Transferred | Returned)
        ]
        return routes[-1].reason if routes else ""

    def changed_after(self, reply: Reply) -> bool:
        """Whether more has happened than its writer can have known."""
        return any(each.at > reply.at and not isinstance(each.event, Noted) for each in self.happenings)

    def since(self, version: int) -> "Folder":
        return replace(self, happenings=self.happenings[version:])

    def allows(self, act: str) -> bool:
        """Whether the officer may do so; writing an answer may mean to propose it."""
        office = self.library.office
        if act == "answer":
            return allowed.answerable(office, self.case, self.now, self.officer)
        return allowed.allows(office, self.case, act, self.now, self.officer)

    @property
    def proposal(self) -> Proposed | None:
        """What waits for a second person."""
        return approval.proposal(self.case, self.happenings)

    @property
    def suggested(self) -> list[str]:
        return cards.suggested(self.library, self.case, self.happenings) if self.allows("transfer") else []

    @property
    def wandered(self) -> bool:
        return allowed.wandered(self.library.office, self.case)


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
        await tx.reveals.of_case(case.id),
        visit.officer,
        visit.desk.library,
    )


async def show(visit: Visit) -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        folder = await take(visit, tx)
        alike = await similar.to(tx, folder.case, BESIDE) if folder.case.open else []
    return page(visit, folder, done=visit.request.query.get("done", ""), alike=alike)


def page(
    visit: Visit,
    folder: Folder,
    status: int = 200,
    *,
    done: str = "",
    errors: dict[str, str] | None = None,
    opened: str = "",
    alike: Sequence[Case] = (),
) -> web.Response:
    """Show the case; after a mistake with the form that was `opened`, as it was filled in."""
    shown = {"done": done, "errors": errors or {}, "opened": opened, "alike": alike}
    return visit.show("case.html", status, **values(visit, folder), **shown)


def values(visit: Visit, folder: Folder) -> dict[str, Any]:
    office = visit.desk.library.office
    declined = approval.declined(folder.case, folder.happenings)
    return {
        "case": folder.case,
        "folder": folder,
        "lines": timeline.lines(folder.happenings, folder.sent, Names(office)),
        "reasons": _reasons(office, folder),
        "custody": custody.shares(folder.happenings, folder.now, office.calendar),
        "late_with": custody.late_with(folder.happenings, folder.case.due, folder.now),
        "reach": reach.cue(folder.case, folder.talk, visit.desk.library.windows, visit.now),
        "cue": due.cue(folder.case, visit.now, office.calendar),
        "may_ask_who": identity.may_ask(folder.case, folder.reveals, visit.officer),
        "may_see_who": identity.to_show(folder.reveals, visit.officer),
        "filled": visit.form or _again(declined),
        "proposal": folder.proposal,
        "declined": declined,
        "replies": replies.offered(visit.desk.library, folder.case),
        "attaches": bool(visit.desk.address) and folder.allows("attach"),
        "may_approve": allowed.may_approve(visit.officer, folder.case),
        "by_two": allowed.needs_second(office, folder.case),
        "version": visit.form.get("version", folder.version),
    }


def _again(declined: tuple[Proposed, Declined] | None) -> dict[str, str]:
    """What was declined stands in its form, to be written again."""
    if declined is None:
        return {}
    proposed, _ = declined
    if proposed.corrects:
        return {"corrected": proposed.text, "cause": proposed.corrects}
    return {"text": proposed.text}


def _reasons(office: Office, folder: Folder) -> list[str]:
    """Say why the promise is what it is; nothing if its kind has left the office's files."""
    kind = office.find_kind(folder.case.kind)
    if kind is None or kind.promise is None:
        return []
    return reasons.sentences(folder.case.received, kind.promise, office.calendar, folder.happenings)
