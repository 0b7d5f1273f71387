"""The second person: approves what another one proposed, as it is or in other words, or gives it back."""

from feedback.cases import Case
from handlers.actions import approval
from handlers.actions.allowed import allows, may_approve
from handlers.group import acts, drafts
from handlers.group.turn import Turn

BY_ANOTHER = ("approve", "decline")  # than who wrote the answer


async def pressed(turn: Turn) -> None:
    """`second:approve:CODE`, `second:decline:CODE`."""
    match turn.message.text.split(":"):
        case ["second", act, code] if act in BY_ANOTHER:
            case = await acts.case_of(turn, f"press {act}", code)
        case _:
            await acts.unknown(turn)
            return
    if case is None:
        return
    if not allows(turn.library.office, case, act, turn.tx.now):
        await turn.refuse("stale", f"press {act}", case.code)
    elif await may(turn, case, f"press {act}"):
        await _begin(turn, act, case)


async def may(turn: Turn, case: Case, what: str) -> bool:
    """Whether they are a second person for this answer; otherwise refuse."""
    if turn.worker and may_approve(turn.worker, case):
        return True
    own = turn.worker is not None and turn.worker.id == case.proposed_by
    await turn.refuse("own" if own else "approver", what, case.code)
    return False


def decline(turn: Turn, case: Case, reason: str) -> None:
    """Nothing leaves the office, so nothing is previewed."""
    turn.wait_for("")
    if turn.worker:
        approval.decline(turn.tx, case, reason, turn.worker)
        turn.say("group.declined", code=case.code)


async def _begin(turn: Turn, act: str, case: Case) -> None:
    proposed = approval.proposal(case, await turn.tx.cases.timeline(case))
    if act == "decline" or proposed is None:
        acts.ask_for(turn, act, case)
        return
    turn.toast("group.preview_below")
    await drafts.begin(turn, act, case, {"text": proposed.text})
