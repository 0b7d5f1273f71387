"""What can happen to a case, whoever causes it: record the event, tell the citizen."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from faq.entries import Entry
from feedback import codes, deadlines
from feedback.cases import (
    CITIZEN,
    SYSTEM,
    Accepted,
    Added,
    Answered,
    Asked,
    Case,
    Closed,
    Corrected,
    Event,
    Extended,
    Happening,
    Informed,
    NotAllowed,
    Noted,
    Received,
    Reopened,
    Resumed,
    Returned,
    Routed,
    Status,
    TakenBack,
    Transferred,
    apply,
)
from feedback.messages import Address, Attachment, Outgoing
from feedback.routing import Matter
from feedback.staff import Officer
from handlers.actions import letters, routes
from handlers.actions.allowed import allows, may_reopen, needs_second
from handlers.actions.answers import Reader
from handlers.actions.enclosures import LIFETIME, Enclosed
from handlers.actions.tell import addition, again, as_citizen_sees, ratings, tell_citizen
from handlers.library import Library
from storage.store import Tx

RUMOUR = "rumour"  # the kind of a claim that is to be checked


@dataclass(frozen=True, slots=True)
class Submission:
    """What a citizen sends, complete and reviewed; `seen` are the entries they saw and did not mean."""

    kind: str
    text: str
    address: Address
    sender: str
    place: str
    anonymous: bool
    contact: str
    language: str
    reply_to: str
    attachments: tuple[Attachment, ...]
    actor: str
    seen: tuple[str, ...] = ()


def open_case(tx: Tx, library: Library, new: Submission) -> Case:
    """Give it a code, a promised date and a unit."""
    chosen = routes.route(library, Matter(new.text, new.kind, new.place, new.sender))
    case = Case(
        id=tx.new_id(),
        code=codes.make(secrets.randbelow(codes.SPACE)),
        kind=new.kind,
        status=Status.ROUTED,
        unit=chosen.unit,
        topic=chosen.topic,
        text=new.text,
        address=new.address,
        received=tx.now,
        due=due(library, new.kind, tx.now),
        sender=new.sender,
        place=new.place,
        anonymous=new.anonymous,
        contact=new.contact,
        language=new.language,
        reply_to=new.reply_to,
    )
    received = Happening(tx.now, new.actor, Received(new.text, new.place, len(new.attachments)))
    known = [library.knowledge.entries[entry] for entry in new.seen if entry in library.knowledge.entries]
    seen = [Happening(tx.now, SYSTEM, Informed(entry.id, entry.question)) for entry in known]
    routed = Happening(
        tx.now, SYSTEM, Routed(chosen.unit, chosen.topic, chosen.reason, chosen.score, chosen.suggestions)
    )
    tx.cases.add(case, [received, *seen, routed])
    keep_files(tx, case, new.attachments)
    letters.tell_unit(tx, library, case, "new")
    return case


def due(library: Library, kind: str, now: datetime) -> datetime:
    """Return the moment that is promised for a case of this kind. Raises ValueError if none is opened."""
    promise = library.office.kind(kind).promise
    if promise is None:
        raise ValueError(f"no case is opened for {kind}")
    return deadlines.due(now, promise, library.office.calendar)


def take_back(tx: Tx, case: Case, reason: str) -> Case:
    """The citizen withdraws it. Raises NotAllowed when there is nothing open to withdraw."""
    return record(tx, case, TakenBack(reason), CITIZEN)


def reopen(tx: Tx, library: Library, case: Case, reason: str) -> Case:
    """Give it to the unit again, with a new promise. Raises NotAllowed when it is too late or was enough."""
    promised = due(library, case.kind, tx.now)
    event = Reopened(promised.isoformat(), reason)
    if not may_reopen(library.office, case, tx.now):
        raise NotAllowed(case, event)
    after = record(tx, case, event, CITIZEN)
    letters.tell_unit(tx, library, after, "reopened")
    return after


def keep_files(tx: Tx, case: Case, attachments: tuple[Attachment, ...]) -> None:
    """Without their names where the sender is anonymous: people name their files after themselves."""
    for each in attachments:
        attachment = replace(each, name="") if case.anonymous else each
        tx.files.add(case.id, case.address.channel, case.address.account, attachment)


def record(tx: Tx, case: Case, event: Event, actor: str) -> Case:
    """Change the case by an event. Raises NotAllowed; the commit raises Changed if it was not the last."""
    after = apply(case, event, tx.now)
    tx.cases.record(case, after, actor, event)
    return after


def accept(tx: Tx, library: Library, case: Case, officer: Officer) -> None:
    after = record(tx, case, Accepted(officer.id), officer.id)
    unit = library.office.unit(case.unit).name
    day = library.phrases.day(case.language, case.due)
    tell_citizen(tx, library, after, "citizen.accepted", unit=unit, due=day)


def answer(
    tx: Tx,
    library: Library,
    case: Case,
    text: str,
    officer: Officer,
    overridden: str = "",
    enclosed: Sequence[Enclosed] = (),
) -> None:
    """Send the answer with a request to rate it, once. Raises NotAllowed where a second person is needed."""
    event = Answered(text, overridden=overridden)
    if needs_second(library.office, case):
        raise NotAllowed(case, event)
    send_answer(tx, library, case, event, officer, enclosed)


def send_answer(
    tx: Tx,
    library: Library,
    case: Case,
    event: Answered | Corrected,
    officer: Officer,
    enclosed: Sequence[Enclosed] = (),
) -> None:
    """Send what may be sent: as an answer of one person, or of two."""
    counted = replace(event, files=len(enclosed))
    after = record(tx, _running(tx, library, case, officer.id), counted, officer.id)
    tell_citizen(tx, library, after, **_sent(library, case, event, enclosed))


def sent_as_seen(
    library: Library, case: Case, event: Answered | Corrected, enclosed: Sequence[Enclosed] = ()
) -> Outgoing:
    """Return the message that `send_answer` would send."""
    return as_citizen_sees(library, case, **_sent(library, case, event, enclosed))


def correct(
    tx: Tx,
    library: Library,
    case: Case,
    text: str,
    reason: str,
    officer: Officer,
    overridden: str = "",
    enclosed: Sequence[Enclosed] = (),
) -> None:
    """Send other words in the place of an answer that was wrong. Raises NotAllowed as `answer` does."""
    event = Corrected(text, reason, overridden=overridden)
    if needs_second(library.office, case):
        raise NotAllowed(case, event)
    send_answer(tx, library, case, event, officer, enclosed)


def answer_as_seen(library: Library, case: Case, text: str) -> Outgoing:
    """Return the message that `answer` would send."""
    return sent_as_seen(library, case, Answered(text))


def _sent(
    library: Library, case: Case, event: Answered | Corrected, enclosed: Sequence[Enclosed]
) -> dict[str, Any]:
    text = event.text
    if enclosed:
        links = "\n".join(map(str, enclosed))
        until = library.phrases.say(case.language, "citizen.enclosed", files=links, days=LIFETIME.days)
        text = f"{text}\n\n{until}"
    if isinstance(event, Answered):
        return _answered(library, case, text)
    return {"key": "citizen.corrected", "unit": library.office.unit(case.unit).name, "answer": text}


def _answered(library: Library, case: Case, text: str) -> dict[str, Any]:
    first = case.stars is None
    key = "citizen.answered" if first else "citizen.answered_again"
    buttons = ratings(library, case) if first else again(library, case)
    return {"key": key, "buttons": buttons, "unit": library.office.unit(case.unit).name, "answer": text}


def ask(tx: Tx, library: Library, case: Case, text: str, officer: Officer) -> None:
    """Ask the citizen for more, with a button to send it."""
    after = record(tx, case, Asked(text), officer.id)
    tell_citizen(tx, library, after, **_asked(library, case, text))


def ask_as_seen(library: Library, case: Case, text: str) -> Outgoing:
    """Return the message that `ask` would send."""
    return as_citizen_sees(library, case, **_asked(library, case, text))


def _asked(library: Library, case: Case, text: str) -> dict[str, Any]:
    unit = library.office.unit(case.unit).name
    values = {"unit": unit, "question": text, "clock": _clock(library, case)}
    return {"key": "citizen.asked", "buttons": addition(library, case), **values}


def _clock(library: Library, case: Case) -> str:
    """Say that it stands while the citizen is asked, unless the promise has passed."""
    key, days = ("runs" if case.overdue else "stands"), library.office.escalation.waiting_days
    return library.phrases.say(case.language, f"citizen.clock_{key}", days=days)


def add(tx: Tx, library: Library, case: Case, text: str, files: tuple[Attachment, ...]) -> Case:
    """Keep what the citizen adds; if that is what the unit waited for, the clock runs again."""
    after = record(tx, case, Added(text, len(files)), CITIZEN)
    keep_files(tx, case, files)
    return resume(tx, library, after, CITIZEN)


def resume(
    tx: Tx, library: Library, case: Case, actor: str, reason: str = "", *, told: str = "citizen.resumed"
) -> Case:
    """Let the clock run again, if it stands, and say the new promise."""
    after = _running(tx, library, case, actor, reason)
    if after is case:
        return case
    due = after.due
    day = library.phrases.day(case.language, due)
    if tx.now <= due:
        tell_citizen(tx, library, after, told, due=day)
    elif actor == CITIZEN:
        tell_citizen(tx, library, after, "citizen.resumed_late", due=day)
    return after


def _running(tx: Tx, library: Library, case: Case, actor: str, reason: str = "") -> Case:
    """Let the clock run again without a word: the time for which it stood is not the unit's."""
    if case.paused is None:
        return case
    due = deadlines.after_pause(case.due, case.paused, tx.now, library.office.calendar)
    return record(tx, case, Resumed(due.isoformat(), reason), actor)


