"""Files that nobody uses go; what is in a case, or in something that is being written, stays."""

import os
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import sweeper, terms
from bot.graves import Graves
from bot.service import now as really_now
from bot.service import opened
from bot.settings import Settings, load
from bot.sweeper import Sweeper
from feedback.messages import Address, Attachment
from handlers.library import Library, Shelf
from handlers.office.shapes import Terms
from storage.blobs import Blobs
from storage.store import Store
from storage.talks import State
from storage.tombstones import Tombstone
from tests.handlers.desk.office import Clock, Office

LAN = Address("web", "main", "lan")
DAY = timedelta(days=1)


async def here(blobs: Blobs, now: datetime) -> set[str]:
    return await blobs.older_than(now + 1000 * DAY)


async def test_uploads_that_became_nothing_go_after_their_term(
    store: Store, library: Library, tmp_path: Path, now: datetime
) -> None:
    blobs, office = Blobs(tmp_path / "files"), Office(store, library, Clock(now))
    names = [await blobs.save(f"ảnh {number}".encode()) for number in range(4)]
    in_case, in_draft, old, new = names
    for path in (tmp_path / "files").glob("??/*"):
        os.utime(path, (now.timestamp(), now.timestamp() - (0 if path.name == new else 8 * 86400)))
    case = await office.receive(attachments=(Attachment(in_case, "", "image/jpeg", 7),))
    async with store.begin(now) as tx:
        (file,) = await tx.files.of_case(case.id)
        tx.files.fetched(file, in_case, 7, "image/jpeg")
        tx.talks.save(State(LAN.lane, "files", {"attachments": [{"remote": in_draft}]}))
    async with store.look(now) as tx:
        assert await sweeper.unused(tx, blobs, 7 * DAY) == 1
    assert await Sweeper(store, blobs, Graves(tmp_path), Shelf(library), lambda: now).sweep()
    assert await here(blobs, now) == {in_case, in_draft, new}
    assert old not in await here(blobs, now)


async def test_an_upload_that_comes_again_is_new(tmp_path: Path, now: datetime) -> None:
    blobs = Blobs(tmp_path)
    name = await blobs.save(b"one")
    os.utime(tmp_path / name[:2] / name, (0, 0))
    assert await blobs.older_than(now) == {name}
    await blobs.save(b"one")
    assert await blobs.older_than(now - 365 * DAY) == set()


@pytest.fixture
def settings(tmp_path: Path, url: str) -> Settings:
    return load(data_dir=tmp_path, database_url=url)


async def test_what_is_over_is_counted_class_by_class_and_nothing_is_changed(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(settings) as (_shelf, store), store.begin(really_now() - 400 * DAY) as tx:
        tx.questions.keep("lương cơ sở", "unknown")
        tx.consents.give(LAN.lane, "1")
        tx.talks.save(State(LAN.lane))
    for _ in range(2):
        await terms.show(settings)
        said = capsys.readouterr().out
        assert "1  câu hỏi đã che (question: 365 ngày)" in said
        assert "1  tin đã gửi, bản nháp (conversation: 30 ngày)" in said
        assert "0  lời đồng ý (consent: 730 ngày)" in said
    await terms.apply(settings)
    await terms.show(settings)
    assert "0  câu hỏi đã che" in capsys.readouterr().out.split("thời hạn lưu.")[1]


async def test_a_service_that_starts_forgets_whom_its_database_forgot_no_more(settings: Settings) -> None:
    async with opened(settings) as (_shelf, store):
        async with store.begin(really_now()) as tx:
            tx.talks.save(State(LAN.lane, "text", {"text": "chim-hoàng-yến"}))
        async with store.look(really_now()) as tx:
            name = tx.tombstones.name(LAN.lane)
    Graves(settings.data_dir).add(Tombstone(name, really_now(), "keep"))
    async with opened(settings) as (_shelf, store), store.look(really_now()) as tx:
        assert (await tx.talks.find(LAN.lane)).draft == {}
        assert set(await tx.tombstones.all()) == {name}


async def test_a_lost_list_is_written_anew(settings: Settings) -> None:
    stone = Tombstone("0" * 64, really_now(), "keep")
    async with opened(settings) as (_shelf, store), store.begin(really_now()) as tx:
        tx.tombstones.add(stone)
    (settings.data_dir / "erased.list").unlink()
    async with opened(settings):
        assert set(Graves(settings.data_dir).read()) == {stone.hash}


def test_each_term_of_the_office_has_its_line() -> None:
    assert list(terms.CLASSES) == [field.name for field in fields(Terms)]
