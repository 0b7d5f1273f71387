"""What we must not take, cannot read, or must answer at once."""

from feedback.kinds import Handling, Kind
from handlers.citizen import intake
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk


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
    general = talk.button("general", kind=kind.named(talk.state.language))
    talk.tell(kind.explained(talk.state.language), general, talk.button("menu:start"))
    return Step.IDLE


async def general(talk: Talk) -> Step:
    """Not about the acts of one person or one's own case: an ordinary report, written anew."""
    return intake.begin(talk, kind="report", general=True)


async def edited(talk: Talk) -> Step:
    talk.say("special.edited")
    return talk.step


async def unsupported(talk: Talk) -> Step:
    talk.say("special.unsupported")
    return talk.step


async def too_long(talk: Talk) -> Step:
    talk.say("special.too_long", length=len(talk.message.text))
    return talk.step


async def privacy(talk: Talk) -> Step:
    talk.say(
        "special.privacy",
        talk.button("file:personal_data"),
        talk.button("menu:start"),
        office=talk.library.office.named(talk.state.language),
    )
    return talk.step
