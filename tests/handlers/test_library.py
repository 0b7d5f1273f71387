"""What the service starts with."""

import shutil
from pathlib import Path

import pytest

from faq.files import Mistakes
from handlers.library import PARTS, shelve
from tests.faq.small import fill

BROKEN = "\tx: 1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("office", "phrases"):
        shutil.copytree(PARTS[part], tmp_path / "content" / part)
    fill(tmp_path / "content" / "faq")
    return tmp_path / "content"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return fill(tmp_path / "copy")


def _break(path: Path) -> None:
    path.write_text(path.read_text() + BROKEN)


def test_good_files_are_what_is_served(folder: Path, copy: Path) -> None:
    (copy / "G1.yaml").write_text("group: G1\nname: Cũ\nentries: []\n")
    shelf = shelve(folder, copy)
    assert list(shelf.library.knowledge.entries) == ["G1-0"]
    assert shelf.mistakes == ()


def test_broken_answers_are_taken_from_the_copy(folder: Path, copy: Path) -> None:
    _break(folder / "faq" / "G1.yaml")
    shelf = shelve(folder, copy)
    assert list(shelf.library.knowledge.entries) == ["G1-0"]
    assert [each.path for each in shelf.mistakes] == [folder / "faq" / "G1.yaml"]


def test_without_a_copy_it_does_not_start(folder: Path, tmp_path: Path) -> None:
    _break(folder / "faq" / "G1.yaml")
    with pytest.raises(Mistakes):
        shelve(folder, tmp_path / "copy")


@pytest.mark.parametrize("broken", ["office/units.yaml", "phrases/vi.yaml"])
def test_nothing_else_is_taken_from_anywhere(broken: str, folder: Path, copy: Path) -> None:
    _break(folder / broken)
    _break(folder / "faq" / "G1.yaml")
    with pytest.raises(Mistakes) as raised:
        shelve(folder, copy)
    assert {each.path for each in raised.value.all} == {folder / broken, folder / "faq" / "G1.yaml"}


def test_a_copy_that_does_not_fit_the_office_is_not_taken(folder: Path, copy: Path) -> None:
    _break(folder / "faq" / "G1.yaml")
    (copy / "G1.yaml").write_text((copy / "G1.yaml").read_text().replace("CQDP", "DA-GIAI-THE"))
    with pytest.raises(Mistakes) as raised:
        shelve(folder, copy)
    assert [each.path for each in raised.value.all] == [folder / "faq" / "G1.yaml"]
