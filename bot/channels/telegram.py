"""Telegram, by long polling or webhook. Protocol: https://core.telegram.org/bots/api."""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, RequestData

from bot.channels.base import Fault, FetchError, SendError
from bot.pace import Rate, per_second
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing

OFFICIAL = "https://api.telegram.org"
WANTED = ["message", "edited_message", "callback_query"]
READ = {"message_id", "date", "chat", "from", "id", "chat_instance", "message", "data", "text", "caption"}
READ |= {"photo", "document", "video", "voice", "audio", "video_note"}
QUIET = (  # notes that Telegram puts into a chat by itself
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
)
OVERALL = per_second(28)  # below the 30 that Telegram's documentation names
CHAT = per_second(3, seconds=3)  # one a second, short bursts pass
GROUP = per_second(18, seconds=60)  # below 20 a minute, edits included
ANSWER_LIMIT = 20_000_000  # bytes: a hundred updates are less than one
BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
NO_UPDATE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)  # what the parser raises at dates, numbers and shapes that cannot be

Content = tuple[Kind, str, tuple[Attachment, ...]]

log = structlog.get_logger()
logging.getLogger("telegram").setLevel(logging.INFO)  # at DEBUG it writes the token and what people wrote
os.environ.setdefault("PTB_TIMEDELTA", "true")  # RetryAfter in timedelta: the library deprecates its integers


class Unreadable(ValueError):
    """This is not an update of the Bot API: delivering it again cannot help."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait, in seconds."""

    connect: float = 10
    answer: float = 30
    poll: int = 50  # the longest that Telegram holds getUpdates open
    first: float = 1  # after a failed poll; doubles
    longest: float = 30
    conflict: float = 30  # another program polls with our token, until its owner stops it


class Telegram:
    """One bot. The token and the webhook secret appear in no log, error or repr.

    `api_url` is the official server or a local one, without a slash at the end.
    """

    name = "telegram"
    overall = OVERALL
    window = None

    def __init__(self, token: str, api_url: str = OFFICIAL, pace: Pace = Pace()) -> None:
        self.account = token.partition(":")[0]
        self._token = token
        self._pace = pace
        self._files = f"{api_url}/file/bot{token}"
        self._http = AiohttpRequest(pace, proxied=api_url.startswith("https:"))
        self._bot = _Client(token, f"{api_url}/bot", request=self._http, get_updates_request=self._http)

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
        """Send plain text, one button a row (sendMessage). Raises SendError."""
        sent = await self._call("sendMessage", chat_id=address.chat, **_request(message))
        try:
            return str(sent["message_id"])
        except (LookupError, TypeError):
            raise SendError(Fault.UNKNOWN, "an answer without message_id") from None

    def rate_of(self, address: Address) -> Rate:
        """Groups have negative numbers."""
        return GROUP if address.chat.startswith("-") else CHAT

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
        """Set the menu of (command, description); `language` in two letters, or for all. Raises SendError."""
        menu = [{"command": command, "description": description} for command, description in commands]
        await self._call("setMyCommands", commands=menu, language_code=language)

    async def _call(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        try:
            return await self._bot.call(method, **parameters)
        except TelegramError as error:
            raise self._refusal(error) from None

    async def _updates(self, offset: int | None) -> list[dict[str, Any]]:
        poll = self._pace.poll
        parameters = {"offset": offset, "timeout": poll, "allowed_updates": WANTED}
        found: list[dict[str, Any]] = await self._bot.call("getUpdates", poll + 10, **parameters)
        return found

    def _patience(self, error: TelegramError, last: float) -> float:
        match error:
            case Conflict() | InvalidToken():
                return self._pace.conflict
            case RetryAfter():
                return _seconds(error).total_seconds()
            case _:
                return min(max(self._pace.first, last * 2), self._pace.longest)

    def _refusal(self, error: TelegramError) -> SendError:
        refusal = classify(error)
        refusal.reason = refusal.reason.replace(self._token, "…")
        return refusal


def press_of(update: dict[str, Any]) -> str:
    """Name the button press that waits for `answer_button`, or nothing."""
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, dict) else ""


