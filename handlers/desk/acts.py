"""What an officer does with a case: each form that a case page has."""

from collections.abc import Callable

from aiohttp import web

from feedback.cases import Case
from feedback.messages import fit
from handlers.actions import cases, terms
from handlers.desk import folder, forms
from handlers.desk.folder import Folder
from handlers.desk.visit import Visit, go
from handlers.names import Names
from storage.ids import known
from storage.store import Changed, Tx
from storage.tables import ReplyStatus


async def accept(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        cases.accept(tx, visit.desk.library, case, visit.officer)

    return await _act(visit, "accept", do)


async def preview(visit: Visit) -> web.Response:
    """Show what the citizen will read, before it is sent."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    if refusal := _refusal(visit, "answer", found):
        return refusal
    message = cases.answer_as_seen(visit.desk.library, found.case, visit.form["text"])
    pieces = fit(message, found.case.address.channel)
    return visit.show("preview.html", **folder.values(visit, found), pieces=pieces)


async def edit(visit: Visit) -> web.Response:
    """Go back from the preview to the form, with the text."""
    async with visit.desk.store.look(visit.now) as tx:
        found = await folder.take(visit, tx)
    return folder.page(visit, found, opened="answer")


async def answer(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        cases.answer(tx, visit.desk.library, case, visit.form["text"], visit.officer)
        if number := _reply(visit):
            tx.replies.move(number, case.id, ReplyStatus.SENT)

    return await _act(visit, "answer", do)


async def drop(visit: Visit) -> web.Response:
    """Take a draft that came by mail off the case's page."""
    async with visit.desk.store.begin(visit.now) as tx:
        case = await folder.find(visit, tx)
        if number := _reply(visit):
            tx.replies.move(number, case.id, ReplyStatus.DROPPED)
    return go(f"/desk/cases/{case.code}?done=drop")


def _reply(visit: Visit) -> int:
    """Return the number of the draft that the form began with; 0 if there was none."""
    written = visit.form.get("reply", "")
    return int(written) if known(written) else 0


async def note(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        cases.note(tx, case, visit.form["note"], visit.officer)

    return await _act(visit, "note", do)


async def transfer(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        unit, reason = visit.form["unit"], visit.form["reason"]
        cases.transfer(tx, visit.desk.library, case, unit, reason, visit.officer)

    return await _act(visit, "transfer", do)


async def ask(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        cases.ask(tx, visit.desk.library, case, visit.form["question"], visit.officer)

    return await _act(visit, "ask", do)


async def extend(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        due = terms.later(visit.desk.library.office, case, visit.form["day"])
        cases.extend(tx, visit.desk.library, case, due, visit.form["why"], visit.officer)

    return await _act(visit, "extend", do)


async def close(visit: Visit) -> web.Response:
    def do(tx: Tx, case: Case) -> None:
        cases.close(tx, visit.desk.library, case, visit.form["result"], visit.officer)

    return await _act(visit, "close", do)


async def _act(visit: Visit, act: str, do: Callable[[Tx, Case], None]) -> web.Response:
    try:
        async with visit.desk.store.begin(visit.now) as tx:
            found = await folder.take(visit, tx)
            if refusal := _refusal(visit, act, found):
                return refusal
            do(tx, found.case)
    except Changed:
        return await _lost(visit, act)
    visit.desk.wake()
    gone = act == "transfer" and visit.units is not None
    return go(f"/desk?done={act}" if gone else f"/desk/cases/{found.case.code}?done={act}")


def _refusal(visit: Visit, act: str, found: Folder) -> web.Response | None:
    """Refuse what was meant for another state of the case, then what is written wrongly.

    A note contradicts nothing, so it is kept whatever happened meanwhile.
    """
    stale = act != "note" and visit.form.get("version") != str(found.version)
    if stale or not found.allows(act):
        return _conflict(visit, act, found)
    names = Names(visit.desk.library.office)
    errors = forms.mistakes(act, visit.form, found.case, names)
    return folder.page(visit, found, 422, errors=errors, opened=act) if errors else None


async def _lost(visit: Visit, act: str) -> web.Response:
    """Somebody was faster, by less than this request took."""
    async with visit.desk.store.look(visit.now) as tx:
        return _conflict(visit, act, await folder.take(visit, tx))


def _conflict(visit: Visit, act: str, found: Folder) -> web.Response:
    """Show what happened since the form was opened; the next try is about the case as it is now."""
    seen = visit.form.get("version", "")
    news = found.since(int(seen) if seen.isdecimal() and len(seen) < 9 else 0)
    values = folder.values(visit, news) | {"version": found.version}
    return visit.show("conflict.html", 409, **values, act=act, errors={})
