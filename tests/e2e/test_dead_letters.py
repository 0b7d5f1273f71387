"""A message that cannot be handled is put aside, shown to the operator, and tried again when they say so."""

import asyncio
import hashlib
import re
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.service import now
from bot.worker import Worker
from feedback.messages import Incoming
from handlers.citizen import router
from handlers.library import Library
from storage.inbox import TRIES
from storage.store import Store
from storage.talks import State
from tests.e2e.command import caunoi
from tests.e2e.webcitizen import WebCitizen
from tests.process import ServiceProcess

COOKIE = "a-cookie-of-forty-three-characters-of-a-Lan"
QUESTION = "Lương cơ sở hiện nay là bao nhiêu?"
LAN = hashlib.sha256(COOKIE.encode()).hexdigest()
MINH = hashlib.sha256(COOKIE.upper().encode()).hexdigest()
BROKEN = State(f"web:main:{LAN}", step="a-step-of-a-later-version")


async def test_a_poison_message_is_put_aside_shown_and_tried_again(tmp_path: Path, library: Library) -> None:
    url = await _leave_a_poison_message(tmp_path / "data", library)
    listed = await caunoi("dead-letters", folder=tmp_path)
    shown = await caunoi("dead-letters", "--content", folder=tmp_path)
    found = re.search(r"^đến +(\d+) +web +[\d: -]{16} +ValueError enum\.py:\d+$", listed.out, re.MULTILINE)
    assert found, listed.out
    assert listed.out.endswith("1 tin đến, 0 tin đi.\n")
    assert QUESTION not in listed.out
    assert QUESTION in shown.out
    wrong = await caunoi("dead-letters", "--retry", "17", folder=tmp_path)
    assert (wrong.code, wrong.out) == (1, "")
    assert "Không có tin đến số 17" in wrong.err

    await _mend(url)
    again = await caunoi("dead-letters", "--retry", found[1], folder=tmp_path)
    assert again.code == 0, again.err
    async with ServiceProcess(tmp_path) as service, WebCitizen(service.url, caunoi_chat=COOKIE) as lan:
        (answer,) = await lan.hears(1)
        assert "2.530.000 đồng/tháng" in answer["text"]


async def _leave_a_poison_message(data: Path, library: Library) -> str:
    """Let bà Lan write while her conversation is broken, and ông Minh beside her."""
    data.mkdir()
    url = f"sqlite+aiosqlite:///{data}/caunoi.db"
    store, clock = await Store.open(url), [now() - timedelta(hours=1)]
    async with store.begin(clock[0]) as tx:
        tx.talks.save(BROKEN)
        await tx.inbox.add([_asks(LAN, clock[0]), _asks(MINH, clock[0])])
    handle = partial(router.handle, library=library)
    worker = Worker(store, handle, lambda: clock[0], asyncio.Event(), lambda: None)
    worked = []
    for _ in range(TRIES + 1):
        clock[0] += timedelta(minutes=1)
        worked.append(await worker.work())
    assert worked == [2, *[1] * (TRIES - 1), 0]
    async with store.look(clock[0]) as tx:
        assert await tx.outbox.unsent() == 1
    await store.close()
    return url


def _asks(person: str, at: datetime) -> Incoming:
    return Incoming("web", "main", f"event of {person[:8]}", person, person, at, text=QUESTION)


async def _mend(url: str) -> None:
    store = await Store.open(url)
    async with store.begin(now()) as tx:
        tx.talks.save(State(BROKEN.lane))
    await store.close()


async def test_before_the_first_start_there_are_no_dead_letters(tmp_path: Path) -> None:
    listed = await caunoi("dead-letters", folder=tmp_path)
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.startswith("Chưa có dữ liệu")
