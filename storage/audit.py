"""What was done and by whom, each act chained to the one before it: nothing can be changed unnoticed.

An act says what was done by a digest over its content and a random salt. Whoever must be forgotten is
forgotten: content and salt are emptied, an act says so, and the chain still holds. What is left of a case's
events is chained anew, as it is left.
"""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select, text

from storage.tables import audit, audit_head, case_events

if TYPE_CHECKING:
    from storage.store import Tx

BEGUN, ERASED, LEFT = "begun", "erased", "left"
NOBODY = "system"
AT_ONCE = 1_000  # acts read at a time
Content = Mapping[str, Any]
LAST = select(audit_head.c.seq, audit_head.c.hash).with_for_update()


@dataclass(frozen=True, slots=True)
class Act:
    """`event` is the row of case_events in which the content stands, if it does not stand in the act."""

    actor: str
    what: str
    subject: str
    content: Content
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The last act: how many there are, and the hash that holds all of them."""

    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was written. `seq` is its place in the chain, 0 outside of it; `event` a case's."""

    seq: int
    wrong: str
    event: int | None = None


class Audit:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def add(self, actor: str, what: str, subject: str = "", /, **content: object) -> None:
        """Chain an act to what was done before, in the transaction that does it."""
        self._tx.pending.acts.append(Act(actor, what, subject, content))

    def event(self, actor: str, what: str, case_id: int, event: int, data: Content) -> None:
        """Chain a case's event; its content stays where it is."""
        content = _of_event(case_id, self._tx.now, actor, what, data)
        self._tx.pending.acts.append(Act(actor, what, of_case(case_id), content, event))

    async def seal(self, acts: list[Act]) -> Head | None:
        """Write them, behind the last one: the row of the head lets one transaction after the other do so."""
        if not acts:
            return None
        connection = self._tx.connection
        last = (await connection.execute(LAST)).one()
        if not last.seq:
            before = await connection.scalar(select(func.count()).select_from(case_events)) or 0
            before -= sum(act.event is not None for act in acts)
            acts = [Act(NOBODY, BEGUN, f"events:{before}", {}), *acts]
        rows = list(_chained(Head(last.seq, last.hash), acts, self._tx.now))
        await connection.execute(audit.insert(), rows)
        head = Head(rows[-1]["seq"], rows[-1]["hash"])
        await connection.execute(audit_head.update().values(seq=head.seq, hash=head.hash))
        return head

    async def head(self) -> Head:
        row = (await self._tx.connection.execute(select(audit_head))).one()
        return Head(row.seq, row.hash)

    async def of_subject(self, subject: str) -> list[Row[Any]]:
        mine = select(audit).where(audit.c.subject == subject).order_by(audit.c.seq)
        return list(await self._tx.connection.execute(mine))

    async def erase(self, subject: str, actor: str) -> None:
        """Empty what the acts on a subject say. That it was emptied is an act, and stays.

        What this transaction has done to the subject must be written already.
        """
        theirs = audit.update().where(audit.c.subject == subject)
        await self._tx.connection.execute(theirs.values(content=None, salt=""))
        self.add(actor, ERASED, subject)

    def left(self, row: Row[Any], data: Content) -> None:
        """Chain a case's event anew, with what is left of it."""
        content = _of_event(row.case_id, row.at, row.actor, row.event, data)
        self._tx.pending.acts.append(Act(NOBODY, LEFT, of_case(row.case_id), content, row.id))

    async def holds(self, head: Head) -> bool:
        """Whether the act that was the last one once is still there, as it was."""
        found = await self._tx.connection.scalar(select(audit.c.hash).where(audit.c.seq == head.seq))
        return found == head.hash

    async def faults(self, known: Head | None = None) -> list[Fault]:
        """Compare every act with its hash, its content and the next; `known` is the head kept elsewhere."""
        if self._tx.connection.dialect.name == "postgresql":  # all of it as of one moment
            await self._tx.connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return await self.compared(known)

    async def compared(self, known: Head | None) -> list[Fault]:
        """Like `faults`, as this transaction sees it."""
        proof = _Proof(known)
        async for row, event in self._all():
            proof.take(row, event)
        first = select(func.count()).select_from(case_events)
        events = await self._tx.connection.scalar(first) or 0
        faults = proof.end(await self.head(), events)
        return [*faults, *[fault async for fault in self._unchained(proof)]]

    async def _all(self) -> AsyncIterator[tuple[Row[Any], Row[Any] | None]]:
        seq = -(2**62)
        while True:
            page = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(AT_ONCE)
            rows = (await self._tx.connection.execute(page)).all()
            wanted = [row.event_id for row in rows if row.event_id is not None]
            found = select(case_events).where(case_events.c.id.in_(wanted))
            events = {row.id: row for row in await self._tx.connection.execute(found)}
            for row in rows:
                yield row, events.get(row.event_id)
            if len(rows) < AT_ONCE:
                return
            seq = rows[-1].seq

    async def _unchained(self, proof: "_Proof") -> AsyncIterator[Fault]:
        """Name events that are in no act, where more of them are than there were before the chain."""
        if not proof.strangers:
            return
        chained = select(audit.c.event_id).where(audit.c.event_id.is_not(None))
        rest = (
            select(case_events.c.id).where(case_events.c.id.not_in(chained)).order_by(case_events.c.id.desc())
        )
        for event in await self._tx.connection.scalars(rest.limit(proof.strangers)):
            yield Fault(0, "added", event)


