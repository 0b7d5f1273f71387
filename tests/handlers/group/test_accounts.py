"""How an officer shows which account is theirs: by a link that is signed, short-lived, and used once."""

import re
from datetime import datetime, timedelta

import pytest

from feedback.messages import Incoming
from feedback.staff import Officer, Role
from handlers.actions import accounts
from handlers.desk import links
from handlers.group import handle, takes
from handlers.library import Library
from storage.store import Store

SECRET = b"a secret of the tests"
AN = Officer("an", "Nguyễn Thị An", "TL-BHXH", Role.OFFICER)
BINH = Officer("binh", "Trần Văn Bình", "VP", Role.ROUTER)
STAFF = (BINH, AN)


def link(now: datetime, officer: str = "an") -> str:
    return accounts.make(SECRET, officer, now + accounts.LIFETIME)


def start(token: str, now: datetime, person: str = "2001") -> Incoming:
    return Incoming("telegram", "1", f"e{token}{person}", person, person, now, text=f"/start canbo_{token}")


async def opens(store: Store, library: Library, message: Incoming) -> str:
    async with store.begin(message.at) as tx:
        await handle(message, tx, library, SECRET)
    async with store.begin(message.at) as tx:
        item = (await tx.outbox.claim("telegram", "1", 9))[-1]
        tx.outbox.sent(item, "1")
    return item.message.text


async def officer_of(store: Store, now: datetime, person: str = "2001") -> str:
    async with store.look(now) as tx:
        return await tx.groups.officer_of("telegram", "1", person)


def test_a_link_fits_into_what_telegram_takes(now: datetime) -> None:
    longest = accounts.START + accounts.make(SECRET, "x" * 40, now)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", longest)


def test_a_link_names_its_officer_by_its_signature_only(now: datetime) -> None:
    claim = accounts.read(SECRET, link(now), STAFF, now)
    assert claim
    assert claim.officer == AN
    assert "an" not in link(now).lower().split("-")
    assert accounts.read(SECRET, link(now), [BINH], now) is None
    assert accounts.read(b"another secret", link(now), STAFF, now) is None
    assert accounts.read(SECRET, link(now), STAFF, now + accounts.LIFETIME) is None


@pytest.mark.parametrize("change", [0, 6, 12, 30, -1])
def test_a_changed_link_is_none(now: datetime, change: int) -> None:
    token = link(now)
    other = "B" if token[change] != "B" else "C"
    changed = token[:change] + other + token[change:][1:] if change >= 0 else token[:-1] + other
    assert changed == token or accounts.read(SECRET, changed, STAFF, now) is None


@pytest.mark.parametrize("token", ["", "x", "ệ", "A" * 42, "=" * 44, "A" * 5000])
def test_nonsense_is_none(now: datetime, token: str) -> None:
    assert accounts.read(SECRET, token, STAFF, now) is None


def test_links_for_signing_in_and_for_accounts_are_not_the_same(now: datetime) -> None:
    assert accounts.read(SECRET, links.make(SECRET, "an", now + links.LIFETIME), STAFF, now) is None
    assert links.read(SECRET, link(now), now) is None


async def test_a_link_works_once_and_the_last_account_counts(
    store: Store, library: Library, now: datetime
) -> None:
    token = link(now)
    assert "Đã nối tài khoản này với Nguyễn Thị An" in await opens(store, library, start(token, now))
    assert await officer_of(store, now) == "an"
    assert "đã dùng rồi" in await opens(store, library, start(token, now, "6666"))
    assert await officer_of(store, now, "6666") == ""
    await opens(store, library, start(link(now), now, "2009"))
    assert (await officer_of(store, now), await officer_of(store, now, "2009")) == ("", "an")
    await opens(store, library, start(link(now, "binh"), now, "2009"))
    assert await officer_of(store, now, "2009") == "binh"


async def test_an_old_link_links_nobody(store: Store, library: Library, now: datetime) -> None:
    late = start(link(now), now + accounts.LIFETIME + timedelta(seconds=1))
    assert "quá 10 phút" in await opens(store, library, late)
    assert await officer_of(store, now) == ""


def test_all_else_that_an_officer_writes_to_us_alone_is_a_citizens(now: datetime) -> None:
    assert takes(start(link(now), now))
    for text in ("/start", "/start tracuu_7K3F9-Q2M4R", "canbo_x", "/canbo", "/noi", "/homnay"):
        assert not takes(Incoming("telegram", "1", "e", "2001", "2001", now, text=text))
