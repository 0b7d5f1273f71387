"""Whether the citizen behind a case can be written to, as the officer reads it."""

from dataclasses import dataclass
from datetime import datetime

from feedback.cases import Case
from feedback.windows import Reach, Windows
from storage.talks import State


@dataclass(frozen=True, slots=True)
class Reachable:
    """`words` say it; `until` is the last moment, if there is one."""

    words: str
    until: datetime | None = None


def cue(case: Case, talk: State, windows: Windows, now: datetime) -> Reachable | None:
    """None where nothing stands in the way."""
    window = windows.get(case.address.channel)
    if not case.address.chat:
        return Reachable("reach.nobody")
    if talk.gone:
        return Reachable("reach.left")
    if window is None:
        return None
    if talk.acted_at is None or window.reach(talk.acted_at, now) is Reach.CLOSED:
        return Reachable("reach.closed")
    return Reachable("reach.until", window.closes(talk.acted_at))
