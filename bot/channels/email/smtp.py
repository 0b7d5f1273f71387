"""Handing one letter to the office's mail server, and what its refusals mean."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

import aiosmtplib

from bot.channels.base import Fault, SendError

PATIENCE = 30.0  # seconds for each step
SIGN_IN_FIRST = 530
TO_MEND = (
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
)
REFUSED = (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPRecipientsRefused)


@dataclass(frozen=True, slots=True)
class Server:
    """`security` is «tls» from the first byte, «starttls», or «none», which is for this machine only."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    trust: ssl.SSLContext | None = None
    patience: float = PATIENCE

    def client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            tls_context=self.trust,
            timeout=self.patience,
        )


async def hand_over(server: Server, sender: str, to: str, letter: EmailMessage) -> None:
    """Return when the server has taken it. Raises SendError: once the content is on its way, UNKNOWN."""
    client, content_sent = server.client(), False
    try:
        await client.connect()
        await client.ehlo()
        if server.password and client.server_auth_methods:  # a relay inside the office may ask for none
            await client.login(server.user, server.password)
        await client.mail(sender)
        await client.rcpt(to)
        content_sent = True
        await client.data(letter.as_bytes())
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal(error) from None
    except (aiosmtplib.SMTPException, OSError, asyncio.TimeoutError) as error:  # noqa: UP041 - its own name
        fault = Fault.UNKNOWN if content_sent else Fault.LATER
        raise SendError(fault, f"{type(error).__name__}: {error}"[:200]) from None
    finally:
        client.close()


async def answers(server: Server) -> bool:
    client = server.client()
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError):
        return False
    finally:
        client.close()
    return True


def _refusal(error: aiosmtplib.SMTPResponseException) -> SendError:
    """4xx means later, 5xx never; a wrong password and a server that lacks what we need are to be mended."""
    reason = f"{error.code}: {str(error.message)[:200]}"
    if 400 <= error.code < 500 or error.code == SIGN_IN_FIRST or isinstance(error, TO_MEND):
        return SendError(Fault.LATER, reason)
    return SendError(Fault.UNREACHABLE if isinstance(error, REFUSED) else Fault.PERMANENT, reason)
