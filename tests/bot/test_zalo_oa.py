"""The Official Account's webhook: what is signed is kept before it is answered, the rest leaves no trace."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.channels.webchat import WebChat
from bot.channels.zalo_oa.signature import OLDEST, mac
from bot.door import Door
from bot.receivers import Post
from bot.settings import Settings
from bot.web import Site, application
from bot.zalo_oa import GRANTED, PATH, ZaloEvents
from feedback.messages import Incoming, Kind
from handlers.library import Library, Shelf
from storage.blobs import Blobs
from storage.store import Store

OA, LAN, APP, SECRET = "1646843870823903717", "5510185758261927916", "50554360515256678", "a-sample-oa-key"


@pytest.fixture
async def zalo(
    store: Store, library: Library, now: datetime, tmp_path: Path
) -> AsyncIterator[TestClient[Any, Any]]:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        public_url="http://127.0.0.1:1",
        zalo_oa_id=OA,
        zalo_app_id=APP,
        zalo_app_secret=SecretStr("a-sample-app-secret"),
        zalo_webhook_secret=SecretStr(SECRET),
    )
    door = Door(store, library.office.kinds, lambda: now, asyncio.Event())
    events = ZaloEvents(Post(settings, store, door, lambda: now, lambda _: None, {}, b"key", Blobs(tmp_path)))
    chat = WebChat(store, Blobs(tmp_path), door.keep, lambda: now, secure=False)
    app = application(Site(store, Shelf(library), chat), events.routes())
    task = asyncio.create_task(door.run())
    async with TestClient(TestServer(app)) as client:
        yield client
    task.cancel()
    await events.stop()


def said(text: str, now: datetime, **more: object) -> bytes:
    event = {
        "event_name": "user_send_text",
        "app_id": APP,
        "sender": {"id": LAN},
        "recipient": {"id": OA},
        "message": {"text": text, "msg_id": "m1"},
        "timestamp": str(round(now.timestamp() * 1000)),
    }
    return json.dumps(event | more, ensure_ascii=False).encode()


def signed(raw: bytes, now: datetime, secret: str = SECRET) -> dict[str, str]:
    stamp = str(round(now.timestamp() * 1000))
    return {"X-ZEvent-Signature": f"mac={mac(APP, raw, stamp, secret)}", "Content-Type": "application/json"}


async def rows(store: Store, now: datetime) -> tuple[list[Incoming], int]:
    async with store.begin(now) as tx:
        return [kept.message for kept in await tx.inbox.claim(99)], len(await tx.inbox.dead())


async def test_an_event_is_kept_once_and_answered(
    zalo: TestClient[Any, Any], store: Store, now: datetime
) -> None:
    raw = said("Xin chào", now)
    for _ in range(3):
        assert (await zalo.post(PATH, data=raw, headers=signed(raw, now))).status == 200
    (message,), dead = await rows(store, now)
    assert (message.kind, message.text, message.chat, dead) == (Kind.TEXT, "Xin chào", LAN, 0)


async def test_the_knock_of_a_registration_is_answered_and_kept_nowhere(
    zalo: TestClient[Any, Any], store: Store, now: datetime
) -> None:
    for body in (b"", b"{}", b"[]", b"ping"):
        assert (await zalo.post(PATH, data=body)).status == 200
    assert await rows(store, now) == ([], 0)


async def test_forgeries_leave_no_trace(zalo: TestClient[Any, Any], store: Store, now: datetime) -> None:
    raw = said("giả", now)
    right = signed(raw, now)["X-ZEvent-Signature"]
    two = [("X-ZEvent-Signature", right), ("X-ZEvent-Signature", right)]
    for headers in ({}, signed(raw, now, "a-sample-app-secret"), {"X-ZEvent-Signature": ""}, two):
        assert (await zalo.post(PATH, data=raw, headers=headers)).status == 401
    other = said("khác", now)
    assert (await zalo.post(PATH, data=other, headers=signed(raw, now))).status == 401
    assert await rows(store, now) == ([], 0)


async def test_an_old_event_played_again_is_refused(
    zalo: TestClient[Any, Any], store: Store, now: datetime
) -> None:
    for moment, status in (
        (now - OLDEST, 200),
        (now - OLDEST - timedelta(seconds=1), 403),
        (now + OLDEST + timedelta(seconds=1), 403),
    ):
        raw = said("cũ", moment)
        assert (await zalo.post(PATH, data=raw, headers=signed(raw, moment))).status == status
    assert len((await rows(store, now))[0]) == 1


async def test_what_is_authentic_and_unreadable_is_set_aside_once(
    zalo: TestClient[Any, Any], store: Store, now: datetime
) -> None:
    stamp = round(now.timestamp() * 1000)
    broken = [
        said("x", now, message=None),
        f'{{"timestamp":"{stamp}","event_name":'.encode(),
        f'["timestamp":"{stamp}"]\0\xff'.encode("latin-1"),
    ]
    for raw in broken * 2:
        assert (await zalo.post(PATH, data=raw, headers=signed(raw, now))).status == 200
    assert await rows(store, now) == ([], 3)


async def test_a_denunciation_is_not_written_down(
    zalo: TestClient[Any, Any], store: Store, now: datetime
) -> None:
    raw = said("Tôi tố cáo ông chủ tịch xã nhận tiền", now)
    assert (await zalo.post(PATH, data=raw, headers=signed(raw, now))).status == 200
    ((message,), _) = await rows(store, now)
    assert (message.text, message.withheld != "") == ("", True)


async def test_a_grant_that_we_did_not_ask_for_is_refused(zalo: TestClient[Any, Any]) -> None:
    for query in ("", "?code=x", f"?code=x&oa_id={OA}&state=a.1.b.c"):
        answer = await zalo.get(GRANTED + query)
        assert answer.status == 403
        assert "caunoi zalo connect" in await answer.text()
