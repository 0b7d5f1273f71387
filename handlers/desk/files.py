"""What a citizen sent along, for the officers of the case's unit."""

import mimetypes
import re
from urllib.parse import quote

from aiohttp import web

from feedback.cases import Case
from handlers.desk.desk import Desk
from handlers.desk.visit import Visit
from storage import ids
from storage.files import File

SHOWN_AS_THEY_ARE = ("image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf")
UNSAFE = re.compile(r'[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+')


async def download(visit: Visit) -> web.Response:
    asked = visit.request.match_info["id"]
    if not ids.known(asked):
        raise web.HTTPNotFound
    async with visit.desk.store.look(visit.now) as tx:
        file = await tx.files.by_id(int(asked))
        case = await tx.cases.by_id(file.case_id) if file else None
    if file is None or case is None or not visit.sees(case) or not file.sha256:
        raise web.HTTPNotFound
    return await sent(visit.desk, file, case)


async def sent(desk: Desk, file: File, case: Case) -> web.Response:
    """Send a file to be kept, not to be shown. Raises HTTPNotFound if its bytes are gone."""
    try:
        content = await desk.read_file(file.sha256)
    except FileNotFoundError:
        raise web.HTTPNotFound from None
    mime = file.attachment.mime
    return web.Response(
        body=content,
        content_type=mime if mime in SHOWN_AS_THEY_ARE else "application/octet-stream",
        headers={"Content-Disposition": _attachment(name(file, case))},
    )


def name(file: File, case: Case) -> str:
    """Return its sender's name for it, without what an operating system takes for more than a name.

    A name that an anonymous person gave may be theirs.
    """
    may_tell = not case.anonymous or bool(file.officer)
    given = UNSAFE.sub("_", file.attachment.name).strip(" .")[-120:]
    return (
        may_tell and given
    ) or f"{case.code}-{file.id}{mimetypes.guess_extension(file.attachment.mime) or ''}"


def _attachment(name: str) -> str:
    """Write the header of RFC 6266, with the whole name as RFC 5987 has it."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
