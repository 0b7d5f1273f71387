"""Files that the service hands in before it sends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.zalo import ids
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json
from bot.simulator.zalo.oa.refusals import Refused

LIFE = timedelta(days=7)  # how long Zalo really keeps them is not known
LIMITS = {"image": 1_000_000, "gif": 5_000_000, "file": 5_000_000}
MARKS = {"image": (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"), "gif": (b"GIF87a", b"GIF89a")}
ENDINGS = (".pdf", ".doc", ".docx", ".csv")


@dataclass(frozen=True, slots=True)
class Upload:
    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    kind: str
    upload: Upload
    until: datetime


class Uploads:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def take(self, kind: str, upload: Upload | None) -> Json:
        """Keep a file, and return what it can be sent by. Raises Refused."""
        if upload is None or not upload.content:
            raise Refused(-201, "there is no file")
        if len(upload.content) > LIMITS[kind]:
            raise Refused(-210, "file is too big")
        if not (upload.content.startswith(MARKS[kind]) if kind in MARKS else _document(upload.name)):
            raise Refused(-201, "file is of a type that is not taken")
        key = ids.opaque()
        self._kept[key] = Kept(kind, upload, self._clock() + LIFE)
        return {"token" if kind == "file" else "attachment_id": key}

    def get(self, kind: str, key: object) -> Upload:
        """Return a file that was handed in as this kind. Raises Refused."""
        kept = self._kept.get(str(key))
        if kept is None or kept.kind != kind or kept.until <= self._clock():
            raise Refused(-100)
        return kept.upload

    def expire(self) -> None:
        """Nothing that was handed in until now can be sent any more."""
        self._kept.clear()


def _document(name: str) -> bool:
    return name.lower().endswith(ENDINGS)
