"""The units' groups in Telegram: who is linked, which groups there are, what is to be mended."""

from aiohttp import web

from feedback.staff import Role
from handlers.actions import accounts
from handlers.desk.visit import Visit, go
from storage.groups import Group
from storage.ids import known

PAGE = "/desk/telegram"


async def show(visit: Visit) -> web.Response:
    return await _page(visit)


async def link(visit: Visit) -> web.Response:
    """Show a link that makes the account in which it is opened the officer's own."""
    desk = visit.desk
    if not desk.bot():
        return await _page(visit, 409)
    token = accounts.make(desk.secret, visit.officer.id, visit.now + accounts.LIFETIME)
    return await _page(visit, link=f"https://t.me/{desk.bot()}?start={accounts.START}{token}")


async def unlink(visit: Visit) -> web.Response:
    async with visit.desk.store.begin(visit.now) as tx:
        await tx.groups.unlink(visit.officer.id)
    return go(f"{PAGE}?done=unlink")


async def forget(visit: Visit) -> web.Response:
    """Take a group from its unit, from outside of it."""
    number = visit.form.get("group", "")
    async with visit.desk.store.begin(visit.now) as tx:
        group = await tx.groups.by_id(int(number)) if known(number) else None
        if group is None:
            raise web.HTTPNotFound
        await tx.groups.unbind(group.id)
    return go(f"{PAGE}?done=forget")


async def _page(visit: Visit, status: int = 200, link: str = "") -> web.Response:
    async with visit.desk.store.look(visit.now) as tx:
        groups = [group for group in await tx.groups.all() if _sees(visit, group.unit)]
        links = await tx.groups.links()
        refused = await tx.groups.refused() if visit.units is None else []
    staff = {officer.id: officer for officer in visit.desk.library.office.staff}
    linked = [staff[each.officer] for each in links if each.officer in staff]
    return visit.show(
        "telegram.html",
        status,
        groups=groups,
        linked=[officer for officer in linked if _sees(visit, officer.unit)],
        mine=next((each for each in links if each.officer == visit.officer.id), None),
        refused=refused,
        link=link,
        bot=visit.desk.bot(),
        may_forget=visit.officer.role is Role.ROUTER,
        state=_state,
        done=visit.request.query.get("done", ""),
    )


def _sees(visit: Visit, unit: str) -> bool:
    return visit.units is None or unit in visit.units


def _state(group: Group) -> str:
    """Return the word for how a group stands."""
    if group.wrong:
        return f"group.wrong.{group.wrong}"
    return "group.topics" if group.has_topics else "group.together"
