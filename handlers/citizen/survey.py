"""One rating of 1 to 5 after an answer, with a word if the person likes."""

from faq.index import Answer
from feedback.cases import BEST, CITIZEN, WORST, Commented, NotAllowed, Rated
from handlers.actions import cases
from handlers.citizen import answer, later, menu
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

LONGEST = 1000  # characters of a comment


async def rate(talk: Talk) -> Step:
    """`rate:CODE:STARS`; a button is untrusted, so the case must be the person's own."""
    match talk.pressed:
        case ["rate", code, stars] if stars.isdecimal() and WORST <= int(stars) <= BEST:
            case = await talk.tx.cases.by_code(code)
        case _:
            return await menu.stale(talk)
    if case is None or case.address != talk.address:
        return await menu.stale(talk)
    try:
        cases.record(talk.tx, case, Rated(int(stars)), CITIZEN)
    except NotAllowed:
        if case.open:
            return await menu.stale(talk)
        talk.say("survey.already")
        return talk.step
    talk.state.draft = {"case": code}
    talk.say("survey.thanks", talk.button("comment:skip", "skip"), stars=stars)
    return Step.COMMENT


async def comment(talk: Talk) -> Step:
    """The next message is the word about the answer, unless it is clearly a new question."""
    if talk.pressed == ["comment", "skip"] or not talk.text:
        talk.forget()
        talk.say("survey.skipped")
        return Step.IDLE
    today = talk.library.office.today(talk.tx.now)
    if isinstance(talk.library.index.ask(talk.text, today), Answer):
        return await answer.question(talk)
    case = await talk.tx.cases.by_code(talk.draft["case"])
    if case is not None and case.address == talk.address:
        cases.record(talk.tx, case, Commented(talk.text[:LONGEST]), CITIZEN)
        later.take(talk, "text")
        later.file(talk, case)
    talk.forget()
    talk.say("survey.comment_kept")
    return Step.IDLE
