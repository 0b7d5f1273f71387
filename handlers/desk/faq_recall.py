"""A correction of an answer for those who were given the old one: how many there are, what they will read."""

from aiohttp import web

from faq.entries import Entry
from handlers.actions import recalls
from handlers.actions.recalls import LONGEST_REASON, MOST_DAYS, Preview
from handlers.desk import faq
from handlers.desk.visit import Visit, go
from storage.received import WITHDRAWN
from storage.store import Tx

DAYS = 30


async def show(visit: Visit) -> web.Response:
    """Preview it; nothing is sent."""
    entry = faq.find(visit)
    return await _page(visit, entry, visit.request.query.get("days", str(DAYS)), faq.asked(visit, "reason"))


async def send(visit: Visit) -> web.Response:
    """Send what was on the page, unless the answer was changed meanwhile."""
    entry, form = faq.find(visit), visit.form
    days, reason = form.get("days", ""), form.get("reason", "")
    if _mistakes(days, reason):
        return await _page(visit, entry, days, reason)
    async with visit.desk.store.begin(visit.now) as tx:
        found = await _preview(tx, visit, entry, int(days), reason)
        if found.recall.version == form.get("version", "?"):
            recalls.order(tx, found.recall)
            return go(f"/desk/faq/{entry.id}/recall?done=recall")
    return await _page(visit, entry, days, reason, 409)


async def _page(visit: Visit, entry: Entry, days: str, reason: str, status: int = 200) -> web.Response:
    errors = _mistakes(days, reason)
    async with visit.desk.store.look(visit.now) as tx:
        number = int(days) if "days" not in errors else DAYS
        found = await _preview(tx, visit, entry, number, "" if "reason" in errors else reason)
        earlier = await tx.received.of_entries([entry.id])
    return visit.show(
        "faq_recall.html",
        422 if errors else status,
        entry=entry,
        preview=found,
        withdrawn=found.recall.version == WITHDRAWN,
        earlier=earlier,
        errors=errors,
        filled={"days": days, "reason": reason},
        changed=status == 409,
        done=visit.request.query.get("done", ""),
    )


async def _preview(tx: Tx, visit: Visit, entry: Entry, days: int, reason: str) -> Preview:
    library = visit.desk.library
    plan = await recalls.plan(tx, library, entry.id, days, reason, visit.officer.id)
    return await recalls.preview(tx, library, plan)


def _mistakes(days: str, reason: str) -> dict[str, str]:
    found = {}
    if not days.isdecimal() or len(days) > 3 or not 1 <= int(days) <= MOST_DAYS:
        found["days"] = "mistake.days"
    if len(reason) > LONGEST_REASON:
        found["reason"] = "mistake.reason.long"
    return found
