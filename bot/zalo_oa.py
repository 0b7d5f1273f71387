"""The Official Account's events on their way to the door, and the grant that lets us answer."""

import asyncio
import hashlib
from datetime import datetime

import structlog
from aiohttp import web

from bot.channels.base import SendError
from bot.channels.client import NoAnswer, NotSent
from bot.channels.zalo_oa import ZaloOA
from bot.channels.zalo_oa.incoming import NAME, Unreadable, read
from bot.channels.zalo_oa.oauth import App, NotGranted, Permission
from bot.channels.zalo_oa.signature import HEADER, is_genuine, is_timely, parsed
from bot.door import Unreadable as DeadLetter
from bot.pace import per_second
from bot.receivers import Post
from bot.settings import Settings
from storage.store import Refused, Unavailable

PATH = "/webhooks/zalo"
GRANTED = f"{PATH}/granted"
GLANCE = 60.0  # seconds between looks at the grant's age
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Cầu Nối</title><p>{}</p></html>"""

log = structlog.get_logger()


def app_of(settings: Settings) -> App:
    secret = settings.zalo_app_secret.get_secret_value()
    return App(settings.zalo_app_id, settings.zalo_oa_id, secret, settings.zalo_oauth_url)


def permission_of(settings: Settings, key: bytes) -> Permission:
    return Permission(app_of(settings), key, settings.public_url + GRANTED)


class ZaloEvents:
    """One Official Account."""

    def __init__(self, post: Post) -> None:
        settings = post.settings
        self._post = post
        self._secret = settings.zalo_webhook_secret.get_secret_value()
        self._permission = permission_of(settings, post.key)
        self._channel = ZaloOA(
            app_of(settings),
            post.store,
            post.now,
            window=settings.windows[NAME],
            overall=per_second(settings.zalo_per_second),
            api_url=settings.zalo_api_url,
            hosts=settings.zalo_hosts,
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook), web.get(GRANTED, self._granted)]

    async def run(self) -> None:
        """Send, and keep the grant alive; the events come by themselves."""
        self._post.attach(self._channel)
        while True:
            try:
                await self._channel.grant.keep_alive()
            except (SendError, Unavailable, Refused) as error:
                log.error("zalo.grant_not_looked_after", reason=str(error))
            await asyncio.sleep(GLANCE)

    async def stop(self) -> None:
        await self._channel.stop()

    async def _webhook(self, request: web.Request) -> web.Response:
        """200 only after the commit, and for the unsigned knock by which Zalo registers an address."""
        raw = await request.read()
        given, now = request.headers.getall(HEADER, []), self._post.now()
        event = parsed(raw)
        if not given and (event is None or "event_name" not in event):
            return web.Response()
        if not is_genuine(given, raw, self._post.settings.zalo_app_id, self._secret):
            log.warning("zalo.forged", size=len(raw))
            return web.Response(status=401)
        if not is_timely(raw, now):
            log.warning("zalo.stale", size=len(raw))
            return web.Response(status=403)
        await self._keep(event or {}, raw, now)
        return web.Response()

    async def _keep(self, event: dict[str, object], raw: bytes, now: datetime) -> None:
        """What cannot be read, or what the database refuses, would come again until Zalo gives us up."""
        try:
            message = read(event, self._channel.account, now)
            if message is not None:
                await self._post.door.keep(message)
        except (Unreadable, Refused) as error:
            text, key = raw.decode("utf-8", "replace").replace("\0", ""), hashlib.sha256(raw).hexdigest()
            letter = DeadLetter(NAME, self._channel.account, f"unreadable:{key}", text, str(error))
            await self._post.door.keep(letter)

    async def _granted(self, request: web.Request) -> web.Response:
        """Where the administrator's browser comes back to from Zalo."""
        asked = request.query
        state, code = asked.get("state", ""), asked.get("code", "")
        if not code or not self._permission.is_ours(state, asked.get("oa_id", ""), self._post.now()):
            return _page(
                403, "Liên kết không đúng, đã quá 15 phút, hoặc thuộc Official Account khác. "
                "Xin chạy lại lệnh: caunoi zalo connect"
            )  # fmt: skip
        try:
            await self._channel.grant.connect(code, self._permission.verifier(state))
        except (NotGranted, NotSent, NoAnswer) as error:
            log.error("zalo.not_granted", reason=str(error))
            return _page(502, f"Zalo chưa cấp quyền ({error}). Xin chạy lại lệnh: caunoi zalo connect")
        return _page(200, "Đã nối Zalo Official Account. Có thể đóng trang này.")


def _page(status: int, text: str) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    html = PAGE.format(text.replace("&", "&amp;").replace("<", "&lt;"))
    return web.Response(status=status, text=html, content_type="text/html", headers=headers)
