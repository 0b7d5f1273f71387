"""One rating of 1 to 5 after an answer, with a word and five short questions if the person likes."""

from faq.index import Answer
from feedback.cases import BEST, CITIZEN, LOW, WORST, Case, Commented, Event, NotAllowed, Rated, Surveyed
from feedback.messages import Button
from feedback.survey import FACTORS, after
from handlers.actions import cases
from handlers.actions.allowed import may_reopen
from handlers.citizen import answer, later, menu
from handlers.citizen.steps import Step
from handlers.citizen.talk import Talk

LONGEST = 1000  # characters of a comment
STARS = tuple(str(stars) for stars in range(WORST, BEST + 1))
LOW_STARS = STARS[:LOW]


async def rate(talk: Talk) -> Step:
    """`rate:CODE:STARS`; a button is untrusted, so the case must be the person's own."""
    match talk.pressed:
        case ["rate", code, stars] if stars in STARS:
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
    talk.say("survey.thanks", talk.button("comment:skip", "skip"), *_more(talk, case), stars=stars)
    return Step.COMMENT


def _more(talk: Talk, case: Case) -> list[Button]:
    """Offer the questions, and another look to whoever is not content."""
    asks = (
        [talk.button(f"factor:{case.code}", "factors")] if talk.library.office.kind(case.kind).survey else []
    )
    low = talk.pressed[-1] in LOW_STARS and may_reopen(talk.library.office, case, talk.tx.now)
    return [*asks, talk.button(f"reopen:{case.code}", "reopen")] if low else asks


async def factor(talk: Talk) -> Step:
    """`factor:CODE` begins, `factor:CODE:FACTOR:STARS` answers and asks the next, `factor:CODE:stop` ends."""
    match talk.pressed:
        case ["factor", code, *rest]:
            case = await talk.tx.cases.by_code(code)
        case _:
            return await menu.stale(talk)
    if case is None or case.address != talk.address or not talk.library.office.kind(case.kind).survey:
        return await menu.stale(talk)
    match rest:
        case []:
            return _ask(talk, case, FACTORS[0])
        case ["stop"]:
            return _thank(talk)
        case [name, stars] if name in FACTORS and stars in STARS:
            return await _answered(talk, case, Surveyed(name, int(stars)))
    return await menu.stale(talk)


async def _answered(talk: Talk, case: Case, answered: Surveyed) -> Step:
    """Keep the first answer to each question; a button that is pressed again changes nothing."""
    known = [each.event for each in await talk.tx.cases.timeline(case)]
    told = known[_last_rating(known) :]
    if answered.factor in {each.factor for each in told if isinstance(each, Surveyed)}:
        talk.say("survey.factor_already")
        return talk.step
    try:
        cases.record(talk.tx, case, answered, CITIZEN)
    except NotAllowed:
        return await menu.stale(talk)
    following = after(answered.factor)
    return _ask(talk, case, following) if following else _thank(talk)


def _last_rating(known: list[Event]) -> int:
    return max((place for place, event in enumerate(known) if isinstance(event, Rated)), default=0)


def _ask(talk: Talk, case: Case, name: str) -> Step:
    stars = [talk.button(f"factor:{case.code}:{name}:{n}", f"rate.{n}") for n in STARS]
    number, of = FACTORS.index(name) + 1, len(FACTORS)
    stop = talk.button(f"factor:{case.code}:stop", "stop")
    talk.say(f"survey.factor.{name}", *stars, stop, number=number, of=of)
    return talk.step


def _thank(talk: Talk) -> Step:
    """Whatever else was under way goes on."""
    talk.say("survey.factors_done", talk.button("menu:start"))
    if talk.step is not Step.COMMENT:
        return talk.step
    talk.forget()
    return Step.IDLE


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
