"""Photos and files by content: the name of a file is the SHA-256 of its bytes."""

import asyncio
import hashlib
import os
import re
from datetime import datetime
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, content: bytes) -> str:
        """Return the SHA-256 once the bytes are on the disk."""
        return await asyncio.to_thread(self._save, content)

    async def read(self, sha256: str) -> bytes:
        """Raises FileNotFoundError."""
        return await asyncio.to_thread(self._path(sha256).read_bytes)

    async def delete(self, sha256: str) -> None:
        await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    async def older_than(self, moment: datetime) -> set[str]:
        """Return what has been here since before the moment."""
        return await asyncio.to_thread(self._older_than, moment.timestamp())

    def _older_than(self, moment: float) -> set[str]:
        found = (path for path in self._folder.glob("??/*") if _SHA256.fullmatch(path.name))
        return {path.name for path in found if path.stat().st_mtime < moment}

    def _save(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            path.touch()  # it is as new as its last upload
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync(path.parent)
        return sha256

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise FileNotFoundError(sha256)
        return self._folder / sha256[:2] / sha256


def _sync(folder: Path) -> None:
    """Make the new name durable, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
