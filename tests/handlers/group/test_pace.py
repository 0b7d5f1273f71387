"""A flood of new cases: nothing is sent faster than a group takes, and nothing is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.channels.telegram import GROUP
from bot.pace import Rate
from feedback.cases import CITIZEN, Added, Case
from feedback.messages import Address, Outgoing
from handlers.actions import cases
from handlers.library import Library
from storage.store import Store
from storage.tables import CardStatus
from tests.conversations.stage import START, Stage, StageChannel
from tests.handlers.desk.office import LAN

MOST, MINUTE, STEP = 18, timedelta(minutes=1), timedelta(seconds=10)
HERE = "nhóm TL-BHXH"


@dataclass
class Group(StageChannel):
    """A channel that notes when what went to the group."""

    now: Callable[[], datetime] = lambda: START
    times: list[datetime] = field(default_factory=list)

    def rate_of(self, address: Address) -> Rate | None:
        return GROUP if address.chat == HERE else None

    async def send(self, address: Address, message: Outgoing) -> str:
        if address.chat == HERE and not message.toast:
            self.times.append(self.now())
        return await super().send(address, message)


@pytest.fixture
async def stage(store: Store, library: Library) -> Stage:
    group = Group()
    stage = Stage(store, library, group)
    group.now = stage.time
    await stage.play("An nối Telegram\nAn (nhóm): /noi")
    return stage


def group_of(stage: Stage) -> Group:
    assert isinstance(stage.channel, Group)
    return stage.channel


async def flood(stage: Stage, count: int) -> list[Case]:
    async with stage.store.begin(stage.now) as tx:
        return [
            cases.open_case(tx, stage.library, replace(LAN, text=f"{LAN.text} {n}")) for n in range(count)
        ]


async def pass_time(stage: Stage, step: timedelta, most: int) -> None:
    for _ in range(most):
        stage.now += step
        await stage.settle()
        if await opened(stage):
            return


async def later(stage: Stage, span: timedelta) -> None:
    """Let time pass in steps, as the group takes a few messages in each."""
    for _ in range(span // STEP):
        stage.now += STEP
        await stage.settle()


async def opened(stage: Stage) -> bool:
    async with stage.store.look(stage.now) as tx:
        return not await tx.groups.with_waiting_cards() and not await tx.outbox.due([stage.channel.name])


def busiest(times: list[datetime]) -> int:
    """Count the most that went out within any minute."""
    return max(sum(start <= time < start + MINUTE for time in times) for start in times)


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.trust)])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_flood_of_new_cases(count: int, stage: Stage) -> None:
    new = await flood(stage, count)
    await pass_time(stage, STEP, 400)

    assert busiest(group_of(stage).times) <= MOST
    sent = [message for chat, message in stage.channel.said if chat == HERE]
    topics = Counter(message.opens.partition(" ")[0] for message in sent if message.opens)
    cards = Counter(
        message.text.partition(" ")[0] for message in sent if any("do:" in b.data for b in message.buttons)
    )
    assert topics == cards == Counter(case.code for case in new)
    lists = [message.text for message in sent if "hồ sơ mới:" in message.text]
    listed = sum(int(text.partition(" ")[0]) for text in lists)
    figures = {
        "messages": len(sent),
        "minutes": round((group_of(stage).times[-1] - group_of(stage).times[0]) / MINUTE, 1),
        "in the busiest minute": busiest(group_of(stage).times),
        "lists": len(lists),
        "named in lists": listed,
    }
    print(f"\n{count} new cases: {figures}")  # noqa: T201
    assert 0 < len(lists) <= 4
    assert listed >= count * 3 // 4


async def test_the_first_of_a_crowd_are_opened_and_the_others_named_at_once(stage: Stage) -> None:
    await flood(stage, 20)
    await later(stage, MINUTE - STEP)
    sent = [message for chat, message in stage.channel.said if chat == HERE]
    assert sum(bool(message.opens) for message in sent) == 5
    [named] = [message for message in sent if "hồ sơ mới:" in message.text]
    assert named.text.startswith("15 hồ sơ mới:\n• ")
    assert len(group_of(stage).times) <= MOST


async def test_a_case_can_be_asked_for_before_its_turn(stage: Stage) -> None:
    *_, last = await flood(stage, 40)
    await stage.settle()
    stage.codes.append(last.code)
    await stage.play("An (nhóm): /hoso #1")
    await later(stage, 2 * MINUTE)
    assert any(message.opens.startswith(last.code) for _, message in stage.channel.said)


async def test_a_card_that_waits_is_replaced_by_its_newer_version(store: Store, now: datetime) -> None:
    here = Address("stage", "test", HERE)
    async with store.begin(now) as tx:
        assert await tx.outbox.put_card(here, Outgoing("first"), 7)
    async with store.begin(now) as tx:
        assert await tx.outbox.put_card(here, Outgoing("second"), 7)
        [item] = await tx.outbox.claim("stage", "test", 9)
        assert item.message.text == "second"
    async with store.begin(now) as tx:
        assert not await tx.outbox.put_card(here, Outgoing("third"), 7)
        assert await tx.outbox.put_card(here, Outgoing("third", edits="40"), 7)


async def test_what_a_citizen_adds_while_the_group_is_busy_is_told_later(stage: Stage) -> None:
    [case] = await flood(stage, 1)
    await later(stage, MINUTE)
    for _ in range(30):
        async with stage.store.begin(stage.now) as tx:
            tx.outbox.put(Address("stage", "test", HERE), Outgoing("…"))
    async with stage.store.begin(stage.now) as tx:
        cases.record(tx, case, Added("Tôi đã nhận được."), CITIZEN)
    await stage.settle()
    assert "Tôi đã nhận được." not in "".join(said(stage))
    await later(stage, 4 * MINUTE)
    assert "".join(said(stage)).count("Tôi đã nhận được.") == 1


async def test_each_card_has_one_row(stage: Stage) -> None:
    new = await flood(stage, 3)
    await later(stage, MINUTE)
    async with stage.store.look(stage.now) as tx:
        for case in new:
            [card] = await tx.groups.cards_of(case.id)
            assert (card.status, bool(card.topic), bool(card.message)) == (CardStatus.OPEN, True, True)


def said(stage: Stage) -> Iterator[str]:
    return (message.text for chat, message in stage.channel.said if chat == HERE)