def read(update: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    """Translate an update; None if it is not for us: groups, channels, other bots, Telegram's own notes.

    Raises Unreadable, which never quotes what the person wrote.
    """
    try:
        if any(note in update.get("message", ()) for note in QUIET):
            return None
        needed = {name: _needed(update[name]) for name in WANTED if name in update}
        parsed = Update.de_json({"update_id": update["update_id"], **needed}, None)
        return _incoming(parsed, account, at, forwarded=_is_of_another(update.get("message")))
    except NO_UPDATE as error:
        raise Unreadable(f"not an update of the Bot API: {type(error).__name__}") from None


def _needed(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what we do not read: no strange quotation may cost us the text beside it."""
    return {
        key: _needed(value) if key == "message" else value for key, value in content.items() if key in READ
    }


def _is_of_another(message: object) -> bool:
    match message:
        case {"forward_origin": {"sender_user": {"id": author}}, "from": {"id": sender}}:
            return bool(author != sender)
        case {"forward_origin": _}:
            return True
    return False


def _incoming(update: Update, account: str, at: datetime, *, forwarded: bool) -> Incoming | None:
    source = update.callback_query or update.message or update.edited_message
    if source is None or source.from_user is None or source.from_user.is_bot:
        return None
    place = source.message if isinstance(source, CallbackQuery) else source
    if place is None or place.chat.type != "private":
        return None
    kind, text, attachments = _pressed(source) if isinstance(source, CallbackQuery) else _written(source)
    if update.edited_message and kind is Kind.UNSUPPORTED:  # such as a live location that moves
        return None
    return Incoming(
        channel=Telegram.name,
        account=account,
        event=_number(update.update_id),
        person=_number(source.from_user.id),
        chat=_number(place.chat.id),
        at=at,
        kind=Kind.EDIT if update.edited_message else kind,
        text=_clean(text),
        attachments=attachments,
        name=_clean(source.from_user.full_name),
        message=_number(place.message_id),
        forwarded=forwarded,
    )


def _number(given: int) -> str:
    """Telegram's ids have at most 64 bits; what is longer fits into no column."""
    if abs(given) >= 2**63:
        raise ValueError("too large for an id")
    return f"{given:d}"


def _pressed(query: CallbackQuery) -> Content:
    return (Kind.BUTTON, query.data, ()) if query.data else (Kind.UNSUPPORTED, "", ())


def _written(message: Message) -> Content:
    if files := _files(message):
        return Kind.FILES, message.caption or "", files
    return (Kind.TEXT, message.text, ()) if message.text else (Kind.UNSUPPORTED, "", ())


def _files(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return (_file(photo, "", "image/jpeg"),)
    if message.video_note:
        return (_file(message.video_note, "", "video/mp4"),)
    if message.voice:
        return (_file(message.voice, "", message.voice.mime_type),)
    file = message.document or message.video or message.audio
    return (_file(file, file.file_name, file.mime_type),) if file else ()


def _file(file: Any, name: str | None, mime: str | None) -> Attachment:  # noqa: ANN401 - seven types alike
    return Attachment(_clean(file.file_id), _clean(name or ""), _clean(mime or ""), int(file.file_size or 0))


def _clean(text: str) -> str:
    """No lone surrogates and no NUL: no database takes them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


async def _receive(update: dict[str, Any], receive: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    try:
        await receive(update)
    except Unreadable as error:
        log.warning("telegram.unreadable", update=update.get("update_id"), reason=str(error))


def _request(message: Outgoing) -> dict[str, Any]:
    request: dict[str, Any] = {"text": message.text, "link_preview_options": {"is_disabled": True}}
    if message.buttons:
        rows = [[{"text": button.label, "callback_data": button.data}] for button in message.buttons]
        request["reply_markup"] = {"inline_keyboard": rows}
    if message.reply_to.isdecimal():
        request["reply_parameters"] = {
            "message_id": int(message.reply_to),
            "allow_sending_without_reply": True,
        }
    return request


def classify(error: TelegramError) -> SendError:
    """Sort by what the sender should do. Telegram's texts: Client.cpp of tdlib/telegram-bot-api."""
    wait = None
    match error:
        case Forbidden():
            fault = Fault.UNREACHABLE
        case BadRequest() if "chat not found" in error.message.lower():
            fault = Fault.UNREACHABLE
        case BadRequest() | ChatMigrated():
            fault = Fault.PERMANENT
        case _NoAnswer():
            fault = Fault.UNKNOWN
        case RetryAfter():
            fault, wait = Fault.LATER, _seconds(error)
        case _:  # refused by Telegram's own word, or never sent; a wrong token is the operator's to mend
            fault = Fault.LATER
    return SendError(fault, error.message, wait)


def _seconds(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


class _Client(Bot):
    def __repr__(self) -> str:
        return "Bot"  # the library's own shows the token

    async def call(self, method: str, total: float | None = None, /, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Return the raw result: making a Message of every answer costs more than all the rest."""
        given = {name: value for name, value in parameters.items() if value is not None}
        if total is None:
            return await self._post(method, given)
        return await self._post(method, given, read_timeout=total)


class _NotSent(NetworkError):
    """The request never reached Telegram."""


class _NoAnswer(NetworkError):
    """The request may have been carried out, but nobody told us."""


class AiohttpRequest(BaseRequest):
    """HTTP for python-telegram-bot: a fourth of the work of its own client, and exact about what was sent."""

    def __init__(self, pace: Pace, *, proxied: bool) -> None:
        self._pace = pace
        self._proxied = proxied  # through HTTPS_PROXY, if there is one
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._pace.answer

    async def initialize(self) -> None:
        self._session = self._session or aiohttp.ClientSession(trust_env=self._proxied)

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()
        self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - the library's marker for "as usual"
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002
    ) -> tuple[int, bytes]:
        total = self._pace.answer if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        parameters = request_data.parameters if request_data else {}
        status, body = await self._exchange(method, url, total, ANSWER_LIMIT, parameters)
        if not _is_answer(status, body):
            between = f"HTTP {status}, and not from the Bot API"
            raise _NotSent(between) if 300 <= status < 500 else _NoAnswer(between)
        return status, body

    async def download(self, url: str, limit: int) -> bytes:
        try:
            status, body = await self._exchange("GET", url, self._pace.answer, limit)
        except NetworkError as error:
            raise FetchError(error.message, permanent=False) from None
        if status != 200 or len(body) > limit:
            raise FetchError(f"HTTP {status}, {len(body)} bytes", permanent=len(body) > limit)
        return body

    async def _exchange(
        self, method: str, url: str, total: float, limit: int, parameters: object = None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise _NotSent("not started")
        timeout = aiohttp.ClientTimeout(total=total, connect=self._pace.connect)
        try:
            async with self._session.request(
                method, url, json=parameters, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await _body(answer, limit)
        except BEFORE_SENDING as error:
            raise _NotSent(type(error).__name__) from None  # its text holds the URL, and so the token
        except (aiohttp.ClientError, OSError) as error:
            raise _NoAnswer(type(error).__name__) from None


async def _body(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the body, or a little more than `limit` of it."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > limit:
            break
    return bytes(body)


def _is_answer(status: int, body: bytes) -> bool:
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and ("result" if 200 <= status < 300 else "description") in answer
