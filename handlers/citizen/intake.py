"""Taking a submission: each step asks one thing; what is already known is not asked again.

The draft holds one key for each step that is done, so that the next question is always the first step
without a key, before and after a restart. «said» is the message with the text: the answer replies to it.
«parts» are all the messages that it was made of, «by» is the button that began it: pressed again, it loses
nothing.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from feedback import masking
from feedback.cases import CITIZEN, Sender
from feedback.kinds import Handling, Kind, recognise
from feedback.messages import Attachment, Button
from handlers.actions import cases
from handlers.actions.cases import Submission
from handlers.citizen import later, menu, special
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

SHORTEST = 10  # characters of a submission
LONGEST_FIELD = 300  # characters of a place or a contact
MOST_FILES = 10  # as many as an album has
MOST_CASES = 5  # of one chat in an hour
FILED = (Handling.ANSWER, Handling.CASE)  # what may become a case
ORDER = (
    Step.CONSENT,
    Step.SENDER,
    Step.KIND,
    Step.TEXT,
    Step.PLACE,
    Step.FILES,
    Step.IDENTITY,
    Step.CONTACT,
)
TELLING = {
    masking.NAME: "intake.personal.name",
    masking.PHONE: "intake.personal.phone",
    masking.EMAIL: "intake.personal.email",
    masking.IDENTITY: "intake.personal.identity",
}
CLEANED = ("image/", "application/pdf")  # what nobody sees in these is taken out
SKIPPABLE = {Step.SENDER: "", Step.PLACE: "", Step.FILES: True, Step.CONTACT: ""}


# Ways in


async def start(talk: Talk) -> Step:
    return begin(talk)


async def to_a_person(talk: Talk) -> Step:
    """«0»: a question for the officers; what was just asked is taken along."""
    return begin(talk, kind="question", text=talk.draft.get("question"))


async def from_question(talk: Talk) -> Step:
    """A button under an answer or an offer: file what was written as this kind.

    Of two questions the button names one; if that is no longer in the draft, it is written anew.
    """
    code, number = [*talk.pressed[1:], "", ""][:2]
    if code not in {kind.code for kind in talk.library.office.kinds if kind.handling in FILED}:
        return await menu.stale(talk)
    draft = talk.draft
    if draft.get("by") == talk.pressed:  # twice: what is under way goes on
        return _next(talk)
    text = draft.get("asked", {}).get(number) if number else draft.get("question")
    if text and len(text) < SHORTEST:
        text = None
    seen = draft.get("refused", {}).get(number)
    kept = draft.get("attachments")
    return begin(talk, kind=code, text=text, attachments=kept, seen=seen, by=talk.pressed)


async def from_files(talk: Talk) -> Step:
    """What was sent out of the blue belongs to something new."""
    draft = talk.draft
    if draft.get("by") == talk.pressed:
        return _next(talk)
    attachments, place = draft.get("attachments"), draft.get("place")
    return begin(talk, text=draft.get("question"), attachments=attachments, place=place, by=talk.pressed)


def begin(talk: Talk, **known: object) -> Step:
    said = talk.draft.get("said")
    parts = talk.draft.get("parts") if known.get("text") or known.get("attachments") else None
    talk.state.draft = {key: value for key, value in {"said": said, "parts": parts, **known}.items() if value}
    return _next(talk)


def offer(talk: Talk, kind: Kind) -> Step:
    """They wrote what looks like feedback: ask before anything is filed."""
    talk.state.draft = {"question": talk.text, "said": talk.message.message}
    later.take(talk, "text")
    name = kind.named(talk.state.language)
    file = talk.button(f"file:{kind.code}", "file.offered", kind=name)
    talk.say("intake.offer", file, talk.button("answer:anyway"), talk.button("menu:start"), kind=name)
    return Step.IDLE


def offer_files(talk: Talk) -> Step:
    """A photo or file out of the blue is kept in the draft until the person says what it belongs to."""
    _keep_aside(talk)
    keep_attachments(talk)
    if talk.text:
        talk.draft["question"], talk.draft["said"] = talk.text, talk.message.message
    later.take(talk, "text" if talk.text else later.FILES)
    talk.say("intake.offer_files", talk.button("withfiles"), talk.button("add"), talk.button("menu:start"))
    return Step.IDLE


async def offer_place(talk: Talk) -> Step:
    """A location that nobody asked for: it belongs to what is being written, or to what may be written."""
    if talk.step in ASK:
        talk.draft["place"] = talk.text
        talk.say("intake.place_kept")
        return ask(talk, talk.step)
    _keep_aside(talk)
    talk.draft["place"] = talk.text
    new = talk.button("withfiles", "withplace")
    talk.say("intake.offer_place", new, talk.button("add"), talk.button("menu:start"))
    return Step.IDLE


def _keep_aside(talk: Talk) -> None:
    """Of the draft, keep what was sent and belongs to nothing yet."""
    aside = ("question", "said", "attachments", "place", "parts")
    talk.state.draft = {key: talk.draft[key] for key in aside if key in talk.draft}


# Steps, in the order in which they are asked


async def consent(talk: Talk) -> Step:
    match talk.pressed:
        case ["consent", "yes"]:
            shown, days = talk.library.office.consent, talk.library.office.terms["sender"].days
            talk.tx.consents.give(talk.message.lane, shown.version, shown.purpose, days)
            return _done(talk, Step.CONSENT, shown.version)
        case ["consent", "no"]:
            talk.forget()
            talk.say("intake.no_consent", talk.button("menu:start"))
            return Step.IDLE
    return _again(talk, Step.CONSENT)


async def sender(talk: Talk) -> Step:
    match talk.pressed:
        case ["sender", who] if who in set(Sender):
            talk.state.audience = who
            return _done(talk, Step.SENDER, who)
        case ["sender", "skip"]:
            return await skip(talk)
    return _again(talk, Step.SENDER)


async def kind(talk: Talk) -> Step:
    match talk.pressed:
        case ["kind", code] if code in {kind.code for kind in _offered(talk)}:
            return _done(talk, Step.KIND, code)
    return _again(talk, Step.KIND)


async def text(talk: Talk) -> Step:
    keep_attachments(talk)
    if against := _explained(talk, talk.text):
        return special.explain(talk, against)
    if len(talk.text) < SHORTEST:
        if talk.message.attachments:
            later.take(talk, later.FILES)
        talk.say("intake.too_short" if talk.text else "intake.files_need_words")
        return ask(talk, Step.TEXT)
    later.take(talk, "text")
    talk.draft["said"] = talk.message.message
    return _done(talk, Step.TEXT, talk.text)


async def place(talk: Talk) -> Step:
    return await _short_field(talk, Step.PLACE)


async def files(talk: Talk) -> Step:
    if talk.pressed in (["files", "skip"], ["files", "done"]):
        return _done(talk, Step.FILES, value=True)
    if not talk.message.attachments:
        return _again(talk, Step.FILES)
    count = keep_attachments(talk)
    later.take(talk, "text")
    if talk.text:
        talk.draft["text"] = f"{talk.draft['text']}\n\n{talk.text}"
    if count >= MOST_FILES:
        if count == MOST_FILES:
            talk.say("intake.enough_files", count=MOST_FILES)
        return _done(talk, Step.FILES, value=True)
    talk.say("intake.file_kept", talk.button("files:done"), count=count, most=MOST_FILES)
    return Step.FILES


async def identity(talk: Talk) -> Step:
    match talk.pressed:
        case ["identity", "anonymous"] if _kind(talk).anonymous_allowed:
            return _done(talk, Step.IDENTITY, "anonymous")
        case ["identity", "named"]:
            return _done(talk, Step.IDENTITY, "named")
    return _again(talk, Step.IDENTITY)


async def contact(talk: Talk) -> Step:
    return await _short_field(talk, Step.CONTACT)


async def review(talk: Talk) -> Step:
    match talk.pressed:
        case ["review", "send"]:
            return await _submit(talk)
        case ["review", "edit"]:
            del talk.draft["text"]
            return _next(talk)
        case ["review", "cancel"]:
            return await menu.cancel(talk)
    return _again(talk, Step.REVIEW)


def revised(talk: Talk, field: str, words: str) -> Step:
    """A message of the draft was corrected: the field now says this."""
    if field == "text" and len(words) < SHORTEST:
        del talk.draft["text"]
        talk.say("intake.too_short")
        return _next(talk)
    if field in SKIPPABLE and len(words) > LONGEST_FIELD:
        talk.say("intake.field_too_long", longest=LONGEST_FIELD)
        talk.still_offered()
        return talk.step
    if field == "text" and (against := _explained(talk, words)):
        return special.explain(talk, against)
    talk.draft[field] = words
    if talk.step is Step.REVIEW:
        return ask(talk, Step.REVIEW)
    talk.say("edit.draft")
    talk.still_offered()
    return talk.step


async def skip(talk: Talk) -> Step:
    if talk.step not in SKIPPABLE or (talk.step is Step.CONTACT and not _kind(talk).anonymous_allowed):
        if talk.step not in ASK:
            return await menu.cancel(talk)
        talk.say("intake.cannot_skip")
        return ask(talk, talk.step)
    return _done(talk, talk.step, SKIPPABLE[talk.step])


# What each step says


def ask(talk: Talk, step: Step) -> Step:
    ASK[step](talk)
    return step


def _ask_consent(talk: Talk) -> None:
    buttons = talk.button("consent:yes"), talk.button("consent:no")
    office = talk.library.office
    days = office.terms["sender"].days
    talk.say("intake.ask_consent", *buttons, office=office.named(talk.state.language), days=days)


def _ask_sender(talk: Talk) -> None:
    buttons = [talk.button(f"sender:{who}") for who in (*Sender, "skip")]
    talk.say("intake.ask_sender", *buttons)


def _ask_kind(talk: Talk) -> None:
    language = talk.state.language
    talk.say(
        "intake.ask_kind", *(Button(kind.named(language), f"kind:{kind.code}") for kind in _offered(talk))
    )


def _ask_text(talk: Talk) -> None:
    talk.say("intake.ask_text", kind=_kind(talk).named(talk.state.language))


def _ask_place(talk: Talk) -> None:
    talk.say("intake.ask_place", talk.button("place:skip", "skip"))


def _ask_files(talk: Talk) -> None:
    count = len(talk.draft.get("attachments", []))
    button = talk.button("files:done") if count else talk.button("files:skip", "skip")
    talk.say("intake.ask_files", button, most=MOST_FILES)


def _ask_identity(talk: Talk) -> None:
    named = talk.button("identity:named")
    if _kind(talk).anonymous_allowed:
        talk.say("intake.ask_identity", talk.button("identity:anonymous"), named)
    else:
        talk.say("intake.ask_identity_named", named)


def _ask_contact(talk: Talk) -> None:
    if _kind(talk).anonymous_allowed:
        talk.say("intake.ask_contact", talk.button("contact:skip", "skip"))
    else:
        talk.say("intake.ask_contact_needed")


def _ask_review(talk: Talk) -> None:
    buttons = [talk.button(f"review:{what}") for what in ("send", "edit", "cancel")]
    if talk.draft.get("identity") != "named":
        _warn(talk)
    talk.say("intake.review", *buttons, summary="\n".join(_summary(talk)))


def _warn(talk: Talk) -> None:
    """Who wants to be anonymous should not be named by what they send."""
    draft = talk.draft
    told = masking.kinds(f"{draft.get('place', '')}\n{draft['text']}") & TELLING.keys()
    if told:
        what = ", ".join(talk.phrase(TELLING[kind]) for kind in sorted(told))
        talk.say("intake.names_you", what=what)
    if any(not file["mime"].startswith(CLEANED) for file in draft.get("attachments", [])):
        talk.say("intake.files_may_name_you")


ASK: dict[Step, Callable[[Talk], None]] = {
    Step.CONSENT: _ask_consent,
    Step.SENDER: _ask_sender,
    Step.KIND: _ask_kind,
    Step.TEXT: _ask_text,
    Step.PLACE: _ask_place,
    Step.FILES: _ask_files,
    Step.IDENTITY: _ask_identity,
    Step.CONTACT: _ask_contact,
    Step.REVIEW: _ask_review,
}


# How it goes on


def _next(talk: Talk) -> Step:
    """Ask for the first thing that is missing."""
    for step in ORDER:
        if step.value not in talk.draft and _wanted(talk, step):
            return ask(talk, step)
    return ask(talk, Step.REVIEW)


def _wanted(talk: Talk, step: Step) -> bool:
    match step:
        case Step.CONSENT | Step.KIND:
            return True
        case Step.CONTACT:
            return talk.draft.get("identity") == "named"
        case _:
            return "kind" not in talk.draft or step.value in _kind(talk).steps


def _done(talk: Talk, step: Step, value: object) -> Step:
    talk.draft[step.value] = value
    return _next(talk)


def _again(talk: Talk, step: Step) -> Step:
    talk.say("intake.please_choose")
    return ask(talk, step)


def _explained(talk: Talk, words: str) -> Kind | None:
    """Return the kind of which we take nothing, if the words are of one."""
    if talk.draft.get("general"):
        return None
    seen = recognise(words, talk.library.office.kinds)
    return seen if seen is not None and seen.handling is Handling.EXPLAIN_ONLY else None


async def _short_field(talk: Talk, step: Step) -> Step:
    if talk.pressed == [step.value, "skip"]:
        return await skip(talk)
    if not talk.text:
        return _again(talk, step)
    if len(talk.text) > LONGEST_FIELD:
        talk.say("intake.field_too_long", longest=LONGEST_FIELD)
        return ask(talk, step)
    later.take(talk, step)
    return _done(talk, step, talk.text)


async def _submit(talk: Talk) -> Step:
    if not await talk.tx.consents.holds(talk.message.lane):
        del talk.draft["consent"]
        return _next(talk)
    if await _too_many(talk):
        talk.say("intake.too_many")
        return ask(talk, Step.REVIEW)
    case = cases.open_case(talk.tx, talk.library, _submission(talk))
    later.file(talk, case)
    words = talk.library.phrases
    talk.say(
        "intake.done",
        talk.button(f"add:{case.code}", "add"),
        talk.button("menu:start"),
        code=case.code,
        unit=talk.library.office.unit(case.unit).name,
        due=words.day(talk.state.language, case.due),
    )
    talk.forget()
    return Step.IDLE


async def _too_many(talk: Talk) -> bool:
    mine = await talk.tx.cases.of_sender(talk.address, limit=MOST_CASES)
    hour_ago = talk.tx.now - timedelta(hours=1)
    return len(mine) == MOST_CASES and mine[-1].received > hour_ago


def _submission(talk: Talk) -> Submission:
    draft = talk.draft
    return Submission(
        kind=draft["kind"],
        text=draft["text"],
        address=talk.address,
        sender=draft.get("sender", ""),
        place=draft.get("place", ""),
        anonymous=draft.get("identity") != "named",
        contact=draft.get("contact", "") if draft.get("identity") == "named" else "",
        language=talk.state.language,
        reply_to=draft.get("said", talk.message.message),
        attachments=tuple(Attachment(**kept) for kept in draft.get("attachments", [])),
        actor=CITIZEN,
        seen=tuple(draft.get("seen", ())),
    )


def _summary(talk: Talk) -> Iterable[str]:
    draft = talk.draft
    yield talk.phrase("summary.kind", kind=_kind(talk).named(talk.state.language))
    if draft.get("sender"):
        yield talk.phrase("summary.sender", sender=talk.phrase(f"button.sender.{draft['sender']}"))
    yield talk.phrase("summary.text", text=draft["text"])
    if draft.get("place"):
        yield talk.phrase("summary.place", place=draft["place"])
    if draft.get("attachments"):
        yield talk.phrase("summary.files", count=len(draft["attachments"]))
    named = draft.get("identity") == "named"
    yield talk.phrase("summary.named" if named else "summary.anonymous")
    if draft.get("contact"):
        yield talk.phrase("summary.contact", contact=draft["contact"])


def _kind(talk: Talk) -> Kind:
    return talk.library.office.kind(talk.draft["kind"])


def _offered(talk: Talk) -> list[Kind]:
    offered = [kind for kind in talk.library.office.kinds if kind.offered]
    return sorted(offered, key=lambda kind: kind.offered)


def keep_attachments(talk: Talk) -> int:
    """Put the message's files into the draft, as many as there may be; return how many there were."""
    kept = [*talk.draft.get("attachments", []), *attachments(talk)]
    talk.draft["attachments"] = kept[:MOST_FILES]
    if len(kept) > MOST_FILES:
        talk.say("intake.too_many_files", count=MOST_FILES)
    return len(kept)


def attachments(talk: Talk) -> list[dict[str, Any]]:
    return [
        {"remote": a.remote, "name": a.name, "mime": a.mime, "size": a.size} for a in talk.message.attachments
    ]
