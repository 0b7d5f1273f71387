"""Asking who sent an anonymous case, deciding on it, and seeing it once."""

from aiohttp import web

from handlers.actions import identity
from handlers.desk import folder, forms
from handlers.desk.visit import Visit, go
from handlers.names import Names
from storage.ids import known
from storage.reveals import Reveal
from storage.store import Changed, Tx

PAGE = "/desk/identity"


async def ask(visit: Visit) -> web.Response:
    async with visit.desk.store.begin(visit.now) as tx:
        found = await folder.take(visit, tx)
        errors = forms.mistakes("identity", visit.form, found.case, Names(visit.desk.library.office))
        if errors:
            return folder.page(visit, found, 422, errors=errors, opened="identity")
        if identity.may_ask(found.case, found.reveals, visit.officer):
            tx.reveals.ask(found.case.id, visit.officer.id, visit.form["need"])
    return go(f"/desk/cases/{found.case.code}?done=identity")


async def show(visit: Visit) -> web.Response:
    """Show what leads to the sender, to who asked, this once."""
    try:
        async with visit.desk.store.begin(visit.now) as tx:
            found = await folder.take(visit, tx)
            reveal = identity.to_show(found.reveals, visit.officer)
            if reveal is None:
                return go(f"/desk/cases/{found.case.code}")
            identity.show(tx, visit.desk.library, found.case, reveal)
    except Changed:
        return go(f"/desk/cases/{found.case.code}")
    visit.desk.wake()
    return visit.show("identity_shown.html", case=found.case, reveal=reveal)


async def waiting(visit: Visit) -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        asked = [(each, await tx.cases.by_id(each.case_id)) for each in await tx.reveals.waiting()]
    rows = [(each, case, identity.may_decide(each, visit.officer)) for each, case in asked if case]
    return visit.show("identity.html", rows=rows, done=visit.request.query.get("done", ""))


async def approve(visit: Visit) -> web.Response:
    return await _decide(visit, approved=True)


async def decline(visit: Visit) -> web.Response:
    return await _decide(visit, approved=False)


async def _decide(visit: Visit, *, approved: bool) -> web.Response:
    try:
        async with visit.desk.store.begin(visit.now) as tx:
            tx.reveals.decide(await _mine(visit, tx), visit.officer.id, approved=approved)
    except Changed:
        return go(PAGE)
    return go(f"{PAGE}?done={'approved' if approved else 'declined'}")


async def _mine(visit: Visit, tx: Tx) -> Reveal:
    """Raises HTTPNotFound for what is not there, is decided, or is the officer's own question."""
    number = visit.form.get("reveal", "")
    reveal = await tx.reveals.by_id(int(number)) if known(number) else None
    if reveal is None or not identity.may_decide(reveal, visit.officer):
        raise web.HTTPNotFound
    return reveal
