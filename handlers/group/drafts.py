"""What is to leave for a citizen: filled in, previewed, sent after a moment in which it can be stopped."""

from feedback.cases import Case
from feedback.linting import Warned
from feedback.messages import Outgoing
from handlers.actions import approval, cards, leaving, terms, warnings
from handlers.actions.leaving import UNDO
from handlers.group import acts
from handlers.group.turn import Turn
from handlers.library import Library
from storage.drafts import Draft
from storage.ids import known
from storage.tables import DraftStatus

WARNED, OVERRIDDEN = "warned", "overridden"  # of what is filled in: that there were warnings, why it is sent
LONGEST = {
    "answer": 5000,
    "propose": 5000,
    "approve": 5000,
    "decline": 500,
    "correct": 5000,
    "ask": 2000,
    "extend": 500,
    "transfer": 500,
    "return": 500,
    "close": 2000,
}  # characters, as at the desk


def fill(library: Library, act: str, case: Case, text: str) -> dict[str, str] | str:
    """Return what the words fill in, or the phrase that says what is wrong with them."""
    first, _, rest = text.partition(" ")
    more: dict[str, str] = {}
    if act == "transfer":
        unit = library.office.units.get(first.upper().strip(":"))
        if unit is None or not unit.receives or unit.code == case.unit:
            return "group.mistake.unit"
        text, more = rest.strip(), {"unit": unit.code}
    elif act == "correct":
        cause, _, text = (part.strip() for part in text.partition("|"))
        if not (cause and text) or len(cause) > LONGEST["decline"]:
            return "group.mistake.correct"
        more = {"cause": cause}
    elif act == "extend":
        try:
            more = {"due": terms.later(library.office, case, first.strip(":")).isoformat()}
        except terms.NoTerm:
            return "group.mistake.day"
        text = rest.strip()
    if not text:
        return "group.mistake.reason"
    return {"text": text, **more} if len(text) <= LONGEST[act] else "group.mistake.long"


async def begin(turn: Turn, act: str, case: Case, filled: dict[str, str]) -> None:
    """Keep a draft and show it."""
    if turn.group is None or turn.worker is None:
        return
    happenings = await turn.tx.cases.timeline(case)
    if act == "approve" and (proposed := approval.proposal(case, happenings)):
        filled = {**filled, "drafter": proposed.drafter, "corrects": proposed.corrects}
    filled = {name: value for name, value in filled.items() if name not in (WARNED, OVERRIDDEN)}
    warned: list[Warned] = []
    if act in leaving.ANSWERS:
        warned = await warnings.of(turn.tx, turn.library, case, happenings, filled["text"])
    if warned:
        filled[WARNED] = "yes"
    seen = cards.known(happenings)
    draft = Draft(
        turn.tx.new_id(),
        case.id,
        turn.group.id,
        turn.worker.id,
        act,
        filled,
        seen,
        turn.message.topic,
        turn.tx.now,
    )
    turn.tx.drafts.add(draft)
    turn.tell(leaving.preview(turn.library, case, draft, warned))


async def pressed(turn: Turn) -> None:
    """`draft:VERB:NUMBER`, by whoever wrote it and nobody else."""
    match turn.message.text.split(":"):
        case ["draft", verb, number] if verb in VERBS and known(number):
            draft = await turn.tx.drafts.by_id(int(number))
        case _:
            await acts.unknown(turn)
            return
    case = await turn.tx.cases.by_id(draft.case_id) if draft else None
    if draft is None or case is None:
        await turn.refuse("unknown" if turn.officer else "stranger", f"press {verb}")
    elif await acts.case_of(turn, f"press {verb}", case.code) is None:
        return
    elif turn.worker is None or turn.worker.id != draft.officer:
        await turn.refuse("not_yours", f"press {verb}", case.code)
    elif turn.group is None or turn.group.id != draft.group_id:
        await turn.refuse("elsewhere", f"press {verb}", case.code)
    else:
        await VERBS[verb](turn, draft, case)


async def _send(turn: Turn, draft: Draft, case: Case) -> None:
    """Let it leave in a moment, unless something has changed since it was shown."""
    if leaving.by_two(turn.library, case, draft.act):
        await turn.refuse("stale", "press send", case.code)
        return
    if draft.status is not DraftStatus.WRITTEN or turn.group is None:
        await turn.refuse("stale", "press send", case.code)
        return
    if why := await leaving.obstacle(turn.tx, turn.library, case, turn.group, draft):
        _stop(turn, draft, why)
        return
    if draft.filled.get(WARNED):
        turn.tx.drafts.move(draft, DraftStatus.WRITTEN, message=turn.message.message)
        turn.wait_for(OVERRIDDEN, draft=str(draft.id))
        turn.toast("group.write_now")
        turn.say("group.ask.override", name=turn.worker.name if turn.worker else "", code=case.code)
        return
    turn.toast("group.leaves_soon", seconds=int(UNDO.total_seconds()))
    _leave(turn, draft, case, turn.message.message)


