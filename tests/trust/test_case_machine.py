"""Whatever happens to cases, in whatever order: nothing is lost, doubled or contradicted.

Hypothesis plays citizens, officers, channels that deliver twice and late, a program that is killed before and
after a commit, and a clock that jumps. After each step every case is told again from its events.
"""

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.clock import Clock
from bot.door import Door
from bot.sender import Sender
from bot.worker import Worker
from feedback import deadlines
from feedback.cases import (
    CITIZEN,
    Case,
    Extended,
    Happening,
    NotAllowed,
    Received,
    Reopened,
    Rescheduled,
    Resumed,
    Routed,
    apply,
)
from feedback.messages import Address, Incoming, Kind
from handlers.actions import cases
from handlers.citizen import router
from handlers.library import Library, Shelf, load
from storage.store import Changed, Store, Tx
from storage.tables import InboxStatus
from tests.conftest import FAST
from tests.conversations.stage import START, StageChannel
from tests.trust.figures import Figures

T = TypeVar("T")
PEOPLE = ("lan", "minh")
OFFICERS = ("an", "cuong", "binh")
UNITS = ("TL-BHXH", "CCVC", "VP")
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-1), timedelta(days=3), timedelta(days=30)]
MOVES = (Extended, Resumed, Rescheduled, Reopened)  # what may change a promise
totals: Counter[str] = Counter()


class Killed(Exception):
    """The program died here."""


class Brittle(Store):
    """A store of a program that can be killed just before, or just after, its commit."""

    dies = ""

    @asynccontextmanager
    async def begin(self, now: datetime) -> AsyncIterator[Tx]:
        async with super().begin(now) as tx:
            yield tx
            if self._dies("before its next commit"):
                raise Killed
        if self._dies("after its next commit"):
            raise Killed

    def _dies(self, when: str) -> bool:
        if self.dies != when:
            return False
        self.dies = ""
        return True


@dataclass
class Program:
    """What runs between two kills."""

    store: Brittle
    door: Door
    worker: Worker
    sender: Sender
    clock: Clock


