"""What a unit is told by mail: of its cases, of what became of a reply, and how to sign in.

Mail is forwarded, filed and opened by programs. So a letter shows no personal data, its subject only a code,
and its link leads no further than to signing in; the link to sign in goes to its officer alone, on request.
"""

from collections.abc import Mapping

from feedback import letters
from feedback.cases import Case
from feedback.masking import masked
from feedback.messages import Address, Button, Outgoing, Urgency
from feedback.staff import Officer
from handlers.actions import cards
from handlers.library import Library
from handlers.names import Names
from storage.store import Tx

NAME = "email"
LONGEST = 1500  # characters of what the citizen wrote


def tell_unit(tx: Tx, library: Library, case: Case, what: str) -> None:
    """Write to the unit what happened to a case of theirs: «new», «transferred», «reopened», «overdue»."""
    for address in receivers(library, case.unit) if library.letters.account else ():
        values = {
            "unit": Names(library.office).unit(case.unit),
            "code": case.code,
            "kind": Names(library.office).kind(case.kind),
            "due": cards.day(library, case.due),
        }
        text = masked(case.text)
        shown = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
        parts = [
            cards.say(library, f"letter.{what}", **values),
            cards.say(library, "letter.content", text=shown),
        ]
        if library.letters.answered:
            parts = [cards.say(library, "letter.above"), *parts, cards.say(library, "letter.how")]
        send(tx, library, address, "\n\n".join(parts), what, case)


def remind(tx: Tx, library: Library, unit: str, parts: Mapping[Officer, str]) -> None:
    """Write to the unit's own address what its people are reminded of; without one, to each their part."""
    if not library.letters.account:
        return
    head = cards.say(library, "letter.reminders", unit=Names(library.office).unit(unit))
    if own := library.office.units[unit].email:
        send(tx, library, own, "\n\n".join([head, *parts.values()]), "reminders")
        return
    for who, part in parts.items():
        if who.email:
            send(tx, library, who.email, f"{head}\n\n{part}", "reminders")


def receivers(library: Library, unit: str) -> tuple[str, ...]:
    """Return the unit's own address; without one, those of its officers."""
    own = library.office.units[unit].email if unit in library.office.units else ""
    staff = (officer.email for officer in library.office.staff if officer.of_unit and officer.unit == unit)
    return (own,) if own else tuple(filter(None, staff))


def officer_of(library: Library, address: str) -> Officer | None:
    """Return whose own address it is."""
    return next((each for each in library.office.staff if each.email and each.email == address), None)


def send(
    tx: Tx,
    library: Library,
    address: str,
    text: str,
    what: str,
    case: Case | None = None,
    buttons: tuple[Button, ...] = (),
) -> None:
    """Write a letter. `what` names its subject; about a case it has the way to the case's page."""
    code, case_id = (case.code, case.id) if case else ("", 0)
    subject = cards.say(library, f"letter.subject.{what}", code=code)
    key = letters.key(library.letters.key, case_id, tx.new_id())
    message = Outgoing(text, (*buttons, *_page(library, case)), subject=subject, key=key)
    tx.outbox.put(Address(NAME, library.letters.account, address), message, urgency=Urgency.NOTICE)


def _page(library: Library, case: Case | None) -> tuple[Button, ...]:
    if case is None or not library.letters.address:
        return ()
    url = f"{library.letters.address}/desk/cases/{case.code}"
    return (Button(cards.say(library, "letter.page"), url=url),)
