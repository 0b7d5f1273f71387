"""A Zalo Official Account: events by a signed webhook, messages by the OpenAPI.

What it may send when: feedback/windows.py. What is not certain in the protocol: docs/how-to/zalo.md.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.channels.base import Fault, SendError
from bot.channels.client import PATIENCE, Answered, Client, NoAnswer, NotSent, Patience
from bot.channels.zalo_oa.errors import PARAMETER, TOKEN, Trouble, classify, code_of
from bot.channels.zalo_oa.incoming import NAME
from bot.channels.zalo_oa.oauth import App, Keeper
from bot.channels.zalo_oa.outgoing import request_of
from bot.pace import Rate, per_second
from feedback.messages import Address, Attachment, Outgoing
from feedback.windows import Window
from storage.accounts import Quota
from storage.store import Changed, Refused, Store, Unavailable

OFFICIAL = "https://openapi.zalo.me"
CHAT = per_second(3, seconds=3)
FREE_REPLY = "reply"  # the quota inside the free window, which has no end
ALARMS = ("quota", "set_up", "renewal")

log = structlog.get_logger()


class ZaloOA:
    """One account. No token and no secret appears in a log, error or repr.

    `hosts` are the domains of Zalo's files.
    """

    name = NAME

    def __init__(
        self,
        app: App,
        store: Store,
        now: Callable[[], datetime],
        *,
        window: Window,
        overall: Rate,
        api_url: str = OFFICIAL,
        hosts: tuple[str, ...] = (),
        patience: Patience = PATIENCE,
    ) -> None:
        self.account = app.account
        self.window = window
        self.overall = overall
        self._store = store
        self._now = now
        self._url = f"{api_url}/v3.0/oa/message/cs"
        self._client = Client(patience, hosts)
        self._alarmed = True  # perhaps, by an earlier process
        self.grant = Keeper(app, store, self._client, now)

    async def stop(self) -> None:
        await self._client.close()

    def rate_of(self, address: Address) -> Rate:  # noqa: ARG002
        return CHAT

    async def send(self, address: Address, message: Outgoing) -> str:
        """Send text and buttons (message/cs). Raises SendError.

        There is nothing to edit here, no thread to open and no word on a pressed button.
        """
        if message.toast or message.opens:
            return ""
        answer = await self._with_token(address, message)
        if code_of(answer) == PARAMETER and message.reply_to:  # what is quoted may be gone
            answer = await self._with_token(address, replace(message, reply_to=""))
        if code_of(answer) != 0:
            refusal, trouble = classify(answer, self._now())
            if trouble:
                await self._note(trouble)
            raise refusal
        await self._note(answer)
        match answer.body.get("data"):
            case {"message_id": str(number)}:
                return number[:80]
        return ""  # it was sent; who has no name for it cannot be quoted

    async def fetch(self, file: Attachment, limit: int) -> bytes:
        """Return a file's bytes, at most `limit` of them. Raises FetchError."""
        return await self._client.download(file.remote, limit)

    async def _with_token(self, address: Address, message: Outgoing) -> Answered:
        """Ask once more with a new token if Zalo does not take the one we have."""
        token = await self.grant.token()
        answer = await self._post(token, address, message)
        if code_of(answer) in TOKEN:
            answer = await self._post(await self.grant.renew(token), address, message)
        return answer

    async def _post(self, token: str, address: Address, message: Outgoing) -> Answered:
        try:
            body = request_of(address.chat, message)
            return await self._client.post(self._url, body=body, headers={"access_token": token})
        except NotSent as error:
            raise SendError(Fault.LATER, str(error)) from None
        except NoAnswer as error:
            raise SendError(Fault.UNKNOWN, str(error)) from None

    async def _note(self, what: Answered | Trouble) -> None:
        """Keep the quota, raise or end an alarm; that this fails changes nothing about the message."""
        quota = None if isinstance(what, Trouble) else self._quota(what)
        if not (isinstance(what, Trouble) or quota or self._alarmed):
            return
        try:
            async with self._store.begin(self._now()) as tx:
                if isinstance(what, Trouble):
                    if await tx.accounts.alarm(NAME, self.account, what.alarm, what.reason):
                        log.error("zalo.alarm", alarm=what.alarm, reason=what.reason)
                elif self._alarmed:
                    await tx.accounts.calm(NAME, self.account, *ALARMS)
                if quota:
                    tx.accounts.keep_quota(quota)
        except (Unavailable, Changed, Refused) as error:
            log.warning("zalo.not_noted", reason=str(error))
        else:
            self._alarmed = isinstance(what, Trouble)

    def _quota(self, answer: Answered) -> Quota | None:
        """Return what is left of the paid messages, if this one was paid for."""
        try:
            given = answer.body["data"]["quota"]
            kind, until = str(given["quota_type"])[:40], str(given.get("expired_date", ""))[:20]
            left, total = int(given["remain"]), int(given["total"])
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
        if kind == FREE_REPLY:
            return None
        return Quota(NAME, self.account, kind, left, total, until, self._now())
