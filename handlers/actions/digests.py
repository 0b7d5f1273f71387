"""What a unit has before it today, for its group: late, due today, new, under way."""

from datetime import datetime

from feedback.cases import OPEN, Case, Status
from feedback.deadlines import hours_of
from feedback.messages import Outgoing, Urgency
from handlers.actions import cards
from handlers.library import Library
from storage.groups import Group
from storage.store import Tx

MOST = 10  # cases named in one part


async def of_today(tx: Tx, library: Library, group: Group) -> Outgoing | None:
    """Return the digest; None if nothing is open."""
    open_ = await tx.cases.work_list([group.unit], OPEN, limit=1000)
    if not open_:
        return None
    parts = [_part(library, name, these) for name, these in _sorted(library, open_, tx.now).items() if these]
    today = library.phrases.day("vi", tx.now)
    unit = library.office.unit(group.unit).name
    head = cards.say(library, "group.today", unit=unit, day=today, n=len(open_))
    return Outgoing("\n\n".join([head, *parts]))


async def send_in_the_morning(tx: Tx, library: Library) -> None:
    """Once on each working day, when work begins."""
    calendar = library.office.calendar
    local = tx.now.astimezone(calendar.zone)
    spans = hours_of(local.date(), calendar)
    if not spans or not spans[0][0] <= local.time() < spans[0][1]:
        return
    today = local.date().isoformat()
    for group in await tx.groups.all():
        if group.digest_day == today or group.lost:
            continue
        tx.groups.change(group, digest_day=today)
        if digest := await of_today(tx, library, group):
            tx.outbox.put(group.address, digest, urgency=Urgency.NOTICE)


def _sorted(library: Library, open_: list[Case], now: datetime) -> dict[str, list[Case]]:
    """Each case stands in the first part that fits."""
    found: dict[str, list[Case]] = {"overdue": [], "due": [], "new": [], "waiting": [], "paused": []}
    for case in open_:
        if case.stands:
            found["paused"].append(case)
        elif case.due < now:
            found["overdue"].append(case)
        elif library.office.today(case.due) == library.office.today(now):
            found["due"].append(case)
        else:
            found["new" if case.status is Status.ROUTED else "waiting"].append(case)
    return found


def _part(library: Library, name: str, these: list[Case]) -> str:
    lines = [f"• {cards.title(library, case)} · {cards.day(library, case.due)}" for case in these[:MOST]]
    if len(these) > MOST:
        lines.append(cards.say(library, "group.list_more", n=len(these) - MOST))
    return "\n".join([cards.say(library, f"group.part.{name}", n=len(these)), *lines])
