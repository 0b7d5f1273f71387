"""The desk's page about the Telegram groups."""

import re
from datetime import datetime

import pytest

from feedback.messages import Address
from handlers.actions import accounts
from storage.groups import Group, Link, Refusal
from tests.handlers.desk.office import SECRET, Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
PAGE = "/desk/telegram"


async def bind(office: Office, unit: str = "TL-BHXH", number: int = 1, wrong: str = "") -> None:
    address = Address("telegram", "1", f"-100{number}")
    at = office.clock.now
    async with office.store.begin(at) as tx:
        group = Group(number, unit, address, forum=True, topics=True, bound_by="an", bound_at=at)
        tx.groups.bind(group)
        tx.groups.change(group, wrong=wrong)


async def link(office: Office, officer: str) -> None:
    async with office.store.begin(office.clock.now) as tx:
        await tx.groups.link(Link(officer, "telegram", "1", f"p-{officer}", office.clock.now))


async def test_the_link_is_the_officers_own(office: Office, an: Browser, now: datetime) -> None:
    await an.get(PAGE)
    page = await (await an.post(f"{PAGE}/link")).text()
    found = re.search(r'href="https://t\.me/caunoi_bot\?start=canbo_([\w-]+)"', page)
    assert found
    claim = accounts.read(SECRET, found[1], office.library.office.staff, now)
    assert claim
    assert claim.officer.id == "an"
    assert "Chưa nối" in page
    assert "canbo_" not in await an.read(PAGE)


async def test_it_can_be_undone(office: Office, an: Browser) -> None:
    await link(office, "an")
    assert "Đã nối từ" in await an.read(PAGE)
    assert (await an.post(f"{PAGE}/unlink")).status == 303
    assert "Đã bỏ nối Telegram" in await an.read(f"{PAGE}?done=unlink")
    async with office.store.look(office.clock.now) as tx:
        assert await tx.groups.links() == []


async def test_an_officer_sees_the_own_unit_and_the_router_all(
    office: Office, an: Browser, binh: Browser
) -> None:
    await bind(office)
    await bind(office, "CCVC", 2)
    await link(office, "cuong")
    async with office.store.begin(office.clock.now) as tx:
        tx.groups.refuse(Refusal(tx.now, "CCVC", "6666", "", "", "press close", "stranger"))
    mine, all_ = await an.read(PAGE), await binh.read(PAGE)
    for word in ("Vụ Công chức", "Phạm Quốc Cường", "người lạ (6666)"):
        assert (word in mine, word in all_) == (False, True)
    assert "Cục Tiền lương" in mine


async def test_what_is_wrong_is_told_to_those_who_look_after_it(
    office: Office, an: Browser, binh: Browser
) -> None:
    await bind(office, wrong="outside")
    assert "Bot không còn ở trong nhóm" in await an.read(PAGE)
    assert "Có 1 nhóm Telegram cần sửa" in await binh.read("/desk")
    assert "nhóm Telegram cần sửa" not in await an.read("/desk")


async def test_the_router_takes_a_group_from_its_unit(office: Office, an: Browser, binh: Browser) -> None:
    await bind(office)
    await an.get(PAGE)
    assert (await an.post(f"{PAGE}/forget", group="1")).status == 404
    assert "Bỏ nhóm" in await binh.read(PAGE)
    assert (await binh.post(f"{PAGE}/forget", group="x")).status == 404
    assert (await binh.post(f"{PAGE}/forget", group="1")).status == 303
    assert "Chưa đơn vị nào có nhóm" in await binh.read(PAGE)
