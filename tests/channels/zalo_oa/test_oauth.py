"""The grant: whoever is killed while renewing it leaves a grant that works, or an alarm. Never silence."""

import asyncio
import traceback
from collections import Counter
from collections.abc import Coroutine, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.channels.base import SendError
from bot.channels.zalo_oa import ZaloOA
from bot.channels.zalo_oa.oauth import GRANTING, App, NotGranted, Permission
from bot.simulator.zalo import FakeZalo, Fault
from storage.store import Store
from tests.channels.zalo_oa.conftest import alarms, channel_of, granted, kept

KILLS = 50
CALLBACK = "https://hoidap.example.vn/webhooks/zalo/granted"


class Killed(BaseException):
    """The process ends here."""


class KilledAt:
    """Runs until it waits for something for the nth time, and is killed there."""

    def __init__(self, work: Coroutine[Any, Any, object], step: int) -> None:
        self._work = work
        self._step = step

    def __await__(self) -> Generator[Any, Any, None]:
        step = 0
        error: BaseException | None = None
        given: object = None
        while True:
            try:
                waits_for = self._work.throw(error) if error else self._work.send(given)
            except StopIteration:
                return
            step, error, given = step + 1, None, None
            if step == self._step:
                error = Killed()
                continue
            try:
                given = yield waits_for
            except BaseException as raised:  # noqa: BLE001 - what it waits for failed: it has to know
                error = raised


async def killed(work: Coroutine[Any, Any, object], step: int) -> bool:
    try:
        await KilledAt(work, step)
    except Killed:
        return True
    return False


