"""What an officer is warned of before an answer leaves for a citizen."""

from collections.abc import Iterable, Iterator, Sequence

from feedback import linting
from feedback.cases import CITIZEN, Added, Case, Edited, Happening
from feedback.linting import Warned
from handlers.library import Library
from storage.store import Tx

LAST = 5  # answers of the unit to other people with which a new one is compared
VIETNAMESE = "vi"


async def of(
    tx: Tx, library: Library, case: Case, happenings: Sequence[Happening], text: str
) -> list[Warned]:
    """Compare an answer with what the citizen asked, and with what others were answered lately."""
    earlier = await tx.cases.answers_to_others(case, LAST)
    return check(library, case, happenings, text, earlier)


def check(
    library: Library, case: Case, happenings: Iterable[Happening], text: str, earlier: Sequence[str]
) -> list[Warned]:
    said = "\n".join([case.text, *_added(happenings)])
    own = f"{case.contact}\n{case.place}\n{case.code}"
    if case.language != VIETNAMESE:
        return linting.privacy(text, f"{said}\n{own}", earlier)
    return linting.check(text, said, own, earlier, library.office.wording)


def _added(happenings: Iterable[Happening]) -> Iterator[str]:
    for each in happenings:
        if each.actor == CITIZEN and isinstance(each.event, Added | Edited):
            yield each.event.text
