"""What happens when somebody saves FAQ files while they are watched."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from faq import live
from faq.entries import ANY_NAME
from faq.files import Mistakes
from faq.live import Watch, kept, look
from faq.reader import Version, read
from tests.faq.small import fill, group


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "faq")


@pytest.fixture
async def watch(folder: Path) -> AsyncIterator[Watch]:
    watch = Watch(folder, look(folder), units=["CQDP"], topics=["bau-cu"], groups=["G1"])
    yield watch
    await watch.close()


def answers(found: Version | Mistakes) -> list[str]:
    assert isinstance(found, Version), str(found)
    return [entry.answer for entry in found.knowledge.entries.values()]


def _replace(path: Path) -> None:
    shutil.copy2(path, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text(path.read_text().replace("rằm", "Tết")),
        _replace,
        lambda path: path.unlink(),
        lambda path: path.chmod(0o400),
        lambda path: path.rename(path.with_name("G2.yaml")),
        lambda path: path.with_name("documents.yaml").unlink(),
        lambda path: path.with_name("G2.yaml").mkdir(),
    ],
)
def test_every_change_is_noticed(folder: Path, change: Callable[[Path], None]) -> None:
    before = look(folder)
    change(folder / "G1.yaml")
    assert look(folder) != before


def test_other_files_are_none_of_our_business(folder: Path) -> None:
    before = look(folder)
    for name in ("G1.yaml.bak", "G1.yaml~", ".G1.yaml.swp", "notes.txt"):
        (folder / name).write_text("x")
    assert look(folder) == before == look(folder)


def test_a_folder_that_is_gone_looks_different(folder: Path) -> None:
    before = look(folder)
    shutil.rmtree(folder)
    assert look(folder) != before


async def test_a_save_is_read(folder: Path, watch: Watch) -> None:
    (folder / "G1.yaml").write_text(group("G1", "Ngày mồng một."))
    assert answers(await watch.next()) == ["Ngày mồng một."]


async def test_what_is_wrong_is_told_until_it_is_right(folder: Path, watch: Watch) -> None:
    (folder / "G1.yaml").write_text(group("G1", "Ngày rằm.") + "\tx: 1")
    (folder / "abbreviations.yaml").write_bytes(b"\xff")
    wrong = await watch.next()
    assert isinstance(wrong, Mistakes)
    assert [(each.path.name, each.line) for each in wrong.all] == [("G1.yaml", 10), ("abbreviations.yaml", 1)]
    shutil.rmtree(folder)
    fill(folder)
    assert answers(await watch.next()) == ["Ngày rằm."]


async def test_a_group_does_not_get_lost_with_its_file(folder: Path, watch: Watch) -> None:
    (folder / "G2.yaml").write_text(group("G2", "Một.", "Hai."))
    (folder / "G1.yaml").unlink()
    wrong = await watch.next()
    assert isinstance(wrong, Mistakes)
    assert "nhóm «G1» không còn trong tệp nào" in str(wrong)
    (folder / "G9.yaml").write_text("group: G1\nname: Nhóm G1\nentries: []\n")
    assert answers(await watch.next()) == ["Một.", "Hai."]


async def test_a_file_is_not_read_while_it_is_written(folder: Path, watch: Watch) -> None:
    """The first half of it would be a good file, too."""
    whole = group("G1", "Một.", "Hai.")
    half = whole.index("  - id: G1-1")
    watching = asyncio.create_task(watch.next())
    with (folder / "G1.yaml").open("w") as file:
        for piece in (whole[:half], *whole[half:]):
            file.write(piece)
            file.flush()
            await asyncio.sleep(0.01)
    assert answers(await watching) == ["Một.", "Hai."]


async def test_a_reading_that_takes_long_gives_way_to_the_next_save(folder: Path, watch: Watch) -> None:
    os.mkfifo(folder / "G2.yaml")  # nobody writes into it, so it would be read for ever
    watching = asyncio.create_task(watch.next())
    await asyncio.sleep(2 * (live.LOOK + live.QUIET))
    (folder / "G2.yaml").unlink()
    (folder / "G1.yaml").write_text(group("G1", "Ngày mồng một."))
    assert answers(await watching) == ["Ngày mồng một."]


async def test_a_reading_has_its_time(folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.5)
    os.mkfifo(folder / "G2.yaml")
    wrong = await watch.next()
    assert isinstance(wrong, Mistakes)
    assert "không đọc nổi các tệp hỏi đáp" in str(wrong)


async def test_the_copy_is_what_was_read(folder: Path, watch: Watch, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert kept(copy) is None
    for _ in range(2):
        await watch.keep(copy)
        (folder / "G1.yaml").write_text("broken")
    found = kept(copy)
    assert found
    assert answers(read(found, ANY_NAME, ANY_NAME)) == ["Ngày rằm."]


async def test_a_copy_that_was_interrupted_leaves_the_one_before(
    folder: Path, watch: Watch, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    await watch.keep(copy)
    copy.rename(copy.with_suffix(".older"))
    copy.with_suffix(".part").mkdir()
    assert kept(copy) == copy.with_suffix(".older")
    await watch.keep(copy)
    assert kept(copy) == copy
    assert sorted(path.name for path in copy.iterdir()) == sorted(path.name for path in folder.iterdir())
