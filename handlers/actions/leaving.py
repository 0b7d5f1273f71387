"""What an officer writes in a group for a citizen: previewed as it will be read, then sent in a moment."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from feedback.cases import Case, Corrected, Proposed
from feedback.linting import Warned
from feedback.messages import Button, Outgoing
from feedback.staff import Officer, Role
from handlers.actions import approval, cards, cases
from handlers.actions.allowed import allows, may_approve, needs_second
from handlers.library import Library
from storage.drafts import Draft
from storage.groups import Group
from storage.store import Tx
from storage.tables import DraftStatus

UNDO = timedelta(seconds=10)


def may_work(officer: Officer, unit: str) -> bool:
    """Whether an officer may act on the cases of a unit, as at the desk."""
    return officer.role is Role.ROUTER or (officer.of_unit and officer.unit == unit)


ANSWERS = ("answer", "propose", "correct", "approve")  # of which an officer may be warned


def preview(library: Library, case: Case, draft: Draft, warned: Sequence[Warned] = ()) -> Outgoing:
    """Show what the citizen will read, word for word, and what it may lack."""
    seen = as_seen(library, case, draft)
    labels = "".join(f"\n[{button.label}]" for button in seen.buttons)
    head = cards.say(library, f"group.preview.{draft.act}", code=case.code)
    text = "\n\n".join([head, f"{seen.text}{labels}", *_warnings(library, warned)])
    send = "submit" if by_two(library, case, draft.act) else "send"
    return Outgoing(text, tuple(button(library, verb, draft) for verb in (send, "edit", "cancel")))


def by_two(library: Library, case: Case, act: str) -> bool:
    """Whether a draft is proposed, and does not leave."""
    return act == "propose" or (act == "correct" and needs_second(library.office, case))


def _warnings(library: Library, warned: Sequence[Warned]) -> Iterator[str]:
    if warned:
        lines = [cards.say(library, f"group.warned.{each.lack}", shown=each.shown) for each in warned]
        yield "\n".join([cards.say(library, "group.warned.title"), *(f"• {line}" for line in lines)])


def button(library: Library, verb: str, draft: Draft) -> Button:
    return Button(cards.say(library, f"group.button.{verb}"), f"draft:{verb}:{draft.id}")


def as_seen(library: Library, case: Case, draft: Draft) -> Outgoing:
    filled = draft.filled
    match draft.act:
        case "ask":
            return cases.ask_as_seen(library, case, filled["text"])
        case "extend":
            return cases.extend_as_seen(library, case, _due(draft), filled["text"])
        case "transfer":
            return cases.transfer_as_seen(library, case, filled["unit"])
        case "return":
            return cases.give_back_as_seen(library, case)
        case "close":
            return cases.close_as_seen(library, case, filled["text"])
        case "correct":
            return cases.sent_as_seen(library, case, Corrected(filled["text"], filled["cause"]))
        case "approve":
            return approval.approve_as_seen(library, case, proposed(draft), filled["text"])
        case _:
            return cases.answer_as_seen(library, case, filled["text"])


def proposed(draft: Draft) -> Proposed:
    """Return what a draft approves."""
    return Proposed(draft.filled["text"], draft.filled["drafter"], draft.filled["corrects"])


async def send(tx: Tx, library: Library) -> None:
    """Do what was to leave by now, each once: it is done and crossed off in one transaction."""
    handled: set[int] = set()
    for draft in await tx.drafts.leaving():
        case, group = await tx.cases.by_id(draft.case_id), await tx.groups.by_id(draft.group_id)
        if case is None or group is None or case.id in handled:
            continue
        handled.add(case.id)
        if why := await obstacle(tx, library, case, group, draft):
            _stop(tx, library, group, draft, why)
        else:
            _send(tx, library, case, group, draft)


async def obstacle(tx: Tx, library: Library, case: Case, group: Group, draft: Draft) -> str:
    """Say why a draft cannot leave now; empty if it can."""
    officer = next((each for each in library.office.staff if each.id == draft.officer), None)
    if officer is None or not may_work(officer, group.unit):
        return "group.why.nobody"
    if case.unit != group.unit:
        return "group.why.elsewhere"
    if not allows(library.office, case, draft.act, tx.now, officer):
        return "group.why.not_allowed"
    if cards.known(await tx.cases.timeline(case)) != draft.seen:
        return "group.why.changed"
    if draft.act == "approve" and not may_approve(officer, case):
        return "group.why.not_allowed"
    if draft.act == "transfer" and not _receives(library, draft.filled["unit"]):
        return "group.why.not_allowed"
    return ""


def _send(tx: Tx, library: Library, case: Case, group: Group, draft: Draft) -> None:
    officer, filled = library.office.officer(draft.officer), draft.filled
    match draft.act:
        case "ask":
            cases.ask(tx, library, case, filled["text"], officer)
        case "extend":
            cases.extend(tx, library, case, _due(draft), filled["text"], officer)
        case "transfer":
            cases.transfer(tx, library, case, filled["unit"], filled["text"], officer)
        case "return":
            cases.give_back(tx, library, case, filled["text"], officer)
        case "close":
            cases.close(tx, library, case, filled["text"], officer)
        case "correct":
            overridden = filled.get("overridden", "")
            cases.correct(tx, library, case, filled["text"], filled["cause"], officer, overridden)
        case "approve":
            overridden = filled.get("overridden", "")
            approval.approve(tx, library, case, proposed(draft), filled["text"], officer, overridden)
        case _:
            cases.answer(tx, library, case, filled["text"], officer, filled.get("overridden", ""))
    tx.drafts.move(draft, DraftStatus.DONE)
    done = cards.say(library, f"group.done.{draft.act}", code=case.code, time=cards.clock(tx.now))
    tx.outbox.put(group.address, Outgoing(done, topic=draft.topic, edits=draft.message))


def _stop(tx: Tx, library: Library, group: Group, draft: Draft, why: str) -> None:
    tx.drafts.move(draft, DraftStatus.STOPPED)
    text = f"{cards.say(library, why)}\n\n{cards.say(library, 'group.nothing_sent')}"
    buttons = (button(library, "again", draft),) if why == "group.why.changed" else ()
    tx.outbox.put(group.address, Outgoing(text, buttons, topic=draft.topic, edits=draft.message))


def _due(draft: Draft) -> datetime:
    return datetime.fromisoformat(draft.filled["due"])


def _receives(library: Library, unit: str) -> bool:
    return unit in library.office.units and library.office.units[unit].receives
