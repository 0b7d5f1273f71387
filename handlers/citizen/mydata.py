"""What we hold of a person, in their own hands: to see, to take along, to withdraw, to erase."""

from collections.abc import Iterable
from datetime import timedelta

from feedback.cases import (
    Added,
    Answered,
    Asked,
    Case,
    Closed,
    Commented,
    Corrected,
    Edited,
    Event,
    Extended,
    Happening,
    Informed,
    Received,
)
from handlers.actions import erasure
from handlers.citizen import menu
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

READ = timedelta(minutes=10)  # after this we do not know any more what we wrote here about the person
THEIRS: dict[type[Event], str] = {Received: "text", Added: "text", Edited: "text", Commented: "text"}
OURS: dict[type[Event], str] = {  # what the person was told; what stays inside is not exported
    Asked: "text",
    Informed: "text",
    Answered: "text",
    Corrected: "text",
    Extended: "reason",
    Closed: "result",
}


async def start(talk: Talk) -> Step:
    buttons = [talk.button(f"data:{what}") for what in ("see", "export", "withdraw", "erase")]
    talk.say("mydata.menu", *buttons, talk.button("menu:start"))
    return talk.step


async def choose(talk: Talk) -> Step:
    match talk.pressed[1:]:
        case ["menu"]:
            return await start(talk)
        case ["see"]:
            return await see(talk)
        case ["export"]:
            return await export(talk)
        case ["withdraw"]:
            return await withdraw(talk)
        case ["erase"]:
            return await ask_erase(talk)
    return await menu.stale(talk)


# See, and take along


async def see(talk: Talk) -> Step:
    """Say it in words, without the words themselves."""
    mine = await talk.tx.cases.all_of_sender(talk.address)
    consents = await talk.tx.consents.of(talk.message.lane)
    day = talk.library.phrases.day
    lines = [talk.phrase("mydata.cases", count=len(mine))]
    lines += [_line(talk, case) for case in mine]
    for each in consents:
        key = "mydata.consent_withdrawn" if each.withdrawn_at else "mydata.consent"
        given, ended = (
            day(talk.state.language, at) if at else "" for at in (each.given_at, each.withdrawn_at)
        )
        lines.append(talk.phrase(key, version=each.version, given=given, ended=ended))
    terms = talk.library.office.terms
    lines.append(talk.phrase("mydata.chat", days=terms["conversation"].days))
    lines.append(talk.phrase("mydata.questions", days=terms["question"].days))
    talk.say("mydata.seen", talk.button("data:export"), talk.button("data:erase"), held="\n".join(lines))
    return talk.step


async def export(talk: Talk) -> Step:
    """Everything, word for word, in messages to this chat; nobody else can ask for it."""
    talk.tx.audit.add("citizen", "exported", talk.tx.tombstones.subject(talk.message.lane))
    talk.once("mydata.export", until=READ)
    for case in await talk.tx.cases.all_of_sender(talk.address):
        talk.once(
            "mydata.case", until=READ, line=_line(talk, case), content="\n".join(await _content(talk, case))
        )
    talk.say("mydata.exported", talk.button("menu:start"))
    return talk.step


async def _content(talk: Talk, case: Case) -> Iterable[str]:
    lines = [talk.phrase("summary.place", place=case.place)] if case.place else []
    lines += [talk.phrase("summary.contact", contact=case.contact)] if case.contact else []
    files = await talk.tx.files.of_case(case.id)
    lines += [talk.phrase("summary.files", count=len(files))] if files else []
    return lines + [line for each in await talk.tx.cases.timeline(case) if (line := _said(talk, each))]


def _said(talk: Talk, happening: Happening) -> str:
    kind, day = type(happening.event), talk.library.phrases.day(talk.state.language, happening.at)
    for key, fields in (("mydata.you_wrote", THEIRS), ("mydata.we_wrote", OURS)):
        if kind in fields:
            return talk.phrase(key, day=day, text=getattr(happening.event, fields[kind]))
    return ""


def _line(talk: Talk, case: Case) -> str:
    return talk.phrase(
        "mydata.line",
        code=case.code,
        kind=talk.library.office.kind(case.kind).named(talk.state.language),
        day=talk.library.phrases.day(talk.state.language, case.received),
        status=talk.phrase(f"status.{case.status}"),
    )


# Withdraw


async def withdraw(talk: Talk) -> Step:
    """No new case without a new consent; what is under way goes on until it is erased or taken back."""
    if not await talk.tx.consents.withdraw(talk.message.lane):
        talk.say("mydata.nothing_to_withdraw", talk.button("menu:start"))
        return talk.step
    talk.tx.audit.add("citizen", "consent_withdrawn", talk.tx.tombstones.subject(talk.message.lane))
    talk.forget()
    talk.say("mydata.withdrawn", talk.button("data:erase"), talk.button("menu:start"))
    return Step.IDLE


# Erase, asked twice


async def ask_erase(talk: Talk) -> Step:
    talk.forget()
    waiting = [case for case in await talk.tx.cases.all_of_sender(talk.address) if case.open]
    hows = ("take_back", "keep") if waiting else ("all",)
    buttons = [talk.button(f"erase:{how}") for how in hows]
    key = "mydata.ask_erase_open" if waiting else "mydata.ask_erase"
    talk.say(key, *buttons, talk.button("erase:cancel", "cancel"), count=len(waiting))
    return Step.ERASE


async def erase(talk: Talk) -> Step:
    match talk.pressed:
        case ["erase", "take_back" | "keep" | "all" as how]:
            talk.draft["how"] = how
            talk.say("mydata.sure", talk.button("erase:sure"), talk.button("erase:cancel", "cancel"))
            return Step.ERASE
        case ["erase", "sure"] if chosen := talk.draft.get("how"):
            return await _erase(talk, erasure.KEEP if chosen == "keep" else erasure.TAKE_BACK)
        case ["erase", "cancel"]:
            talk.forget()
            talk.say("mydata.not_erased", talk.button("menu:start"))
            return Step.IDLE
    talk.say("intake.please_choose")
    return await ask_erase(talk)


async def _erase(talk: Talk, how: str) -> Step:
    await erasure.erase(talk.tx, talk.library, talk.address, how)
    talk.state.forget()
    talk.once("mydata.erased", until=READ, days=talk.library.office.terms["conversation"].days)
    return Step.IDLE
