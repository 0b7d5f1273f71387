"""Four eyes: one officer proposes an answer, another one sends it or gives it back."""

from collections.abc import Sequence

from feedback.cases import Answered, Case, Corrected, Declined, Happening, NotAllowed, Proposed
from feedback.messages import Outgoing
from feedback.staff import Officer
from handlers.actions import cases
from handlers.actions.allowed import may_approve
from handlers.actions.enclosures import Enclosed
from handlers.library import Library
from storage.store import Tx


def propose(tx: Tx, case: Case, text: str, officer: Officer, corrects: str = "") -> None:
    """Nothing leaves the office yet."""
    cases.record(tx, case, Proposed(text, officer.id, corrects), officer.id)


def proposal(case: Case, happenings: Sequence[Happening]) -> Proposed | None:
    """Return what waits for a second person."""
    if not case.proposed_by:
        return None
    return next((each.event for each in reversed(happenings) if isinstance(each.event, Proposed)), None)


def declined(case: Case, happenings: Sequence[Happening]) -> tuple[Proposed, Declined] | None:
    """Return what is to be written again, and why."""
    if not case.declined_to:
        return None
    events = [each.event for each in happenings]
    why = next((event for event in reversed(events) if isinstance(event, Declined)), None)
    what = next((event for event in reversed(events) if isinstance(event, Proposed)), None)
    return (what, why) if what and why else None


def approve(
    tx: Tx,
    library: Library,
    case: Case,
    proposed: Proposed,
    text: str,
    officer: Officer,
    overridden: str = "",
    enclosed: Sequence[Enclosed] = (),
) -> None:
    """Send what was proposed, as the second person leaves it. Raises NotAllowed for whoever wrote it."""
    event = _approved(proposed, text, overridden)
    if not may_approve(officer, case):
        raise NotAllowed(case, event)
    cases.send_answer(tx, library, case, event, officer, enclosed)


def approve_as_seen(
    library: Library, case: Case, proposed: Proposed, text: str, enclosed: Sequence[Enclosed] = ()
) -> Outgoing:
    """Return the message that `approve` would send."""
    return cases.sent_as_seen(library, case, _approved(proposed, text, ""), enclosed)


def decline(tx: Tx, case: Case, reason: str, officer: Officer) -> None:
    """Give it back to who wrote it. Raises NotAllowed for that person."""
    event = Declined(reason, case.proposed_by)
    if not may_approve(officer, case):
        raise NotAllowed(case, event)
    cases.record(tx, case, event, officer.id)


def _approved(proposed: Proposed, text: str, overridden: str) -> Answered | Corrected:
    if proposed.corrects:
        return Corrected(text, proposed.corrects, proposed.drafter, overridden)
    return Answered(text, proposed.drafter, overridden)