def _leave(turn: Turn, draft: Draft, case: Case, message: str, **more: object) -> None:
    """It leaves in a moment; its preview, in `message`, says so."""
    leaves = turn.tx.now + UNDO
    turn.tx.drafts.move(draft, DraftStatus.LEAVING, leave_at=leaves, message=message, **more)
    text = turn.phrase("group.leaves", time=cards.clock(leaves))
    shown = f"{text}\n\n{leaving.as_seen(turn.library, case, draft).text}"
    turn.tell(Outgoing(shown, (leaving.button(turn.library, "undo", draft),), edits=message))


async def override(turn: Turn, number: str) -> None:
    """Let it leave in spite of the warnings, with the reason that was written."""
    turn.wait_for("")
    draft = await turn.tx.drafts.by_id(int(number))
    case = await turn.tx.cases.by_id(draft.case_id) if draft else None
    if draft is None or case is None or await acts.case_of(turn, "override", case.code) is None:
        return
    if draft.status is not DraftStatus.WRITTEN or turn.group is None:
        await turn.refuse("stale", "override", case.code)
    elif not turn.text or len(turn.text) > LONGEST["decline"]:
        turn.wait_for(OVERRIDDEN, draft=number)
        turn.say("group.mistake.long" if turn.text else "group.mistake.reason")
    elif why := await leaving.obstacle(turn.tx, turn.library, case, turn.group, draft):
        turn.tx.drafts.move(draft, DraftStatus.STOPPED)
        turn.say(why)
    else:
        _leave(turn, draft, case, draft.message, filled={**draft.filled, OVERRIDDEN: turn.text})


async def _submit(turn: Turn, draft: Draft, case: Case) -> None:
    """Nothing leaves: the second person sees it from now on."""
    if draft.status is not DraftStatus.WRITTEN or turn.group is None or turn.worker is None:
        await turn.refuse("stale", "press submit", case.code)
        return
    if why := await leaving.obstacle(turn.tx, turn.library, case, turn.group, draft):
        _stop(turn, draft, why)
        return
    corrects = draft.filled.get("cause", "")
    approval.propose(turn.tx, case, draft.filled["text"], turn.worker, corrects)
    turn.tx.drafts.move(draft, DraftStatus.DONE)
    turn.toast("group.proposed")
    turn.change(Outgoing(turn.phrase("group.done.propose", code=case.code, time=cards.clock(turn.tx.now))))


def _stop(turn: Turn, draft: Draft, why: str) -> None:
    turn.tx.drafts.move(draft, DraftStatus.STOPPED)
    again = (leaving.button(turn.library, "again", draft),) if why == "group.why.changed" else ()
    turn.change(Outgoing(f"{turn.phrase(why)}\n\n{turn.phrase('group.nothing_sent')}", again))
    turn.toast("group.nothing_sent")


async def _cancel(turn: Turn, draft: Draft, case: Case) -> None:
    """Stop it, at the last moment too; what has left has left."""
    if draft.status is DraftStatus.DONE:
        turn.toast("group.too_late")
        return
    if draft.status is not DraftStatus.STOPPED:
        turn.tx.drafts.move(draft, DraftStatus.STOPPED)
    turn.toast("group.stopped")
    again = leaving.button(turn.library, "again", draft)
    turn.change(Outgoing(turn.phrase("group.stopped_text", code=case.code), (again,)))


async def _edit(turn: Turn, draft: Draft, case: Case) -> None:
    """Ask for other words; the old ones stand there to be copied."""
    if draft.status is not DraftStatus.WRITTEN:
        await turn.refuse("stale", "press edit", case.code)
        return
    turn.tx.drafts.move(draft, DraftStatus.STOPPED)
    turn.wait_for(draft.act, code=case.code)
    turn.toast("group.write_now")
    turn.change(Outgoing(turn.phrase("group.write_again", text=_written(draft))))


async def _again(turn: Turn, draft: Draft, case: Case) -> None:
    """Show it once more, about the case as it is now."""
    if draft.status is not DraftStatus.STOPPED:
        await turn.refuse("stale", "press again", case.code)
        return
    turn.toast("group.preview_below")
    await begin(turn, draft.act, case, draft.filled)


def _written(draft: Draft) -> str:
    due = draft.filled.get("due", "")[:10]
    cause = f"{draft.filled['cause']} |" if "cause" in draft.filled else ""
    return " ".join(filter(None, [draft.filled.get("unit", ""), due, cause, draft.filled["text"]]))


VERBS = {"send": _send, "submit": _submit, "cancel": _cancel, "undo": _cancel, "edit": _edit, "again": _again}
