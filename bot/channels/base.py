"""What the service asks of a channel."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from bot.pace import Rate
from feedback.messages import Address, Attachment, Outgoing
from feedback.windows import Window

UNLIMITED = Rate(1000, timedelta(seconds=1))  # the pace of a channel that is our own


class Fault(StrEnum):
    """Why a message did not leave, in the terms on which the sender decides."""

    LATER = "later"  # the channel refused it for now: nothing was delivered
    UNREACHABLE = "unreachable"  # the person blocked us, left, or does not exist
    MOVED = "moved"  # the chat has another address now: `moved_to`
    LOST = "lost"  # the thread is gone, or the message that was to be changed
    RIGHTS = "rights"  # we may open no threads here
    CLOSED = "closed"  # not before the person writes again
    PERMANENT = "permanent"  # the channel will never take this message
    UNKNOWN = "unknown"  # no answer: it may or may not have been delivered


@dataclass(eq=False)
class SendError(Exception):
    """A channel's refusal, classified.

    `wait` is what the channel asked us to wait, `moved_to` where the chat is now.
    """

    fault: Fault
    reason: str
    wait: timedelta | None = None
    moved_to: str = ""

    def __str__(self) -> str:
        return f"{self.fault}: {self.reason}"


class FetchError(Exception):
    """A file could not be fetched; `permanent` if trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Channel(Protocol):
    """One account on one chat service.

    `overall` is how fast the account may send, `window` how long after a person's last word it may write
    to them (None: for ever).
    """

    name: str
    account: str

    @property
    def overall(self) -> Rate: ...

    @property
    def window(self) -> Window | None: ...

    def rate_of(self, address: Address) -> Rate | None:
        """Return how fast one chat may be written to, None for no limit of its own."""

    async def send(self, address: Address, message: Outgoing) -> str:
        """Deliver, and return the channel's id of the message. Raises SendError, nothing else."""

    async def reachable(self) -> bool:
        """Whether the channel answers at all; to be asked changes nothing. Raises nothing."""

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        """Return a file's bytes, at most `limit` of them. Raises FetchError, nothing else."""