def inform(tx: Tx, library: Library, case: Case, entry: Entry) -> None:
    """Send an approved answer while the unit still works on its own."""
    after = record(tx, case, Informed(entry.id, entry.question), SYSTEM)
    unit = library.office.unit(case.unit).name
    text = Reader(library, case.language, library.office.today(tx.now)).read(entry)
    if case.address.chat:
        tx.received.keep(case.address.lane, entry.id, entry.version, case.language)
    tell_citizen(tx, library, after, "citizen.informed", unit=unit, answer=text)


def note(tx: Tx, case: Case, text: str, officer: Officer) -> None:
    """Leave an internal note: nothing leaves the office."""
    record(tx, case, Noted(text), officer.id)


def transfer(tx: Tx, library: Library, case: Case, unit: str, reason: str, officer: Officer) -> None:
    """Pass it on. Raises NotAllowed, too, when it went to and fro so often that only those who route may."""
    event = Transferred(unit, reason)
    if not allows(library.office, case, "transfer", tx.now, officer):
        raise NotAllowed(case, event)
    after = record(tx, resume(tx, library, case, officer.id), event, officer.id)
    tell_citizen(tx, library, after, **_transferred(library, unit))
    letters.tell_unit(tx, library, after, "transferred")


def give_back(tx: Tx, library: Library, case: Case, reason: str, officer: Officer) -> None:
    """Return it to those who route, who decide."""
    unit = library.office.default_unit
    after = record(tx, resume(tx, library, case, officer.id), Returned(unit, reason), officer.id)
    tell_citizen(tx, library, after, **_given_back(library))
    letters.tell_unit(tx, library, after, "transferred")


