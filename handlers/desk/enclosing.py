"""Files that go along with the next answer of a case, and the page from which the citizen fetches them."""

import asyncio

from aiohttp import web

from feedback.attachments import UPLOADS, type_of
from feedback.messages import Attachment
from handlers.actions import enclosures
from handlers.actions.enclosures import LIFETIME, PATH, Enclosed
from handlers.desk import files, folder
from handlers.desk.folder import Folder
from handlers.desk.visit import Guest, Upload, Visit, go
from storage import ids
from storage.cleaning import NotCleaned, cleaned

MOST = 5  # files with one answer


async def attach(visit: Visit) -> web.Response:
    """Keep a file for the answer; nothing is sent yet."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    if wrong := _mistake(visit, found):
        return folder.page(visit, found, 422, errors={"file": wrong}, opened="answer")
    assert visit.upload  # noqa: S101 - otherwise it was a mistake
    mime = type_of(visit.upload.content) or ""
    try:
        content = await asyncio.to_thread(cleaned, visit.upload.content, mime, anonymous=False)
    except NotCleaned:
        return folder.page(visit, found, 422, errors={"file": "mistake.file.damaged"}, opened="answer")
    sha256 = await visit.desk.save_file(content)
    async with visit.desk.store.begin(visit.now) as tx:
        attachment = Attachment(sha256, visit.upload.name, mime, len(content))
        tx.files.add_own(found.case.id, attachment, visit.officer.id)
    return go(f"/desk/cases/{found.case.code}?done=attach")


async def detach(visit: Visit) -> web.Response:
    """Take back a file that has not been sent."""
    async with visit.desk.store.begin(visit.now) as tx:
        found = await folder.take(visit, tx)
        file = visit.form.get("file", "")
        if ids.known(file):
            await tx.files.remove_own(found.case.id, int(file))
    return go(f"/desk/cases/{found.case.code}?done=detach")


async def fetch(guest: Guest) -> web.Response:
    """Give the file to whoever has the link, as long as that lives and the file was sent."""
    desk = guest.desk
    asked = enclosures.read(desk.secret, guest.request.match_info["token"], guest.now)
    if asked is None:
        return guest.show("link_ended.html", status=404)
    async with desk.store.look(guest.now) as tx:
        file = await tx.files.by_id(asked)
        case = await tx.cases.by_id(file.case_id) if file else None
    if file is None or case is None or file.enclosed_at is None:
        return guest.show("link_ended.html", status=404)
    return await files.sent(desk, file, case)


def enclosed(visit: Visit, found: Folder) -> tuple[Enclosed, ...]:
    """Name what goes along with an answer that is sent now, each with its link."""
    expires, desk = visit.now + LIFETIME, visit.desk
    return tuple(
        Enclosed(
            files.name(file, found.case),
            f"{desk.address}{PATH}{enclosures.token(desk.secret, file.id, expires)}",
        )
        for file in found.pending
    )


def _mistake(visit: Visit, found: Folder) -> str:
    upload: Upload | None = visit.upload
    if not visit.desk.address or not found.allows("attach"):
        return "mistake.file.not_here"
    if upload is None:
        return "mistake.file.empty"
    if type_of(upload.content) not in UPLOADS:
        return "mistake.file.kind"
    return "mistake.file.many" if len(found.pending) >= MOST else ""
