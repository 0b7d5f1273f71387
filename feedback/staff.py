"""Who works with the cases."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    ROUTER = "router"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Officer:
    id: str
    name: str
    unit: str
    role: Role
