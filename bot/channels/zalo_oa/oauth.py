"""OAuth v4: what an administrator of the Official Account grants, and how it is kept alive.

The refresh token works once and changes every time. Whoever loses the new one locks the account out until a
person grants again: so there is one who renews at a time, and the new pair is on the disk before it is used.
"""

import asyncio
import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import structlog

from bot.channels.base import Fault, SendError
from bot.channels.client import Client, Json, NoAnswer, NotSent
from bot.channels.zalo_oa.incoming import NAME
from bot.tasks import whole
from handlers.desk.links import Link, make, read
from storage.accounts import Grant
from storage.store import Changed, Refused, Store, Unavailable

OFFICIAL = "https://oauth.zaloapp.com"
SPENT_OF_LIFE = 0.8  # of an access token, when it is renewed
OLD = timedelta(days=60)  # a refresh token lives three months
GRANTING = timedelta(minutes=15)  # between printing the address and agreeing
OTHERS_TURN = 0.2  # seconds between looks whether another process has renewed
OTHERS_TURNS = 200  # looks: longer than any answer of Zalo's takes
NOT_CONNECTED = timedelta(minutes=5)
FINAL = (-14014, -14020)  # the refresh token was used, or is too old
ALARMS = ("grant", "renewal", "old_grant")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class App:
    """The app on developers.zalo.me that the account granted."""

    app_id: str
    account: str
    secret: str = field(repr=False)
    url: str = OFFICIAL


