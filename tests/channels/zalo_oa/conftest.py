"""A fake Zalo, and our channel connected to it and quick."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.client import Patience
from bot.channels.zalo_oa import ZaloOA
from bot.channels.zalo_oa.oauth import App
from bot.pace import per_second
from bot.simulator.zalo import FakeZalo
from feedback.windows import WINDOWS
from storage.accounts import Grant
from storage.store import Store

QUICK = Patience(connect=2, answer=1, poll=1, first=0.01, longest=0.05)


@pytest.fixture
async def fake() -> AsyncIterator[FakeZalo]:
    async with FakeZalo() as server:
        yield server


def channel_of(fake: FakeZalo, store: Store, api_url: str = "") -> ZaloOA:
    app = App(fake.app.app_id, fake.app.oa_id, fake.app.app_secret, fake.url)
    return ZaloOA(
        app,
        store,
        fake.clock,
        window=WINDOWS["zalo_oa"],
        overall=per_second(1000),
        api_url=api_url or fake.url,
        hosts=("127.0.0.1",),
        patience=QUICK,
    )


async def granted(fake: FakeZalo, store: Store) -> Grant:
    """Give the account tokens, as after the administrator's agreement."""
    pair, now = fake.oauth.pair(), fake.clock()
    grant = Grant(pair.access_token, pair.refresh_token, now, now + timedelta(hours=25))
    async with store.begin(now) as tx:
        tx.accounts.keep_grant("zalo_oa", fake.app.oa_id, grant)
    return grant


async def kept(fake: FakeZalo, store: Store) -> Grant:
    async with store.look(fake.clock()) as tx:
        found = await tx.accounts.grant("zalo_oa", fake.app.oa_id)
    assert found
    return found


async def alarms(fake: FakeZalo, store: Store) -> set[str]:
    async with store.look(fake.clock()) as tx:
        return {alarm.name for alarm in await tx.accounts.alarms()}


@pytest.fixture
async def zalo(fake: FakeZalo, store: Store) -> AsyncIterator[ZaloOA]:
    await granted(fake, store)
    channel = channel_of(fake, store)
    yield channel
    await channel.stop()


async def days_pass(fake: FakeZalo, zalo: ZaloOA, days: float) -> None:
    """Let time pass as it does for a running service, which looks after its grant."""
    while days > 0:
        fake.later(timedelta(days=min(days, 0.9)))
        days -= 0.9
        await zalo.grant.keep_alive()
