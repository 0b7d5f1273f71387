"""Pictures and PDFs without what their makers wrote into them unseen: where, by whom, with which device.

What is seen stays: a face, a letterhead, a signature. Which end of a photo is up stays, too.
"""

from io import BytesIO
from typing import Any

LARGEST = 50_000_000  # pixels: what is larger would take more memory than a file may
UNSEEN = (b"Exif\x00\x00", b"ns.adobe.com", b"Photoshop 3.0", b"eXIf", b"EXIF", b"tEXt", b"iTXt", b"zTXt")
ORIENTATION = 0x0112


class NotCleaned(Exception):
    """It cannot be read, so nobody can say what else is in it."""


def cleaned(content: bytes, mime: str, *, anonymous: bool) -> bytes:
    """Return it without its unseen part. Raises NotCleaned.

    A PDF is changed only for an anonymous sender: a digital signature would not outlive it.
    """
    if mime.startswith("image/"):
        return _picture(content)
    return _pdf(content) if mime == "application/pdf" and anonymous else content


def _picture(content: bytes) -> bytes:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - slow to import, and seldom needed

    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > LARGEST:
                raise NotCleaned("the picture is too large")
            return _written(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if any(mark in content for mark in UNSEEN):
            raise NotCleaned("the picture is damaged") from error
        return content


def _written(picture: Any) -> bytes:  # noqa: ANN401 - the library's own
    from PIL import Image, ImageOps  # noqa: PLC0415

    out, up, kept = BytesIO(), picture.getexif().get(ORIENTATION, 1), picture.info.get("icc_profile")
    if picture.format in ("JPEG", "MPO"):
        exif = Image.Exif()
        exif[ORIENTATION] = up
        more = {"quality": "keep"} if picture.format == "JPEG" else {"quality": 95}
        picture.info.pop("comment", None)
        picture.save(out, "JPEG", icc_profile=kept, exif=exif if up != 1 else b"", **more)
        return out.getvalue()
    plain = ImageOps.exif_transpose(picture) if up != 1 else picture
    shown = {name: picture.info[name] for name in ("transparency", "gamma") if name in picture.info}
    plain.info = shown
    every = {"save_all": True} if getattr(plain, "n_frames", 1) > 1 else {}
    if picture.format == "PNG":
        plain.save(out, "PNG", icc_profile=kept, **every)
    else:
        plain.save(out, "WEBP", icc_profile=kept or b"", exif=b"", xmp=b"", quality=95, **every)
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    out = BytesIO()
    try:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
        writer.metadata = None
        for found in list(writer._objects):  # noqa: SLF001 - there is no other way to all of them
            if found is not None:
                _forget_author(found.get_object())
        writer.write(out)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotCleaned("the PDF is damaged or has a password") from error
    return out.getvalue()


def _forget_author(part: Any) -> None:  # noqa: ANN401 - any object of a PDF
    """What is not drawn: descriptions of the whole or of a part, who commented, and photos' own."""
    from pypdf.generic import DictionaryObject, StreamObject  # noqa: PLC0415

    if not isinstance(part, DictionaryObject):
        return
    part.pop("/Metadata", None)
    part.pop("/PieceInfo", None)
    if part.get("/Subtype") != "/Widget" and "/Subj" not in part and "/Rect" in part:
        part.pop("/T", None)
    if isinstance(part, StreamObject) and part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        part._data = _picture(part._data)  # noqa: SLF001 - the photo as it stands in the file
