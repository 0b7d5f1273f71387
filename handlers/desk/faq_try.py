"""Ask as a citizen would, and see what is said today, and why; nothing is sent or kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aiohttp import web

from faq import compare
from faq.compare import Decision
from faq.index import Answer, Match
from feedback.cases import Sender
from feedback.kinds import Handling, Kind, recognise
from handlers.actions.answers import Reader
from handlers.desk import faq_state
from handlers.desk.faq import asked, sees
from handlers.desk.faq_state import Standing
from handlers.desk.visit import Visit

LONGEST = 1_000  # characters
RANKED = 5


@dataclass(frozen=True, slots=True)
class Given:
    """What one question of the message gets; `text` is the answer as it is sent, if there is one."""

    question: str
    decision: Decision
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """`link` says whether the officer may open the entry."""

    match: Match
    standing: Standing
    link: bool


async def show(visit: Visit) -> web.Response:
    library, text, audience = visit.desk.library, asked(visit)[:LONGEST], visit.request.query.get("as", "")
    async with visit.desk.store.look(visit.now) as tx:
        off = await tx.questions.switched_off()
    audience = audience if audience in set(Sender) else ""
    ranked = list(_ranked(visit, text, off))
    return visit.show(
        "faq_try.html",
        query=text,
        audience=audience,
        audiences=list(Sender),
        given=list(_given(visit, text, audience, off)) if text else [],
        kind=_other_kind(visit, text),
        ranked=ranked,
        nearest=[each.match for each in ranked[:3]],
        entries=library.knowledge.entries,
    )


def _given(visit: Visit, text: str, audience: str, off: frozenset[str]) -> Iterator[Given]:
    """Answer each question of the message as if a citizen had sent it."""
    library = visit.desk.library
    today = library.office.today(visit.now)
    for question, found in library.index.asked(text, today, off=off, audience=audience):
        answer = Reader(library, "vi", today).read(found.entry) if isinstance(found, Answer) else ""
        yield Given(question, compare.of(found), answer)


def _ranked(visit: Visit, text: str, off: Collection[str]) -> Iterator[Ranked]:
    library = visit.desk.library
    today = library.office.today(visit.now)
    for match in library.index.rank(text)[:RANKED]:
        standing = faq_state.standing(match.entry, today, off)
        yield Ranked(match, standing, sees(visit, match.entry))


def _other_kind(visit: Visit, text: str) -> Kind | None:
    """Return the kind of a message that is no question: people are led elsewhere first."""
    kind = recognise(text, visit.desk.library.office.kinds)
    return None if kind is None or kind.handling is Handling.ANSWER or kind.answer_first else kind
