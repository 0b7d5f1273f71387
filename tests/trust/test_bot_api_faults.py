"""The Bot API at its worst: every reply arrives, in order, never too fast, twice only where nobody can know.

Here the clock is the test's own, for sender and server alike. `make trust` prints the figures.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram.http import Patience
from bot.sender import AT_ONCE, Sender
from bot.simulator.telegram import Deed, FakeTelegram, Fault
from feedback.cases import Case, DeliveryUncertain, Status, Undeliverable
from feedback.messages import Address, Outgoing
from storage.outbox import Item
from storage.store import Store
from tests.bot.test_worker import Times
from tests.trust.figures import Figures

BURST, OVERALL, BY_GROUP = 3, 28, 18
TICK = timedelta(seconds=0.25)
PATIENCE = Patience(connect=3, answer=3)
FIRST_CHAT = 1000
GROUP = -1_000_000_000_001
BLOCKED = "blocked"
FAULTS: dict[str, Fault | None] = {
    "429": Fault.flood(30),
    "500": Fault.refused(500),
    "500 as a page": Fault.page(500),
    "502": Fault.page(502),
    "504": Fault.page(504),
    "reset": Fault.reset(),
    "no answer": Fault.hang(),
    "half an answer": Fault.half(),
    "taken, and the answer lost": Fault.lost(),
    BLOCKED: None,  # by the person
}
OUTAGES = {"reset": Fault.reset(), "502": Fault.page(502)}
TWICE = {"half an answer", "taken, and the answer lost"}


@dataclass
class Post:
    """A store, its sender and a fake Telegram on one clock that stands still."""

    store: Store
    clock: Times
    fake: FakeTelegram
    sender: Sender
    items: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def put(self, chat: int, *texts: str) -> None:
        """Let a chat be written to, about a case of its own, numbered like the chat."""
        if chat not in self.items:
            self.fake.person(chat) if chat > 0 else self.fake.group(chat)
        async with self.store.begin(self.clock()) as tx:
            if chat not in self.items:
                tx.cases.add(a_case(chat, self.clock()), [])
            for text in texts:
                tx.outbox.put(address(chat), Outgoing(text), chat)
        self.items[chat] += texts

    async def strike(self, chat: int, fault: Fault | None) -> None:
        if fault:
            self.fake.faults.next("sendMessage", fault, chat=chat)
        else:
            await self.fake.person(chat).blocks()

    async def goes_on(self, seconds: float) -> None:
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() < end:
            await self._tick()

    async def settles(self) -> float:
        """Return after how many seconds nothing was left to send."""
        begun = self.clock()
        while await self._unsent():
            await self._tick()
        return (self.clock() - begun).total_seconds()

    async def kept(self) -> dict[int, list[Item]]:
        async with self.store.look(self.clock()) as tx:
            return {chat: await tx.outbox.of_case(chat) for chat in self.items}

    async def told(self, chat: int) -> set[object]:
        """Return the events in the timeline of the chat's case."""
        async with self.store.look(self.clock()) as tx:
            timeline = await tx.cases.timeline(a_case(chat, self.clock()))
        return {happening.event for happening in timeline}

    def arrived(self, chat: int) -> list[str]:
        return [sent.text for sent in self.fake.sent(chat)]

    def tried(self, chat: int) -> Counter[str]:
        calls = self.fake.calls("sendMessage")
        return Counter(call["text"] for call in calls if call["chat_id"] == str(chat))

    async def _tick(self) -> None:
        await self.sender.listen()
        while await self.sender.start_due():
            await self.sender.drain()
        self.clock.now += TICK

    async def dead(self) -> int:
        async with self.store.look(self.clock()) as tx:
            return len(await tx.outbox.dead_letters())

    async def _unsent(self) -> int:
        async with self.store.look(self.clock()) as tx:
            return await tx.outbox.unsent()


def address(chat: int) -> Address:
    return Address("telegram", "123456789", str(chat))


def a_case(chat: int, now: datetime) -> Case:
    return Case(chat, f"{chat % 10**10}", "report", Status.ROUTED, "VP", "", "…", address(chat), now, now)


@asynccontextmanager
async def post(store: Store, now: datetime) -> AsyncIterator[Post]:
    clock = Times(now)
    async with FakeTelegram(now=clock, flooded=True) as fake:
        channel = Telegram(fake.token, fake.url, PATIENCE)
        await channel.start()
        try:
            yield Post(store, clock, fake, Sender(store, channel, clock, asyncio.Event()))
        finally:
            await channel.stop()


def _once(texts: Sequence[str]) -> list[str]:
    """Leave out what stands there again."""
    return list(dict.fromkeys(texts))


def _disordered(post: Post, chats: Sequence[int]) -> int:
    """Count the chats that got anything but their replies in order, copies aside."""
    return sum(_once(post.arrived(chat)) != post.items[chat] for chat in chats)


