"""Who works with the cases."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    HEAD = "head"  # of a unit: works like its officers, approves and is told of what went wrong
    ROUTER = "router"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Officer:
    id: str
    name: str
    unit: str
    role: Role
    email: str = ""

    @property
    def of_unit(self) -> bool:
        """Whether they see and do only what is their own unit's."""
        return self.role in (Role.OFFICER, Role.HEAD)
