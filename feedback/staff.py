"""Who works with the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedback.deadlines import VIETNAM


class Role(StrEnum):
    OFFICER = "officer"
    HEAD = "head"  # of a unit: works like its officers, approves and is told of what went wrong
    ROUTER = "router"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Absence:
    """Both days belong to it."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Officer:
    """`substitute` is told in their place while they are away."""

    id: str
    name: str
    unit: str
    role: Role
    email: str = ""
    away: tuple[Absence, ...] = ()
    substitute: str = ""

    @property
    def of_unit(self) -> bool:
        """Whether they see and do only what is their own unit's."""
        return self.role in (Role.OFFICER, Role.HEAD)

    def is_away(self, now: datetime) -> bool:
        day = now.astimezone(VIETNAM).date()
        return any(absence.start <= day <= absence.end for absence in self.away)


def present(officer: Officer, staff: Sequence[Officer], now: datetime) -> Officer | None:
    """Return the officer, or whoever stands in for them; None if everybody in that row is away."""
    seen: set[str] = set()
    who: Officer | None = officer
    while who and who.id not in seen and who.is_away(now):
        seen.add(who.id)
        who = next((each for each in staff if each.id == who.substitute), None) if who.substitute else None
    return who if who and who.id not in seen else None