async def test_fifty_kills_around_a_renewal_leave_a_grant_that_works_or_an_alarm(
    fake: FakeZalo, folder: Path
) -> None:
    """Once at each place where it waits; a driver for a server does not survive this within one process."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'kills.db'}")
    left: Counter[str] = Counter()
    step = 0
    while sum(left.values()) < KILLS:
        step += 1
        before = await granted(fake, store)
        await _calm(fake, store)
        fake.later(timedelta(hours=21))
        victim = channel_of(fake, store)
        if not await killed(victim.grant._renew(before.access), step):  # noqa: SLF001 - without its shield
            step = 0
            await victim.stop()
            continue
        await victim.stop()
        left[await _what_is_left(fake, store)] += 1
    await store.close()
    assert left["silence"] == 0, left
    assert left["grant"] > left["alarm"] > 0, left


async def _what_is_left(fake: FakeZalo, store: Store) -> str:
    """Start again, and look after the grant as the service does."""
    again = channel_of(fake, store)
    try:
        await again.grant.keep_alive()
        if "grant" in await alarms(fake, store):
            return "alarm"
        await again.grant.renew((await kept(fake, store)).access)
        fake.oauth.check((await kept(fake, store)).access)
    except SendError:
        return "silence"
    finally:
        await again.stop()
    return "grant"


async def _calm(fake: FakeZalo, store: Store) -> None:
    async with store.begin(fake.clock()) as tx:
        await tx.accounts.calm("zalo_oa", fake.app.oa_id, "grant", "renewal", "old_grant")


async def test_who_is_told_to_stop_finishes_the_renewal_first(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    before = await kept(fake, store)
    for turns in range(0, 60, 5):
        now = await kept(fake, store)
        task = asyncio.create_task(zalo.grant.renew(now.access))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert (await kept(fake, store)).refresh != before.refresh
    assert await zalo.grant.renew((await kept(fake, store)).access)
    assert await alarms(fake, store) == set()


async def test_many_who_need_a_new_token_at_once_renew_it_once(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    spent = await zalo.grant.token()
    other = channel_of(fake, store) if store.shared else zalo  # another process
    got = await asyncio.gather(*(each.grant.renew(spent) for each in (zalo, other) * 5))
    await other.stop()
    assert len(fake.calls("access_token")) == 1
    assert set(got) == {(await kept(fake, store)).access}


async def test_it_is_renewed_when_most_of_its_life_is_over(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    before = await kept(fake, store)
    fake.later(timedelta(hours=19, minutes=59))
    await zalo.grant.keep_alive()
    assert await kept(fake, store) == before
    fake.later(timedelta(minutes=2))
    await zalo.grant.keep_alive()
    after = await kept(fake, store)
    assert after.refresh != before.refresh
    assert after.expires_at - after.renewed_at == timedelta(hours=25)


async def test_a_lost_answer_is_an_alarm_and_is_not_asked_for_again_and_again(
    fake: FakeZalo, zalo: ZaloOA, store: Store
) -> None:
    fake.later(timedelta(hours=21))
    fake.faults.next("access_token", Fault.LOST)
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == set()
    for _ in range(5):
        await zalo.grant.keep_alive()
    assert await alarms(fake, store) == {"grant"}
    assert len(fake.calls("access_token")) == 2
    await granted(fake, store)
    fake.later(timedelta(hours=21))
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == set()


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.BROKEN, Fault.GATEWAY, Fault.HANG])
async def test_trouble_at_zalo_is_waited_out_and_alarms_when_the_token_is_over(
    fake: FakeZalo, zalo: ZaloOA, store: Store, fault: Fault
) -> None:
    fake.later(timedelta(hours=21))
    fake.faults.next("access_token", fault, 2)
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == set()
    fake.later(timedelta(hours=5))
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == {"renewal"}
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == set()


async def test_two_months_without_a_renewal_are_an_alarm(fake: FakeZalo, zalo: ZaloOA, store: Store) -> None:
    fake.faults.next("access_token", Fault.BROKEN)
    fake.later(timedelta(days=61))
    await zalo.grant.keep_alive()
    assert await alarms(fake, store) == {"renewal", "old_grant"}


async def test_who_was_never_connected_is_told(fake: FakeZalo, store: Store) -> None:
    zalo = channel_of(fake, store)
    await zalo.grant.keep_alive()
    await zalo.stop()
    assert await alarms(fake, store) == {"grant"}


def permission(fake: FakeZalo, key: bytes = b"k") -> Permission:
    app = App(fake.app.app_id, fake.app.oa_id, fake.app.app_secret, fake.url)
    return Permission(app, key, CALLBACK)


async def agreed(address: str) -> dict[str, str]:
    """Do what the administrator's browser does, up to the address that it is sent on to."""
    asked = urlsplit(address)
    form = {name: values[0] for name, values in parse_qs(asked.query).items()}
    async with aiohttp.ClientSession() as session:
        place = asked._replace(query="").geturl()
        async with session.post(place, data=form, allow_redirects=False) as answer:
            onward = urlsplit(answer.headers["Location"])
    return {name: values[0] for name, values in parse_qs(onward.query).items()}


async def test_the_first_grant(fake: FakeZalo, store: Store) -> None:
    zalo, asked = channel_of(fake, store), permission(fake)
    back = await agreed(asked.address(fake.clock()))
    assert asked.is_ours(back["state"], back["oa_id"], fake.clock())

    await zalo.grant.connect(back["code"], asked.verifier(back["state"]))

    fake.oauth.check(await zalo.grant.token())
    with pytest.raises(NotGranted):
        await zalo.grant.connect(back["code"], asked.verifier(back["state"]))
    await zalo.stop()


async def test_a_state_that_is_not_ours_is_refused(fake: FakeZalo) -> None:
    back = await agreed(permission(fake).address(fake.clock()))
    state, account, now = back["state"], back["oa_id"], fake.clock()
    assert not permission(fake, b"another").is_ours(state, account, now)
    assert not permission(fake).is_ours(state, "999", now)
    assert not permission(fake).is_ours(state, account, now + GRANTING)
    assert not permission(fake).is_ours("x.1.y.z", account, now)
    assert not permission(fake).is_ours("", account, now)


async def test_a_code_without_its_proof_is_worth_nothing(fake: FakeZalo, store: Store) -> None:
    zalo = channel_of(fake, store)
    back = await agreed(permission(fake).address(fake.clock()))
    with pytest.raises(NotGranted) as refused:
        await zalo.grant.connect(back["code"], permission(fake, b"another").verifier(back["state"]))
    await zalo.stop()
    assert fake.app.app_secret not in "".join(traceback.format_exception(refused.value))
