"""The sender: in order, retried, and honest about what it does not know."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.channels.base import UNLIMITED, Fault, SendError
from bot.pace import Rate, per_second
from bot.sender import AT_ONCE, UNKNOWN_TRIES, Sender
from feedback.cases import Case, DeliveryUncertain, Held, Status, Undeliverable
from feedback.messages import Address, Attachment, Outgoing, Urgency
from feedback.windows import Window
from storage.store import Store
from storage.tables import OutboxStatus
from storage.talks import State
from tests.bot.test_worker import Times

LAN = Address("stage", "test", "lan")
MINH = Address("stage", "test", "minh")
NO_ANSWER = SendError(Fault.UNKNOWN, "no answer")


@dataclass
class Pipe:
    """A channel that answers as it is told: an error to raise, or nothing for success."""

    name: str = "stage"
    account: str = "test"
    overall: Rate = UNLIMITED
    window: Window | None = None
    chat_rate: Rate | None = None
    answers: list[SendError | None] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    asked: int = 0

    def rate_of(self, address: Address) -> Rate | None:  # noqa: ARG002
        return self.chat_rate

    async def send(self, address: Address, message: Outgoing) -> str:
        answer = self.answers.pop(0) if self.answers else NO_ANSWER if self.down else None
        if answer is None or answer.fault is Fault.UNKNOWN:
            self.sent.append((address.chat, message.text))
        if answer is not None:
            raise answer
        return str(len(self.sent))

    async def reachable(self) -> bool:
        self.asked += 1
        return not self.down

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        raise NotImplementedError


@pytest.fixture
def clock(now: datetime) -> Times:
    return Times(now)


async def put(store: Store, clock: Times, *messages: tuple[Address, str], case: Case | None = None) -> None:
    async with store.begin(clock()) as tx:
        if case is not None:
            tx.cases.add(case, [])
        for address, text in messages:
            tx.outbox.put(address, Outgoing(text), case.id if case else None)


async def work(store: Store, pipe: Pipe, clock: Times) -> None:
    """Send until nothing is due any more."""
    sender = Sender(store, pipe, clock, asyncio.Event())
    while await sender.start_due():
        await sender.drain()


def a_case(now: datetime) -> Case:
    return Case(1, "0AAAA-AAAAA", "report", Status.ROUTED, "VP", "", "…", LAN, now, now)


async def test_each_chat_gets_its_messages_in_order(store: Store, clock: Times) -> None:
    pipe = Pipe()
    await put(store, clock, *((LAN, f"{n}") for n in range(5)), *((MINH, f"{n}") for n in range(5)))
    await work(store, pipe, clock)
    assert [text for chat, text in pipe.sent if chat == "lan"] == list("01234")
    assert [text for chat, text in pipe.sent if chat == "minh"] == list("01234")


async def test_a_refusal_for_now_holds_back_this_chat_only(store: Store, clock: Times) -> None:
    pipe = Pipe(answers=[SendError(Fault.LATER, "Too Many Requests", timedelta(seconds=30))])
    await put(store, clock, (LAN, "1"), (LAN, "2"), (MINH, "1"))
    await work(store, pipe, clock)
    assert pipe.sent == [("minh", "1")]
    clock.now += timedelta(seconds=29)
    await work(store, pipe, clock)
    assert len(pipe.sent) == 1
    clock.now += timedelta(seconds=2)
    await work(store, pipe, clock)
    assert pipe.sent[1:] == [("lan", "1"), ("lan", "2")]


async def test_a_blocked_chat_is_not_tried_again_and_the_case_says_so(
    store: Store, clock: Times, now: datetime
) -> None:
    case = a_case(now)
    pipe = Pipe(answers=[SendError(Fault.UNREACHABLE, "bot was blocked by the user")])
    await put(store, clock, (LAN, "answer"), case=case)
    await work(store, pipe, clock)
    clock.now += timedelta(days=1)
    await work(store, pipe, clock)
    async with store.look(clock()) as tx:
        assert [item.status for item in await tx.outbox.dead_letters()] == [OutboxStatus.DEAD]
        assert [happening.event for happening in await tx.cases.timeline(case)] == [
            Undeliverable("bot was blocked by the user")
        ]


async def test_an_unclear_outcome_is_sent_again_and_flagged(
    store: Store, clock: Times, now: datetime
) -> None:
    case = a_case(now)
    pipe = Pipe(answers=[SendError(Fault.UNKNOWN, "no answer")])
    await put(store, clock, (LAN, "answer"), case=case)
    await work(store, pipe, clock)
    clock.now += timedelta(minutes=1)
    await work(store, pipe, clock)
    assert pipe.sent == [("lan", "answer")] * 2
    async with store.look(clock()) as tx:
        [item] = await tx.outbox.of_case(case.id)
        assert (item.status, item.maybe_twice) == (OutboxStatus.SENT, True)
        assert [happening.event for happening in await tx.cases.timeline(case)] == [
            DeliveryUncertain(resent=True)
        ]


async def test_after_several_unclear_outcomes_a_person_decides(store: Store, clock: Times) -> None:
    pipe = Pipe(answers=[SendError(Fault.UNKNOWN, "no answer")] * 10)
    await put(store, clock, (LAN, "answer"))
    for _ in range(10):
        await work(store, pipe, clock)
        clock.now += timedelta(minutes=10)
    assert len(pipe.sent) == UNKNOWN_TRIES + 1
    async with store.look(clock()) as tx:
        assert [item.status for item in await tx.outbox.dead_letters()] == [OutboxStatus.UNKNOWN]


async def test_refusals_for_now_do_not_count_as_unclear_outcomes(store: Store, clock: Times) -> None:
    refused = SendError(Fault.LATER, "Internal Server Error")
    pipe = Pipe(answers=[*[refused] * UNKNOWN_TRIES, NO_ANSWER])
    await put(store, clock, (LAN, "answer"))
    for _ in range(UNKNOWN_TRIES + 2):
        await work(store, pipe, clock)
        clock.now += timedelta(minutes=10)
    assert pipe.sent == [("lan", "answer")] * 2
    async with store.look(clock()) as tx:
        assert [item.maybe_twice for item in await tx.outbox.since(LAN, 0)] == [True]


async def test_an_outage_costs_no_reply_and_only_a_few_are_in_doubt(store: Store, clock: Times) -> None:
    await put(store, clock, *((Address("stage", "test", f"p{n}"), "reply") for n in range(200)))
    pipe = Pipe(down=True)
    sender = Sender(store, pipe, clock, asyncio.Event())
    for _ in range(3600):
        await sender.listen()
        await sender.start_due()
        await sender.drain()
        clock.now += timedelta(seconds=1)
    assert len(pipe.sent) == AT_ONCE
    assert 350 < pipe.asked < 370
    pipe.down, pipe.sent = False, []
    for _ in range(20):
        await sender.listen()
        while await sender.start_due():
            await sender.drain()
        clock.now += timedelta(seconds=1)
    assert sorted(pipe.sent) == sorted((f"p{n}", "reply") for n in range(200))
    async with store.look(clock()) as tx:
        assert await tx.outbox.unsent() == 0
        assert await tx.outbox.dead_letters() == []


async def test_after_an_outage_one_message_goes_first(store: Store, clock: Times) -> None:
    await put(store, clock, *((Address("stage", "test", f"p{n}"), "reply") for n in range(50)))
    pipe = Pipe(answers=[NO_ANSWER] * (AT_ONCE + 1))
    sender = Sender(store, pipe, clock, asyncio.Event())
    await sender.start_due()
    await sender.drain()
    assert await sender.start_due() == 0
    sent_after = []
    for _ in range(7):
        clock.now += timedelta(seconds=1)
        await sender.listen()
        await sender.start_due()
        await sender.drain()
        sent_after.append(len(pipe.sent) - AT_ONCE)
    assert sent_after == [1, 1, 2, 18, 34, 50, 51]


async def test_what_a_dead_sender_left_is_taken_over(store: Store, clock: Times) -> None:
    await put(store, clock, (MINH, "on the wire"))
    async with store.begin(clock()) as tx:
        assert len(await tx.outbox.claim("stage", "test", 9)) == 1
    await put(store, clock, (LAN, "due"))
    pipe = Pipe()
    await Sender(store, pipe, clock, asyncio.Event()).recover()
    await work(store, pipe, clock)
    assert sorted(pipe.sent) == [("lan", "due"), ("minh", "on the wire")]
    async with store.look(clock()) as tx:
        assert [item.maybe_twice for item in await tx.outbox.since(LAN, 0)] == [False]
        assert [item.maybe_twice for item in await tx.outbox.since(MINH, 0)] == [True]


async def test_however_often_a_sender_dies_a_reply_is_not_given_up(store: Store, clock: Times) -> None:
    await put(store, clock, (LAN, "reply"))
    for wait in (0, 2, 30, 300, 300):
        async with store.begin(clock()) as tx:
            assert len(await tx.outbox.claim("stage", "test", 9)) == 1
        await Sender(store, Pipe(), clock, asyncio.Event()).recover()
        clock.now += timedelta(seconds=wait)
        async with store.look(clock() - timedelta(seconds=1)) as tx:
            assert not await tx.outbox.due(["stage"])
    pipe = Pipe()
    await work(store, pipe, clock)
    assert pipe.sent == [("lan", "reply")]


async def test_what_goes_to_many_is_not_sent_twice_even_when_it_is_unsure(store: Store, clock: Times) -> None:
    async with store.begin(clock()) as tx:
        tx.outbox.put(LAN, Outgoing("news"), urgency=Urgency.BULK)
        tx.outbox.put(MINH, Outgoing("news"), urgency=Urgency.BULK)
    async with store.begin(clock()) as tx:
        assert len(await tx.outbox.claim("stage", "test", 1)) == 1
    pipe = Pipe(answers=[SendError(Fault.UNKNOWN, "no answer")])
    sender = Sender(store, pipe, clock, asyncio.Event())
    await sender.recover()
    await work(store, pipe, clock)
    clock.now += timedelta(hours=1)
    await work(store, pipe, clock)
    assert pipe.sent == [("minh", "news")]
    async with store.look(clock()) as tx:
        assert [item.status for item in await tx.outbox.dead_letters()] == [OutboxStatus.UNKNOWN] * 2


async def test_a_reply_overtakes_what_goes_to_many(store: Store, clock: Times) -> None:
    async with store.begin(clock()) as tx:
        for address in (LAN, MINH):
            tx.outbox.put(address, Outgoing("news"), urgency=Urgency.BULK)
    await put(store, clock, (MINH, "1"), (MINH, "2"))
    pipe = Pipe(overall=per_second(1))
    for _ in range(4):
        await work(store, pipe, clock)
        clock.now += timedelta(seconds=2)
    assert pipe.sent == [("minh", "1"), ("minh", "2"), ("lan", "news"), ("minh", "news")]


async def test_nothing_is_sent_faster_than_the_channel_allows(store: Store, clock: Times) -> None:
    pipe = Pipe(overall=per_second(5), chat_rate=per_second(2, seconds=10))
    await put(store, clock, *((LAN, f"{n}") for n in range(4)), *((MINH, f"{n}") for n in range(4)))
    await put(store, clock, *((Address("stage", "test", f"p{n}"), "x") for n in range(6)))
    sender, sent_after = Sender(store, pipe, clock, asyncio.Event()), []
    for _ in range(5):
        while await sender.start_due():
            await sender.drain()
        sent_after.append(len(pipe.sent))
        clock.now += timedelta(seconds=4)
    assert sent_after == [5, 10, 10, 12, 14]
    assert [text for chat, text in pipe.sent if chat == "lan"] == list("0123")


async def test_the_pace_is_kept_across_a_restart(store: Store, clock: Times) -> None:
    pipe = Pipe(chat_rate=per_second(2, seconds=10))
    await put(store, clock, *((LAN, f"{n}") for n in range(3)))
    await work(store, pipe, clock)
    assert len(pipe.sent) == 2
    clock.now += timedelta(seconds=5)
    again = Sender(store, pipe, clock, asyncio.Event())
    await again.recover()
    assert await again.start_due() == 0
    clock.now += timedelta(seconds=6)
    assert await again.start_due() == 1
    await again.drain()


async def acts(store: Store, clock: Times, address: Address) -> None:
    async with store.begin(clock()) as tx:
        tx.talks.save(State(address.lane, acted_at=clock()))


async def test_what_comes_too_late_waits_for_the_persons_next_word_and_the_case_says_so(
    store: Store, clock: Times, now: datetime
) -> None:
    case = a_case(now)
    pipe = Pipe(window=Window(timedelta(hours=48), timedelta(days=7)))
    await acts(store, clock, LAN)
    await put(store, clock, (LAN, "in time"), (MINH, "never wrote to us"), case=case)
    await work(store, pipe, clock)
    assert pipe.sent == [("lan", "in time")]
    clock.now += timedelta(days=7, seconds=1)
    await put(store, clock, (LAN, "late 1"), (LAN, "late 2"))
    await work(store, pipe, clock)
    assert len(pipe.sent) == 1
    await acts(store, clock, LAN)
    await work(store, pipe, clock)
    assert pipe.sent[1:] == [("lan", "late 1"), ("lan", "late 2")]
    async with store.look(clock()) as tx:
        assert [happening.event for happening in await tx.cases.timeline(case)] == [Held()]


async def test_what_the_channel_itself_refuses_until_the_next_word_is_held_too(
    store: Store, clock: Times
) -> None:
    pipe = Pipe(
        window=Window(timedelta(hours=48), timedelta(days=7)), answers=[SendError(Fault.CLOSED, "-230")]
    )
    await acts(store, clock, LAN)
    clock.now += timedelta(seconds=5)
    await put(store, clock, (LAN, "answer"))
    await work(store, pipe, clock)
    clock.now += timedelta(hours=1)
    await work(store, pipe, clock)
    assert pipe.sent == []
    await acts(store, clock, LAN)
    await work(store, pipe, clock)
    assert pipe.sent == [("lan", "answer")]


async def test_a_channel_with_a_mistake_costs_one_message_and_not_the_service(
    store: Store, clock: Times
) -> None:
    class Broken(Pipe):
        async def send(self, address: Address, message: Outgoing) -> str:
            if message.text == "bad":
                raise KeyError(message.text)
            return await super().send(address, message)

    pipe = Broken()
    await put(store, clock, (LAN, "bad"), (MINH, "good"))
    await work(store, pipe, clock)
    assert pipe.sent == [("minh", "good")]


async def test_only_one_process_sends_for_an_account(store: Store) -> None:
    async with store.only_one("sender stage test") as first, store.only_one("sender stage test") as second:
        assert first
        assert second is not store.shared
    async with store.only_one("sender stage test") as again:
        assert again
