"""Where is my case? Status to whoever has the code, content to nobody; and adding to an open case."""

from datetime import datetime, timedelta
from typing import Any

from feedback.cases import PROMISES, Case, Happening, Status
from feedback.codes import read
from feedback.messages import Attachment, Button
from handlers.actions import cases
from handlers.actions.allowed import may_reopen
from handlers.citizen import answer, intake, later, menu
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

LONGEST_CODE = 3  # words, however it was typed
MOST_MISSES = 10  # wrong codes of one chat in an hour


async def start(talk: Talk) -> Step:
    words = talk.text.split(maxsplit=1) if talk.text.startswith("/") else []
    if len(words) == 2:
        return await show(talk, words[1])
    talk.forget()
    mine = await talk.tx.cases.of_sender(talk.address)
    if mine:
        talk.say("tracking.yours", cases="\n".join(line(talk, case) for case in mine))
    talk.say("tracking.ask_code", talk.button("menu:start"))
    return Step.CODE


async def again(talk: Talk) -> Step:
    """Answer the button of a notice."""
    return await show(talk, talk.pressed[-1])


async def code(talk: Talk) -> Step:
    """A sentence is no code: whoever asks something else is answered."""
    if len(talk.text.split()) > LONGEST_CODE:
        return await answer.question(talk)
    return await show(talk, talk.text)


async def show(talk: Talk, text: str) -> Step:
    """Say the status. A wrong check character and an unknown code get the same answer."""
    if _too_many_misses(talk):
        talk.say("tracking.too_many")
        return Step.IDLE
    code = read(text)
    case = await talk.tx.cases.by_code(code) if code else None
    if case is None:
        _remember_miss(talk)
        talk.say("tracking.not_found", talk.button("menu:track"), talk.button("menu:start"))
        return Step.IDLE
    buttons = [talk.button("menu:start")]
    if _is_mine(talk, case):
        buttons = [*_offered(talk, case), *buttons]
    moved = _moved(talk, await talk.tx.cases.timeline(case)) if case.open else ""
    talk.tell("\n".join(filter(None, (_status(talk, case), moved))), *buttons)
    return Step.IDLE


async def add(talk: Talk) -> Step:
    """Add to a case of one's own; with several open ones and no code, ask which."""
    open_cases = [case for case in await talk.tx.cases.of_sender(talk.address, limit=20) if case.open]
    if await talk.tx.consents.withdrawn(talk.message.lane):
        return _not_agreed(talk)
    attachments, parts = talk.draft.get("attachments", []), talk.draft.get("parts", [])
    wanted = read(named(talk))
    chosen = [case for case in open_cases if case.code == wanted] if wanted else open_cases
    if not chosen:
        talk.say("addition.none", talk.button("menu:feedback"), talk.button("menu:start"))
        return Step.IDLE
    if len(chosen) > 1:
        talk.say("addition.which", *(Button(line(talk, c), f"add:{c.code}") for c in chosen[:9]))
        return Step.IDLE
    talk.state.draft = {
        "case": chosen[0].code,
        "attachments": attachments,
        "parts": parts if attachments else [],
        "place": talk.draft.get("place", ""),
    }
    talk.say("addition.ask", talk.button("addition:cancel", "cancel"), code=chosen[0].code)
    return Step.ADDITION


async def addition(talk: Talk) -> Step:
    if talk.pressed == ["addition", "cancel"]:
        return await menu.cancel(talk)
    kept: list[dict[str, Any]] = [*talk.draft["attachments"], *intake.attachments(talk)]
    case = await talk.tx.cases.by_code(talk.draft["case"])
    if case is None or not case.open or not _is_mine(talk, case):
        talk.forget()
        talk.say("addition.too_late", talk.button("menu:feedback"), talk.button("menu:start"))
        return Step.IDLE
    if await talk.tx.consents.withdrawn(talk.message.lane):
        return _not_agreed(talk)
    text = "\n".join(filter(None, (talk.draft.get("place"), talk.text)))
    if not text and not kept:
        talk.say("addition.ask", talk.button("addition:cancel", "cancel"), code=case.code)
        return Step.ADDITION
    cases.add(talk.tx, talk.library, case, text, tuple(Attachment(**file) for file in kept))
    later.take(talk, "text")
    later.file(talk, case)
    talk.forget()
    talk.say("addition.done", talk.button("menu:start"), code=case.code)
    return Step.IDLE


def _not_agreed(talk: Talk) -> Step:
    """They withdrew their consent: nothing more may be kept before they give it again."""
    talk.forget()
    talk.say("addition.not_agreed", talk.button("menu:feedback"), talk.button("data:erase"))
    return Step.IDLE


def _offered(talk: Talk, case: Case) -> list[Button]:
    if case.open:
        return [talk.button(f"add:{case.code}", "add"), talk.button(f"withdraw:{case.code}", "withdraw")]
    again = may_reopen(talk.library.office, case, talk.tx.now)
    return [talk.button(f"reopen:{case.code}", "reopen")] if again else []


def named(talk: Talk) -> str:
    if talk.pressed:
        return talk.pressed[-1]
    return talk.text.partition(" ")[2]


def _is_mine(talk: Talk, case: Case) -> bool:
    return case.address == talk.address


def line(talk: Talk, case: Case) -> str:
    kind = talk.library.office.kind(case.kind).named(talk.state.language)
    return talk.phrase("tracking.line", code=case.code, kind=kind, status=_status_word(talk, case))


def _status_word(talk: Talk, case: Case) -> str:
    return talk.phrase(f"status.{case.status}")


def _status(talk: Talk, case: Case) -> str:
    language, words = talk.state.language, talk.library.phrases
    lines = [
        talk.phrase(
            "tracking.status",
            code=case.code,
            kind=talk.library.office.kind(case.kind).named(language),
            received=words.day(language, case.received),
            unit=talk.library.office.unit(case.unit).name,
            status=_status_word(talk, case),
        )
    ]
    if case.status is Status.WAITING:
        lines.append(talk.phrase("tracking.waiting"))
    elif case.open:
        late = talk.tx.now > case.due
        key = "tracking.late" if late else "tracking.due"
        lines.append(talk.phrase(key, due=words.day(language, case.due)))
    return "\n".join(lines)


def _moved(talk: Talk, happenings: list[Happening]) -> str:
    """Say why the promised day is another one than at first; not in whose words."""
    moves = [type(each.event).__name__ for each in happenings if isinstance(each.event, PROMISES)]
    return talk.phrase(f"tracking.moved.{moves[-1]}") if moves else ""


def _too_many_misses(talk: Talk) -> bool:
    return len(_recent_misses(talk)) >= MOST_MISSES


def _remember_miss(talk: Talk) -> None:
    talk.state.draft = {"misses": [*_recent_misses(talk), talk.tx.now.isoformat()]}


def _recent_misses(talk: Talk) -> list[str]:
    hour_ago = talk.tx.now - timedelta(hours=1)
    return [moment for moment in talk.draft.get("misses", []) if datetime.fromisoformat(moment) > hour_ago]
