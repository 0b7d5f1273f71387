"""What an officer wrote leaves once or not at all, whoever stops it, kills it, or does the same."""

import asyncio
from datetime import datetime, timedelta

import pytest

from feedback.cases import CITIZEN, Added, Answered, Case, Status
from feedback.messages import Address
from handlers.actions import cards, cases, leaving
from handlers.library import Library
from storage.drafts import Draft
from storage.groups import Group
from storage.store import Changed, Store
from storage.tables import DraftStatus
from tests.handlers.desk.office import LAN

LATER = timedelta(seconds=10)
HERE = Address("telegram", "1", "-1001")


@pytest.fixture
async def draft(store: Store, library: Library, now: datetime) -> Draft:
    """Return an answer of An's that leaves in ten seconds."""
    async with store.begin(now) as tx:
        case = cases.open_case(tx, library, LAN)
        tx.groups.bind(Group(1, case.unit, HERE, forum=True, topics=True, bound_by="an", bound_at=now))
    async with store.begin(now) as tx:
        seen = cards.known(await tx.cases.timeline(case))
        draft = Draft(2, case.id, 1, "an", "answer", {"text": "Đã chi trả."}, seen, "40", now, "77",
                      DraftStatus.LEAVING, now + LATER)  # fmt: skip
        tx.drafts.add(draft)
    return draft


async def send(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now) as tx:
        await leaving.send(tx, library)


async def case_of(store: Store, draft: Draft, now: datetime) -> tuple[Case, int]:
    """Return the case, and how often it was answered."""
    async with store.look(now) as tx:
        case = await tx.cases.by_id(draft.case_id)
        assert case
        answers = [each for each in await tx.cases.timeline(case) if isinstance(each.event, Answered)]
    return case, len(answers)


async def test_it_leaves_when_its_time_has_come_and_once(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    await send(store, library, now + LATER - timedelta(seconds=1))
    assert (await case_of(store, draft, now))[0].status is Status.ROUTED
    for _ in range(3):
        await send(store, library, now + LATER)
    case, answers = await case_of(store, draft, now)
    assert (case.status, answers) == (Status.ANSWERED, 1)


async def test_two_clocks_at_once_send_it_once(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    tries = [send(store, library, now + LATER) for _ in range(4)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, Changed) for outcome in outcomes)
    assert (await case_of(store, draft, now))[1] == 1


async def test_a_process_that_dies_before_the_commit_loses_nothing_and_doubles_nothing(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.begin(now + LATER) as tx:
            await leaving.send(tx, library)
            await tx.flush()
            raise ZeroDivisionError
    assert (await case_of(store, draft, now))[1] == 0
    await send(store, library, now + LATER)
    await send(store, library, now + LATER)
    assert (await case_of(store, draft, now))[1] == 1


async def test_of_undo_and_leaving_one_wins(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    async def undo() -> None:
        async with store.begin(now + LATER) as tx:
            found = await tx.drafts.by_id(draft.id)
            assert found
            if found.status is DraftStatus.LEAVING:
                tx.drafts.move(found, DraftStatus.STOPPED)

    outcomes = await asyncio.gather(undo(), send(store, library, now + LATER), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, Changed) for outcome in outcomes)
    await send(store, library, now + 2 * LATER)
    async with store.look(now) as tx:
        found = await tx.drafts.by_id(draft.id)
    assert found
    assert (await case_of(store, draft, now))[1] == (1 if found.status is DraftStatus.DONE else 0)
    assert found.status in (DraftStatus.DONE, DraftStatus.STOPPED)


async def test_what_the_officer_did_not_know_stops_it_with_the_reason(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    case, _ = await case_of(store, draft, now)
    async with store.begin(now + timedelta(seconds=5)) as tx:
        cases.record(tx, case, Added("Tôi chưa nhận được."), CITIZEN)
    await send(store, library, now + LATER)
    assert (await case_of(store, draft, now))[1] == 0
    async with store.begin(now + LATER) as tx:
        [item] = await tx.outbox.claim("telegram", "1", 9)
    assert "Hồ sơ vừa có thay đổi" in item.message.text
    assert (item.message.edits, [button.data for button in item.message.buttons]) == ("77", ["draft:again:2"])


async def test_a_note_of_a_colleague_stops_nothing(
    store: Store, library: Library, draft: Draft, now: datetime
) -> None:
    case, _ = await case_of(store, draft, now)
    async with store.begin(now) as tx:
        cases.note(tx, case, "Tôi đồng ý.", library.office.officer("an"))
    await send(store, library, now + LATER)
    assert (await case_of(store, draft, now))[1] == 1
