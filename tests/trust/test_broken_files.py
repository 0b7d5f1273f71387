"""Fifty saves of broken FAQ files under load, on the real service: nobody gets a wrong answer, or none.

Between them are good saves, each with a new text of one answer. `make trust` prints the figures.
"""

import asyncio
import os
import random
import re
import shutil
import time
import unicodedata
import weakref
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

import aiohttp
import pytest

from bot.cli import init
from bot.reloader import Reloader
from bot.service import now
from faq.entries import Entry
from faq.index import Answer
from faq.live import LONGEST, LOOK, QUIET, look
from feedback.vietnamese import plain
from handlers.library import PARTS, Library, Shelf
from tests.e2e.officer import Officer, link_for
from tests.e2e.waiting import until
from tests.e2e.webcitizen import WebCitizen
from tests.process import ServiceProcess

SAVES = 50
RATE = 20  # questions a second
PEOPLE = 40
PROMISE = 2.0  # seconds
PATIENCE = 15.0  # seconds; after the promise, it only takes so long to know
SECRET = "a-sample-secret-of-the-tests"
ENTRY = "G3.yaml"
SAID = "2.530.000 đồng/tháng (trước đó là 2.340.000 đồng/tháng)."
BANNER = "chỗ sai nên chưa được dùng"
MARK = re.compile(r"bản (\d+) để kiểm thử")
ASKED = "Lương cơ sở hiện nay là bao nhiêu?"
Save = Callable[[Path, bytes], None]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _replace(path: Path, content: bytes) -> None:
    """Save as many editors do."""
    new = path.with_name(f".{path.name}.swp")
    new.write_bytes(content)
    new.rename(path)


def _in_nfd(path: Path, content: bytes) -> None:
    path.write_bytes(unicodedata.normalize("NFD", content.decode()).encode())


def _become_folder(path: Path, _content: bytes) -> None:
    path.unlink()
    path.mkdir()


def _lock(path: Path, _content: bytes) -> None:
    path.chmod(0)


def _double(content: bytes) -> bytes:
    """Write the last entry twice."""
    return content + b"\n  - id: " + content.rpartition(b"\n  - id: ")[2]


def _with(tail: bytes) -> Save:
    return lambda path, content: _write(path, content + b"\n" + tail)


