"""OAuth v4: the grant of an administrator, and tokens that are worth little for long."""

import base64
import html
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from bot.simulator.zalo.app import App
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json
from bot.simulator.zalo.oa.refusals import NotGranted, Refused

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(hours=25)
REFRESH_LIFE = timedelta(days=90)
VERIFIER = re.compile(r"[A-Za-z0-9_-]{43}")
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Zalo</title>
<h1>{name}</h1><p>Cho phép ứng dụng {app} quản lý Official Account này?</p>
<form method="post">{fields}<button>Cho phép</button></form></html>"""
FIELD = '<input type="hidden" name="{}" value="{}">'


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Code:
    challenge: str
    until: datetime


class OAuth:
    """What is accepted once is forgotten at once: codes and refresh tokens serve a single time.

    An access token stays good when a newer one is given out.
    """

    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}
        self._revoked: set[str] = set()

    def pair(self) -> Pair:
        """Return new tokens, as after a grant."""
        pair = Pair(secrets.token_urlsafe(60), secrets.token_urlsafe(60))
        self._access[pair.access_token] = self._clock() + ACCESS_LIFE
        self._refresh[pair.refresh_token] = self._clock() + REFRESH_LIFE
        return pair

    def revoke(self) -> None:
        """Let the administrator take back every grant."""
        self._revoked |= self._access.keys()
        self._refresh.clear()
        self._codes.clear()

    def check(self, access_token: str) -> None:
        """Raise Refused unless this token is good now."""
        if access_token in self._revoked:
            raise Refused(-220)
        until = self._access.get(access_token)
        if until is None:
            raise Refused(-216, "this token was never given out")
        if until <= self._clock():
            raise Refused(-216)

    def page(self, asked: Json) -> str:
        """Return the page on which an administrator agrees. Raises NotGranted."""
        self._known(asked)
        fields = "".join(FIELD.format(html.escape(name), html.escape(str(asked[name]))) for name in asked)
        return PAGE.format(name=html.escape(self._app.oa_name), app=self._app.app_id, fields=fields)

    def agree(self, asked: Json) -> str:
        """Return where the administrator's browser goes on, with the code. Raises NotGranted."""
        self._known(asked)
        code = secrets.token_urlsafe(40)
        self._codes[code] = Code(str(asked.get("code_challenge", "")), self._clock() + CODE_LIFE)
        state = {"state": str(asked["state"])} if "state" in asked else {}
        callback = str(asked["redirect_uri"])
        joint = "&" if "?" in callback else "?"
        return f"{callback}{joint}{urlencode({'code': code, 'oa_id': self._app.oa_id} | state)}"

    def exchange(self, form: Json, app_secret: str) -> Json:
        """Return a new pair for a code or a refresh token. Raises NotGranted."""
        if app_secret != self._app.app_secret:
            raise NotGranted(-14003, "secret_key is not that of the app")
        if form.get("app_id") != self._app.app_id:
            raise NotGranted(-14003, "app_id is not known")
        match form.get("grant_type"):
            case "authorization_code":
                self._use_code(form)
            case "refresh_token":
                self._use_refresh(str(form.get("refresh_token", "")))
            case _:
                raise NotGranted(-14003, "grant_type is not known")
        pair = self.pair()
        seconds = str(int(ACCESS_LIFE.total_seconds()))
        return {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": seconds,
        }

    def _known(self, asked: Json) -> None:
        if asked.get("app_id") != self._app.app_id:
            raise NotGranted(-14003, "app_id is not known")
        callback = str(asked.get("redirect_uri", ""))
        if not callback or callback != (self._app.callback or callback):
            raise NotGranted(-14003, "redirect_uri is not registered")

    def _use_code(self, form: Json) -> None:
        code = self._codes.pop(str(form.get("code", "")), None)
        if code is None or code.until <= self._clock():
            raise NotGranted(-14003, "code is not known, was used, or is older than 10 minutes")
        if code.challenge and not _proves(str(form.get("code_verifier", "")), code.challenge):
            raise NotGranted(-14003, "code_verifier does not fit code_challenge")

    def _use_refresh(self, token: str) -> None:
        until = self._refresh.pop(token, None)
        if until is None:
            raise NotGranted(-14014)
        if until <= self._clock():
            raise NotGranted(-14020)


def _proves(verifier: str, challenge: str) -> bool:
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return bool(VERIFIER.fullmatch(verifier)) and digest == challenge
