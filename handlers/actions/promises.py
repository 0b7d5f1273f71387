"""The calendar or a term changed: the promises of open cases follow, and everybody it concerns is told.

A promise that has passed stays broken, none is moved into the past, and what was extended stays so.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedback.cases import SYSTEM, Case, Happening, Rescheduled
from feedback.explained import promised
from feedback.messages import Outgoing, Urgency
from handlers.actions import cards
from handlers.actions.cases import record
from handlers.actions.tell import tell_citizen
from handlers.library import Library
from handlers.office import Office
from storage.store import Tx

AT_ONCE = 200  # cases of one transaction
LISTED = 30  # cases named in one message to a unit


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose promise is another one by the rules of today."""

    case: Case
    due: datetime

    @property
    def earlier(self) -> bool:
        return self.due < self.case.due


def fingerprint(office: Office) -> str:
    """Name the rules by which promises are made: another calendar or another term has another name."""
    calendar = office.calendar
    terms = [(kind.code, kind.promise) for kind in office.kinds]
    days = [sorted(calendar.holidays), sorted(calendar.make_up_days), sorted(calendar.half_days.items())]
    rules = [sorted(calendar.weekdays), calendar.hours, days, calendar.zone.key, terms]
    return hashlib.sha256(repr(rules).encode()).hexdigest()


async def found(tx: Tx, library: Library, after: int) -> tuple[list[Move], int]:
    """Return the moves among the next open cases, and the last case that was looked at: 0 if none is left."""
    cases = await tx.cases.open_after(after, AT_ONCE)
    timelines = await tx.cases.timelines([case.id for case in cases])
    moves = [Move(case, due) for case in cases if (due := _new(library, case, timelines, tx.now))]
    return moves, cases[-1].id if len(cases) == AT_ONCE else 0


def _new(
    library: Library, case: Case, timelines: Mapping[int, list[Happening]], now: datetime
) -> datetime | None:
    kind = library.office.find_kind(case.kind)
    if kind is None or kind.promise is None or case.due <= now:
        return None
    due = promised(case.received, kind.promise, library.office.calendar, timelines[case.id])
    return due if due != case.due and due > now else None


async def follow(tx: Tx, library: Library, moves: list[Move]) -> None:
    """Move them: the citizen gets the new day and the reason, each unit's group a list."""
    for move in moves:
        _move(tx, library, move)
    units: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        units[move.case.unit].append(move)
    for group in await tx.groups.all():
        if group.unit in units and not group.lost:
            listed = Outgoing(_list(library, units[group.unit]))
            tx.outbox.put(group.address, listed, urgency=Urgency.NOTICE)


def _move(tx: Tx, library: Library, move: Move) -> None:
    reason = library.phrases.say("vi", "citizen.rescheduled_reason")
    after = record(tx, move.case, Rescheduled(move.due.isoformat(), reason), SYSTEM)
    way, language = ("earlier" if move.earlier else "later"), move.case.language
    before, due = library.phrases.day(language, move.case.due), library.phrases.day(language, move.due)
    tell_citizen(tx, library, after, f"citizen.rescheduled_{way}", before=before, due=due)


def _list(library: Library, moves: list[Move]) -> str:
    lines = [f"• {line(library, move)}" for move in moves[:LISTED]]
    if len(moves) > LISTED:
        lines.append(cards.say(library, "group.list_more", n=len(moves) - LISTED))
    return "\n".join([cards.say(library, "group.rescheduled", n=len(moves)), *lines])


def line(library: Library, move: Move) -> str:
    before, due = cards.day(library, move.case.due), cards.day(library, move.due)
    return f"{cards.title(library, move.case)}: {before} → {due}"
