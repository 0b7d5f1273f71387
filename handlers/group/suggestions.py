"""One press passes a case on to a unit that was suggested to those who route."""

from handlers.actions.allowed import allows
from handlers.group import acts, drafts
from handlers.group.turn import Turn


async def pressed(turn: Turn) -> None:
    """`to:UNIT:CODE`: shown before it leaves, as ever."""
    match turn.message.text.split(":"):
        case ["to", unit, code]:
            case = await acts.case_of(turn, "press to", code)
        case _:
            await acts.unknown(turn)
            return
    if case is None:
        return
    reason = turn.phrase("group.as_suggested")
    filled = drafts.fill(turn.library, "transfer", case, f"{unit} {reason}")
    if isinstance(filled, str) or not allows(turn.library.office, case, "transfer", turn.tx.now, turn.worker):
        await turn.refuse("stale", "press to", case.code)
        return
    turn.toast("group.preview_below")
    await drafts.begin(turn, "transfer", case, filled)