def _in_pieces(path: Path, content: bytes) -> None:
    with path.open("wb", buffering=0) as file:
        for begin in range(0, len(content), 1 + len(content) // 9):
            file.write(content[begin : begin + 1 + len(content) // 9])
            time.sleep(QUIET / 2)


GOOD: dict[str, Save] = {
    "in pieces": _in_pieces,
    "in place": _write,
    "by a new file": _replace,
    "with a BOM": lambda path, content: _write(path, b"\xef\xbb\xbf" + content),
    "with CRLF": lambda path, content: _write(path, content.replace(b"\n", b"\r\n")),
    "in NFD": _in_nfd,
}
BROKEN: dict[str, tuple[Save, str]] = {
    "truncated": (
        lambda path, content: _write(path, content[: content.rindex(b"\n    unit:")]),
        r"{name}:\d+:\d+ thiếu mục «unit»",
    ),
    "empty": (lambda path, _: _write(path, b""), r"{name}:1:1 thiếu mục «group»"),
    "a tab": (_with(b"\tnote: x"), r"{name}:\d+:1 thụt dòng bằng dấu cách"),
    "an id twice": (lambda path, content: _write(path, _double(content)), r"{name}:\d+:\d+ id «.+» đã dùng"),
    "an anchor bomb": (
        _with(b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"),
        r"{name}:\d+:\d+ không dùng dấu & và \*",
    ),
    "10 MB": (_with(b"#" * 10_000_000), r"{name}:1:1 tệp quá lớn"),
    "vanished": (lambda path, _: path.unlink(), r"faq:1:1 nhóm «{group}» không còn"),
    "not UTF-8": (
        lambda path, content: _write(path, content.replace("ư".encode(), b"\xfd", 1)),
        r"{name}:\d+:\d+ tệp phải lưu bằng bảng mã UTF-8",
    ),
    "NUL": (_with(b"\0" * 100), r"{name}:1:1 có ký tự không được phép"),
    "a folder": (_become_folder, r"{name}:1:1 không đọc được tệp"),
    "deep": (_with(b"x: " + b"[" * 5_000_000), r"{name}:\d+:\d+ các mục lồng nhau quá sâu"),
    "an unknown key": (_with(b"    khong_co: 1"), r"{name}:\d+:\d+ không có mục nào tên «khong_co»"),
    "an unknown unit": (
        lambda path, content: _write(path, content.replace(b"\n    unit: ", b"\n    unit: KHONG-CO-", 1)),
        r"{name}:\d+:\d+ không có đơn vị «KHONG-CO-",
    ),
    "no YAML": (lambda path, _: _write(path, b"%PDF-1.7 \xff\xd8\xff" * 99), r"{name}:1:\d+ "),
    "unreadable": (_lock, r"{name}:1:1 không đọc được tệp"),
}
if os.geteuid() == 0:  # who may read everything
    del BROKEN["unreadable"]


@dataclass
class Tally:
    """What people got. `heard` says when each version of the answer that changes first reached somebody."""

    saved: int = 0
    heard: dict[int, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    failed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    over: bool = False

    def has_heard(self, version: int) -> Callable[[], Awaitable[bool]]:
        async def heard() -> bool:
            return version in self.heard

        return heard

    def has_asked(self, questions: int) -> Callable[[], Awaitable[bool]]:
        async def asked() -> bool:
            return self.asked >= questions

        return asked

    def take(self, question: str, at_least: int, text: str) -> None:
        """Compare with what was good at any moment between the question and its answer."""
        composed = unicodedata.normalize("NFC", text)
        version = int(found[1]) if (found := MARK.search(composed)) else None
        if version is not None:
            self.heard.setdefault(version, _time())
        same = MARK.sub("", composed)
        current = version is None if question != ASKED else at_least <= (version or 0) <= self.saved
        if not current or self.texts.setdefault(question, same) != same:
            self.wrong.append(f"{question} ({at_least}–{self.saved}): {text}")


class Files:
    """The FAQ folder, and what would be good in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._good = {path: path.read_bytes() for path in sorted(folder.glob("G*.yaml"))}
        self._first = self._good[folder / ENTRY]
        assert self._first.count(SAID.encode()) == 1
        self._damaged: Path | None = None
        full = [path for path, content in self._good.items() if b"\n  - id: " in content]
        self._targets = cycle(full)

    async def save(self, tally: "Tally", how: Save) -> None:
        """Save the next good version."""
        path = self._folder / ENTRY
        tally.saved += 1
        text = f"{SAID} (bản {tally.saved} để kiểm thử)"
        self._good[path] = self._first.replace(SAID.encode(), text.encode())
        await self.restore()
        await asyncio.to_thread(how, path, self._good[path])

    async def damage(self, how: Save) -> Path:
        """Damage the next file, and put the one before in order."""
        await self.restore()
        path = self._damaged = next(self._targets)
        await asyncio.to_thread(how, path, self._good[path])
        return path

    async def restore(self) -> None:
        if (path := self._damaged) is None:
            return
        if path.is_dir():
            path.rmdir()
        elif path.exists():
            path.chmod(0o600)
        path.write_bytes(self._good[path])
        self._damaged = None


def _time() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.trust
async def test_broken_files_under_load(tmp_path: Path, library: Library) -> None:
    init(tmp_path / "content")
    files, tally = Files(tmp_path / "content" / "faq"), Tally()
    await files.save(tally, _write)
    shown: defaultdict[str, list[float]] = defaultdict(list)
    served: defaultdict[str, list[float]] = defaultdict(list)
    service = ServiceProcess(tmp_path, content_dir=str(tmp_path / "content"), secret=SECRET)
    await service.start()
    async with Officer(service.url) as binh:
        await binh.signs_in(link_for(SECRET.encode(), "binh"))
        async with _people(service.url, tally, _questions(library)):
            good = cycle(GOOD.items())
            for number, (what, (how, said)) in zip(range(SAVES), cycle(BROKEN.items()), strict=False):
                path = await files.damage(how)
                shown[what].append(await _seconds(_shows(binh, "/desk/faq", _expected(said, path))))
                assert BANNER in await binh.opens("/desk")
                if number % 3 == 2:
                    way, save = next(good)
                    await files.save(tally, save)
                    served[way].append(await _seconds(tally.has_heard(tally.saved)))
                    assert BANNER not in await binh.opens("/desk")
        path = await files.damage(BROKEN["a tab"][0])
        expected = _expected(BROKEN["a tab"][1], path)
        await _seconds(_shows(binh, "/desk/faq", expected))
        await service.stop()
        await service.start()
        async with WebCitizen(service.url) as lan:
            tally.take(ASKED, tally.saved, await lan.says(ASKED))
        assert re.search(expected, await binh.opens("/desk/faq"))
        await files.restore()
        await _seconds(_shows(binh, "/desk/faq", "^(?!.*chỗ sai)"))
    await service.stop()
    print("\n" + "\n".join(_lines(tally, shown, served)))  # noqa: T201
    assert "dịch vụ dùng bản đúng gần nhất" in service.log.read_text("utf-8")
    assert (tally.failed, tally.wrong) == ([], [])
    assert tally.asked > 10 * SAVES


def _questions(library: Library) -> list[Entry]:
    """Choose one entry of each file that surely answers its own question, and the one that changes."""
    day = library.office.today(now())
    found: dict[Path, Entry] = {}
    for entry in library.knowledge.entries.values():
        match library.index.ask(entry.question, day):
            case Answer(entry=answer) if answer == entry:
                found.setdefault(entry.path, entry)
    return list(found.values())


@asynccontextmanager
async def _people(url: str, tally: Tally, entries: list[Entry]) -> AsyncIterator[None]:
    """Let them ask until the block ends; half of them ask for the answer that changes."""
    questions = cycle(entry.question for entry in entries)
    people = [
        asyncio.create_task(_person(url, tally, next(questions) if number % 2 else ASKED, number / RATE))
        for number in range(PEOPLE)
    ]
    try:
        await _seconds(tally.has_asked(2 * PEOPLE))
        assert [entry.id for entry in entries if entry.answer not in tally.texts[entry.question]] == []
        yield
    finally:
        tally.over = True
        await asyncio.gather(*people)


async def _person(url: str, tally: Tally, question: str, later: float) -> None:
    await asyncio.sleep(later)
    async with WebCitizen(url) as person:
        while not tally.over:
            begun, at_least = _time(), max(tally.heard, default=1)
            tally.asked += 1
            try:
                async with asyncio.timeout(PATIENCE):
                    tally.take(question, at_least, await person.says(question))
            except (TimeoutError, AssertionError, aiohttp.ClientError) as error:
                tally.failed.append(f"{question}: {error!r}")
            took = _time() - begun
            tally.slowest = max(tally.slowest, took)
            await asyncio.sleep(PEOPLE / RATE - took)


async def _seconds(happens: Callable[[], Awaitable[bool]]) -> float:
    """Return how long it took. Raises TimeoutError."""
    begun = _time()
    await until(happens, PATIENCE)
    return _time() - begun


def _shows(officer: Officer, page: str, expected: str) -> Callable[[], Awaitable[bool]]:
    async def shows() -> bool:
        return re.search(expected, await officer.opens(page)) is not None

    return shows


def _expected(said: str, path: Path) -> str:
    return said.format(name=f"faq/{path.name}", group=path.stem)


def _lines(
    tally: Tally, shown: Mapping[str, list[float]], served: Mapping[str, list[float]]
) -> Iterator[str]:
    yield f"broken saves {SAVES}, good saves {tally.saved}, questions {tally.asked}"
    yield f"questions failed {len(tally.failed)}, wrong {len(tally.wrong)}, slowest {tally.slowest:.2f} s"
    for title, times in (("a mistake on the desk", shown), ("a good save in the chat", served)):
        yield f"{title}, slowest of each kind (s; {PROMISE:.0f} promised):"
        yield from (f"  {what:16} {max(each):.2f}" for what, each in times.items())


@pytest.mark.trust
async def test_twenty_thousand_entries_come_and_go(tmp_path: Path, library: Library) -> None:
    """Print for how long the service answered nobody at worst."""
    folder = tmp_path / "faq"
    shutil.copytree(PARTS["faq"], folder)
    shelf = Shelf(library, seen=look(folder))
    reloader = asyncio.create_task(Reloader(shelf, folder, tmp_path / "last-good", now).run())
    few, many = len(library.knowledge.entries), 20_000

    async def has(count: int) -> bool:
        return len(shelf.library.knowledge.entries) == count

    async def is_let_go() -> bool:
        return large() is None

    with _watched() as late:
        await asyncio.sleep(1)
        blocked = {"with nothing to do": max(late)}
        _fill(folder, many)
        await asyncio.sleep(LOOK)
        late.clear()
        await until(partial(has, few + many), LONGEST)
        blocked[f"while {many} entries came"] = max(late)
        large = weakref.ref(shelf.library.index)
        late.clear()
        for path in folder.glob("GZ*.yaml"):
            path.write_text(f"group: {path.stem[1:]}\nname: Z\nentries: []\n")
        await until(is_let_go, LONGEST)
        blocked["while they went"] = max(late)
    reloader.cancel()
    await asyncio.gather(reloader, return_exceptions=True)
    print("\nthe event loop was blocked at worst (ms)")  # noqa: T201
    print("\n".join(f"  {when:30} {1000 * worst:.0f}" for when, worst in blocked.items()))  # noqa: T201
    assert await has(few)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Collect by how many seconds the loop was late, each millisecond."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            begun = _time()
            await asyncio.sleep(0.001)
            late.append(_time() - begun - 0.001)

    ticking = asyncio.create_task(tick())
    try:
        yield late
    finally:
        ticking.cancel()


def _fill(folder: Path, count: int) -> None:
    """Write entries that differ in some words, as the answers of many offices do."""
    words = [word for path in sorted(folder.glob("G*.yaml")) for word in plain(path.read_text()).split()]
    some = random.Random(20261123)  # noqa: S311 - the same in every run

    def said(length: int) -> str:
        return " ".join(some.choices(words, k=length))

    for group in range(count // 1000):
        entries = "".join(
            f"  - id: Z{group}-{number}\n    topic: bau-cu\n    unit: CQDP\n    confidence: checked\n"
            f"    question: '{said(10)} {group}-{number}'\n    alternates: ['{said(7)}', '{said(7)}']\n"
            f"    answer: '{said(60)}'\n"
            for number in range(1000)
        )
        (folder / f"GZ{group}.yaml").write_text(f"group: Z{group}\nname: Z{group}\nentries:\n{entries}")