@dataclass
class World:
    """What the outside knows: what was acknowledged, and what each case looked like so far."""

    waiting: list[Incoming] = field(default_factory=list)
    delivered: list[Incoming] = field(default_factory=list)
    acknowledged: dict[str, Incoming] = field(default_factory=dict)
    first: dict[int, Case] = field(default_factory=dict)
    timelines: dict[int, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    number: int = 0


@cache
def office() -> Library:
    return load()


@cache
def fast() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes with the run."""
    return tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None)


@cache
def template() -> Path:
    """Return an empty database, made once."""
    place = Path(fast().name) / "empty.db"

    async def make() -> None:
        await (await Store.open(f"sqlite+aiosqlite:///{place}")).close()

    asyncio.run(make())
    return place


class Cases(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now = START
        self.channel = StageChannel()
        self.world = World()
        self.folder = tempfile.TemporaryDirectory(dir=template().parent)
        self.path = Path(self.folder.name) / "cases.db"
        shutil.copy(template(), self.path)
        self.program = self.run(self._started())

    def run(self, work: Coroutine[None, None, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.program.store.close())
        self.runner.close()
        self.folder.cleanup()

    # The program

    async def _started(self) -> Program:
        store = await Brittle.open(f"sqlite+aiosqlite:///{self.path}")
        woke = asyncio.Event()
        library = office()

        async def handle(message: Incoming, tx: Tx) -> None:
            await router.handle(message, tx, library)

        sender = Sender(store, self.channel, self.time, asyncio.Event())
        program = Program(
            store,
            Door(store, library.office.kinds, self.time, woke),
            Worker(store, handle, self.time, woke, lambda: None),
            sender,
            Clock(store, Shelf(library), self.time),
        )
        await sender.recover()
        return program

    def time(self) -> datetime:
        return self.now

    async def _restarted(self) -> None:
        totals["restarts"] += 1
        await self.program.store.close()
        self.program = await self._started()

    async def _survives(self, work: Awaitable[object]) -> bool:
        """Whether it came to its end; if it was killed, the program is started anew."""
        try:
            await work
        except Killed:
            totals["kills"] += 1
            await self._restarted()
            return False
        return True

    # Citizens and their channel

    @initialize()
    def each_person_has_a_case(self) -> None:
        for person in PEOPLE:
            self.opens(person)

    @rule(person=st.sampled_from(PEOPLE))
    def opens(self, person: str) -> None:
        """One more case, as the intake opens it."""
        self.world.number += 1
        new = cases.Submission(
            kind="report",
            text=f"Xã tôi chậm chi trả lương cơ sở mới, thư {self.world.number}.",
            address=Address(self.channel.name, self.channel.account, person),
            sender="",
            place="",
            anonymous=True,
            contact="",
            language="vi",
            reply_to="",
            attachments=(),
            actor=CITIZEN,
        )

        async def work() -> None:
            async with self.program.store.begin(self.now) as tx:
                cases.open_case(tx, office(), new)

        self.run(self._survives(work()))

    @rule(person=st.sampled_from(PEOPLE), nth=st.integers(0, 3))
    def wants_to_add(self, person: str, nth: int) -> None:
        mine = [case for case in self._cases() if case.address.chat == person]
        if mine:
            self._writes(person, Kind.BUTTON, f"add:{mine[nth % len(mine)].code}")

    @rule(person=st.sampled_from(PEOPLE))
    def writes(self, person: str) -> None:
        self._writes(person, Kind.TEXT, f"Tôi xin bổ sung lần {self.world.number + 1} về việc đã gửi.")

    @rule(person=st.sampled_from(PEOPLE), stars=st.integers(0, 6), nth=st.integers(0, 3))
    def rates(self, person: str, stars: int, nth: int) -> None:
        known = self._cases()
        self._writes(person, Kind.BUTTON, f"rate:{known[nth % len(known)].code}:{stars}")

    def _writes(self, person: str, kind: Kind, text: str) -> None:
        self.world.number += 1
        address = Address(self.channel.name, self.channel.account, person)
        self.world.waiting.append(
            Incoming(
                *(address.channel, address.account, f"u{self.world.number}", person, address.chat),
                at=self.now,
                kind=kind,
                text=text,
                message=str(self.world.number),
            )
        )

    @precondition(lambda self: self.world.waiting)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Some of them, in any order: channels keep none."""
        for message in data.draw(st.permutations(self.world.waiting))[:3]:
            self.world.waiting.remove(message)
            self.world.delivered.append(message)
            self.run(self._brings(message))

    @precondition(lambda self: self.world.delivered)
    @rule(data=st.data())
    def redeliver(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.world.delivered[-20:]))
        if self._may_come_again(message):
            totals["delivered again"] += 1
            self.run(self._brings(message))

    async def _brings(self, message: Incoming) -> None:
        door = asyncio.create_task(self.program.door.run())
        kept = asyncio.create_task(self.program.door.keep(message))
        await asyncio.wait({door, kept}, return_when=asyncio.FIRST_COMPLETED)
        if door.done():
            kept.cancel()
            if not await self._survives(door):  # never acknowledged, so it comes again
                self.world.waiting.append(message)
            return
        door.cancel()
        await kept
        totals["acknowledged"] += message.event not in self.world.acknowledged
        self.world.acknowledged[message.event] = message

    # The service

    @rule()
    def work(self) -> None:
        self.run(self._survives(self.program.worker.work()))

    @rule(lost=st.booleans())
    def send(self, lost: bool) -> None:  # noqa: FBT001 - drawn by name
        """`lost`: killed while messages are on the wire."""
        lost = lost and self.world.number % 3 == 0

        async def sends() -> None:
            await self.program.sender.start_due()
            if not lost:
                await self.program.sender.drain()

        if self.run(self._survives(sends())) and lost:
            totals["kills"] += 1
            self.run(self._restarted())

    @rule(when=st.sampled_from(["before its next commit", "after its next commit", "now"]))
    def dies(self, when: str) -> None:
        if when == "now":
            self.run(self._restarted())
        else:
            self.program.store.dies = when

    @rule(jump=st.sampled_from(JUMPS))
    def the_clock_jumps(self, jump: timedelta) -> None:
        totals["clock jumps"] += 1
        self.now += jump
        self.run(self._survives(self.program.clock.tick()))

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.run(self._survives(self.program.clock.tick()))

    # Officers

    @rule(nth=st.integers(0, 5), who=st.sampled_from(OFFICERS))
    def accept(self, nth: int, who: str) -> None:
        self._acts(nth, lambda tx, case: cases.accept(tx, office(), case, office().office.officer(who)))

    @rule(nth=st.integers(0, 5), who=st.sampled_from(OFFICERS))
    def reply(self, nth: int, who: str) -> None:
        text = f"Trả lời số {self.world.number}."
        self._acts(nth, lambda tx, case: cases.answer(tx, office(), case, text, office().office.officer(who)))

    @rule(nth=st.integers(0, 5))
    def ask(self, nth: int) -> None:
        officer = office().office.officer("an")
        self._acts(nth, lambda tx, case: cases.ask(tx, office(), case, "Xin gửi ảnh.", officer))

    @rule(nth=st.integers(0, 5), unit=st.sampled_from(UNITS))
    def transfer(self, nth: int, unit: str) -> None:
        officer = office().office.officer("binh")
        self._acts(nth, lambda tx, case: cases.transfer(tx, office(), case, unit, "đúng việc", officer))

    @rule(nth=st.integers(0, 5), days=st.integers(-2, 20))
    def extend(self, nth: int, days: int) -> None:
        def act(tx: Tx, case: Case) -> None:
            day = (case.due + timedelta(days=days)).date()
            due = deadlines.end_of(day, office().office.calendar)
            cases.extend(tx, office(), case, due, "chờ số liệu", office().office.officer("an"))

        self._acts(nth, act)

    @rule(nth=st.integers(0, 5))
    def close(self, nth: int) -> None:
        officer = office().office.officer("an")
        self._acts(nth, lambda tx, case: cases.close(tx, office(), case, "Đã xong.", officer))

    @rule(nth=st.integers(0, 5))
    def reopen(self, nth: int) -> None:
        def act(tx: Tx, case: Case) -> None:
            due = cases.due(office(), case.kind, tx.now)
            cases.record(tx, case, Reopened(due.isoformat(), "chưa đúng ý"), CITIZEN)

        self._acts(nth, act)

    @rule(nth=st.integers(0, 5))
    def two_at_once(self, nth: int) -> None:
        """Two officers who saw the same: one of them is told that somebody was faster."""
        known = self._cases()
        case = known[nth % len(known)]

        async def answer(text: str) -> None:
            async with self.program.store.begin(self.now) as tx:
                cases.answer(tx, office(), case, text, office().office.officer("an"))

        try:
            first = self.run(self._survives(answer("Một.")))
        except NotAllowed:
            return
        if first:
            self.program.store.dies = ""
            with pytest.raises(Changed):
                self.run(answer("Hai."))

    def _acts(self, nth: int, act: Callable[[Tx, Case], object]) -> None:
        known = self._cases()
        case = known[nth % len(known)]
        begun = len(self._told(case))

        async def work() -> None:
            async with self.program.store.begin(self.now) as tx:
                act(tx, case)

        try:
            done = self.run(self._survives(work()))
        except NotAllowed:
            totals["not allowed"] += 1
            return
        totals["acts"] += done
        if done:
            assert len(self._told(case)) > begun, "an officer was told that it is done"

    # What must hold

    @invariant()
    def every_case_is_what_its_events_say(self) -> None:
        totals["looks at a case"] += 1
        for case in self._cases():
            told = self._told(case)
            before = self.world.timelines[case.id]
            assert told[: len(before)] == before, "an event was lost, changed or overtaken"
            self.world.timelines[case.id] = told
            again = _retold(self.world.first.setdefault(case.id, case), told)
            assert again == case or _nameless(again) == case

    @invariant()
    def nothing_is_in_a_case_twice(self) -> None:
        texts = Counter(
            each.event.text
            for told in self.world.timelines.values()
            for each in told
            if each.actor == CITIZEN and not isinstance(each.event, Received) and hasattr(each.event, "text")
        )
        written = {message.text for message in self.world.acknowledged.values()}
        assert set(texts) <= written
        assert not texts or max(texts.values()) == 1

    @invariant()
    def the_chain_holds(self) -> None:
        assert not self.run(self._faults())

    @invariant()
    def no_message_was_given_up(self) -> None:
        kept = dict(self._rows("SELECT event, status FROM inbox"))
        assert set(kept.values()) <= {InboxStatus.WAITING, InboxStatus.DONE}
        lately = {name for name, message in self.world.acknowledged.items() if self._may_come_again(message)}
        assert lately <= set(kept)

    def _may_come_again(self, message: Incoming) -> bool:
        """No channel brings a message again after a week, and the door forgets it then."""
        return abs(self.now - message.at) < timedelta(days=6)

    async def _faults(self) -> list[object]:
        async with self.program.store.look(self.now) as tx:
            return list(await tx.audit.faults())

    def _cases(self) -> list[Case]:
        ids = [row[0] for row in self._rows("SELECT id FROM cases ORDER BY id")]

        async def these() -> list[Case]:
            async with self.program.store.look(self.now) as tx:
                return await tx.cases.by_ids(ids)

        return self.run(these())

    def _told(self, case: Case) -> list[Happening]:
        async def told() -> list[Happening]:
            async with self.program.store.look(self.now) as tx:
                return await tx.cases.timeline(case)

        return self.run(told())

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look past the program, as whoever reads the file does."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(statement).fetchall()


def _retold(first: Case, told: list[Happening]) -> Case:
    """Tell the case again from what happened; a promise moves only where an event says so."""
    case = first
    for each in told:
        if isinstance(each.event, Received | Routed):
            continue
        after = apply(case, each.event, each.at)
        assert after.due == case.due or isinstance(each.event, MOVES)
        assert not isinstance(each.event, Extended) or after.due > case.due
        case = after
    return case


def _nameless(case: Case) -> Case:
    return replace(case, address=replace(case.address, chat=""), contact="", reply_to="")


SHORT = settings(
    max_examples=10,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
FULL = settings(SHORT, derandomize=False, max_examples=200, stateful_step_count=50)


@pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(FULL, id="full", marks=pytest.mark.trust)]
)
def test_no_order_of_things_breaks_a_case(size: settings, figures: Figures) -> None:
    totals.clear()
    run_state_machine_as_test(Cases, settings=size)
    figures.size = f"{size.max_examples} runs of up to {size.stateful_step_count} steps"
    for name, count in sorted(totals.items()):
        figures.tell(name, count)
    assert all(totals[name] for name in ("kills", "acts", "acknowledged", "delivered again"))
