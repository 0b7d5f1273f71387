"""A bot of the Zalo Bot Platform, by long polling or webhook.

The token is part of every address, so none is ever shown. There are no buttons, no edits and no files but
photos; what is not certain: docs/how-to/zalo.md.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.base import Fault, SendError
from bot.channels.client import PATIENCE, Answered, Client, Json, NoAnswer, NotSent, Patience
from bot.pace import Rate, per_second
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing

NAME = "zalo_bot"
OFFICIAL = "https://bot-api.zaloplatforms.com"
OVERALL = per_second(10)  # what the platform takes is not published
CHAT = per_second(3, seconds=3)
LONGEST_ID = 80
IDLE, HOOKED = 408, 400
NO_UPDATE = (AttributeError, LookupError, TypeError, ValueError)

Content = tuple[Kind, str, tuple[Attachment, ...]]
log = structlog.get_logger()


class Unreadable(ValueError):
    """This is no update as we know it: delivering it again cannot help."""


def read(body: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """Translate an update, in its envelope or without; None if it is not for us: groups and other bots.

    Raises Unreadable, which never quotes what the person wrote.
    """
    try:
        update = body.get("result", body)
        message = update["message"]
        if message["from"].get("is_bot") or message["chat"].get("chat_type") != "PRIVATE":
            return None
        kind, text, attachments = _content(update["event_name"], message)
        number = _id(message["message_id"])
        return Incoming(
            channel=NAME,
            account=account,
            event=number,
            person=_id(message["from"]["id"]),
            chat=_id(message["chat"]["id"]),
            at=at,
            kind=kind,
            text=_clean(text),
            attachments=attachments,
            name=_clean(message["from"].get("display_name") or "")[:200],
            message=number,
        )
    except NO_UPDATE as error:
        raise Unreadable(f"not an update of the bot: {type(error).__name__}") from None


def _content(event: str, message: dict[str, Any]) -> Content:
    match event.removeprefix("message.").removesuffix(".received"):
        case "text" | "link":
            text = message.get("text") or message.get("link") or message.get("url")
            return (Kind.TEXT, text, ()) if text else (Kind.UNSUPPORTED, "", ())
        case "image":
            photo = message.get("photo") or message.get("photo_url")
            if photo:
                file = Attachment(_clean(photo), mime="image/jpeg")
                return Kind.FILES, message.get("caption") or "", (file,)
    return Kind.UNSUPPORTED, "", ()


def _id(given: object) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID or not given.isascii():
        raise ValueError("no id")
    return given


def _clean(text: str) -> str:
    """No lone surrogates and no NUL: no database takes them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


class ZaloBot:
    """`api_url` is without a slash at the end, `hosts` are the domains of Zalo's files."""

    name = NAME
    overall = OVERALL
    window = None

    def __init__(
        self,
        token: str,
        api_url: str = OFFICIAL,
        *,
        hosts: tuple[str, ...] = (),
        patience: Patience = PATIENCE,
    ) -> None:
        self.account = token.partition(":")[0][:40]
        self._base = f"{api_url}/bot{token}"
        self._token = token
        self._times = patience
        self._client = Client(patience, hosts)

    def rate_of(self, address: Address) -> Rate:  # noqa: ARG002
        return CHAT

    async def start(self) -> str:
        """Return the bot's name (getMe). Raises SendError."""
        known = await self._call("getMe")
        return str(known.get("account_name", ""))

    async def stop(self) -> None:
        await self._client.close()

    async def send(self, address: Address, message: Outgoing) -> str:
        """Send plain text (sendMessage). Raises SendError."""
        if message.toast or message.opens:
            return ""
        sent = await self._call("sendMessage", chat_id=address.chat, text=message.text)
        return str(sent.get("message_id", ""))[:80]

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        """Return a photo's bytes, at most `limit` of them. Raises FetchError."""
        return await self._client.download(file.remote, limit)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let Zalo deliver to `url`, with `secret` in the header X-Bot-Api-Secret-Token. Raises SendError."""
        await self._call("setWebhook", url=url, secret_token=secret)

    async def poll(self, receive: Callable[[Json], Awaitable[None]]) -> None:
        """Receive updates one after the other, forever (getUpdates).

        An update is handed out once, or again: it is known by its id. `Unreadable` is logged and passed over.
        """
        wait = 0.0
        await self._unhook()
        while True:
            try:
                answer = await self._post("getUpdates", self._times.poll + 10, timeout=str(self._times.poll))
                update = _result(answer) if answer.status != IDLE else None
            except SendError as error:
                wait = min(max(self._times.first, wait * 2), self._times.longest)
                log.warning("zalo_bot.poll_failed", reason=error.reason, wait=wait)
                await asyncio.sleep(wait)
                await self._unhook()
                continue
            wait = 0.0
            if update:
                await _receive(update, receive)

    async def _unhook(self) -> None:
        """While a webhook is set, nothing can be polled; that there was none is fine."""
        try:
            await self._call("deleteWebhook")
        except SendError as error:
            log.debug("zalo_bot.no_webhook", reason=error.reason)

    async def _call(self, method: str, **parameters: str) -> Json:
        return _result(await self._post(method, None, **parameters))

    async def _post(self, method: str, total: float | None, /, **parameters: str) -> Answered:
        try:
            return await self._client.post(f"{self._base}/{method}", body=parameters, total=total)
        except NotSent as error:
            raise SendError(Fault.LATER, str(error)) from None
        except NoAnswer as error:
            raise SendError(Fault.UNKNOWN, str(error)) from None


def _result(answer: Answered) -> Json:
    """Return what was asked for. Raises SendError, sorted by what the sender should do."""
    match answer.body:
        case {"ok": True}:
            found = answer.body.get("result")
            return found if isinstance(found, dict) else {}
        case {"ok": False}:
            raise _refusal(answer)
    refused = 300 <= answer.status < 500
    raise SendError(
        Fault.LATER if refused else Fault.UNKNOWN, f"HTTP {answer.status}, and not from the Bot API"
    )


def _refusal(answer: Answered) -> SendError:
    code, text = answer.body.get("error_code", answer.status), str(answer.body.get("description", ""))[:200]
    reason, wait = f"{code}: {text}", None
    match code:
        case 403:
            fault = Fault.UNREACHABLE
        case 400 if "chat not found" in text.lower():
            fault = Fault.UNREACHABLE
        case 400 | 413:
            fault = Fault.PERMANENT
        case 408:
            fault = Fault.UNKNOWN
        case 429:
            fault, wait = Fault.LATER, timedelta(seconds=10)
        case _:  # a wrong token is the operator's to mend
            fault = Fault.LATER
    return SendError(fault, reason, wait)


async def _receive(update: Json, receive: Callable[[Json], Awaitable[None]]) -> None:
    try:
        await receive(update)
    except Unreadable as error:
        log.warning("zalo_bot.unreadable", reason=str(error))
