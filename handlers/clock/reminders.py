"""Who holds a case is reminded before its promise passes, others when it has: one digest for each unit."""

from collections import defaultdict
from dataclasses import dataclass, field

from feedback import escalation
from feedback.cases import SYSTEM, Case, Reminded
from feedback.escalation import PASSED
from feedback.messages import Outgoing, Urgency
from feedback.staff import Officer
from handlers.actions import cards, cases, letters
from handlers.library import Library
from storage.store import Tx

AT_ONCE = 1000  # cases of one look
LISTED = 10  # cases named to one person


@dataclass
class Round:
    """What is told in one look: by unit and person, the cases and their steps."""

    told: dict[str, dict[Officer, list[tuple[Case, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def add(self, case: Case, step: int, people: list[Officer]) -> None:
        for who in people:
            self.told[who.unit][who].append((case, step))


async def remind(tx: Tx, library: Library) -> None:
    """Each step of a promise once, whatever the clock does and however many of us there are."""
    due = await tx.reminders.due(AT_ONCE)
    if not due:
        return
    ids = [reminder.case_id for reminder in due]
    found = {case.id: case for case in await tx.cases.by_ids(ids)}
    timelines, office, round_ = await tx.cases.timelines(ids), library.office, Round()
    done = []
    for reminder in due:
        case = found[reminder.case_id]
        plan = escalation.plan(case, timelines[case.id], tx.now, office.calendar, office.escalation)
        if plan.at is None:
            done.append(case.id)
        elif plan.step:
            people = who_is_told(library, case, plan.step, tx)
            ids_told = ",".join(who.id for who in people)
            cases.record(tx, case, Reminded(plan.step, ids_told), SYSTEM)
            tx.reminders.told(reminder, plan.at, plan.step, f",{ids_told},")
            round_.add(case, plan.step, people)
        else:
            tx.reminders.look_at(case.id, plan.at)
    await tx.reminders.forget(done)
    await _send(tx, library, round_)


def who_is_told(library: Library, case: Case, step: int, tx: Tx) -> list[Officer]:
    office = library.office
    return escalation.recipients(case, step, office.staff, office.default_unit, tx.now, office.escalation)


async def _send(tx: Tx, library: Library, round_: Round) -> None:
    """One message to each group; units without a group get it by mail, and all see it at the desk."""
    groups = {group.unit: group for group in await tx.groups.all() if not group.lost} if round_.told else {}
    for unit, people in round_.told.items():
        parts = {who: _part(library, unit, who, these) for who, these in people.items()}
        if group := groups.get(unit):
            head = cards.say(library, "group.reminders", day=library.phrases.day("vi", tx.now))
            digest = Outgoing("\n\n".join([head, *parts.values()]))
            tx.outbox.put(group.address, digest, urgency=Urgency.NOTICE)
        else:
            letters.remind(tx, library, unit, parts)


def _part(library: Library, unit: str, who: Officer, these: list[tuple[Case, int]]) -> str:
    urgent = sorted(these, key=lambda each: (-each[1], each[0].due))
    lines = [f"• {_line(library, unit, case, step)}" for case, step in urgent[:LISTED]]
    if len(these) > LISTED:
        lines.append(cards.say(library, "group.list_more", n=len(these) - LISTED))
    return "\n".join([f"{who.name}:", *lines])


def _line(library: Library, unit: str, case: Case, step: int) -> str:
    late = "late" if step >= PASSED else "soon"
    said = cards.say(
        library, f"group.reminder_{late}", step=step, n=step - PASSED + 1, due=cards.day(library, case.due)
    )
    elsewhere = "" if case.unit == unit else f" · {library.office.unit(case.unit).short_name}"
    return f"{cards.title(library, case)}{elsewhere} · {said}"
