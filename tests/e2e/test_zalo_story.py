"""The whole way of a message in Zalo: from bà Lan to An of the unit, and back, even when it is too late."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import service as running_service
from bot.settings import Settings
from bot.simulator.zalo import FakeZalo
from bot.zalo_oa import PATH, permission_of
from tests.channels.zalo_oa.test_oauth import agreed
from tests.e2e.chat import CODE
from tests.e2e.command import caunoi
from tests.e2e.inside import SECRET, Running, inside
from tests.e2e.officer import Officer, link_for
from tests.e2e.waiting import until
from tests.e2e.zalo_chat import ZaloChat
from tests.process import free_port

REPORT = "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có."
ANSWER = "Cục đã yêu cầu Ủy ban nhân dân xã chi trả trước ngày 15."
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40


@pytest.fixture
async def zalo(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeZalo]:
    """A fake Zalo whose clock is also that of the service."""
    async with FakeZalo() as fake:
        monkeypatch.setattr(running_service, "now", fake.clock)
        yield fake


def by_oa(zalo: FakeZalo) -> dict[str, Any]:
    port = free_port()
    return {
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "zalo_oa_id": zalo.app.oa_id,
        "zalo_app_id": zalo.app.app_id,
        "zalo_app_secret": zalo.app.app_secret,
        "zalo_webhook_secret": zalo.app.oa_secret,
        "zalo_api_url": zalo.url,
        "zalo_oauth_url": zalo.url,
        "zalo_media_hosts": "127.0.0.1",
    }


@asynccontextmanager
async def connected(folder: Path, zalo: FakeZalo, **more: Any) -> AsyncIterator[Running]:  # noqa: ANN401
    """The service after the administrator has done all that docs/how-to/zalo.md tells them to do."""
    settings = by_oa(zalo) | more
    async with inside(folder, **settings) as service:
        asked = permission_of(Settings(_env_file=None, **settings), service.key)  # type: ignore[call-arg]
        back = await agreed(asked.address(zalo.clock()))
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{service.url}{PATH}/granted", params=back) as answer,
        ):
            assert "Đã nối Zalo Official Account" in await answer.text()
        await zalo.oa.set_webhook(service.url + PATH)
        yield service


async def files_a_report(chat: ZaloChat, *, photo: bool = False) -> str:
    person: Any = chat.person
    (offer,) = await chat.says(REPORT)
    assert offer.buttons[0].title == "1. Gửi: Phản ánh"
    await chat.does(person.presses("1. Gửi: Phản ánh"))
    await chat.does(person.presses("1. Đồng ý"))
    await chat.says("Người dân")
    await chat.says("Xã Hòa Bình, tỉnh Phú Thọ")
    if photo:
        (kept,) = await chat.does(person.sends_image(PHOTO))
        assert kept.text.startswith("Đã nhận 1/10 tệp.")
        await chat.does(person.presses("1. Xong"))
    else:
        await chat.does(person.presses("1. Bỏ qua"))
    (review,) = await chat.does(person.presses("1. Ẩn danh"))
    assert REPORT in review.text
    (done,) = await chat.does(person.presses("1. Gửi"))
    found = CODE.search(done.text)
    assert found, done.text
    return found[0]


async def test_a_report_goes_all_the_way_and_back(url: str, tmp_path: Path, zalo: FakeZalo) -> None:
    async with connected(tmp_path, zalo, database_url=url) as service:
        lan = zalo.oa.person()
        chat = ZaloChat(zalo, lan, service.url)
        (greeting,) = await chat.does(lan.follows())
        assert greeting.text.startswith("Kính chào Ông/Bà.")
        (answer,) = await chat.says("luong co so hien nay la bao nhieu")
        assert "2.530.000 đồng/tháng" in answer.text
        code = await files_a_report(chat, photo=True)
        async with Officer(service.url) as an:
            await an.signs_in(link_for(service.key, "an", timedelta(days=1)))
            page = f"/desk/cases/{code}"

            async def is_fetched() -> bool:
                return "Đang tải về từ kênh nhắn tin" not in await an.opens(page)

            await until(is_fetched)
            assert await an.downloads(page) == ("image/jpeg", PHOTO)
            assert "Còn liên lạc được đến" in await an.opens(page)
            await an.does("accept", code)
            await chat.hears()
            await an.does("preview", code, text=ANSWER)
            await an.goes_on("answer", code, text=ANSWER)
            (answered,) = await chat.hears()
            assert ANSWER in answered.text
            assert len(answered.buttons) == 5
            (thanks,) = await chat.does(lan.presses("5. Rất hài lòng"))
            assert thanks.text.startswith("Cảm ơn Ông/Bà đã chấm 5/5.")
            assert "Người dân chấm 5/5" in await an.opens(page)
        async with aiohttp.ClientSession() as session, session.get(f"{service.url}/healthz") as health:
            assert "alarms" not in await health.json()


async def test_an_answer_that_comes_too_late_leaves_when_the_person_writes_again(
    url: str, tmp_path: Path, zalo: FakeZalo
) -> None:
    async with connected(tmp_path, zalo, database_url=url) as service:
        lan = zalo.oa.person()
        chat = ZaloChat(zalo, lan, service.url)
        await chat.does(lan.follows())
        code = await files_a_report(chat)
        zalo.later(timedelta(days=8))
        async with Officer(service.url) as an:
            await an.signs_in(signed(service, "an", zalo))
            page = await an.opens(f"/desk/cases/{code}")
            assert "Đã hết hạn gửi tin: câu trả lời sẽ gửi khi người dân nhắn lại" in page
            await an.does("preview", code, text=ANSWER)
            await an.goes_on("answer", code, text=ANSWER)

            async def is_held() -> bool:
                return "Chờ người dân nhắn lại, khi đó tự gửi" in await an.opens(f"/desk/cases/{code}")

            await until(is_held)
            assert await chat.hears() == []
            heard = await chat.says("cảm ơn")
            heard += await released(chat, ANSWER, heard)
            assert sum(ANSWER in sent.text for sent in heard) == 1
            assert "Tin báo người dân: Đã gửi" in await an.opens(f"/desk/cases/{code}")


def signed(service: Running, officer: str, zalo: FakeZalo) -> str:
    """Return a link that is good at the clock of this story."""
    ahead: timedelta = zalo.clock() - datetime.now(zalo.clock().tzinfo)  # noqa: TID251
    return link_for(service.key, officer, ahead + timedelta(minutes=5))


async def released(chat: ZaloChat, text: str, heard: list[Any]) -> list[Any]:
    """What was held is due from the sender's next look on."""
    more: list[Any] = []

    async def came() -> bool:
        more.extend(await chat.hears())
        return any(text in sent.text for sent in (*heard, *more))

    await until(came)
    return more


