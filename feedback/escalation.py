"""Who is told of a case whose time runs out, and when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Escalation:
    """What the office decided. `waiting_days` are the working days that a citizen has to send more."""

    waiting_days: int
