"""A form with one file, read piece by piece and no further than the file may be long."""

from dataclasses import replace

from aiohttp import BodyPartReader, web

from feedback.attachments import LARGEST_UPLOAD
from feedback.vietnamese import tidy
from handlers.desk.visit import Upload, Visit

LONGEST_FIELD = 64 * 1024  # bytes
MOST_PARTS = 10


async def read(visit: Visit) -> Visit:
    """Return the visit with its form and its file. Raises HTTPRequestEntityTooLarge, HTTPBadRequest."""
    if visit.request.content_type != "multipart/form-data":
        return visit
    form, upload = dict(visit.form), None
    try:
        reader = await visit.request.multipart()
        for _ in range(MOST_PARTS):
            part = await reader.next()
            if part is None:
                break
            if not isinstance(part, BodyPartReader):
                raise web.HTTPBadRequest
            if part.filename is None:
                form[part.name or ""] = tidy((await _bytes(part, LONGEST_FIELD)).decode("utf-8", "replace"))
            else:
                upload = Upload(tidy(part.filename), await _bytes(part, LARGEST_UPLOAD))
    except ValueError:
        raise web.HTTPBadRequest from None
    return replace(visit, form=form, upload=upload if upload and upload.content else None)


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(content))
    return bytes(content)