async def test_who_answers_by_hand_is_not_talked_over(tmp_path: Path, zalo: FakeZalo) -> None:
    async with connected(tmp_path, zalo) as service:
        lan = zalo.oa.person()
        chat = ZaloChat(zalo, lan, service.url)
        await chat.does(lan.follows())
        (by_hand,) = await chat.does(_writes(zalo, lan, "Tôi là Bình, xin nghe bà."))
        assert by_hand.officer
        assert await chat.says("luong co so hien nay la bao nhieu") == []
        assert len(await chat.says("/menu")) == 1


async def _writes(zalo: FakeZalo, person: Any, text: str) -> None:  # noqa: ANN401
    zalo.oa.writes(person, text)


async def test_who_withdraws_is_forgotten_and_the_unit_sees_it(tmp_path: Path, zalo: FakeZalo) -> None:
    async with connected(tmp_path, zalo) as service:
        lan = zalo.oa.person()
        chat = ZaloChat(zalo, lan, service.url)
        await chat.does(lan.follows())
        code = await files_a_report(chat)
        assert await chat.does(lan.withdraws()) == []
        async with Officer(service.url) as an:
            await an.signs_in(signed(service, "an", zalo))
            page = await an.opens(f"/desk/cases/{code}")
            assert "Người dân rút lại dữ liệu cá nhân" in page
            assert "Không còn địa chỉ để gửi tin" in page
            await an.does("accept", code)
        assert await chat.hears() == []
    assert not (tmp_path / "data" / "caunoi.db-wal").exists()
    assert lan.id.encode() not in (tmp_path / "data" / "caunoi.db").read_bytes()


