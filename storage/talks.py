"""Where each conversation stands."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select

from storage.tables import talks

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(slots=True)
class State:
    """`step` is what we wait for, `draft` what was said so far, `choices` what the last buttons stood for.

    A choice is a pair: what pressing it sends, and its label without diacritics. `audience` says as
    what the person asks: a Sender, or empty.
    """

    lane: str
    step: str = "idle"
    draft: dict[str, Any] = field(default_factory=dict)
    choices: list[tuple[str, str]] = field(default_factory=list)
    language: str = "vi"
    audience: str = ""


class Talks:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx
        self._ahead: dict[str, State] = {}

    async def look_ahead(self, lanes: Collection[str]) -> None:
        """Read the conversations of a batch with one query; `find` takes each from there once."""
        rows = await self._tx.connection.execute(select(talks).where(talks.c.lane.in_(lanes)))
        found = {row.lane: _state(row) for row in rows}
        self._ahead = {lane: found.get(lane, State(lane)) for lane in lanes}

    async def find(self, lane: str) -> State:
        if state := self._ahead.pop(lane, None):
            return state
        row = (await self._tx.connection.execute(select(talks).where(talks.c.lane == lane))).one_or_none()
        return State(lane) if row is None else _state(row)

    def save(self, state: State) -> None:
        row = {"lane": state.lane, "step": state.step, "draft": state.draft, "choices": state.choices,
               "language": state.language, "audience": state.audience,
               "updated_at": self._tx.now}  # fmt: skip
        self._tx.upsert(talks, row)

    def offer(self, lane: str, choices: list[tuple[str, str]]) -> None:
        """Let a typed number answer a message that came from elsewhere, unless a step is under way."""
        self._tx.update(talks, {"lane": lane, "step": "idle"}, {"choices": choices})

    async def purge(self, before: datetime) -> int:
        old = delete(talks).where(talks.c.updated_at < before)
        return (await self._tx.connection.execute(old)).rowcount


def _state(row: Row[Any]) -> State:
    choices = [(data, label) for data, label in row.choices]
    return State(row.lane, row.step, row.draft, choices, row.language, row.audience)
