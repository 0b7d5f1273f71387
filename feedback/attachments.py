"""Which photos and files we take, told by their first bytes and not by their name."""

LARGEST = 20 * 1024 * 1024  # bytes: what Telegram lets a bot download
LARGEST_UPLOAD = 10 * 1024 * 1024  # bytes, by the web page
UPLOADS = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # what the web page offers to send

_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",  # a voice message
    b"ID3": "audio/mpeg",
}
_BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": None}
_DOCX, _XLSX = UPLOADS[-2:]
_PARTS = {b"word/": _DOCX, b"xl/": _XLSX}


def type_of(content: bytes) -> str | None:
    """Return the media type, or None for a kind of file that we do not take."""
    for start, mime in _STARTS.items():
        if content.startswith(start):
            return mime
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video/mp4")
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0:
        return _mpeg_audio(content[1])
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in content:
        return next((mime for part, mime in _PARTS.items() if part in content), None)
    return None


def _mpeg_audio(second: int) -> str | None:
    """Tell by the second byte of a frame, where bits 1 and 2 name the layer: 01 is III, 00 is none (AAC)."""
    layer, sync = second >> 1 & 0b11, second & 0xF0 == 0xF0
    if layer == 0b01:
        return "audio/mpeg"
    return "audio/aac" if layer == 0 and sync else None
