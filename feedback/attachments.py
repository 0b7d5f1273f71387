"""Which photos and files we take, told by their first bytes and not by their name."""

LARGEST = 10 * 1024 * 1024  # bytes

_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARTS = {b"word/": _DOCX, b"xl/": _XLSX}


def type_of(content: bytes) -> str | None:
    """Return the media type, or None for a kind of file that we do not take."""
    for start, mime in _STARTS.items():
        if content.startswith(start):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in content:
        return next((mime for part, mime in _PARTS.items() if part in content), None)
    return None
