"""A letter from us to an officer, and what of a reply to it is new.

A key stands in our letters: it names the case and is signed, and a reply brings it back. It fits into the
part of an address before the «@», which may come back in capitals.
"""

import base64
import binascii
import hmac
import re

from feedback.vietnamese import composed

PURPOSE = b"caunoi letter "  # the same secret may sign other things
CASE, NUMBER, MAC = 8, 4, 8  # bytes; together 32 letters
KEY = re.compile(r"(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])", re.IGNORECASE)

LOOKED_AT = 100_000  # characters
QUOTED = re.compile(r"^\s*[>|]")
ABOVE = re.compile(r"##-.{0,200}-##")  # «write above this line», as it stands in our letters
CUTS = (
    ABOVE,
    re.compile(
        r"^\s*-{2,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc|thư ban đầu"
        r"|thư đã chuyển tiếp|tin nhắn ban đầu|tin nhắn đã chuyển tiếp)\s*-{2,}\s*$",
        re.IGNORECASE,
    ),
    re.compile(r"^\s*_{10,}\s*$"),
    re.compile(r"^--\s?$"),
    re.compile(
        r"^\s*(?:sent from my|get outlook for|tải outlook|(?:được )?gửi từ"
        r" (?:iphone|ipad|android|samsung|điện thoại|thiết bị|outlook|yahoo|mail|thư))\b.{0,60}$",
        re.IGNORECASE,
    ),
)
OPENING = re.compile(r"^(?:on|vào|lúc|ngày|thứ|chủ nhật)\b", re.IGNORECASE)
WROTE = ("wrote:", "viết:")
FROM = re.compile(r"^\s*\*?(?:from|từ|người gửi)\s*:\*?\s*\S", re.IGNORECASE)
ALSO = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|đã gửi|ngày|ngày gửi|đến|tới|chủ đề|tiêu đề)\s*:", re.IGNORECASE
)


def key(secret: bytes, case_id: int, letter_id: int) -> str:
    """Return the key of a letter: letters a to z and digits 2 to 7; no two letters have the same."""
    head = case_id.to_bytes(CASE) + (letter_id >> 9).to_bytes(CASE)[-NUMBER:]
    return base64.b32encode(head + _mac(secret, head)).decode().lower()


def case_of(secret: bytes, written: str) -> int | None:
    """Return the case's id if we signed this key."""
    try:
        raw = base64.b32decode(written.upper())
    except (binascii.Error, ValueError):
        return None
    head, mac = raw[: CASE + NUMBER], raw[CASE + NUMBER :]
    return int.from_bytes(head[:CASE]) if hmac.compare_digest(mac, _mac(secret, head)) else None


def new_part(text: str) -> str:
    """Return what the person wrote, without what they quote, their signature and what their program adds."""
    whole = composed(text[:LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line.rstrip() if line != "-- " else line for line in whole.split("\n")]
    kept = [line.rstrip() for line in lines[: _end(lines)] if not QUOTED.match(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _end(lines: list[str]) -> int:
    """Say at which line the quoted letter begins."""
    quoted = [number for number, line in enumerate(lines) if QUOTED.match(line) or ABOVE.search(line)]
    last = quoted[-1] if quoted else 0
    for number, line in enumerate(lines):
        near = [each.strip() for each in lines[number : number + 5] if each]
        if any(cut.search(line) for cut in CUTS) or (number < last and _is_said(near)) or _is_head(near):
            return number
    return len(lines)


def _is_said(near: list[str]) -> bool:
    """Whether «On …, An wrote:» stands here, perhaps broken into three lines."""
    if not near or not (OPENING.match(near[0]) or "@" in near[0]):
        return False
    together = (" ".join(near[:count])[-20:].lower() for count in (1, 2, 3))
    return any(each.endswith(WROTE) for each in together)


def _is_head(near: list[str]) -> bool:
    """Whether the head of a letter stands here, as programs put it above what they quote."""
    return bool(near) and FROM.match(near[0]) is not None and any(ALSO.match(line) for line in near[1:])


def _mac(secret: bytes, head: bytes) -> bytes:
    return hmac.digest(secret, PURPOSE + head, "sha256")[:MAC]
