"""What a photo or a PDF says unseen is not stored; what is seen is."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from storage.cleaning import LARGEST, NotCleaned, cleaned

CANARY = "Nguyen Van Lan"
GPS = {1: "N", 2: (21.0, 1.0, 42.5), 3: "E", 4: (105.0, 51.0, 15.0)}


def drawn(size: tuple[int, int] = (60, 40)) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    picture.paste((200, 10, 10), (0, 0, 30, 20))
    return picture


def marked(form: str, **more: Any) -> bytes:  # noqa: ANN401 - of the library
    """Return a picture that says who took it, where, and which end is up."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = CANARY, 6  # artist, orientation
    exif.get_ifd(0x8825).update(GPS)
    out = BytesIO()
    drawn().save(out, form, exif=exif, **more)
    return out.getvalue()


def shown(content: bytes) -> Image.Image:
    from PIL import ImageOps  # noqa: PLC0415

    return ImageOps.exif_transpose(Image.open(BytesIO(content)))


@pytest.mark.parametrize(
    ("form", "mime", "more"),
    [
        ("JPEG", "image/jpeg", {"comment": CANARY, "quality": 88}),
        ("PNG", "image/png", {}),
        ("WEBP", "image/webp", {"xmp": f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode(), "lossless": True}),
    ],
)
def test_a_picture_keeps_what_is_seen_and_nothing_else(form: str, mime: str, more: dict[str, Any]) -> None:
    if form == "PNG":
        more = {"pnginfo": PngImagePlugin.PngInfo()}
        more["pnginfo"].add_text("Author", CANARY)
    before = marked(form, **more)
    assert CANARY.encode() in before
    after = cleaned(before, mime, anonymous=False)
    assert CANARY.encode() not in after
    assert not Image.open(BytesIO(after)).getexif().get_ifd(0x8825)
    assert shown(after).size == (40, 60)
    corner = shown(after).convert("RGB").getpixel((39, 0))
    assert isinstance(corner, tuple)
    assert corner[0] > 180
    assert corner[1] < 40


def test_what_hides_behind_the_end_of_a_photo_is_dropped() -> None:
    assert b"hidden" not in cleaned(marked("JPEG") + b"hidden film", "image/jpeg", anonymous=True)


def test_a_damaged_picture_that_may_hide_something_is_not_taken() -> None:
    with pytest.raises(NotCleaned):
        cleaned(marked("JPEG")[:400], "image/jpeg", anonymous=True)
    with pytest.raises(NotCleaned):
        cleaned(marked("PNG")[:300], "image/png", anonymous=True)


def test_a_picture_too_large_to_look_into_is_not_taken() -> None:
    out = BytesIO()
    Image.new("1", (LARGEST // 1000 + 1, 1000)).save(out, "PNG")
    with pytest.raises(NotCleaned):
        cleaned(out.getvalue(), "image/png", anonymous=False)


def test_a_pdf_loses_its_author_and_the_place_of_its_photos() -> None:
    out = BytesIO()
    drawn().save(out, "PDF", title=CANARY, author=CANARY)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(out.getvalue())))
    writer.add_metadata({"/Author": CANARY})
    parts: list[Any] = [part and part.get_object() for part in writer._objects]  # noqa: SLF001
    (photo,) = [part for part in parts if isinstance(part, StreamObject) and part.get("/Subtype") == "/Image"]
    photo._data = marked("JPEG")  # noqa: SLF001
    whole = BytesIO()
    writer.write(whole)
    assert CANARY.encode() in whole.getvalue()
    assert cleaned(whole.getvalue(), "application/pdf", anonymous=False) == whole.getvalue()
    after = cleaned(whole.getvalue(), "application/pdf", anonymous=True)
    assert CANARY.encode() not in after
    assert not PdfReader(BytesIO(after)).metadata
    assert len(PdfReader(BytesIO(after)).pages) == 1


def test_a_pdf_that_cannot_be_read_is_not_taken_from_who_is_anonymous() -> None:
    with pytest.raises(NotCleaned):
        cleaned(b"%PDF-1.7 " + CANARY.encode(), "application/pdf", anonymous=True)
    assert cleaned(b"%PDF-1.7", "application/pdf", anonymous=False) == b"%PDF-1.7"
