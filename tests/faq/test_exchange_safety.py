"""A workbook may come from anywhere: a dangerous one is refused, and cannot take the service with it."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from faq.entries import CONTENT
from faq.exchange import ImportReport, export, imported, spreadsheet

NOISE = os.urandom(200_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "faq")
    return tmp_path / "faq"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "a.xlsx"
    export(CONTENT, path)
    return path


def take(source: Path, folder: Path) -> ImportReport:
    """Import for good; nothing may have changed."""
    report = imported(source, folder, dry_run=False)
    assert [
        path for path in CONTENT.glob("*.yaml") if path.read_bytes() != (folder / path.name).read_bytes()
    ] == []
    return report


def test_a_good_file_is_read_by_a_process_of_its_own(exported: Path, folder: Path) -> None:
    report = take(exported, folder)
    assert (len(report.unchanged), report.mistakes) == (320, ())


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *, lie_about: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if lie_about:
            archive.getinfo(lie_about).file_size = 10
    return file.getvalue()


SHEET = "xl/worksheets/sheet3.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghij"))


def sheet_of(inside: str, before: str = "") -> bytes:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'.encode()


def said_in_a_cell(text: str) -> str:
    return f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


BOMBS: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "one part is packed too well": (
        lambda parts: packed(parts | {"xl/media/1.png": bytes(40_000_000)}),
        "tệp nén bất thường",
    ),
    "too much in all": (
        lambda parts: packed(parts | {f"xl/media/{i}.png": NOISE + bytes(10_000_000) for i in range(6)}),
        "tệp nén bất thường",
    ),
    "too many parts": (
        lambda parts: packed(parts | {f"xl/media/{i}.png": b"x" for i in range(300)}),
        "tệp nén bất thường",
    ),
    "too large": (lambda _: bytes(10_000_001), "tệp quá lớn"),
    "entities of entities": (
        lambda parts: packed(parts | {SHEET: sheet_of(said_in_a_cell("&j;"), f"<!DOCTYPE x [{LAUGHS}]>")}),
        "tệp hỏng",
    ),
    "somebody else's file": (
        lambda parts: packed(
            parts
            | {
                SHEET: sheet_of(
                    said_in_a_cell("&a;"), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
                )
            }
        ),
        "tệp hỏng",
    ),
    "a part larger than it says": (lambda parts: packed(parts, lie_about=SHEET), "tệp hỏng"),
    "half a sheet": (lambda parts: packed(parts | {SHEET: parts[SHEET][:5000]}), "tệp hỏng"),
    "no workbook": (lambda _: packed({"a.txt": b"a"}), "tệp hỏng"),
    "too many rows": (
        lambda parts: packed(
            parts
            | {SHEET: sheet_of("".join(f'<row r="{i}"><c><v>1</v></c></row>' for i in range(1, 20_002)))}
        ),
        "trang «Hỏi đáp» có hơn 20000 dòng",
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_dangerous_file_is_refused_and_not_read(
    exported: Path, folder: Path, tmp_path: Path, kind: str
) -> None:
    make, said = BOMBS[kind]
    (tmp_path / "a.xlsx").write_bytes(make(parts_of(exported)))
    (mistake,) = take(tmp_path / "a.xlsx", folder).mistakes
    assert mistake.text.startswith(said)


@pytest.mark.parametrize(("limit", "most"), [("MEMORY", 50_000_000), ("SECONDS", 0)])
def test_a_file_that_needs_too_much_is_given_up(
    exported: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    long = "".join(said_in_a_cell(NOISE.hex()[i * 1000 : (i + 20) * 1000]) for i in range(380))
    (tmp_path / "a.xlsx").write_bytes(packed(parts_of(exported) | {SHEET: sheet_of(long)}))
    monkeypatch.setattr(spreadsheet, limit, most)
    (mistake,) = take(tmp_path / "a.xlsx", folder).mistakes
    assert mistake.text == "tệp quá nặng để đọc"
