"""What is forgotten after which term, class by class: the one list that counts and deletes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, select

from feedback.cases import Status
from storage.tables import (
    OUTBOX_OPEN,
    SENDER_KNOWN,
    InboxStatus,
    OutboxStatus,
    cases,
    consents,
    drafts,
    inbox,
    outbox,
    parts,
    questions,
    received,
    refusals,
    replies,
    sessions,
    signins,
    talks,
)

if TYPE_CHECKING:
    from storage.store import Tx

Terms = Mapping[str, timedelta]
KEPT = (*OUTBOX_OPEN, OutboxStatus.HELD)  # has not arrived yet


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that are `over` go after the term; with `emptied` columns only what stands in those."""

    term: str
    table: Table
    over: Callable[[datetime], ColumnElement[bool]]
    emptied: tuple[str, ...] = ()


RULES = (
    Rule("sender", cases, lambda end: and_(cases.c.closed < end, SENDER_KNOWN),
         emptied=("chat", "contact", "reply_to")),
    Rule("consent", consents, lambda end: consents.c.given_at < end),
    Rule("handled", inbox, lambda end: (inbox.c.status == InboxStatus.DONE) & (inbox.c.at < end)),
    Rule("dead_letter", inbox, lambda end: (inbox.c.status == InboxStatus.DEAD) & (inbox.c.at < end)),
    Rule("conversation", outbox, lambda end: outbox.c.status.not_in(KEPT) & (outbox.c.at < end)),
    Rule("held", outbox, lambda end: (outbox.c.status == OutboxStatus.HELD) & (outbox.c.at < end)),
    Rule("conversation", talks, lambda end: talks.c.updated_at < end),
    Rule("changeable", parts, lambda end: parts.c.at < end),
    Rule("conversation", drafts, lambda end: drafts.c.at < end),
    Rule("conversation", replies, lambda end: replies.c.at < end),
    Rule("received", received, lambda end: received.c.at < end),
    Rule("question", questions, lambda end: questions.c.at < end),
    Rule("refusal", refusals, lambda end: refusals.c.at < end),
    Rule("session", signins, lambda end: signins.c.expires_at < end),
    Rule("session", sessions, lambda end: sessions.c.seen_at < end),
)  # fmt: skip


class Retention:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    async def forget(self, terms: Terms, *classes: str) -> int:
        """Forget what is over of these classes; return how many rows."""
        gone = 0
        for rule, over in self._rules(terms, classes):
            gone += (await self._tx.connection.execute(_forgetting(rule, over))).rowcount
        return gone

    async def counts(self, terms: Terms) -> list[tuple[str, str, int]]:
        """Return for each class and table how many rows would be forgotten now."""
        return [
            (rule.term, rule.table.name, await self._count(rule.table, over))
            for rule, over in self._rules(terms, {rule.term for rule in RULES})
        ]

    async def to_close(self, terms: Terms) -> int:
        """Count the answered cases that nobody closed in time."""
        old = (cases.c.status == Status.ANSWERED) & (cases.c.answered < self._tx.now - terms["answered"])
        return await self._count(cases, old)

    async def forget_receipts(self) -> None:
        """What was to be read once, and the bare conversation that it needed to arrive."""
        over = (outbox.c.forget_at <= self._tx.now) & outbox.c.status.not_in(OUTBOX_OPEN)
        rows = (
            await self._tx.connection.execute(select(outbox.c.id, outbox.c.lane, outbox.c.at).where(over))
        ).all()
        for row in rows:
            bare = (talks.c.lane == row.lane) & (talks.c.updated_at <= row.at)
            await self._tx.connection.execute(delete(talks).where(bare))
        await self._tx.connection.execute(delete(outbox).where(outbox.c.id.in_([row.id for row in rows])))

    def _rules(self, terms: Terms, classes: Iterable[str]) -> list[tuple[Rule, ColumnElement[bool]]]:
        wanted = set(classes)
        return [(rule, rule.over(self._tx.now - terms[rule.term])) for rule in RULES if rule.term in wanted]

    async def _count(self, table: Table, over: ColumnElement[bool]) -> int:
        return await self._tx.connection.scalar(select(func.count()).select_from(table).where(over)) or 0


def _forgetting(rule: Rule, over: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a statement
    if rule.emptied:
        return rule.table.update().where(over).values(dict.fromkeys(rule.emptied, ""))
    return delete(rule.table).where(over)
