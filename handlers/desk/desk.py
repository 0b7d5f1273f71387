"""What the desk works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from feedback.staff import Officer
from handlers.library import Library, Shelf
from storage.store import Store


async def nowhere(_content: bytes) -> str:
    """Where no files can be kept, none are attached: there is no address to fetch them from."""
    raise OSError


@dataclass(frozen=True)
class Desk:
    """`secret` signs one-time links, `secure` says that the public address is https.

    `read_file` returns a file's bytes by their SHA-256, `wake` tells the senders that something waits,
    `save_file` keeps bytes and returns their SHA-256, `address` is where citizens reach us if that is https,
    `faq` is the folder with the files of the answers, `bot` names our bot in Telegram if it is there.
    """

    store: Store
    shelf: Shelf
    now: Callable[[], datetime]
    read_file: Callable[[str], Awaitable[bytes]]
    secret: bytes
    secure: bool
    wake: Callable[[], None]
    faq: Path
    bot: Callable[[], str] = str
    save_file: Callable[[bytes], Awaitable[str]] = nowhere
    address: str = ""

    @property
    def library(self) -> Library:
        return self.shelf.library

    def at_this_moment(self) -> Self:
        """Return the desk for one request, which sees one version of the library from beginning to end."""
        return replace(self, shelf=replace(self.shelf))

    def officer(self, officer_id: str) -> Officer | None:
        """Return who works here today; whoever left the list has no access from that moment."""
        return next((officer for officer in self.library.office.staff if officer.id == officer_id), None)
