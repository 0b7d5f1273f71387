"""The door: stored before it is acknowledged, in one commit with whatever came meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from bot import door as door_module
from bot.door import Door, Full, Late, Unreadable, withhold
from feedback.messages import Attachment, Incoming, Kind
from handlers.library import Library
from storage.store import Store


@pytest.fixture
def lan(now: datetime) -> Incoming:
    return Incoming("web", "main", "e0", person="lan", chat="lan", at=now, text="Lương cơ sở là bao nhiêu?")


@pytest.fixture
async def door(store: Store, library: Library, now: datetime) -> AsyncIterator[Door]:
    door = Door(store, library.office.kinds, lambda: now, asyncio.Event())
    running = asyncio.create_task(door.run())
    yield door
    running.cancel()


async def test_what_was_acknowledged_is_stored(
    door: Door, store: Store, lan: Incoming, now: datetime
) -> None:
    await asyncio.gather(*(door.keep(replace(lan, event=f"e{number}")) for number in range(300)))
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 300


async def test_the_same_message_twice_in_one_commit_is_one_message(
    door: Door, store: Store, lan: Incoming, now: datetime
) -> None:
    await asyncio.gather(*(door.keep(lan) for _ in range(20)))
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 1


async def test_too_much_at_once_is_refused_and_not_half_kept(
    store: Store, library: Library, lan: Incoming, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "MOST_WAITING", 5)
    door = Door(store, library.office.kinds, lambda: now, asyncio.Event())
    tries = [asyncio.create_task(door.keep(replace(lan, event=f"e{number}"))) for number in range(9)]
    await asyncio.sleep(0)
    running = asyncio.create_task(door.run())
    results = await asyncio.gather(*tries, return_exceptions=True)
    running.cancel()
    assert [isinstance(result, Full) for result in results] == [False] * 5 + [True] * 4
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 5


async def test_nobody_waits_for_a_database_that_is_busy_for_long(
    door: Door, store: Store, lan: Incoming, now: datetime
) -> None:
    async with store.begin(now) as tx:
        await tx.connection.execute(text("LOCK TABLE inbox") if store.shared else text("SELECT 1"))
        under_way = asyncio.create_task(door.keep(lan))
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(door.keep(replace(lan, event="e1")))
        results = await asyncio.gather(under_way, waiting, return_exceptions=True)
    assert [type(result) for result in results] == [Late, Late]
    await asyncio.gather(*(door.keep(replace(lan, event=f"e{number}")) for number in range(2)))
    async with store.look(now) as tx:
        assert await tx.inbox.waiting() == 2


async def test_what_cannot_be_read_is_set_aside_once(door: Door, store: Store, now: datetime) -> None:
    letter = Unreadable("telegram", "1", "unreadable:7", "{…", "not an update")
    await door.keep(letter)
    await door.keep(letter)
    async with store.look(now) as tx:
        [dead] = await tx.inbox.dead()
        assert dead.content == {"raw": "{…"}
        assert await tx.inbox.waiting() == 0


async def test_characters_that_no_database_takes_do_not_stop_the_others(
    door: Door, store: Store, lan: Incoming, now: datetime
) -> None:
    strange = replace(lan, event="odd", text="a\x00b\ud800c", name="\udfff")
    await asyncio.gather(door.keep(strange), door.keep(lan))
    async with store.begin(now) as tx:
        [kept] = await tx.inbox.claim(5)
        assert kept.message.text in {"abc", lan.text}


def test_nothing_of_a_denunciation_passes_the_door(lan: Incoming, library: Library) -> None:
    told = replace(
        lan,
        kind=Kind.FILES,
        text="Tôi tố cáo ông Nguyễn Văn Mẫu nhận hối lộ",
        attachments=(Attachment("photo"),),
    )
    kept = withhold(told, library.office.kinds)
    assert (kept.text, kept.attachments, kept.withheld) == ("", (), "denunciation")


async def test_nothing_of_a_denunciation_is_in_any_file(
    library: Library, lan: Incoming, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("disk")
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'caunoi.db'}")
    door = Door(store, library.office.kinds, lambda: now, asyncio.Event())
    running = asyncio.create_task(door.run())
    await door.keep(replace(lan, text="Tôi tố cáo ông Nguyễn Văn Mẫu nhận hối lộ"))
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    running.cancel()
    await store.close()
    assert b"denunciation" in written
    assert "Mẫu".encode() not in written
    assert b"M\\u1eabu" not in written
