"""The office's saved replies, as they read for one case."""

from feedback import replies
from feedback.cases import Case
from feedback.replies import CODE, DUE, KIND, UNIT, Reply
from handlers.library import Library
from handlers.names import Names


def offered(library: Library, case: Case) -> list[Reply]:
    return replies.fitting(library.office.replies, case.unit, case.kind)


def filled(library: Library, case: Case, name: str) -> str:
    """Return the words of a reply; empty if it is not offered."""
    reply = next((reply for reply in offered(library, case) if reply.name == name), None)
    if reply is None:
        return ""
    names = Names(library.office)
    values = {
        CODE: case.code,
        DUE: library.phrases.day("vi", case.due),
        UNIT: names.unit(case.unit),
        KIND: names.kind(case.kind).lower(),
    }
    return replies.filled(reply, values)
