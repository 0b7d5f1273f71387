"""What is served after somebody saved FAQ files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.reloader import Reloader
from faq.entries import ANY_NAME
from faq.index import Answer, Unknown
from faq.live import LOOK, kept, look
from faq.reader import read
from handlers.library import Shelf, load
from tests.faq.small import QUESTION, fill, group

BROKEN = "\tx: 1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "faq")


@pytest.fixture
def shelf(folder: Path) -> Shelf:
    return Shelf(load(None, folder), seen=look(folder))


@pytest.fixture
async def copy(shelf: Shelf, folder: Path, tmp_path: Path, now: datetime) -> AsyncIterator[Path]:
    """Return where the last good copy will be, while the reloader runs."""
    running = asyncio.create_task(Reloader(shelf, folder, tmp_path / "copy", lambda: now).run())
    yield tmp_path / "copy"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - files have no events
            await asyncio.sleep(0.01)


def said(shelf: Shelf, now: datetime) -> str:
    """Return the answer to QUESTION."""
    found = shelf.library.index.ask(QUESTION, now.date())
    return found.entry.answer if isinstance(found, Answer) else type(found).__name__


def copied(copy: Path) -> list[str]:
    found = kept(copy)
    return (
        [each.answer for each in read(found, ANY_NAME, ANY_NAME).knowledge.entries.values()] if found else []
    )


async def test_a_good_save_is_served_and_copied(
    shelf: Shelf, folder: Path, copy: Path, now: datetime
) -> None:
    await until(lambda: copied(copy) == ["Ngày rằm."])
    before = shelf.library
    (folder / "G1.yaml").write_text(group("G1", "Ngày mồng một."))
    await until(lambda: shelf.loaded_at == now)
    assert said(shelf, now) == "Ngày mồng một."
    assert shelf.library.office is before.office
    await until(lambda: copied(copy) == ["Ngày mồng một."])


async def test_a_broken_save_changes_nothing_and_is_told_once(
    shelf: Shelf, folder: Path, copy: Path, now: datetime
) -> None:
    await until(lambda: kept(copy))
    good = (folder / "G1.yaml").read_text()
    with capture_logs() as logs:
        (folder / "G1.yaml").write_text(good + BROKEN)
        await until(lambda: shelf.mistakes)
        await asyncio.sleep(3 * LOOK)
    assert [(each["event"], each["mistakes"]) for each in logs] == [("faq files are wrong, not used", 1)]
    assert (said(shelf, now), copied(copy)) == ("Ngày rằm.", ["Ngày rằm."])
    assert shelf.loaded_at is None
    (folder / "G1.yaml").write_text(good)
    await until(lambda: shelf.loaded_at == now)
    assert shelf.mistakes == ()


async def test_an_answer_is_switched_off_in_its_file(
    shelf: Shelf, folder: Path, copy: Path, now: datetime
) -> None:
    await until(lambda: kept(copy))
    with (folder / "G1.yaml").open("a") as file:
        file.write("    enabled: false\n")
    await until(lambda: shelf.loaded_at == now)
    assert said(shelf, now) == Unknown.__name__


async def test_a_folder_that_cannot_be_watched_stops_nothing(
    shelf: Shelf, folder: Path, copy: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: kept(copy))
    monkeypatch.setattr("bot.reloader.REST", LOOK)
    with capture_logs() as logs, monkeypatch.context() as away:
        away.setattr("faq.live.look", _unplugged)
        await until(lambda: logs)
    assert logs[0]["event"] == "faq files cannot be watched"
    (folder / "G1.yaml").write_text(group("G1", "Ngày mồng một."))
    await until(lambda: shelf.loaded_at == now)


def _unplugged(_folder: Path) -> None:
    raise OSError(107, "Transport endpoint is not connected")