class NotGranted(Exception):
    """Zalo's own refusal. If it is `final`, trying again cannot help: a person has to grant again."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(f"{code}: {name}"[:200])
        self.final = code in FINAL


class Permission:
    """The way of the first grant: an address for the administrator, and the proof that it was ours.

    Nothing is kept in between: the state is signed, and the verifier is made of it (PKCE).
    """

    def __init__(self, app: App, key: bytes, callback: str) -> None:
        self._app = app
        self._key = hmac.digest(key, b"caunoi zalo grant", "sha256")
        self._callback = callback

    def address(self, now: datetime) -> str:
        state = make(self._key, self._app.account, now + GRANTING)
        asked = {
            "app_id": self._app.app_id,
            "redirect_uri": self._callback,
            "code_challenge": _url64(sha256(self.verifier(state).encode()).digest()),
            "state": state,
        }
        return f"{self._app.url}/v4/oa/permission?{urlencode(asked)}"

    def is_ours(self, state: str, account: str, now: datetime) -> bool:
        link: Link | None = read(self._key, state, now)
        return link is not None and link.officer == self._app.account == account

    def verifier(self, state: str) -> str:
        return _url64(hmac.digest(self._key, b"verifier " + state.encode(), "sha256"))


class Keeper:
    """Keeps the grant of one account alive, with any number of processes on one database."""

    def __init__(self, app: App, store: Store, client: Client, now: Callable[[], datetime]) -> None:
        self._app = app
        self._store = store
        self._client = client
        self._now = now
        self._turn = asyncio.Lock()
        self._dead = ""  # the refresh token that Zalo refused: it is not tried again before a restart

    async def token(self) -> str:
        """Return the access token. Raises SendError."""
        grant = await self._grant()
        if grant is None:
            raise SendError(Fault.LATER, "not connected: caunoi zalo connect", NOT_CONNECTED)
        return grant.access

    async def connect(self, code: str, verifier: str) -> None:
        """Take what an administrator granted. Raises NotGranted, NotSent, NoAnswer, Unavailable."""
        answer = await self._ask(grant_type="authorization_code", code=code, code_verifier=verifier)
        await whole(self._keep(answer))

    async def keep_alive(self) -> None:
        """Renew what has lived long enough; raise an alarm where a person is needed.

        Raises SendError, Unavailable.
        """
        grant = await self._grant()
        if grant is None:
            await self._alarm(None, "grant", "never connected")
            return
        now = self._now()
        if now - grant.renewed_at < (grant.expires_at - grant.renewed_at) * SPENT_OF_LIFE:
            return
        try:
            await self.renew(grant.access)
        except SendError as error:
            log.warning("zalo.not_renewed", reason=error.reason)
            if now >= grant.expires_at:
                await self._alarm(grant, "renewal", error.reason)
        if now - grant.renewed_at >= OLD:
            await self._alarm(grant, "old_grant", f"{(now - grant.renewed_at).days} days")

    async def renew(self, spent: str) -> str:
        """Return an access token other than the spent one. Raises SendError.

        To stop in the middle would lose what cannot be had twice, so it goes on when its caller is stopped.
        """
        return await whole(self._renew(spent))

    async def _renew(self, spent: str) -> str:
        try:
            async with self._turn:
                for _ in range(OTHERS_TURNS):
                    if token := await self._other_than(spent):
                        return token
                    await asyncio.sleep(OTHERS_TURN)
        except (Unavailable, Changed, Refused) as error:
            raise SendError(Fault.LATER, f"database: {error}") from None
        raise SendError(Fault.LATER, "another process is renewing the grant")

    async def _other_than(self, spent: str) -> str:
        """Return a token that somebody got meanwhile, or renew; empty if another process does so just now."""
        async with self._store.only_one(f"grant {NAME} {self._app.account}") as mine:
            grant = await self._grant()
            if grant is None:
                raise SendError(Fault.LATER, "not connected: caunoi zalo connect", NOT_CONNECTED)
            if grant.access != spent:
                return grant.access
            return await self._exchange(grant) if mine else ""

    async def _exchange(self, grant: Grant) -> str:
        if grant.refresh == self._dead:
            raise SendError(Fault.LATER, "the grant is lost", NOT_CONNECTED)
        try:
            answer = await self._ask(grant_type="refresh_token", refresh_token=grant.refresh)
        except (NotSent, NoAnswer) as error:
            raise SendError(Fault.LATER, f"{type(error).__name__}: {error}") from None
        except NotGranted as error:
            if error.final:
                self._dead = grant.refresh
            await self._alarm(grant, "grant" if error.final else "renewal", str(error))
            raise SendError(Fault.LATER, str(error), NOT_CONNECTED) from None
        return (await self._keep(answer)).access

    async def _keep(self, answer: Json) -> Grant:
        """On the disk first, in a transaction of its own; until it is there, nothing else is of use."""
        now, life = self._now(), timedelta(seconds=int(answer["expires_in"]))
        grant = Grant(answer["access_token"], answer["refresh_token"], now, now + life)
        while True:
            try:
                async with self._store.begin(self._now()) as tx:
                    tx.accounts.keep_grant(NAME, self._app.account, grant)
                    await tx.accounts.calm(NAME, self._app.account, *ALARMS)
                    await tx.outbox.hurry(NAME, self._app.account)
            except Unavailable as error:
                log.error("zalo.grant_not_stored_yet", reason=str(error))
                await asyncio.sleep(1)
            else:
                log.info("zalo.granted", until=grant.expires_at.isoformat())
                return grant

    async def _ask(self, **form: str) -> Json:
        """Raises NotGranted, NotSent, NoAnswer."""
        url, headers = f"{self._app.url}/v4/oa/access_token", {"secret_key": self._app.secret}
        answer = await self._client.post(url, form={"app_id": self._app.app_id, **form}, headers=headers)
        match answer.body:
            case {"access_token": str(), "refresh_token": str(), "expires_in": str() | int() as life}:
                if str(life).isdecimal():
                    return answer.body
            case {"error": int() as code} if code:
                raise NotGranted(code, str(answer.body.get("error_name", "")))
        raise NoAnswer(f"HTTP {answer.status}, and no tokens")

    async def _grant(self) -> Grant | None:
        try:
            async with self._store.look(self._now()) as tx:
                return await tx.accounts.grant(NAME, self._app.account)
        except (Unavailable, Refused) as error:
            raise SendError(Fault.LATER, f"database: {error}") from None

    async def _alarm(self, about: Grant | None, name: str, reason: str) -> None:
        """Raise it; who granted meanwhile ended it before it was there, so it is ended again."""
        async with self._store.begin(self._now()) as tx:
            new = await tx.accounts.alarm(NAME, self._app.account, name, reason)
        if await self._grant() != about:
            async with self._store.begin(self._now()) as tx:
                await tx.accounts.calm(NAME, self._app.account, name)
        elif new:
            log.error("zalo.alarm", alarm=name, reason=reason)


def _url64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
