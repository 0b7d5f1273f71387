"""What comes after a message was taken: its correction, or one more part of its album.

The draft remembers its messages in `parts`, each with the `field` to which it went; of what was filed the
database remembers them for some days.
"""

from dataclasses import asdict, replace

from feedback.cases import CITIZEN, Case, Edited, NotAllowed
from feedback.messages import Kind, Part
from handlers.actions import cases
from handlers.citizen import answer, intake
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk
from storage.parts import Filed

FILES = "files"  # the field of what has no words
PRIVATE = "contact"  # the field that does not go into the case's timeline
MOST_QUESTIONS = 5  # the last ones, whose corrections are answered


# What is remembered


def take(talk: Talk, field: str) -> None:
    """The message went to this field of the draft."""
    said = [replace(part, text="") for part in talk.said] if field == FILES else talk.said
    again = {part.message for part in said if part.message}
    before = [part for part in _parts(talk) if part["message"] not in again]
    talk.draft["parts"] = [*before, *({"field": field, **asdict(part)} for part in said)]


def asked(talk: Talk) -> None:
    """The message is a question: a correction of it is answered."""
    known = [*talk.state.asked, *(part.message for part in talk.said if part.message)]
    talk.state.asked = known[-MOST_QUESTIONS:]


def file(talk: Talk, case: Case) -> None:
    """The draft became part of the case, or of what was added to it."""
    kept = [part for part in _parts(talk) if part["field"] != PRIVATE]
    messages = (Part(part["message"], part["text"], part["album"]) for part in kept)
    talk.tx.parts.keep(talk.message.lane, case.id, messages)


def drop(talk: Talk) -> None:
    """Nothing of this album may be kept, and nothing of it that is still on its way."""
    if talk.message.album:
        talk.draft["dropped"] = talk.message.album


# One more part of an album


async def late_part(talk: Talk) -> bool:
    """Put it where the others are; without a word, since they were answered."""
    album = talk.message.album
    if not album:
        return False
    if talk.draft.get("dropped") == album or _joins_draft(talk, album) or await _joins_case(talk, album):
        talk.still_offered()
        return True
    return False


def _joins_draft(talk: Talk, album: str) -> bool:
    if album not in {part["album"] for part in _parts(talk)}:
        return False
    intake.keep_attachments(talk)
    field = next((name for name in ("text", "question") if name in talk.draft), FILES)
    if talk.text and field != FILES:
        talk.draft[field] = f"{talk.draft[field]}\n\n{talk.text}".strip()
    take(talk, "text" if field != FILES else FILES)
    return True


async def _joins_case(talk: Talk, album: str) -> bool:
    filed = await talk.tx.parts.of_album(talk.message.lane, album)
    case = await _case(talk, filed)
    if filed is None or case is None:
        return False
    try:
        cases.add(talk.tx, talk.library, case, talk.text, talk.message.attachments)
    except NotAllowed:
        return False
    talk.tx.parts.keep(talk.message.lane, case.id, talk.said)
    return True


# Corrections


async def edited(talk: Talk) -> Step:
    """Correct it where it went; the unit sees both wordings, and a question is answered anew."""
    filed = await talk.tx.parts.of_message(talk.message.lane, talk.message.message)
    case = await _case(talk, filed)
    if filed and case:
        return _in_case(talk, filed.part, case)
    if part := next((part for part in _parts(talk) if part["message"] == talk.message.message), None):
        return await _in_draft(talk, part)
    if talk.step is Step.IDLE and talk.text and talk.message.message in talk.state.asked:
        return await _anew(talk)
    talk.say("special.edited")
    talk.still_offered()
    return talk.step


def _in_case(talk: Talk, before: Part, case: Case) -> Step:
    talk.still_offered()
    if talk.text == before.text:
        return talk.step
    try:
        cases.record(talk.tx, case, Edited(before.text, talk.text), CITIZEN)
    except NotAllowed:
        talk.say("edit.too_late", code=case.code)
        return talk.step
    talk.tx.parts.keep(talk.message.lane, case.id, [replace(before, text=talk.text)])
    talk.say("edit.done", code=case.code)
    return talk.step


async def _in_draft(talk: Talk, part: dict[str, str]) -> Step:
    if talk.text == part["text"]:
        talk.still_offered()
        return talk.step
    before, part["text"] = part["text"], talk.text
    if talk.step is Step.TEXT:
        return await intake.text(_as_written(talk))
    if talk.step is Step.IDLE and not talk.draft.get("attachments"):
        return await _anew(talk)
    field = "text" if part["field"] == FILES else part["field"]
    field = "question" if talk.step is Step.IDLE else field
    if field not in talk.draft:
        talk.say("special.edited")
        talk.still_offered()
        return talk.step
    part["field"] = "text" if field == "question" else field
    words = talk.draft[field]
    return intake.revised(
        talk, field, words.replace(before, talk.text, 1) if before else f"{words}\n\n{talk.text}"
    )


async def _anew(talk: Talk) -> Step:
    return await answer.question(_as_written(talk))


def _as_written(talk: Talk) -> Talk:
    """The correction stands for the message; its files are here already."""
    talk.message = replace(talk.message, kind=Kind.TEXT, attachments=(), album="")
    return talk


async def _case(talk: Talk, filed: Filed | None) -> Case | None:
    """The person's own case, if there still is one."""
    case = await talk.tx.cases.by_id(filed.case_id) if filed else None
    return case if case and case.address == talk.address else None


def _parts(talk: Talk) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = talk.draft.get("parts", [])
    return parts
