"""What happened to a case, as the officer reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedback.cases import (
    CITIZEN,
    PROMISES,
    SYSTEM,
    Added,
    Answered,
    Asked,
    Closed,
    Commented,
    Corrected,
    Declined,
    DeliveryUncertain,
    Edited,
    Event,
    Extended,
    Happening,
    Informed,
    Noted,
    Proposed,
    Reminded,
    Reopened,
    Rescheduled,
    Resumed,
    Returned,
    Routed,
    TakenBack,
    Transferred,
)
from feedback.escalation import PASSED
from handlers.desk.templates import WORDS, day
from handlers.names import Names
from storage.outbox import Item
from storage.tables import OUTBOX_OPEN, OutboxStatus

SHOWN: dict[type[Event], str] = {  # what of an event is shown as it was written; nothing else is
    Routed: "reason",
    Noted: "text",
    Asked: "text",
    Resumed: "reason",
    Added: "text",
    Edited: "text",
    Informed: "text",
    Proposed: "text",
    Declined: "reason",
    Answered: "text",
    Corrected: "text",
    Transferred: "reason",
    Returned: "reason",
    Extended: "reason",
    Rescheduled: "reason",
    TakenBack: "reason",
    Reopened: "reason",
    Closed: "result",
    Commented: "text",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`words` with `values` say what happened, `text` is what a person wrote."""

    at: datetime
    actor: str
    words: str
    values: dict[str, object]
    text: str
    delivery: str
    notes: tuple[tuple[str, dict[str, object]], ...] = ()  # more words, each with its values


def lines(happenings: list[Happening], sent: list[Item], names: Names) -> list[Line]:
    return [
        Line(
            happening.at,
            _actor(happening.actor, names),
            _words(happening.event),
            _values(happening.event, names),
            getattr(happening.event, SHOWN.get(type(happening.event), ""), ""),
            delivery([item for item in sent if item.at == happening.at]),
            tuple(_notes(happening.event, names)),
        )
        for happening in happenings
    ]


def _notes(event: Event, names: Names) -> Iterator[tuple[str, dict[str, object]]]:
    """Who wrote it, if another one sent it; why an answer was corrected, or sent in spite of warnings."""
    if isinstance(event, Answered | Corrected) and event.drafter:
        yield "event.drafted", {"drafter": names.officer(event.drafter)}
    if isinstance(event, Proposed) and event.corrects:
        yield "event.corrects", {"reason": event.corrects}
    if isinstance(event, Corrected):
        yield "event.why", {"reason": event.reason}
    if isinstance(event, Answered | Corrected) and event.overridden:
        yield "event.overridden", {"reason": event.overridden}


def _words(event: Event) -> str:
    if isinstance(event, DeliveryUncertain) and event.resent:
        return "event.Resent"
    if isinstance(event, Reminded) and event.step >= PASSED:
        return "event.RemindedLate"
    return f"event.{type(event).__name__}"


def _values(event: Event, names: Names) -> dict[str, object]:
    return {
        "unit": names.unit(getattr(event, "unit", "")),
        "stars": getattr(event, "stars", 0),
        "factor": WORDS.get(f"factor.{getattr(event, 'factor', '')}", ""),
        "files": getattr(event, "files", 0),
        "before": getattr(event, "before", ""),
        "day": day(datetime.fromisoformat(event.due)) if isinstance(event, PROMISES) else "",
        "step": getattr(event, "step", 0),
        "drafter": names.officer(getattr(event, "drafter", "")),
        "late": getattr(event, "step", 0) - PASSED + 1,
        "people": ", ".join(names.officer(who) for who in getattr(event, "to", "").split(",")),
    }


def _actor(actor: str, names: Names) -> str:
    return WORDS[f"actor.{actor}"] if actor in (CITIZEN, SYSTEM) else names.officer(actor)


def delivery(items: list[Item]) -> str:
    """Say what became of one message, of which a long one has several pieces; empty if there was none."""
    statuses = {item.status for item in items}
    if not items:
        return ""
    if OutboxStatus.DEAD in statuses:
        return "failed"
    if OutboxStatus.HELD in statuses:
        return "held"
    if statuses & set(OUTBOX_OPEN):
        return "waiting"
    if OutboxStatus.UNKNOWN in statuses or any(item.maybe_twice for item in items):
        return "unsure"
    return "sent"