async def _copies(post: Post) -> tuple[int, int]:
    """Return how many replies arrived more than once, and how many of those are not marked."""
    doubled = unmarked = 0
    for chat, items in (await post.kept()).items():
        times = Counter(post.arrived(chat))
        twice = [item for item in items if times[item.message.text] > 1]
        doubled += len(twice)
        unmarked += sum(not item.maybe_twice for item in twice)
    return doubled, unmarked


def _pace(post: Post, figures: Figures) -> None:
    peaks = post.fake.peaks()
    figures.at_most("sends and edits in one second", peaks.second, OVERALL)
    figures.at_most("to one chat in one second", peaks.chat_second, BURST)
    figures.at_most("to one group in a minute", peaks.group_minute, BY_GROUP)
    figures.exactly("429 of our own making", peaks.refused)


@pytest.mark.parametrize("rounds", [1, pytest.param(7, marks=pytest.mark.trust)])
async def test_every_fault_costs_only_what_it_must(
    rounds: int, store: Store, now: datetime, figures: Figures
) -> None:
    async with post(store, now) as line:
        faulty: dict[int, str] = {}
        kinds = cycle(FAULTS)
        for number in range(rounds * 3 * len(FAULTS)):  # every third chat is struck
            chat = FIRST_CHAT + number
            await line.put(chat, "một", "hai", "ba")
            if number % 3 == 0:
                faulty[chat] = next(kinds)
                await line.strike(chat, FAULTS[faulty[chat]])
        began = line.clock()
        seconds = await line.settles()
        figures.size = f"{len(line.items)} chats × 3 replies, {len(faulty)} struck"
        blocked = [chat for chat in faulty if faulty[chat] == BLOCKED]
        others = [chat for chat in line.items if chat not in blocked]
        figures.exactly("chats with a reply lost or out of order", _disordered(line, others))
        doubled, unmarked = await _copies(line)
        lost_answers = sum(faulty[chat] in TWICE for chat in faulty)
        figures.exactly("copies where the answer was lost", doubled, lost_answers)
        figures.exactly("copies not marked", unmarked)
        await _blocked_are_left_alone(line, blocked, figures)
        _pauses_are_kept(line, faulty, began, figures)
        _pace(line, figures)
        figures.tell("seconds until all was sent", seconds)
    figures.hold()


async def _blocked_are_left_alone(line: Post, blocked: Sequence[int], figures: Figures) -> None:
    retried = sum(times - 1 for chat in blocked for times in line.tried(chat).values())
    figures.exactly("tries after a 403", retried)
    async with line.store.look(line.clock()) as tx:
        dead = Counter(item.case_id for item in await tx.outbox.dead_letters())
    figures.exactly("replies to who blocked us, among the dead letters", dead.total(), 3 * len(blocked))
    assert set(dead) == set(blocked)
    noted = [any(isinstance(event, Undeliverable) for event in await line.told(chat)) for chat in blocked]
    figures.exactly("cases that do not say so", noted.count(False))


def _pauses_are_kept(line: Post, faulty: dict[int, str], began: datetime, figures: Figures) -> None:
    """Telegram's own pause holds for its chat and for no other."""
    thirty = timedelta(seconds=30)
    sent = {chat: line.fake.ledger.of(Deed.SENT, chat=chat) for chat in line.items}
    resting = [chat for chat in faulty if faulty[chat] == "429"]
    early = sum(at.at < began + thirty for chat in resting for at in sent[chat])
    figures.exactly("sends into a pause that Telegram asked for", early)
    free = [chat for chat in line.items if chat not in faulty]
    late = sum(at.at >= began + thirty for chat in free for at in sent[chat])
    figures.exactly("sends to others that waited for it", late)


@pytest.mark.parametrize("kind", OUTAGES)
@pytest.mark.parametrize(("minutes", "replies"), [(1, 60), pytest.param(5, 1000, marks=pytest.mark.trust)])
async def test_after_an_outage_everything_arrives(
    minutes: int, replies: int, kind: str, store: Store, now: datetime, figures: Figures
) -> None:
    async with post(store, now) as line:
        for number in range(replies // 4):
            await line.put(FIRST_CHAT + number, "một", "hai", "ba", "bốn")
        await line.put(GROUP, *(f"tin {number}" for number in range(20)))
        line.fake.faults.outage(OUTAGES[kind])
        await line.goes_on(minutes * 60)
        assert line.fake.ledger.of(Deed.SENT) == []
        line.fake.faults.over()
        seconds = await line.settles()
        figures.size = f"{minutes} min, {replies + 20} replies"
        figures.exactly("chats with a reply lost or out of order", _disordered(line, list(line.items)))
        doubled, _ = await _copies(line)
        kept = [item for items in (await line.kept()).values() for item in items]
        figures.exactly("copies", doubled)
        figures.at_most("replies marked as in doubt", sum(item.maybe_twice for item in kept), AT_ONCE)
        figures.exactly("dead letters", await line.dead())
        unsaid = [
            item
            for item in kept
            if item.maybe_twice and DeliveryUncertain(resent=True) not in await line.told(item.case_id or 0)
        ]
        figures.exactly("doubts that the case does not tell", len(unsaid))
        _pace(line, figures)
        figures.tell("seconds until all was sent", seconds)
    figures.hold()
