"""Where each conversation stands."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select

from feedback.cases import OPEN
from storage.tables import cases, talks

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(slots=True)
class State:
    """`step` is what we wait for, `draft` what was said so far, `choices` what the last buttons stood for.

    A choice is a pair: what pressing it sends, and its label without diacritics. `audience` says as
    what the person asks: a Sender, or empty.

    `acted_at` is the person's last act of any kind, `human_until` how long an official writes here by hand,
    `gone` says that the person left or blocked us, `noticed_at` when we last asked them to write again,
    `asked` are the channel's ids of the last questions.
    """

    lane: str
    step: str = "idle"
    draft: dict[str, Any] = field(default_factory=dict)
    choices: list[tuple[str, str]] = field(default_factory=list)
    language: str = "vi"
    audience: str = ""
    acted_at: datetime | None = None
    human_until: datetime | None = None
    gone: bool = False
    noticed_at: datetime | None = None
    asked: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Leave only that the person was here just now: without it, some channels would not take a word."""
        bare = State(self.lane, language=self.language, acted_at=self.acted_at)
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(bare, name))


class Talks:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx
        self._ahead: dict[str, State] = {}

    async def look_ahead(self, lanes: Collection[str]) -> None:
        """Read the conversations of a batch with one query; `find` takes each from there once."""
        rows = await self._tx.connection.execute(select(talks).where(talks.c.lane.in_(lanes)))
        found = {row.lane: _state(row) for row in rows}
        self._ahead = {lane: found.get(lane, State(lane)) for lane in lanes}

    def step_ahead(self, lane: str) -> str:
        """Return the step of a conversation that was looked up ahead."""
        return self._ahead[lane].step

    async def find(self, lane: str) -> State:
        if state := self._ahead.pop(lane, None):
            return state
        row = (await self._tx.connection.execute(select(talks).where(talks.c.lane == lane))).one_or_none()
        return State(lane) if row is None else _state(row)

    def save(self, state: State) -> None:
        row = {"lane": state.lane, "step": state.step, "draft": state.draft, "choices": state.choices,
               "language": state.language, "audience": state.audience, "acted_at": state.acted_at,
               "human_until": state.human_until, "gone": state.gone, "noticed_at": state.noticed_at,
               "asked": state.asked, "updated_at": self._tx.now}  # fmt: skip
        self._tx.upsert(talks, row)

    def offer(self, lane: str, choices: list[tuple[str, str]]) -> None:
        """Let a typed number answer a message that came from elsewhere, unless a step is under way."""
        self._tx.update(talks, {"lane": lane, "step": "idle"}, {"choices": choices})

    async def acts(self, lanes: Collection[str]) -> dict[str, datetime | None]:
        """Return when the person of each lane did anything last; lanes that we do not know are left out."""
        rows = await self._tx.connection.execute(
            select(talks.c.lane, talks.c.acted_at).where(talks.c.lane.in_(lanes))
        )
        return {row.lane: row.acted_at for row in rows}

    def left(self, lane: str) -> None:
        """The person cannot be reached any more, until they write again."""
        self._tx.update(talks, {"lane": lane}, {"gone": True})

    async def falling_silent(
        self, channel: str, since: datetime, before: datetime, limit: int = 200
    ) -> list[State]:
        """Return who has an open case, did something last between the moments, and was not noticed since."""
        theirs = cases.c.channel + ":" + cases.c.account + ":" + cases.c.chat == talks.c.lane
        waits = (
            select(talks.c.lane)
            .join(cases, theirs)
            .where(cases.c.channel == channel, cases.c.status.in_(OPEN))
        )
        silent = select(talks).where(
            talks.c.lane.in_(waits),
            talks.c.acted_at > since,
            talks.c.acted_at <= before,
            talks.c.gone.is_(False),
            talks.c.noticed_at.is_(None) | (talks.c.noticed_at < talks.c.acted_at),
        )
        rows = await self._tx.connection.execute(silent.order_by(talks.c.acted_at).limit(limit))
        return [_state(row) for row in rows]

    def noticed(self, lane: str) -> None:
        self._tx.update(talks, {"lane": lane}, {"noticed_at": self._tx.now})

    async def erase(self, lane: str) -> None:
        await self._tx.connection.execute(delete(talks).where(talks.c.lane == lane))


def _state(row: Row[Any]) -> State:
    choices = [(data, label) for data, label in row.choices]
    return State(
        row.lane,
        row.step,
        row.draft,
        choices,
        row.language,
        row.audience,
        row.acted_at,
        row.human_until,
        row.gone,
        row.noticed_at,
        row.asked,
    )
