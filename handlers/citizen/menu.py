"""Greeting, menu, help, and the ways out."""

from feedback.cases import Sender
from feedback.kinds import Handling, Kind
from feedback.messages import Button
from handlers.citizen import intake, tracking
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk


async def start(talk: Talk) -> Step:
    if code := _deep_link(talk.text):
        return await tracking.show(talk, code)
    talk.forget()
    talk.say("menu.greeting", *_menu(talk), office=_office(talk))
    return Step.IDLE


async def choose(talk: Talk) -> Step:
    match talk.pressed[1:]:
        case ["ask"]:
            return await ask(talk)
        case ["feedback"]:
            return await intake.start(talk)
        case ["track"]:
            return await tracking.start(talk)
        case ["english"]:
            return await english(talk)
        case ["vietnamese"]:
            return await vietnamese(talk)
        case _:
            return await start(talk)


async def ask(talk: Talk) -> Step:
    talk.forget()
    talk.say("menu.ask")
    return Step.IDLE


async def help_(talk: Talk) -> Step:
    talk.say("menu.help", office=_office(talk))
    return talk.step


async def cancel(talk: Talk) -> Step:
    was_busy = talk.step is not Step.IDLE
    talk.forget()
    talk.say("menu.cancelled" if was_busy else "menu.nothing_to_cancel", *_menu(talk))
    return Step.IDLE


def small_talk(talk: Talk, kind: Kind) -> Step:
    """A greeting, thanks, or something that is not ours: a short word and the menu."""
    key = "menu.small_talk" if kind.handling is Handling.GREET else "menu.decline"
    talk.say(key, *_menu(talk), office=_office(talk))
    return Step.IDLE


async def english(talk: Talk) -> Step:
    talk.state.language = "en"
    return await start(talk)


async def vietnamese(talk: Talk) -> Step:
    talk.state.language = "vi"
    return await start(talk)


async def ask_audience(talk: Talk) -> Step:
    buttons = [talk.button(f"audience:{who}", f"sender.{who}") for who in (*Sender, "skip")]
    talk.say("menu.ask_audience", *buttons)
    return talk.step


async def audience(talk: Talk) -> Step:
    """Remember as what the person asks, or forget it; then go on with what was under way."""
    match talk.pressed:
        case ["audience", who] if who in {*Sender, "skip"}:
            talk.state.audience = "" if who == "skip" else who
            talk.say("menu.audience_kept", audience=talk.phrase(f"button.sender.{who}"))
            return _go_on(talk)
    return await stale(talk)


async def unknown_command(talk: Talk) -> Step:
    talk.say("menu.unknown_command")
    return talk.step


async def stale(talk: Talk) -> Step:
    """A button of a step that is over, or one that nobody of ours made."""
    talk.say("menu.stale")
    return _go_on(talk)


def _go_on(talk: Talk) -> Step:
    return intake.ask(talk, talk.step) if talk.step in intake.ASK else talk.step


def _office(talk: Talk) -> str:
    return talk.library.office.named(talk.state.language)


def _menu(talk: Talk) -> list[Button]:
    other = "menu:english" if talk.state.language == "vi" else "menu:vietnamese"
    return [talk.button(data) for data in ("menu:ask", "menu:feedback", "menu:track", other)]


def _deep_link(text: str) -> str:
    """Return what stands for the code in «/start tracuu_CODE»; a link has no other separator than _ and -."""
    _, _, payload = text.partition(" tracuu_")
    return payload.replace("_", "-")
