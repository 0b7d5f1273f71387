"""What the desk works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from feedback.staff import Officer
from handlers.library import Library
from storage.store import Store


@dataclass(frozen=True)
class Desk:
    """`secret` signs one-time links, `secure` says that the public address is https.

    `read_file` returns a file's bytes by their SHA-256, `wake` tells the senders that something waits.
    """

    store: Store
    library: Library
    now: Callable[[], datetime]
    read_file: Callable[[str], Awaitable[bytes]]
    secret: bytes
    secure: bool
    wake: Callable[[], None]

    def officer(self, officer_id: str) -> Officer | None:
        """Return who works here today; whoever left the list has no access from that moment."""
        return next((officer for officer in self.library.office.staff if officer.id == officer_id), None)
