"""The answers of the office: which there are, how each stands, and the switch."""

from aiohttp import web

from faq.entries import Entry
from feedback.vietnamese import fold, sound, tidy
from handlers.desk import faq_state
from handlers.desk.faq_state import Standing
from handlers.desk.templates import named
from handlers.desk.visit import Visit, go
from handlers.names import Names

LIMIT = 500
LIKELY = 0.2  # from here an entry is found by a question that is like it
ALL = "all"
FILTERS = (ALL, *reversed(Standing))
LONGEST_REASON = 500  # characters


async def show(visit: Visit) -> web.Response:
    """List the answers of the officer's unit, or of all; a query puts first what a citizen would get."""
    library, query = visit.desk.library, asked(visit)
    show = visit.request.query.get("show", ALL)
    chosen = show if show in FILTERS else ALL
    mine = [each for each in library.knowledge.entries.values() if sees(visit, each)]
    if exact := next((each for each in mine if each.id.lower() == query.lower()), None):
        return go(f"/desk/faq/{exact.id}")
    async with visit.desk.store.look(visit.now) as tx:
        off = await tx.questions.switched_off()
    rows = faq_state.rows(mine, library.office.today(visit.now), off)
    counts = faq_state.counts(rows)
    counts[ALL] = len(rows)
    found = [row for row in (_found(visit, rows, query) if query else rows) if chosen in (ALL, row.standing)]
    return visit.show(
        "faq.html",
        rows=found[:LIMIT],
        found=len(found),
        counts=counts,
        filters=FILTERS,
        chosen=chosen,
        query=query,
        shelf=visit.desk.shelf,
        total=len(library.knowledge.entries),
    )


def _found(visit: Visit, rows: list[faq_state.Row], query: str) -> list[faq_state.Row]:
    """Take what a question like this would find, then whatever has all of its words."""
    library = visit.desk.library
    likely = [match.entry.id for match in library.index.rank(query) if match.score >= LIKELY]
    place = {entry: number for number, entry in enumerate(likely)}
    words, names = fold(query).split(), Names(library.office)
    return sorted(
        (row for row in rows if row.entry.id in place or _says(row.entry, words, names)),
        key=lambda row: place.get(row.entry.id, len(place)),
    )


def _says(entry: Entry, words: list[str], names: Names) -> bool:
    texts = (entry.id, entry.unit, names.unit(entry.unit), *entry.wordings(), entry.answer)
    said = fold(" ".join(texts))
    return all(word in said for word in words)


async def entry(visit: Visit) -> web.Response:
    return await _page(visit, find(visit), done=visit.request.query.get("done", ""))


async def switch(visit: Visit) -> web.Response:
    """Stop an answer, or give it again: every process asks before it answers the next question."""
    found, off, reason = find(visit), visit.form.get("off") == "yes", visit.form.get("reason", "")
    if mistake := _mistake(reason, needed=off):
        return await _page(visit, found, 422, errors={"reason": mistake})
    async with visit.desk.store.begin(visit.now) as tx:
        tx.questions.switch(found.id, off=off, by=visit.officer.id, reason=reason)
    return go(f"/desk/faq/{found.id}?done={'off' if off else 'on'}")


def _mistake(reason: str, *, needed: bool) -> str:
    if needed and not reason:
        return "mistake.off_reason.empty"
    return "mistake.reason.long" if len(reason) > LONGEST_REASON else ""


async def _page(
    visit: Visit, found: Entry, status: int = 200, *, done: str = "", errors: dict[str, str] | None = None
) -> web.Response:
    library = visit.desk.library
    today = library.office.today(visit.now)
    async with visit.desk.store.look(visit.now) as tx:
        switches = await tx.questions.switches()
    off = {entry for entry, last in switches.items() if last.off}
    return visit.show(
        "faq_entry.html",
        status,
        entry=found,
        standing=faq_state.standing(found, today, off),
        switch=switches.get(found.id),
        sources=library.knowledge.sources(found),
        also_units="; ".join(map(Names(library.office).unit, found.also_units)),
        topic=library.office.topic(found.topic).name,
        audience=", ".join(named("sender", who) for who in found.audience),
        changes=library.knowledge.changes_soon(found, today),
        errors=errors or {},
        filled=visit.form,
        done=done,
    )


def asked(visit: Visit, name: str = "q") -> str:
    return tidy(sound(visit.request.query.get(name, "")))


def find(visit: Visit) -> Entry:
    """Raises HTTPNotFound, for an entry of another unit as for none."""
    found = visit.desk.library.knowledge.entries.get(visit.request.match_info["entry"])
    if found is None or not sees(visit, found):
        raise web.HTTPNotFound
    return found


def sees(visit: Visit, entry: Entry) -> bool:
    """Officers of a unit look after its answers; routers and leaders see them all."""
    return not visit.officer.of_unit or visit.officer.unit in (entry.unit, *entry.also_units)
