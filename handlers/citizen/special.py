"""What we must not take, cannot read, or must answer at once."""

from dataclasses import replace
from datetime import timedelta

from feedback.attachments import LARGEST
from feedback.kinds import Handling, Kind
from handlers.citizen import intake, later
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

BY_HAND = timedelta(hours=1)  # after an official wrote in the chat themselves, we keep out of it


async def emergency(talk: Talk) -> Step:
    """Numbers to call, at once; whatever was going on can go on afterwards."""
    for kind in talk.library.office.kinds:
        if kind.handling is Handling.EMERGENCY:
            talk.tell(kind.explained(talk.state.language))
    return talk.step


async def withheld(talk: Talk) -> Step:
    """A denunciation: its content was dropped before it was stored; we only explain."""
    return explain(talk, talk.library.office.kind(talk.message.withheld))


def explain(talk: Talk, kind: Kind) -> Step:
    """Say what to do with what has legal force only through its own procedure; keep nothing."""
    talk.forget()
    later.drop(talk)
    general = talk.button("general", kind=kind.named(talk.state.language))
    talk.tell(kind.explained(talk.state.language), general, talk.button("menu:start"))
    return Step.IDLE


async def general(talk: Talk) -> Step:
    """Not about the acts of one person or one's own case: an ordinary report, written anew."""
    return intake.begin(talk, kind="report", general=True)


async def left(talk: Talk) -> Step:
    """They unfollowed or blocked us: nothing that we say would arrive."""
    talk.state.gone = True
    talk.forget()
    return Step.IDLE


async def taken_over(talk: Talk) -> Step:
    talk.state.human_until = talk.tx.now + BY_HAND
    return talk.step


def is_taken_over(talk: Talk) -> bool:
    """Whether an official is writing here by hand; a slash or a button still asks for us."""
    until = talk.state.human_until
    return until is not None and talk.tx.now < until and not talk.text.startswith("/") and not talk.pressed


async def unsupported(talk: Talk) -> Step:
    talk.say("special.unsupported")
    talk.still_offered()
    return talk.step


async def contact(talk: Talk) -> Step:
    """A number that nobody asked for is not kept: it may be somebody else's."""
    talk.say("special.contact_not_kept")
    talk.still_offered()
    return talk.step


def leave_out_too_large(talk: Talk) -> bool:
    """Say which files no channel hands over, and go on with the rest; whether there is any."""
    fit = tuple(file for file in talk.message.attachments if file.size <= LARGEST)
    too_large = len(talk.message.attachments) - len(fit)
    if not too_large:
        return True
    talk.say("special.too_large", count=too_large, megabytes=LARGEST // 1024**2)
    talk.message = replace(talk.message, attachments=fit)
    return bool(fit or talk.text)


async def too_long(talk: Talk) -> Step:
    talk.say("special.too_long", length=len(talk.message.text))
    return talk.step


async def privacy(talk: Talk) -> Step:
    talk.say(
        "special.privacy",
        talk.button("data:menu"),
        talk.button("file:personal_data"),
        talk.button("menu:start"),
        office=talk.library.office.named(talk.state.language),
    )
    return talk.step
