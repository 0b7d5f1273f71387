"""The conversation on one screen: which words, buttons and steps lead where."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from feedback.kinds import Handling, Kind, recognise
from feedback.messages import LONGEST_TEXT, Incoming
from feedback.messages import Kind as MessageKind
from feedback.vietnamese import fold, plain
from handlers.actions import erasure
from handlers.citizen import answer, intake, later, menu, mydata, special, survey, thoughts, tracking
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk
from handlers.library import Library
from storage.store import Tx

Handler = Callable[[Talk], Awaitable[Step]]

COMMANDS: dict[str, Handler] = {
    "start": menu.start,
    "menu": menu.start,
    "help": menu.help_,
    "trogiup": menu.help_,
    "ask": menu.ask,
    "hoi": menu.ask,
    "feedback": intake.start,
    "gopy": intake.start,
    "track": tracking.start,
    "tracuu": tracking.start,
    "add": tracking.add,
    "bosung": tracking.add,
    "withdraw": thoughts.withdraw,
    "ruthoso": thoughts.withdraw,
    "person": intake.to_a_person,
    "canbo": intake.to_a_person,
    "cancel": menu.cancel,
    "huy": menu.cancel,
    "skip": intake.skip,
    "boqua": intake.skip,
    "iam": menu.ask_audience,
    "toila": menu.ask_audience,
    "privacy": special.privacy,
    "dulieu": special.privacy,
    "mydata": mydata.start,
    "dulieucuatoi": mydata.start,
    "english": menu.english,
    "tiengviet": menu.vietnamese,
}

MENU: dict[str, str] = {  # what a channel shows as its menu: each command with its English name
    "start": "start",
    "hoi": "ask",
    "gopy": "feedback",
    "tracuu": "track",
    "bosung": "add",
    "ruthoso": "withdraw",
    "huy": "cancel",
    "toila": "iam",
    "dulieu": "privacy",
    "dulieucuatoi": "mydata",
    "trogiup": "help",
    "english": "tiengviet",
}

WORDS: dict[str, str] = {  # typed without a slash, with or without diacritics
    "menu": "menu",
    "bat dau": "menu",
    "tro giup": "help",
    "help": "help",
    "gop y": "feedback",
    "gui phan anh": "feedback",
    "tra cuu": "track",
    "bo sung": "add",
    "rut ho so": "withdraw",
    "0": "person",
    "gap can bo": "person",
    "huy": "cancel",
    "huy bo": "cancel",
    "cancel": "cancel",
    "thoat": "cancel",
    "bo qua": "skip",
    "skip": "skip",
    "english": "english",
    "tieng viet": "tiengviet",
}

NAMES = ("huy",)  # given names, too: as a contact they are no command unless their mark is typed

BUTTONS: dict[str, Handler] = {  # these work at any time, weeks later too
    "menu": menu.choose,
    "file": intake.from_question,
    "entry": answer.chosen,
    "wrong": answer.not_meant,
    "answer": answer.anyway,
    "add": tracking.add,
    "rate": survey.rate,
    "factor": survey.factor,
    "withdraw": thoughts.withdraw,
    "reopen": thoughts.reopen,
    "status": tracking.again,
    "audience": menu.audience,
    "withfiles": intake.from_files,
    "general": special.general,
    "data": mydata.choose,
}

STEPS: dict[Step, Handler] = {
    Step.IDLE: answer.question,
    Step.CONSENT: intake.consent,
    Step.SENDER: intake.sender,
    Step.KIND: intake.kind,
    Step.TEXT: intake.text,
    Step.PLACE: intake.place,
    Step.FILES: intake.files,
    Step.IDENTITY: intake.identity,
    Step.CONTACT: intake.contact,
    Step.REVIEW: intake.review,
    Step.CODE: tracking.code,
    Step.ADDITION: tracking.addition,
    Step.COMMENT: survey.comment,
    Step.ERASE: mydata.erase,
    Step.WITHDRAWAL: thoughts.withdrawal,
    Step.REOPENING: thoughts.reopening,
}


EVENTS: dict[MessageKind, Handler] = {  # what is no word of the conversation
    MessageKind.EDIT: later.edited,
    MessageKind.UNSUPPORTED: special.unsupported,
    MessageKind.STARTED: menu.start,
    MessageKind.LEFT: special.left,
    MessageKind.TAKEN_OVER: special.taken_over,
}


ASKED_FOR: dict[MessageKind, tuple[set[Step], Handler]] = {  # where it is an answer; elsewhere this handler
    MessageKind.LOCATION: ({Step.PLACE, Step.ADDITION}, intake.offer_place),
    MessageKind.CONTACT: ({Step.CONTACT}, special.contact),
}

GOES_ON: dict[Step, set[MessageKind]] = {  # where people write one thought in several messages
    Step.TEXT: {MessageKind.TEXT, MessageKind.FILES},
    Step.ADDITION: {MessageKind.TEXT, MessageKind.FILES, MessageKind.LOCATION},
    Step.COMMENT: {MessageKind.TEXT},
    Step.WITHDRAWAL: {MessageKind.TEXT},
    Step.REOPENING: {MessageKind.TEXT},
}


def goes_on(message: Incoming, step: str, library: Library) -> bool:
    """Whether it may be one of several messages that are one thought: commands and emergencies are not."""
    if message.withheld or message.kind not in GOES_ON.get(Step(step), ()):
        return False
    words = fold(message.text)
    is_choice = message.text.lstrip().startswith("/") or words in WORDS or re.fullmatch(r"\d{1,2}", words)
    return not is_choice and not _is_emergency(recognise(message.text, library.office.kinds))


async def handle(message: Incoming, tx: Tx, library: Library) -> None:
    """Answer one message: everything that it causes goes into the one transaction."""
    if message.kind is MessageKind.ERASE:
        await erasure.erase(tx, library, message.address)
        return
    if message.parts:
        kind = recognise(message.text, library.office.kinds)
        message = message if kind is None or kind.keep_content else message.without(kind.code)
    talk = Talk(tx, library, message, await tx.talks.find(message.lane))
    if message.kind is not MessageKind.TAKEN_OVER:
        talk.state.acted_at, talk.state.gone = message.at, False
    talk.state.step = await _respond(talk)
    tx.talks.save(talk.state)


async def _respond(talk: Talk) -> Step:
    if talk.message.withheld:
        return await special.withheld(talk)
    if talk.message.kind is MessageKind.UNSUPPORTED and talk.text:
        talk.say("special.unsupported_part")
        talk.message = replace(talk.message, kind=MessageKind.TEXT)
    if talk.message.kind in EVENTS:
        return await EVENTS[talk.message.kind](talk)
    if special.is_taken_over(talk) or not special.leave_out_too_large(talk) or await later.late_part(talk):
        return talk.step
    if len(talk.message.text) > LONGEST_TEXT:
        return await special.too_long(talk)
    steps, elsewhere = ASKED_FOR.get(talk.message.kind, (set(Step), None))
    if elsewhere and talk.step not in steps:
        return await elsewhere(talk)
    return await _answer(talk)


async def _answer(talk: Talk) -> Step:
    if command := _command(talk):
        return await COMMANDS.get(command, menu.unknown_command)(talk)
    if talk.pressed:
        return await _pressed(talk)
    if talk.text and _is_emergency(talk.kind):
        return await special.emergency(talk)
    return await STEPS[talk.step](talk)


def _command(talk: Talk) -> str | None:
    """Return the command's name, without a slash and without «@name_of_the_bot»."""
    if talk.message.kind is not MessageKind.TEXT:
        return None
    if talk.text.startswith("/"):
        return fold(talk.text.split()[0].partition("@")[0]) or "/"
    if talk.step is Step.CONTACT and plain(talk.text) in NAMES:
        return None
    return WORDS.get(fold(talk.text))


async def _pressed(talk: Talk) -> Step:
    verb = talk.pressed[0]
    if verb in BUTTONS:
        return await BUTTONS[verb](talk)
    if verb == talk.step:
        return await STEPS[talk.step](talk)
    return await menu.stale(talk)


def _is_emergency(kind: Kind | None) -> bool:
    return kind is not None and kind.handling is Handling.EMERGENCY
