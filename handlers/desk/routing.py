"""What officers passed on, for those who write the rules."""

from aiohttp import web

from handlers.actions import proposals
from handlers.desk.visit import Visit


async def show(visit: Visit) -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        moved = await tx.cases.moved(visit.now - proposals.PERIOD)
    found = proposals.proposals(moved, visit.desk.library.office)
    return visit.show("routing.html", proposals=found, days=proposals.PERIOD.days)
