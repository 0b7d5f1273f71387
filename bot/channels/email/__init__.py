"""Mail to units and officers: sent by the office's server. What they answer: bot/mails.py."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.base import FetchError
from bot.channels.email import smtp
from bot.channels.email.outgoing import compose
from bot.channels.email.smtp import Server
from bot.pace import Rate, per_second
from feedback.messages import Address, Attachment, Outgoing
from storage.blobs import Blobs

NAME = "email"
OVERALL = per_second(2)  # what office servers take without complaint
ONE = per_second(10, seconds=60)


class Mail:
    """One mailbox. Files that came with a reply are in `blobs` already."""

    name = NAME
    overall = OVERALL
    window = None

    def __init__(
        self,
        account: str,
        name: str,
        server: Server,
        blobs: Blobs,
        now: Callable[[], datetime],
        *,
        plus: bool = False,
    ) -> None:
        self.account = account
        self._name = name
        self._server = server
        self._blobs = blobs
        self._now = now
        self._plus = plus

    def rate_of(self, address: Address) -> Rate:  # noqa: ARG002
        return ONE

    async def send(self, address: Address, message: Outgoing) -> str:
        """Hand the letter to the server, and return its Message-ID. Raises SendError."""
        if message.toast or message.opens:
            return ""
        letter = compose(message, self.account, self._name, address.chat, self._now(), plus=self._plus)
        await smtp.hand_over(self._server, self.account, address.chat, letter)
        return str(letter["Message-ID"])[:80]

    async def reachable(self) -> bool:
        """Whether the server says good day."""
        return await smtp.answers(self._server)

    async def fetch(self, file: Attachment, limit: int) -> bytes:  # noqa: ARG002 - it was looked at on arrival
        try:
            return await self._blobs.read(file.remote)
        except FileNotFoundError as error:
            raise FetchError(str(error), permanent=True) from None
