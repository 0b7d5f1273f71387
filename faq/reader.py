"""All FAQ files as one version: read here, or in a process of its own.

There a file may be as large or as strange as it likes: the service goes on answering meanwhile.
"""

import gc
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from faq import entries
from faq.entries import Knowledge
from faq.files import Mistake, Mistakes, attempt
from faq.index import Index
from faq.words import Words

HALF = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2  # of the machine's memory, in bytes
MEMORY = min(4 * 2**30, HALF)  # bytes of address space
COMES = b"\n"  # what precedes an answer
MANY = (dict, frozenset, list, set, tuple)
FEW = 100
START = "from faq import reader; reader.main()"
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",  # each would reserve memory
}


@dataclass(frozen=True, slots=True)
class Version:
    knowledge: Knowledge
    index: Index


def files(folder: Path) -> list[Path]:
    """List all that may belong to a version."""
    return sorted(folder.glob("*.yaml"))


def read(folder: Path, units: Collection[str], topics: Collection[str]) -> Version:
    """Raises Mistakes with everything that is wrong in all the files."""
    wrong: list[Mistake] = []
    knowledge = attempt(lambda: entries.load(folder, units, topics), wrong)
    words = attempt(lambda: Words.load(folder), wrong)
    if knowledge is None or words is None:
        raise Mistakes(wrong)
    return Version(knowledge, Index(knowledge, words))


class Reader:
    """A process that reads once. It has started up long before there is something to read."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for the service, which then ends this process
        )

    @property
    def ready(self) -> bool:
        return self._process.poll() is None

    def begin(self, folder: Path, units: Collection[str], topics: Collection[str]) -> None:
        """Let it do what `read` does."""
        order = pickle.dumps((folder, frozenset(units), frozenset(topics)))
        with suppress(OSError, ValueError):  # it has ended: the result will say so
            _pipe(self._process.stdin).write(order)
            _pipe(self._process.stdin).flush()

    def result(self) -> Version | Mistakes | None:
        """Wait for what was found, None when it ended without a result."""
        with self._process as process:
            answer = _pipe(process.stdout)
            if answer.read(len(COMES)) != COMES:
                return None
            gc.disable()  # it would look for garbage in all that comes in, and the service would wait
            try:
                found = pickle.load(answer)  # noqa: S301 - from our own program
            except Exception:  # noqa: BLE001 - it was killed, or is of a later version than we are
                return None
            finally:
                gc.freeze()
                gc.enable()
                self.end()  # it has said all, and cleaning up would take it long
        return found if isinstance(found, Version) else Mistakes(found)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()


def let_go(held: list[object]) -> None:
    """Empty the list, in pieces: to free a large version at once would hold everybody up."""
    for each in held:  # it grows
        if type(each).__module__.startswith("faq.") or (isinstance(each, MANY) and len(each) > FEW):
            held += gc.get_referents(each)
    held.reverse()
    while held:
        held.pop()


def main() -> None:
    """Read what standard input says; write the version, or the mistakes, to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.disable()
    try:
        order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own program
    except EOFError:  # nobody needs it any more
        return
    try:
        found: object = read(*order)
    except Mistakes as mistakes:
        found = mistakes.all
    sys.stdout.buffer.write(COMES)
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    return cast(IO[bytes], end)  # there is one, for we asked for it
