"""Those who sent a rumour are told when its clarification appears."""

from datetime import timedelta

from faq.index import Answer
from feedback.cases import Informed
from handlers.actions import cases
from handlers.library import Library
from storage.store import Tx

EVERY = timedelta(minutes=1)


async def tell_askers(tx: Tx, library: Library) -> None:
    """Send it once for each open case; the case stays open, for the unit has promised to look into it."""
    off = await tx.questions.switched_off()
    turn = int(tx.now.timestamp() / EVERY.total_seconds())
    for case in await tx.cases.open_of_kind(cases.RUMOUR, turn):
        match library.index.ask(case.text, library.office.today(tx.now), off=off):
            case Answer(entry=entry) if entry.verdict:
                told = [happening.event for happening in await tx.cases.timeline(case)]
                if not any(isinstance(event, Informed) and event.entry == entry.id for event in told):
                    cases.inform(tx, library, case, entry)
