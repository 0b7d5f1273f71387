"""A case as its unit's group sees it: never who sent it, and no personal data unless the office says so."""

from datetime import datetime

from feedback.cases import (
    SYSTEM,
    Added,
    Case,
    Commented,
    DeliveryUncertain,
    Edited,
    Erased,
    Event,
    Happening,
    Held,
    Informed,
    Noted,
    Rated,
    Resumed,
    Routed,
    Transferred,
    Undeliverable,
    WentOverdue,
)
from feedback.deadlines import VIETNAM
from feedback.masking import masked
from feedback.messages import Button, Outgoing
from handlers.actions.allowed import allows
from handlers.library import Library
from handlers.names import Names
from storage.groups import Group

LONGEST = 700  # characters of what the citizen wrote
LONGEST_NEWS = 500
OFFERED = ("accept", "answer", "ask", "extend", "transfer", "close")  # in the order of the buttons
TOLD: dict[type[Event], str] = {  # what is told in the group, and what of it is shown as it was written
    Resumed: "reason",
    Added: "text",
    Edited: "text",
    Erased: "",
    Informed: "text",
    Rated: "",
    Commented: "text",
    WentOverdue: "",
    DeliveryUncertain: "",
    Undeliverable: "",
    Held: "",
}


def title(library: Library, case: Case) -> str:
    return f"{case.code} · {Names(library.office).kind(case.kind)}"


def drawn(library: Library, case: Case, group: Group, happenings: list[Happening], now: datetime) -> Outgoing:
    """Return the card as it is to stand in the group now."""
    if case.unit != group.unit:
        unit = Names(library.office).unit(case.unit)
        return Outgoing(say(library, "group.card_gone", title=title(library, case), unit=unit))
    lines = [
        title(library, case),
        say(library, "group.card_status", status=_status(library, case)),
        say(library, "group.card_paused")
        if case.stands
        else say(library, "group.card_due", due=day(library, case.due)),
        say(library, "group.card_anonymous" if case.anonymous else "group.card_named"),
    ]
    if case.overdue and case.open and not case.stands:
        lines.insert(1, say(library, "group.card_overdue"))
    if reason := _reason(happenings):
        lines.append(say(library, "group.card_reason", reason=shown(library, reason, LONGEST_NEWS)))
    text = "\n".join(lines) + f"\n\n{shown(library, case.text, LONGEST)}"
    return Outgoing(text, (*_acts(library, case, now), *page(library, case)))


def news(library: Library, happenings: list[Happening]) -> str:
    """Say what happened that the group should hear of; empty if there is nothing."""
    told = [each.event for each in happenings if _is_told(each)]
    return "\n\n".join(_line(library, event) for event in told)


def _is_told(happening: Happening) -> bool:
    """Whether it is news: that the clock runs again is said already by what the citizen sent."""
    resumed_by_time = happening.actor == SYSTEM or not isinstance(happening.event, Resumed)
    return type(happening.event) in TOLD and resumed_by_time


def known(happenings: list[Happening]) -> int:
    """Count what happened, but for the notes: those contradict nothing that is being written."""
    return sum(not isinstance(each.event, Noted) for each in happenings)


def page(library: Library, case: Case) -> tuple[Button, ...]:
    """Return the way to the whole case, where the desk has an address that may be shown."""
    address = library.boards.address
    if not address:
        return ()
    return (Button(say(library, "group.button.page"), url=f"{address}/desk/cases/{case.code}"),)


def shown(library: Library, text: str, longest: int) -> str:
    text = text if library.boards.personal_data else masked(text)
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"


def day(library: Library, moment: datetime) -> str:
    """Write «thứ Sáu, ngày 27/11/2026»: it stays true, however long the card stands there."""
    local = moment.astimezone(VIETNAM)
    weekday = say(library, f"group.weekday.{local.isoweekday()}")
    return f"{weekday}, {library.phrases.day('vi', moment)}"


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M:%S}"


def say(library: Library, key: str, **values: object) -> str:
    return library.phrases.say("vi", key, **values)


def _acts(library: Library, case: Case, now: datetime) -> list[Button]:
    acts = [act for act in OFFERED if allows(case, act, now)]
    return [Button(say(library, f"group.button.{act}"), f"do:{act}:{case.code}") for act in acts]


def _status(library: Library, case: Case) -> str:
    status = say(library, f"status.{case.status}")
    return f"{status} ({Names(library.office).officer(case.officer)})" if case.officer else status


def _reason(happenings: list[Happening]) -> str:
    """Why the unit has the case, if another one passed it on."""
    routes = [each.event for each in happenings if isinstance(each.event, Routed | Transferred)]
    return routes[-1].reason if routes and isinstance(routes[-1], Transferred) else ""


def _line(library: Library, event: Event) -> str:
    name = type(event).__name__
    if isinstance(event, DeliveryUncertain) and event.resent:
        name = "Resent"
    elif isinstance(event, Added) and event.files:
        name = "AddedFiles"
    values = {"stars": getattr(event, "stars", 0), "files": getattr(event, "files", 0)}
    line = say(library, f"group.told.{name}", **values)
    text = str(getattr(event, TOLD[type(event)], ""))
    return f"{line}\n{shown(library, text, LONGEST_NEWS)}" if text else line
