"""Files by content: whole or not there, and no name leads out of the folder."""

import hashlib
from pathlib import Path

import pytest

from feedback.attachments import type_of
from storage.blobs import Blobs


async def test_a_file_is_found_by_its_content(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    name = await blobs.save(b"%PDF-1.7")
    assert name == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert await blobs.save(b"%PDF-1.7") == name
    assert await blobs.read(name) == b"%PDF-1.7"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "0" * 64])
async def test_no_other_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await Blobs(tmp_path).read(name)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.4", "application/pdf"),
        (b"PK\x03\x04..[Content_Types].xml..word/document.xml", "wordprocessingml"),
        (b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml", "spreadsheetml"),
        (b"OggS\x00\x02 OpusHead", "audio/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xe3\x18\xc4", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\x00\x00\x00\x20ftypM4A \x00", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypmp42\x00", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00", None),
        (b"\xff\xfe<\x00h\x00t\x00", None),
        (b"\xff", None),
        (b"PK\x03\x04 a zip of something else", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_what_it_is(content: bytes, mime: str | None) -> None:
    found = type_of(content)
    assert (mime or "None") in str(found)
