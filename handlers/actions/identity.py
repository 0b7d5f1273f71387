"""Who sent an anonymous case is known to nobody, unless two persons of the office find that it must be."""

from feedback.cases import Case, Status
from feedback.staff import Officer, Role
from handlers.actions.tell import tell_citizen
from handlers.library import Library
from storage.reveals import Reveal
from storage.store import Tx


def may_ask(case: Case, reveals: list[Reveal], officer: Officer) -> bool:
    """Whether there is work to do and somebody to be known, and the officer has not asked already."""
    mine = [each for each in reveals if each.asked_by == officer.id and each.open]
    wanted = case.anonymous and case.status is not Status.CLOSED
    return wanted and bool(case.address.chat) and not mine


def may_decide(reveal: Reveal, officer: Officer) -> bool:
    """Never who asked."""
    return officer.role is Role.ROUTER and reveal.approved is None and reveal.asked_by != officer.id


def to_show(reveals: list[Reveal], officer: Officer) -> Reveal | None:
    """Return what was approved for this officer and not shown yet."""
    mine = (each for each in reveals if each.asked_by == officer.id and each.approved and each.open)
    return next(mine, None)


def show(tx: Tx, library: Library, case: Case, reveal: Reveal) -> None:
    """Count it as shown, and tell the citizen."""
    tx.reveals.show(reveal)
    unit = library.office.unit(case.unit).name
    tell_citizen(tx, library, case, "citizen.identity_shown", unit=unit, reason=reveal.reason)
