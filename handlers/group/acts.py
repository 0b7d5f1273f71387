"""The buttons of a card. They are untrusted: who pressed, where, and whether it still fits is asked anew."""

from feedback.cases import Case
from handlers.actions import cases
from handlers.actions.allowed import ACTS, allows, way
from handlers.group.turn import Turn

WRITTEN = ("answer", "propose", "correct", "ask", "extend", "transfer", "return", "close")  # need words


async def pressed(turn: Turn) -> None:
    """`do:ACT:CODE`."""
    match turn.message.text.split(":"):
        case ["do", pressed_act, code] if pressed_act in ACTS or pressed_act == "extend":
            case = await case_of(turn, f"press {pressed_act}", code)
        case _:
            await unknown(turn)
            return
    if case is None:
        return
    act = way(turn.library.office, case, pressed_act)
    if not allows(turn.library.office, case, act, turn.tx.now, turn.worker):
        await turn.refuse("stale", f"press {act}", case.code)
    elif act == "accept" and turn.worker:
        cases.accept(turn.tx, turn.library, case, turn.worker)
        turn.toast("group.accepted")
    elif act in WRITTEN:
        ask_for(turn, act, case)
    else:
        await unknown(turn)


def ask_for(turn: Turn, act: str, case: Case) -> None:
    """Wait for the words that the act needs."""
    turn.wait_for(act, code=case.code)
    turn.toast("group.write_now")
    name = turn.worker.name if turn.worker else ""
    due = turn.library.phrases.day("vi", case.due)
    units = "\n".join(
        f"{unit.code}: {unit.short_name}"
        for unit in turn.library.office.units.values()
        if unit.receives and unit.code != case.unit
    )
    turn.say(f"group.ask.{act}", name=name, code=case.code, due=due, units=units if act == "transfer" else "")


async def case_of(turn: Turn, what: str, code: str) -> Case | None:
    """Return the case if this person may act on it here; otherwise refuse."""
    case = await turn.tx.cases.by_code(code)
    known = case.code if case else ""
    if turn.officer is None:
        await turn.refuse("stranger", what, known)
    elif turn.group is None or case is None or case.unit != turn.group.unit:
        await turn.refuse("elsewhere", what, known)
    elif turn.worker is None:
        await turn.refuse("other_unit", what, known)
    else:
        return case
    return None


async def unknown(turn: Turn) -> None:
    """Nobody of ours made this button."""
    await turn.refuse("unknown" if turn.officer else "stranger", "press")
