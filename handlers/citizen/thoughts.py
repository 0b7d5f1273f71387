"""Second thoughts: a person withdraws their case, or asks for another look at the answer."""

from feedback.cases import Case
from feedback.codes import read
from feedback.kinds import Handling
from feedback.messages import Button
from handlers.actions import cases
from handlers.actions.allowed import may_reopen
from handlers.citizen import menu, special, tracking
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

LONGEST = 1000  # characters of a reason
SHORTEST = 5


async def withdraw(talk: Talk) -> Step:
    """Withdraw an open case of one's own; with several and no code, ask which."""
    named = read(tracking.named(talk))
    mine = [case for case in await talk.tx.cases.of_sender(talk.address, limit=20) if case.open]
    chosen = [case for case in mine if case.code == named] if named else mine
    talk.forget()
    if not chosen:
        talk.say("withdrawal.none", talk.button("menu:track"), talk.button("menu:start"))
        return Step.IDLE
    if len(chosen) > 1:
        talk.say(
            "withdrawal.which", *(Button(tracking.line(talk, c), f"withdraw:{c.code}") for c in chosen[:9])
        )
        return Step.IDLE
    talk.state.draft = {"case": chosen[0].code, "reason": ""}
    return _ask_once_more(talk, "withdrawal.sure")


async def withdrawal(talk: Talk) -> Step:
    """Only the button withdraws; what is written is the reason."""
    match talk.pressed:
        case ["withdrawal", "yes"]:
            return await _withdrawn(talk)
        case ["withdrawal", "no"]:
            talk.forget()
            talk.say("withdrawal.kept", talk.button("menu:start"))
            return Step.IDLE
    if talk.text:
        talk.draft["reason"] = talk.text[:LONGEST]
    return _ask_once_more(talk, "withdrawal.with_reason" if talk.draft["reason"] else "withdrawal.sure")


def _ask_once_more(talk: Talk, key: str) -> Step:
    buttons = (talk.button("withdrawal:yes"), talk.button("withdrawal:no"))
    talk.say(key, *buttons, code=talk.draft["case"], reason=talk.draft["reason"])
    return Step.WITHDRAWAL


async def _withdrawn(talk: Talk) -> Step:
    case = await _mine(talk, talk.draft["case"])
    reason = talk.draft["reason"]
    talk.forget()
    if case is None or not case.open:
        talk.say("withdrawal.too_late", talk.button("menu:start"))
        return Step.IDLE
    cases.take_back(talk.tx, case, reason)
    talk.say("withdrawal.done", talk.button("menu:start"), code=case.code)
    return Step.IDLE


async def reopen(talk: Talk) -> Step:
    """`reopen:CODE`: ask why, as long as there may be another look."""
    case = await _mine(talk, talk.pressed[-1])
    if case is None:
        return await menu.stale(talk)
    talk.forget()
    if not may_reopen(talk.library.office, case, talk.tx.now):
        talk.say(_why_not(case), talk.button("menu:feedback"), talk.button("menu:start"), code=case.code)
        return Step.IDLE
    talk.state.draft = {"case": case.code}
    return _ask_why(talk)


async def reopening(talk: Talk) -> Step:
    if talk.pressed == ["reopening", "cancel"]:
        return await menu.cancel(talk)
    if talk.kind and talk.kind.handling is Handling.EXPLAIN_ONLY:
        return special.explain(talk, talk.kind)
    if len(talk.text) < SHORTEST:
        return _ask_why(talk)
    case, reason = await _mine(talk, talk.draft["case"]), talk.text[:LONGEST]
    talk.forget()
    if case is None or not may_reopen(talk.library.office, case, talk.tx.now):
        talk.say("reopening.too_late", talk.button("menu:feedback"), talk.button("menu:start"))
        return Step.IDLE
    after = cases.reopen(talk.tx, talk.library, case, reason)
    unit, day = (
        talk.library.office.unit(case.unit).name,
        talk.library.phrases.day(talk.state.language, after.due),
    )
    talk.say("reopening.done", talk.button("menu:start"), code=case.code, unit=unit, due=day)
    return Step.IDLE


def _ask_why(talk: Talk) -> Step:
    talk.say("reopening.ask", talk.button("reopening:cancel", "cancel"), code=talk.draft["case"])
    return Step.REOPENING


def _why_not(case: Case) -> str:
    return "reopening.open" if case.open else "reopening.too_late"


async def _mine(talk: Talk, code: str) -> Case | None:
    case = await talk.tx.cases.by_code(code)
    return case if case and case.address == talk.address else None
