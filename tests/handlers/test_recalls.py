"""Who holds an old answer is told once, whatever is stopped half-way; nobody else is told."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.messages import Address, Urgency
from handlers.actions import erasure, recalls
from handlers.clock import recalls as clock
from handlers.clock import retention
from handlers.library import Library
from storage.received import WITHDRAWN, Recall
from storage.store import Store, Tx
from storage.talks import State
from tests.conversations.stage import rewritten

DAY = timedelta(days=1)
ENTRY = "G3-01"
OLD = "0123456789abcdef"
MANY = 2 * recalls.AT_ONCE + 7


@pytest.fixture
def version(library: Library) -> str:
    return library.knowledge.entries[ENTRY].version


async def give(store: Store, at: datetime, *people: str, version: str = OLD, entry: str = ENTRY) -> None:
    async with store.begin(at) as tx:
        for person in people:
            tx.received.keep(f"web:main:{person}", entry, version, "vi")


async def order(store: Store, library: Library, now: datetime, entry: str = ENTRY, days: int = 30) -> Recall:
    async with store.begin(now) as tx:
        plan = await recalls.plan(tx, library, entry, days, "", "binh")
        recalls.order(tx, plan)
    return plan


async def tick(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now) as tx:
        await clock.tell(tx, library)


async def told(store: Store, now: datetime) -> Counter[str]:
    async with store.begin(now) as tx:
        items = await tx.outbox.claim("web", "main", 1000)
    assert {item.urgency for item in items} <= {Urgency.BULK}
    return Counter(item.address.chat for item in items)


async def test_only_who_holds_an_old_version_is_told(
    store: Store, library: Library, now: datetime, version: str
) -> None:
    await give(store, now - 40 * DAY, "long-ago")
    await give(store, now - DAY, "lan", "twice", "corrected", "gone", "erased")
    await give(store, now - DAY / 2, "minh", "corrected", version=version)
    await give(store, now - DAY / 2, "twice")
    await give(store, now - DAY / 2, "other", entry="G3-31")
    async with store.begin(now) as tx:
        tx.talks.save(State("web:main:gone", gone=True))
        await erasure.erase(tx, library, Address("web", "main", "erased"))
    await order(store, library, now)
    await tick(store, library, now)
    assert await told(store, now) == Counter(["lan", "twice"])


async def test_a_second_recall_of_the_same_correction_tells_nobody(
    store: Store, library: Library, now: datetime
) -> None:
    await give(store, now - DAY, "lan")
    for hours in range(3):
        await order(store, library, now + timedelta(hours=hours))
        await tick(store, library, now + timedelta(hours=hours))
    assert await told(store, now + DAY) == Counter(["lan"])


async def test_stopped_half_way_and_run_again_it_reaches_everybody_once(
    store: Store, library: Library, now: datetime
) -> None:
    people = [f"p{number}" for number in range(MANY)]
    await give(store, now - DAY, *people)
    plan = await order(store, library, now)
    await tick(store, library, now)
    with pytest.raises(ZeroDivisionError):
        async with store.begin(now) as tx:
            await recalls.tell(tx, library, replace(plan, told=recalls.AT_ONCE))
            await tx.flush()
            raise ZeroDivisionError
    await order(store, library, now + timedelta(minutes=1))
    for minute in range(1, 5):
        await tick(store, library, now + timedelta(minutes=minute))
    assert await told(store, now + DAY) == Counter(people)
    async with store.look(now) as tx:
        kept = await tx.received.of_entries([ENTRY])
    assert sum(each.told for each in kept) == MANY
    assert {(each.ended, each.by) for each in kept} == {("done", "binh")}


async def test_what_was_not_previewed_is_not_sent(store: Store, library: Library, now: datetime) -> None:
    await give(store, now - DAY, *(f"p{number}" for number in range(MANY)))
    await order(store, library, now)
    await tick(store, library, now)
    changed = rewritten(library, ENTRY, "Một câu khác hẳn.")
    await tick(store, changed, now)
    assert (await told(store, now)).total() == recalls.AT_ONCE
    async with store.look(now) as tx:
        (kept,) = await tx.received.of_entries([ENTRY])
    assert (kept.ended, kept.told) == ("changed", recalls.AT_ONCE)


async def test_an_answer_that_is_off_or_gone_is_taken_back_with_its_old_words(
    store: Store, library: Library, now: datetime, version: str
) -> None:
    async with store.begin(now - DAY) as tx:
        await clock.keep_texts(tx, library)
    await give(store, now - DAY, "lan", version=version)
    entries = {key: each for key, each in library.knowledge.entries.items() if key != ENTRY}
    without = replace(library, knowledge=replace(library.knowledge, entries=entries))
    plan = await order(store, without, now)
    assert plan.version == WITHDRAWN
    for _ in range(2):
        await tick(store, without, now)
    async with store.begin(now) as tx:
        (item,) = await tx.outbox.claim("web", "main", 10)
    assert library.knowledge.entries[ENTRY].question in item.message.text
    assert "34 đơn vị hành chính" in item.message.text
    assert "không còn dùng" in item.message.text


async def test_what_replaces_an_answer_is_its_correction(
    store: Store, library: Library, now: datetime
) -> None:
    entry = library.knowledge.entries[ENTRY]
    old = replace(entry, valid_to=now.date() - DAY)
    new = replace(entry, id="G3-01b", question="Mới?", answer="Từ nay 33.", replaces=ENTRY)
    entries = {**library.knowledge.entries, old.id: old, new.id: new}
    changed = replace(library, knowledge=replace(library.knowledge, entries=entries))
    await give(store, now - DAY, "lan", "minh", version=old.version)
    await give(store, now, "minh", version=new.version, entry=new.id)
    plan = await order(store, changed, now)
    assert (plan.answer, plan.version) == (new.id, new.version)
    await tick(store, changed, now)
    assert await told(store, now) == Counter(["lan"])


async def test_a_preview_counts_persons_and_shows_what_each_will_read(
    store: Store, library: Library, now: datetime
) -> None:
    async def look(tx: Tx) -> recalls.Preview:
        plan = await recalls.plan(tx, library, ENTRY, 30, "có nghị quyết mới", "binh")
        return await recalls.preview(tx, library, plan)

    await give(store, now - DAY, "a", "b")
    await give(store, now - DAY, "c", version="f" * 16)
    async with store.begin(now - DAY) as tx:
        tx.received.keep("telegram:bot:1", ENTRY, OLD, "en")
    async with store.look(now) as tx:
        found = await look(tx)
    assert (found.persons, found.channels) == (4, Counter(web=3, telegram=1))
    assert [(old.version, old.persons) for old in found.olds] == [(OLD, 3), ("f" * 16, 1)]
    assert "Lý do: có nghị quyết mới" in found.olds[0].message
    assert library.knowledge.entries[ENTRY].answer in found.olds[0].message
    assert await told(store, now) == Counter()


async def test_english_readers_are_told_in_english(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now - DAY) as tx:
        tx.received.keep("web:main:john", ENTRY, OLD, "en")
    await order(store, library, now)
    await tick(store, library, now)
    async with store.begin(now) as tx:
        (item,) = await tx.outbox.claim("web", "main", 10)
    assert item.message.text.startswith("CORRECTION: the answer that I sent you on 22/11/2026")


def test_the_answers_that_rest_on_a_document_are_found_by_its_key_or_number(library: Library) -> None:
    by_number = recalls.resting_on(library, "73/2024/nđ-cp")
    key = next(k for k, each in library.knowledge.documents.items() if each.number == "73/2024/NĐ-CP")
    assert by_number == recalls.resting_on(library, key) != []
    assert all(key in {source.doc for source in entry.sources} for entry in by_number)
    with pytest.raises(LookupError):
        recalls.resting_on(library, "99/1999/NĐ-CP")


def test_another_text_is_another_version_and_another_question_is_not(library: Library) -> None:
    entry = library.knowledge.entries[ENTRY]
    assert replace(entry, answer=entry.answer + ".").version != entry.version
    assert replace(entry, sources=()).version != entry.version
    assert replace(entry, question="?", alternates=(), unit="VP").version == entry.version


async def test_who_was_given_what_is_forgotten_in_time(store: Store, library: Library, now: datetime) -> None:
    await give(store, now - library.office.terms["received"] - DAY, "old")
    await give(store, now - library.office.terms["received"] + DAY, "new")
    async with store.begin(now) as tx:
        await retention.forget_received(tx, library)
    await order(store, library, now, days=10_000)
    await tick(store, library, now)
    assert await told(store, now) == Counter(["new"])
