"""Notices that FAQ files were saved, and has each new version read when they have come to rest."""

import asyncio
import shutil
from collections.abc import Collection
from pathlib import Path

from filelock import FileLock

from faq import disk
from faq.files import Mistake, Mistakes
from faq.reader import Reader, Version, files

LOOK = 0.1  # seconds between looks at the files
QUIET = 0.25  # seconds without a change, so that nobody is in the middle of a save
LONGEST = 600.0  # seconds to read; whoever saves again need not wait for it

Stamp = tuple[tuple[str | int, ...], ...]


def look(folder: Path) -> Stamp:
    """Return something that differs after every change of a file, of its name or its permissions."""
    return tuple((path.name, *_state(path)) for path in files(folder))


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class Watch:
    """Sees what changes after `seen`. `groups` are those that were read then: they must not get lost."""

    def __init__(
        self,
        folder: Path,
        seen: Stamp,
        *,
        units: Collection[str],
        topics: Collection[str],
        groups: Collection[str],
    ) -> None:
        self._folder = folder
        self._seen = seen
        self._units = units
        self._topics = topics
        self._groups = groups
        self._reader: Reader | None = None

    async def next(self) -> Version | Mistakes:
        """Wait for the next change; return what the files say then, or all that is wrong in them."""
        while True:
            if self._reader is None or not self._reader.ready:
                self._reader = Reader()
            await asyncio.sleep(LOOK)
            if await self._look() == self._seen:
                continue
            reader, self._reader = self._reader, None
            found = await self._read(reader)
            if isinstance(found, Version):
                if lost := sorted(set(self._groups) - found.knowledge.groups.keys()):
                    return Mistakes(_lost(self._folder, group) for group in lost)
                self._groups = found.knowledge.groups.keys()
            if found:
                return found

    async def keep(self, copy: Path) -> None:
        """Copy what was read last, unless it has changed meanwhile. Raises OSError."""
        await asyncio.to_thread(_keep, self._folder, copy, self._seen)

    async def close(self) -> None:
        if reader := self._reader:
            reader.end()
            await asyncio.to_thread(reader.result)

    async def _read(self, reader: Reader) -> Version | Mistakes | None:
        """Return None when the files changed while they were read."""
        reading = asyncio.create_task(asyncio.to_thread(reader.result))
        alarm = asyncio.get_running_loop().call_later(LONGEST, reader.end)
        try:
            seen = await self._at_rest()
            reader.begin(self._folder, self._units, self._topics)
            while not reading.done():
                await asyncio.wait([reading], timeout=LOOK)
                if await self._look() != seen:
                    return None
        finally:
            alarm.cancel()
            reader.end()
            await asyncio.wait([reading])
        self._seen = seen
        return reading.result() or Mistakes([_unread(self._folder)])

    async def _at_rest(self) -> Stamp:
        before, now = None, await self._look()
        while now != before:
            await asyncio.sleep(QUIET)
            before, now = now, await self._look()
        return now

    async def _look(self) -> Stamp:
        return await asyncio.to_thread(look, self._folder)


def _lost(folder: Path, group: str) -> Mistake:
    return Mistake(
        folder,
        1,
        f"nhóm «{group}» không còn trong tệp nào",
        remedy="lấy lại tệp của nhóm; muốn bỏ cả nhóm thì giữ tệp và ghi «entries: []»",
    )


def _unread(folder: Path) -> Mistake:
    return Mistake(
        folder,
        1,
        "chương trình không đọc nổi các tệp hỏi đáp: quá lớn, hoặc có điều chương trình chưa lường trước",
        remedy="lấy lại bản trước của tệp vừa sửa; nhật ký của dịch vụ ghi lý do",
    )


def kept(copy: Path) -> Path | None:
    """Return the folder of the copy that `Watch.keep` made last, if there is one."""
    return next((folder for folder in (copy, _older(copy)) if folder.is_dir()), None)


def _keep(folder: Path, copy: Path, seen: Stamp) -> None:
    """At every moment there is one complete copy, whatever happens in the middle of this."""
    part, older = copy.with_suffix(".part"), _older(copy)
    with FileLock(copy.with_suffix(".lock")):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for path in files(folder):
            disk.write(part / path.name, path.read_bytes())
        if look(folder) != seen:
            return
        disk.sync(part)
        if copy.exists():
            shutil.rmtree(older, ignore_errors=True)
            copy.rename(older)
        part.rename(copy)
        disk.sync(copy.parent)
        shutil.rmtree(older, ignore_errors=True)


def _older(copy: Path) -> Path:
    return copy.with_suffix(".older")
