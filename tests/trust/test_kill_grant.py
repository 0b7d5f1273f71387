"""Processes that renew a grant whose refresh token works once, killed by SIGKILL at any moment."""

import asyncio
import os
import secrets
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.channels.base import SendError
from bot.simulator.zalo import FakeZalo
from storage.store import Store
from tests.channels.zalo_oa.conftest import alarms, channel_of, granted, kept

KILLS = 25  # on each database
VICTIM = """
import asyncio, sys
from datetime import UTC, datetime
from bot.channels.zalo_oa.oauth import App, Keeper
from bot.channels.client import Client, Patience
from storage.store import Store

async def main(database, url, app_id, oa_id, secret):
    store = await Store.open(database, migrate=False)
    keeper = Keeper(App(app_id, oa_id, secret, url), store, Client(Patience()), lambda: datetime.now(UTC))
    print("ready", flush=True)
    while True:
        await keeper.renew(await keeper.token())

asyncio.run(main(*sys.argv[1:]))
"""


async def _live_and_die(database: str, fake: FakeZalo) -> None:
    app = fake.app
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", VICTIM, database, fake.url, app.app_id, app.oa_id, app.app_secret),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert victim.stdout
    assert await victim.stdout.readline() == b"ready\n"
    await asyncio.sleep(secrets.randbelow(200) / 1000)
    victim.kill()
    await victim.wait()


@pytest.mark.trust
async def test_no_kill_locks_the_account_out_in_silence(store: Store, url: str) -> None:
    left: Counter[str] = Counter()
    async with FakeZalo() as fake:
        for _ in range(KILLS):
            before = await granted(fake, store)
            async with store.begin(fake.clock()) as tx:
                await tx.accounts.calm("zalo_oa", fake.app.oa_id, "grant", "renewal")
            await _live_and_die(url, fake)
            again = channel_of(fake, store)
            try:
                await again.grant.renew((await kept(fake, store)).access)
                left["grant"] += 1
            except SendError:
                left["alarm" if "grant" in await alarms(fake, store) else "silence"] += 1
            left["renewed before"] += (await kept(fake, store)) != before
            await again.stop()
    print(store.shared, left)  # noqa: T201 - a figure for people
    assert left["silence"] == 0
    assert left["grant"] + left["alarm"] == KILLS
