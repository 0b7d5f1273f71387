"""The audit's head, kept beside the database and signed, so that a cut end is found out."""

import hashlib
import hmac
import os
import re
from pathlib import Path

from storage.audit import Head

_LINE = re.compile(rb"(\d{20}) ([0-9a-f]{64}) ([0-9a-f]{64})\n")


class Damaged(Exception):
    """The file is there, and this program did not write what stands in it."""


class Witness:
    """One line, written in its place after each commit, on the disk for sure after `sync`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._file = -1
        self._seq = 0
        self._synced = 0

    def read(self) -> Head | None:
        """Return the head that was kept last; None if none ever was. Raises Damaged."""
        try:
            found = _LINE.fullmatch(self._path.read_bytes())
        except FileNotFoundError:
            return None
        if found is None or not hmac.compare_digest(found[3], self._sign(found[1], found[2])):
            raise Damaged(self._path.name)
        return Head(int(found[1]), found[2].decode())

    def keep(self, head: Head) -> None:
        """Commits of one process come one after the other; only the latest counts."""
        if head.seq <= self._seq:
            return
        if self._file < 0:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        seq, last = f"{head.seq:020}".encode(), head.hash.encode()
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, b"%b %b %b\n" % (seq, last, self._sign(seq, last)))
        self._seq = head.seq

    def sync(self) -> None:
        if self._file >= 0 and self._synced < self._seq:
            self._synced = self._seq
            os.fsync(self._file)

    def put_aside(self) -> Path:
        """Keep what the database does not agree with for those who will look into it, and begin anew."""
        aside = self._path.with_suffix(f".{len(self.aside()) + 1}")
        self._path.rename(aside)
        return aside

    def aside(self) -> list[Path]:
        return sorted(self._path.parent.glob(f"{self._path.stem}.[0-9]*"))

    def close(self) -> None:
        if self._file >= 0:
            self.sync()
            os.close(self._file)
            self._file = -1

    def _sign(self, seq: bytes, last: bytes) -> bytes:
        return hmac.new(self._key, b"audit head %b %b" % (seq, last), hashlib.sha256).hexdigest().encode()
