"""A case as its unit's group sees it: never who sent it, and no personal data unless the office says so."""

from datetime import datetime

from feedback.cases import (
    LOW,
    SYSTEM,
    Added,
    Case,
    Commented,
    Declined,
    DeliveryUncertain,
    Edited,
    Erased,
    Event,
    Happening,
    Held,
    Informed,
    Noted,
    Proposed,
    Rated,
    Reopened,
    Resumed,
    Returned,
    Routed,
    Status,
    TakenBack,
    Transferred,
    Undeliverable,
    WentOverdue,
)
from feedback.deadlines import VIETNAM
from feedback.masking import masked
from feedback.messages import Button, Outgoing
from feedback.staff import Role
from handlers.actions.allowed import allows
from handlers.library import Library
from handlers.names import Names
from storage.groups import Group

LONGEST = 700  # characters of what the citizen wrote
LONGEST_NEWS = 500
OFFERED = (
    "accept",
    "approve",
    "decline",
    "answer",
    "propose",
    "correct",
    "ask",
    "extend",
    "transfer",
    "return",
    "close",
)  # in the order of the buttons
VERBS = {"approve": "second", "decline": "second"}  # for another person than who wrote the answer
TOLD: dict[type[Event], str] = {  # what is told in the group, and what of it is shown as it was written
    Resumed: "reason",
    Added: "text",
    Edited: "text",
    Erased: "",
    Informed: "text",
    Proposed: "text",
    Declined: "reason",
    TakenBack: "reason",
    Reopened: "reason",
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
        lines.append(
            say(
                library,
                "group.card_reason",
                reason=shown(library, reason, LONGEST_NEWS, hidden=case.anonymous),
            )
        )
    if not case.text:
        return Outgoing("\n".join([*lines, "", say(library, "group.card_erased")]), page(library, case))
    text = "\n".join(lines) + f"\n\n{shown(library, case.text, LONGEST, hidden=case.anonymous)}"
    more = (*_suggested(library, case, happenings), *page(library, case))
    return Outgoing(text, (*_acts(library, case, now), *more))


def news(library: Library, happenings: list[Happening], unit: str = "", *, hidden: bool = False) -> str:
    """Say what happened that the group of the unit should hear of; empty if there is nothing.

    `hidden` says that the sender is anonymous.
    """
    told = [each.event for each in happenings if _is_told(each)]
    return "\n\n".join(_line(library, event, unit, hidden=hidden) for event in told)


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


def shown(library: Library, text: str, longest: int, *, hidden: bool) -> str:
    """Masked, unless the office has decided otherwise; what is from an anonymous sender always is."""
    text = text if library.boards.personal_data and not hidden else masked(text)
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
    acts = [act for act in OFFERED if allows(library.office, case, act, now)]
    return [
        Button(say(library, f"group.button.{act}"), f"{VERBS.get(act, 'do')}:{act}:{case.code}")
        for act in acts
    ]


def suggested(library: Library, case: Case, happenings: list[Happening]) -> list[str]:
    """Return the units that were likely, for whoever routes by hand; none once somebody works on it."""
    office = library.office
    if case.unit != office.default_unit or case.status is not Status.ROUTED:
        return []
    routes = [each.event for each in happenings if isinstance(each.event, Routed)]
    likely = routes[-1].suggestions if routes else ()
    return [
        code for code in likely if code != case.unit and code in office.units and office.units[code].receives
    ]


def _suggested(library: Library, case: Case, happenings: list[Happening]) -> list[Button]:
    names = Names(library.office)
    return [
        Button(say(library, "group.button.to", unit=names.unit_in_short(code)), f"to:{code}:{case.code}")
        for code in suggested(library, case, happenings)
    ]


def _status(library: Library, case: Case) -> str:
    status = say(library, f"status.{case.status}")
    return f"{status} ({Names(library.office).officer(case.officer)})" if case.officer else status


def _reason(happenings: list[Happening]) -> str:
    """Why the unit has the case, if another one passed it on."""
    moves = [each.event for each in happenings if isinstance(each.event, Routed | Transferred | Returned)]
    return moves[-1].reason if moves and not isinstance(moves[-1], Routed) else ""


def _heads(library: Library, unit: str) -> str:
    """Name who is to look at what went badly: the head of the unit, if it has one."""
    heads = [each.name for each in library.office.staff if each.role is Role.HEAD and each.unit == unit]
    return ", ".join(heads) or Names(library.office).unit(unit)


def _line(library: Library, event: Event, unit: str, *, hidden: bool) -> str:
    name = type(event).__name__
    if isinstance(event, DeliveryUncertain) and event.resent:
        name = "Resent"
    elif isinstance(event, Added) and event.files:
        name = "AddedFiles"
    elif isinstance(event, Rated) and event.stars <= LOW:
        name = "RatedLow"
    drafter = Names(library.office).officer(getattr(event, "drafter", ""))
    values = {"drafter": drafter, "heads": _heads(library, unit)} | {
        name: getattr(event, name, 0) for name in ("stars", "files")
    }
    line = say(library, f"group.told.{name}", **values)
    text = str(getattr(event, TOLD[type(event)], ""))
    return f"{line}\n{shown(library, text, LONGEST_NEWS, hidden=hidden)}" if text else line
