"""Who uses the phones, and what they send when they have nothing at hand."""

import struct
import zlib

from bot.simulator.shown import Someone

LAN = Someone("lan", "Bà Trần Thị Lan")
MINH = Someone("minh", "Ông Lê Văn Minh")
PEOPLE = (LAN, MINH)
GIVEN_NAMES = {"lan": ("Lan", "Trần Thị"), "minh": ("Minh", "Lê Văn")}
STRANGER = Someone("khach", "Người lạ trong nhóm")
ACCOUNT = ("2900000000000000001", "2900000000000000002", "Cầu Nối", "2900000000000000003")
ZALO_NUMBERS = {"lan": "5900000000000000001", "minh": "5900000000000000002"}
BOT_NUMBERS = {"lan": "6b0f5a1c2d3e4f501", "minh": "6b0f5a1c2d3e4f502"}
PLACE = (21.0287, 105.8523)  # in Hà Nội
PHONE = "0900000000"
VOICE = b"OggS a sample of a voice"
WIDTH, HEIGHT = 320, 200


def picture(number: int = 0) -> bytes:
    """Return a PNG of evening colours, each number another."""
    rows = (_row(y, number) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _row(y: int, number: int) -> bytes:
    horizon = HEIGHT * (5 + number % 3) // 8
    if y > horizon:
        colour = (60 + 20 * (number % 3), 96, 70)
    else:
        colour = (90 + 150 * y // HEIGHT, 130 + 60 * y // HEIGHT, 200 - 70 * y // HEIGHT)
    return b"\0" + bytes(colour) * WIDTH


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