def give_back_as_seen(library: Library, case: Case) -> Outgoing:
    """Return the message that `give_back` would send: the reason stays inside."""
    return as_citizen_sees(library, case, **_given_back(library))


def _given_back(library: Library) -> dict[str, Any]:
    return {"key": "citizen.given_back", "unit": library.office.unit(library.office.default_unit).name}


def transfer_as_seen(library: Library, case: Case, unit: str) -> Outgoing:
    """Return the message that `transfer` would send: the reason stays inside."""
    return as_citizen_sees(library, case, **_transferred(library, unit))


def _transferred(library: Library, unit: str) -> dict[str, Any]:
    return {"key": "citizen.transferred", "unit": library.office.unit(unit).name}


def extend(tx: Tx, library: Library, case: Case, due: datetime, reason: str, officer: Officer) -> None:
    """Promise a later date. Raises NotAllowed when it is not later, or when the old one has passed."""
    after = record(tx, case, Extended(due.isoformat(), reason), officer.id)
    tell_citizen(tx, library, after, **_extended(library, case, due, reason))


def extend_as_seen(library: Library, case: Case, due: datetime, reason: str) -> Outgoing:
    """Return the message that `extend` would send."""
    return as_citizen_sees(library, case, **_extended(library, case, due, reason))


def _extended(library: Library, case: Case, due: datetime, reason: str) -> dict[str, Any]:
    day, unit = library.phrases.day(case.language, due), library.office.unit(case.unit).name
    return {"key": "citizen.extended", "unit": unit, "due": day, "reason": reason}


def close(tx: Tx, library: Library, case: Case, result: str, officer: Officer) -> None:
    """Raises NotAllowed where that would be an answer of one person instead of two."""
    if case.open and needs_second(library.office, case):
        raise NotAllowed(case, Closed(result))
    after = record(tx, _running(tx, library, case, officer.id), Closed(result), officer.id)
    tell_citizen(tx, library, after, "citizen.closed", buttons=again(library, case), result=result)


def close_as_seen(library: Library, case: Case, result: str) -> Outgoing:
    """Return the message that `close` would send."""
    return as_citizen_sees(library, case, "citizen.closed", buttons=again(library, case), result=result)
