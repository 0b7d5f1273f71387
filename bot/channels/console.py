"""The console: a conversation in a terminal, without any network."""

import sys

from bot.channels.base import UNLIMITED, FetchError
from feedback.messages import Address, Attachment, Outgoing


class Console:
    name = "console"
    account = "local"
    overall = UNLIMITED
    window = None

    def rate_of(self, address: Address) -> None: ...

    async def send(self, address: Address, message: Outgoing) -> str:  # noqa: ARG002
        print(f"\n{as_text(message)}\n", flush=True)  # noqa: T201
        return ""

    async def reachable(self) -> bool:
        return True

    async def fetch(self, file: Attachment, limit: int) -> bytes:  # noqa: ARG002
        raise FetchError("a console brings no files", permanent=True)


def as_text(message: Outgoing) -> str:
    """Buttons become lines: their labels carry the numbers that can be typed."""
    prefix = "\x1b[36mCầu Nối:\x1b[0m " if sys.stdout.isatty() else "Cầu Nối: "
    return prefix + "\n".join([message.text, *(f"  {button.label}" for button in message.buttons)])
