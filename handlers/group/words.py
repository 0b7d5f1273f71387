"""What is written in the topic of a case: a note, unless words were asked for or the card is answered."""

import re

from feedback import codes
from feedback.cases import Case, Happening, Noted
from feedback.messages import Button
from handlers.actions import cases
from handlers.actions.allowed import allows, answerable, way
from handlers.group import acts, approving, drafts
from handlers.group.turn import Turn

LONGEST_NOTE = 2000  # characters, as at the desk
NEAR = 4  # notes that others may have left at the same moment


async def said(turn: Turn) -> None:
    state = await turn.state()
    if state.step == drafts.OVERRIDDEN and turn.worker:
        await drafts.override(turn, str(state.draft.get("draft", "")))
        return
    if state.step in (*acts.WRITTEN, *approving.BY_ANOTHER) and turn.officer:
        await _asked_for(turn, state.step, str(state.draft.get("code", "")))
        return
    if (found := await turn.about()) is None:
        return
    card, case = found
    if not await _may(turn, case, "write"):
        return
    answered = turn.message.replies_to
    if answered and answered == card.message:
        await _draft(turn, "answer", case, turn.text)
    elif answered != card.topic and await turn.tx.outbox.is_ours(turn.message.address, answered):
        await turn.refuse("notice", "reply to a notice", case.code)
    else:
        await _keep(turn, case, turn.text)


async def answer(turn: Turn) -> None:
    """`/traloi words`."""
    if (found := await _told(turn, "answer")) and found[1]:
        await _draft(turn, "answer", *found)


async def note(turn: Turn) -> None:
    """`/ghichu words`."""
    if (found := await _told(turn, "note")) and found[1]:
        await _keep(turn, *found)


async def cancel(turn: Turn) -> None:
    turn.wait_for("")
    turn.say("group.cancelled")


async def edited(turn: Turn) -> None:
    """What was changed afterwards changes nothing here: neither a note nor an answer."""
    if found := await turn.about():
        why = "stranger" if turn.officer is None else "other_unit" if turn.worker is None else "edited"
        await turn.refuse(why, "edit", found[1].code)


async def files(turn: Turn) -> None:
    if (found := await turn.about()) and await _may(turn, found[1], "file"):
        turn.say("group.no_files")


async def send_note(turn: Turn) -> None:
    """`note:CODE:NUMBER`: what was kept as a note is to be the answer."""
    match turn.message.text.split(":"):
        case ["note", code, number] if number.isdecimal() and len(number) < 6:
            case = await acts.case_of(turn, "press note", code)
        case _:
            await acts.unknown(turn)
            return
    if case is None or turn.worker is None:
        return
    text = _note_at(await turn.tx.cases.timeline(case), int(number), turn.worker.id)
    act = way(turn.library.office, case, "answer")
    if not text or not allows(turn.library.office, case, act, turn.tx.now):
        await turn.refuse("stale", "press note", case.code)
        return
    turn.toast("group.preview_below")
    await drafts.begin(turn, act, case, {"text": text})


async def _asked_for(turn: Turn, act: str, code: str) -> None:
    case = await acts.case_of(turn, f"write {act}", code)
    if case is None:
        turn.wait_for("")
    elif not allows(turn.library.office, case, way(turn.library.office, case, act), turn.tx.now, turn.worker):
        turn.wait_for("")
        await turn.refuse("stale", f"write {act}", case.code)
    else:
        await _draft(turn, act, case, turn.text)


async def _draft(turn: Turn, act: str, case: Case, text: str) -> None:
    act = way(turn.library.office, case, act)
    if not allows(turn.library.office, case, act, turn.tx.now, turn.worker):
        await turn.refuse("stale", f"write {act}", case.code)
    elif act in approving.BY_ANOTHER and not await approving.may(turn, case, f"write {act}"):
        return
    elif isinstance(filled := drafts.fill(turn.library, act, case, text), str):
        turn.say(filled)
    elif act == "decline":
        approving.decline(turn, case, filled["text"])
    else:
        turn.wait_for("")
        await drafts.begin(turn, act, case, filled)


async def _keep(turn: Turn, case: Case, text: str) -> None:
    """Keep a note; one press makes an answer of it."""
    if turn.worker is None:
        return
    if len(text) > LONGEST_NOTE:
        turn.say("group.too_long", longest=LONGEST_NOTE)
        return
    number = len(await turn.tx.cases.timeline(case))
    cases.note(turn.tx, case, text, turn.worker)
    offer = Button(turn.phrase("group.button.send_note"), f"note:{case.code}:{number}")
    office = turn.library.office
    may = answerable(office, case, turn.tx.now)
    turn.say("group.noted", *([offer] if may else []))


def _note_at(happenings: list[Happening], number: int, officer: str) -> str:
    for each in happenings[number : number + NEAR]:
        if isinstance(each.event, Noted) and each.actor == officer:
            return each.event.text
    return ""


async def _told(turn: Turn, what: str) -> tuple[Case, str] | None:
    """Return the case of a command, by its place or by the code in it, and the rest of the words."""
    text = turn.text.partition(" ")[2].strip()
    first, _, rest = text.partition(" ")
    if code := codes.read(first):
        case = await acts.case_of(turn, f"/{what}", code)
        text = rest
    else:
        found = await turn.about()
        case = found[1] if found and await _may(turn, found[1], f"/{what}") else None
        if found is None:
            turn.say("group.which_case")
    if case and not re.search(r"\w", text):
        turn.say("group.no_words")
        return None
    return (case, text) if case else None


async def _may(turn: Turn, case: Case, what: str) -> bool:
    return await acts.case_of(turn, what, case.code) is not None