@dataclass
class _Proof:
    """One walk along the chain."""

    known: Head | None
    last: Head = field(default_factory=Head)
    faults: list[Fault] = field(default_factory=list)
    strangers: int = 0
    _before: int = 0
    _chained: int = 0
    _emptied: dict[str, list[int]] = field(default_factory=dict)
    _met: bool = False

    def take(self, row: Row[Any], event: Row[Any] | None) -> None:
        for seq in range(self.last.seq + 1, min(row.seq, self.last.seq + AT_ONCE)):
            self.faults.append(Fault(seq, "missing"))
        if row.seq != self.last.seq + 1 or row.hash != _hash(self.last.hash, row._asdict()):
            self.faults.append(Fault(row.seq, "changed"))
        if row.what == BEGUN and row.subject.startswith("events:"):
            self._before = int(row.subject.removeprefix("events:") or 0)
        self._content(row, event)
        if self.known and row.seq == self.known.seq:
            self._met = row.hash == self.known.hash
        self.last = Head(row.seq, row.hash)

    def _content(self, row: Row[Any], event: Row[Any] | None) -> None:
        if row.event_id is not None:
            self._chained += event is not None and row.what != LEFT
            if event is None:
                self.faults.append(Fault(row.seq, "event", row.event_id))
                return
        if row.content is not None and (row.event_id is not None or not row.salt):
            self.faults.append(Fault(row.seq, "content", row.event_id))
        if not row.salt:
            self._emptied.setdefault(row.subject, []).append(row.seq)
        elif row.digest != _digest(row.salt, _stands(row, event)):
            self.faults.append(Fault(row.seq, "content", row.event_id))
        if row.what == ERASED:
            self._emptied.pop(row.subject, None)

    def end(self, head: Head, events: int) -> list[Fault]:
        self.faults += [Fault(seq, "emptied") for seqs in self._emptied.values() for seq in seqs]
        if head != self.last:
            self.faults.append(Fault(head.seq, "head"))
        if self.known and not self._met and self.known.seq:
            self.faults.append(Fault(self.known.seq, "cut"))
        self.strangers = max(0, events - self._chained - self._before)
        return sorted(self.faults, key=lambda fault: fault.seq)


def of_case(case_id: int) -> str:
    return f"case:{case_id}"


def _chained(head: Head, acts: list[Act], now: datetime) -> Iterator[dict[str, Any]]:
    for act in acts:
        salt = secrets.token_hex(16)
        content = None if act.event is not None else dict(act.content)
        row = {"seq": head.seq + 1, "at": now, "actor": act.actor, "subject": act.subject, "what": act.what,
               "event_id": act.event, "content": content, "salt": salt,
               "digest": _digest(salt, act.content)}  # fmt: skip
        head = Head(head.seq + 1, _hash(head.hash, row))
        yield row | {"hash": head.hash}


def _hash(before: str, row: Mapping[str, Any]) -> str:
    said = [row["seq"], row["at"].isoformat(), row["actor"], row["subject"], row["what"], row["event_id"],
            row["digest"]]  # fmt: skip
    return hashlib.sha256(f"{before}\n{json.dumps(said)}".encode()).hexdigest()


def _digest(salt: str, content: Content) -> str:
    said = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{said}".encode()).hexdigest()


def _stands(row: Row[Any], event: Row[Any] | None) -> Content:
    if event is None:
        return row.content or {}
    return _of_event(event.case_id, event.at, event.actor, event.event, event.data)


def _of_event(case_id: int, at: datetime, actor: str, event: str, data: Content) -> Content:
    return {"case": case_id, "at": at.isoformat(), "actor": actor, "event": event, "data": data}