async def test_the_command_prints_an_address_that_the_administrator_can_use(
    tmp_path: Path, zalo: FakeZalo
) -> None:
    given = {name: str(value) for name, value in by_oa(zalo).items()}
    printed = await caunoi("zalo", "connect", folder=tmp_path, **given)
    assert printed.code == 0, printed.err
    back = await agreed(printed.out.strip())
    assert back["oa_id"] == zalo.app.oa_id
    assert f"{given['public_url']}{PATH}/granted" in printed.err
    for secret in (zalo.app.app_secret, zalo.app.oa_secret):
        assert secret not in printed.out + printed.err


async def test_a_lost_grant_is_told_at_the_desk_and_to_the_monitoring(tmp_path: Path, zalo: FakeZalo) -> None:
    async with inside(tmp_path, **by_oa(zalo)) as service:

        async def told() -> bool:
            async with aiohttp.ClientSession() as session, session.get(f"{service.url}/healthz") as health:
                return bool((await health.json()).get("alarms") == ["zalo_oa:grant"])

        await until(told)
        async with Officer(service.url) as binh:
            page = await binh.signs_in(signed(service, "binh", zalo))
            assert "Xin người quản trị nối lại bằng lệnh caunoi zalo connect" in page
        async with Officer(service.url) as an:
            assert "caunoi zalo connect" not in await an.signs_in(signed(service, "an", zalo))


@pytest.mark.parametrize("mode", ["polling", "webhook wrapped", "webhook flat"])
async def test_the_bot_leads_the_same_conversation(mode: str, tmp_path: Path, zalo: FakeZalo) -> None:
    zalo.bot.updates.wrapped = mode != "webhook flat"
    settings: dict[str, Any] = {
        "zalo_bot_token": zalo.app.bot_token,
        "zalo_bot_api_url": zalo.url,
        "zalo_media_hosts": "127.0.0.1",
    }
    if mode != "polling":
        port = free_port()
        hook = {"port": port, "public_url": f"http://127.0.0.1:{port}", "zalo_bot_secret": SECRET}
        settings |= hook
    async with inside(tmp_path, **settings) as service:
        if mode != "polling":
            await zalo.called("setWebhook")
        lan = zalo.bot.person()
        chat = ZaloChat(zalo, lan, service.url, polls=mode == "polling")
        (greeting,) = await chat.says("/start")
        assert greeting.text.endswith("4. English")
        assert greeting.buttons == ()
        (voice,) = await chat.does(lan.sends_voice(b"x"))
        assert (
            voice.text
            == "Tôi chỉ nhận được chữ, ảnh, tệp, ghi âm, video và vị trí. Xin Ông/Bà viết bằng chữ."
        )
        (offer,) = await chat.says(REPORT)
        assert re.search(r"^1\. Gửi: Phản ánh$", offer.text, re.MULTILINE)
        for typed in ("1", "1", "1", "Xã Hòa Bình"):
            await chat.says(typed)
        (kept,) = await chat.does(lan.sends_image(PHOTO))
        assert kept.text.startswith("Đã nhận 1/10 tệp.")
        for typed in ("1", "1"):
            await chat.says(typed)
        (done,) = await chat.says("1")
        assert CODE.search(done.text), done.text
