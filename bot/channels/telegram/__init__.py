"""Telegram, by long polling or webhook. Protocol: https://core.telegram.org/bots/api."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import Fault, FetchError, SendError
from bot.channels.telegram.errors import classify, is_unchanged, seconds
from bot.channels.telegram.http import PATIENCE, AiohttpRequest, Client, Patience
from bot.channels.telegram.incoming import NAME, WANTED, Unreadable
from bot.channels.telegram.outgoing import call_of, id_in
from bot.pace import Rate, per_second
from feedback.messages import Address, Attachment, Outgoing

OFFICIAL = "https://api.telegram.org"
OVERALL = per_second(28)  # below the 30 that Telegram's documentation names
CHAT = per_second(3, seconds=3)  # one a second, short bursts pass
PRIVATE = {"type": "all_private_chats"}
GROUP = per_second(3, seconds=10)  # in a group both hold: this, and below 20 a minute, edits included

log = structlog.get_logger()


class Telegram:
    """One bot. The token and the webhook secret appear in no log, error or repr.

    `api_url` is the official server or a local one, without a slash at the end.
    """

    name = NAME
    overall = OVERALL
    window = None

    def __init__(self, token: str, api_url: str = OFFICIAL, patience: Patience = PATIENCE) -> None:
        self.account = token.partition(":")[0]
        self._token = token
        self._times = patience
        self._files = f"{api_url}/file/bot{token}"
        self._http = AiohttpRequest(patience, proxied=api_url.startswith("https:"))
        self._bot = Client(token, f"{api_url}/bot", request=self._http, get_updates_request=self._http)

    async def start(self) -> str:
        """Return the bot's username. Raises SendError; may be tried again."""
        try:
            await self._bot.initialize()
        except TelegramError as error:
            raise self._refusal(error) from None
        return self._bot.username

    async def stop(self) -> None:
        await self._bot.shutdown()

    async def send(self, address: Address, message: Outgoing) -> str:
        """Send plain text, one button a row; or change a message, open a topic, answer a press.

        Raises SendError. To change a message into what it says already succeeds, and so does a word to a
        press that nobody waits for any more.
        """
        method, parameters = call_of(address.chat, message)
        try:
            sent = await self._bot.call(method, **parameters)
            return id_in(sent, message)
        except (LookupError, TypeError):
            raise SendError(Fault.UNKNOWN, "an answer without an id") from None
        except TelegramError as error:
            refusal = self._refusal(error)
            if is_unchanged(error) or (message.toast and refusal.fault is Fault.PERMANENT):
                return message.edits
            raise refusal from None

    def rate_of(self, address: Address) -> Rate:
        """Groups have negative numbers."""
        return GROUP if address.chat.startswith("-") else CHAT

    async def reachable(self) -> bool:
        """Ask for our own name (getMe)."""
        try:
            await self._call("getMe")
        except SendError:
            return False
        return True

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        """Return a file's bytes, at most `limit` of them (getFile). Raises FetchError."""
        try:
            found = await self._call("getFile", file_id=file.remote)
        except SendError as error:
            raise FetchError(error.reason, permanent=error.fault is Fault.PERMANENT) from None
        match found:
            case {"file_path": str(path)} if found.get("file_size", 0) <= limit:
                return await self._http.download(f"{self._files}/{path}", limit)
            case _:
                raise FetchError(f"more than {limit} bytes, or no longer there", permanent=True)

    async def answer_button(self, press: str) -> None:
        """Stop the button's clock (answerCallbackQuery). After 150 s it is too late, which hurts nobody."""
        try:
            await self._call("answerCallbackQuery", callback_query_id=press)
        except SendError as error:
            log.info("telegram.button_not_answered", reason=error.reason)

    async def poll(self, receive: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Receive updates one after the other, forever (getUpdates).

        A batch is confirmed only after `receive` returned for all of it. `Unreadable` is logged
        and passed over; anything else that `receive` raises ends the polling, and Telegram
        delivers the batch again to whoever polls next.

        Of two programs with one token, the one that was interrupted waits and lets the other work. A
        webhook that somebody sets meanwhile is told of and taken away: the settings say polling.
        """
        wait, hooked, offset = 0.0, True, None
        while True:
            try:
                if hooked:
                    await self._bot.call("deleteWebhook")
                    hooked = False
                batch = await self._updates(offset)
            except TelegramError as error:
                wait = self._patience(error, wait)
                hooked = hooked or (isinstance(error, Conflict) and await self._is_hooked())
                log.warning("telegram.poll_failed", reason=self._refusal(error).reason, wait=wait)
                await asyncio.sleep(wait)
                continue
            wait = 0.0
            for update in batch:
                await _receive(update, receive)
            offset = batch[-1]["update_id"] + 1 if batch else None

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let Telegram deliver to `url` (setWebhook). Raises SendError.

        `secret` comes back in the header X-Telegram-Bot-Api-Secret-Token: 1-256 of A-Z a-z 0-9 _ -.
        """
        await self._call("setWebhook", url=url, secret_token=secret, allowed_updates=WANTED)

    async def set_commands(self, commands: list[tuple[str, str]], language: str = "") -> None:
        """Set the menu of (command, description) in private chats. Raises SendError.

        `language` is in two letters, or empty: for all who have no menu of their own.
        """
        menu = [{"command": command, "description": description} for command, description in commands]
        await self._call("setMyCommands", commands=menu, language_code=language, scope=PRIVATE)

    async def _call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        try:
            return await self._bot.call(method, **parameters)
        except TelegramError as error:
            raise self._refusal(error) from None

    async def _updates(self, offset: int | None) -> list[dict[str, Any]]:
        poll = self._times.poll
        parameters = {"offset": offset, "timeout": poll, "allowed_updates": WANTED}
        found: list[dict[str, Any]] = await self._bot.call("getUpdates", poll + 10, **parameters)
        return found

    async def _is_hooked(self) -> bool:
        """Whether there is a webhook; say whose, by its host: the rest of its address may be a secret."""
        try:
            found = await self._bot.call("getWebhookInfo")
        except TelegramError:
            return False
        url = str(found.get("url", "")) if isinstance(found, dict) else ""
        if url:
            log.error("telegram.webhook_of_another", host=urlsplit(url).hostname)
        return bool(url)

    def _patience(self, error: TelegramError, last: float) -> float:
        match error:
            case Conflict() | InvalidToken():
                return self._times.conflict
            case RetryAfter():
                return seconds(error).total_seconds()
            case _:
                return min(max(self._times.first, last * 2), self._times.longest)

    def _refusal(self, error: TelegramError) -> SendError:
        refusal = classify(error)
        refusal.reason = refusal.reason.replace(self._token, "…")
        return refusal


async def _receive(update: dict[str, Any], receive: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    try:
        await receive(update)
    except Unreadable as error:
        log.warning("telegram.unreadable", update=update.get("update_id"), reason=str(error))
