"""The whole way of a message in Telegram: from bà Lan to An of the unit, and back into the same chat."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.simulator.telegram import FakeTelegram
from tests.e2e.chat import DAY, Chat, code_in
from tests.e2e.inside import MODES, by_telegram, inside
from tests.e2e.officer import Officer, issued_link, link_for, printed_link
from tests.e2e.waiting import until
from tests.process import ServiceProcess

LAN, MINH = 1001, 1002
REPORT = "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có."
ANSWER = "Cục đã yêu cầu Ủy ban nhân dân xã chi trả trước ngày 15. Căn cứ: Nghị định số 161/2026/NĐ-CP."
UNIT = "Cục Tiền lương và Bảo hiểm xã hội"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40
STARS = [
    "1. Rất không hài lòng",
    "2. Không hài lòng",
    "3. Bình thường",
    "4. Hài lòng",
    "5. Rất hài lòng",
]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.mark.parametrize("mode", MODES)
async def test_a_report_goes_all_the_way_and_back(
    mode: str, url: str, tmp_path: Path, telegram: FakeTelegram
) -> None:
    async with inside(tmp_path, database_url=url, **by_telegram(telegram, mode)) as service:
        chat = Chat(telegram, telegram.person(LAN), service.url)
        async with Officer(service.url) as an:
            await _story(chat, an, link_for(service.key, "an"))
        assert [command["command"] for command in telegram.commands({"type": "all_private_chats"})[""]][
            :2
        ] == ["start", "hoi"]


async def test_polling_and_webhook_lead_the_same_conversation(tmp_path: Path, telegram: FakeTelegram) -> None:
    told = [await _told_by_a_process(mode, tmp_path / mode, telegram) for mode in MODES]
    assert told[0] == told[1]
    assert len(told[0]) >= 30


async def _told_by_a_process(mode: str, folder: Path, telegram: FakeTelegram) -> list[str]:
    folder.mkdir()
    settings = {name: str(value) for name, value in by_telegram(telegram, mode).items() if name != "port"}
    service_is_public = mode == "webhook"
    if service_is_public:
        settings["public_url"] = "{url}"
    service = ServiceProcess(folder, **settings)
    chat = Chat(telegram, telegram.person(LAN + MODES.index(mode)), service.url)
    async with service, Officer(service.url) as an:
        link = issued_link(folder, "an") if service_is_public else printed_link(service.output, "an")
        await _story(chat, an, await link)
        assert await service.stop() == 0
    assert "Traceback" not in service.log.read_text("utf-8")
    return chat.transcript


async def _story(chat: Chat, an: Officer, link: str) -> None:
    await _gets_an_answer(chat)
    code, day = await _files_a_report(chat)
    assert code in await an.signs_in(link)
    await _is_answered(chat, an, code, day)
    await _rates(chat)
    page = await an.opens(f"/desk/cases/{code}")
    assert "Người dân chấm 5/5" in page
    assert "Trả lời nhanh, xin cảm ơn." in page


async def _gets_an_answer(chat: Chat) -> None:
    (greeting,) = await chat.says("/start")
    assert greeting.text.startswith("Kính chào Ông/Bà.")
    (answer,) = await chat.says("luong co so hien nay la bao nhieu")
    assert "2.530.000 đồng/tháng" in answer.text
    assert "Căn cứ:\n• Điều 3, Nghị định" in answer.text
    assert "161/2026/NĐ-CP" in answer.text


async def _files_a_report(chat: Chat) -> tuple[str, str]:
    """Return the code and the promised day."""
    await _reaches_the_files(chat)
    (kept,) = await chat.sends_photo(PHOTO)
    assert kept.text.startswith("Đã nhận 1/10 tệp.")
    await chat.presses("1. Xong")
    (review,) = await chat.presses("1. Ẩn danh")
    assert REPORT in review.text
    (done,) = await chat.presses("1. Gửi")
    assert f"Đơn vị xử lý: {UNIT}" in done.text
    found = DAY.search(done.text)
    assert found, done.text
    return code_in(done), found[0]


async def _reaches_the_files(chat: Chat) -> None:
    (offer,) = await chat.says(REPORT)
    assert offer.buttons[0][0] == "1. Gửi: Phản ánh"
    (consent,) = await chat.presses("1. Gửi: Phản ánh")
    assert consent.buttons == (("1. Đồng ý", "consent:yes"), ("2. Không đồng ý", "consent:no"))
    await chat.presses("1. Đồng ý")
    (place,) = await chat.says("Người dân")
    assert place.text.startswith("Việc này ở đâu?")
    (files,) = await chat.says("Xã Hòa Bình, tỉnh Phú Thọ")
    assert files.text.startswith("Ông/Bà có ảnh hoặc tệp kèm theo không?")


async def _is_answered(chat: Chat, an: Officer, code: str, day: str) -> None:
    page = await an.opens(f"/desk/cases/{code}")
    assert REPORT in page
    assert day in page
    assert "Xã Hòa Bình, tỉnh Phú Thọ" in page
    await an.does("accept", code)
    (accepted,) = await chat.hears()
    assert accepted.text == f"Mã {code}: {UNIT} đã nhận xử lý. Hẹn trả lời Ông/Bà chậm nhất ngày {day}."
    preview = await an.does("preview", code, text=ANSWER)
    assert ANSWER in preview
    assert await chat.hears() == []
    await an.goes_on("answer", code, text=ANSWER)
    (answer,) = await chat.hears()
    assert answer.text.startswith(f"Mã {code} đã có trả lời của {UNIT}:\n\n{ANSWER}")
    assert " ".join(answer.text.split()) in preview
    assert [label for label, _ in answer.buttons] == STARS
    assert chat.words_of(answer.reply_to) == REPORT
    assert "Tin báo người dân: Đã gửi" in await an.opens(f"/desk/cases/{code}")


async def _rates(chat: Chat) -> None:
    (thanks,) = await chat.presses("5. Rất hài lòng")
    assert thanks.text.startswith("Cảm ơn Ông/Bà đã chấm 5/5.")
    (kept,) = await chat.says("Trả lời nhanh, xin cảm ơn.")
    assert kept.text == "Cảm ơn Ông/Bà. Ý kiến đã được chuyển đến đơn vị."
    (already,) = await chat.presses("4. Hài lòng")
    assert already.text == "Ông/Bà đã chấm điểm cho hồ sơ này rồi. Xin cảm ơn."


async def test_a_photo_from_telegram_can_be_downloaded_at_the_desk(
    url: str, tmp_path: Path, telegram: FakeTelegram
) -> None:
    async with inside(tmp_path, database_url=url, **by_telegram(telegram, "polling")) as service:
        chat = Chat(telegram, telegram.person(LAN), service.url)
        code, _ = await _files_a_report(chat)
        async with Officer(service.url) as an:
            await an.signs_in(link_for(service.key, "an"))
            page = f"/desk/cases/{code}"

            async def is_fetched() -> bool:
                return "Đang tải về từ kênh nhắn tin" not in await an.opens(page)

            await until(is_fetched)
            assert await an.downloads(page) == ("image/jpeg", PHOTO)


async def test_the_timeline_says_that_a_citizen_who_blocked_the_bot_cannot_be_reached(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    async with inside(tmp_path, **by_telegram(telegram, "polling")) as service:
        lan = telegram.person(LAN)
        chat = Chat(telegram, lan, service.url)
        code, _ = await _files_a_report(chat)
        await lan.blocks()
        async with Officer(service.url) as an:
            await an.signs_in(link_for(service.key, "an"))
            await an.does("answer", code, text=ANSWER)
            assert await chat.hears() == []
            page = await an.opens(f"/desk/cases/{code}")
    assert "Tin báo người dân: Không gửi được" in page
    assert "Không gửi được tin cho người dân" in page


async def test_a_link_with_a_code_shows_the_status_and_not_the_content(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    async with inside(tmp_path, **by_telegram(telegram, "webhook")) as service:
        lan = Chat(telegram, telegram.person(LAN), service.url)
        minh = Chat(telegram, telegram.person(MINH, "Minh"), service.url)
        code, _ = await _files_a_report(lan)
        (status,) = await minh.says(f"/start tracuu_{code}")
    assert status.text.startswith(f"Mã {code} · Phản ánh")
    assert "đã chuyển đến đơn vị, chờ nhận xử lý" in status.text
    assert "lương cơ sở" not in status.text
    assert status.buttons == (("1. Về đầu", "menu:start"),)


async def test_a_button_pressed_twice_files_one_case(tmp_path: Path, telegram: FakeTelegram) -> None:
    async with inside(tmp_path, **by_telegram(telegram, "polling")) as service:
        chat = Chat(telegram, telegram.person(LAN), service.url)
        await _reaches_the_files(chat)
        await chat.presses("1. Bỏ qua")
        await chat.presses("1. Ẩn danh")
        done, stale = await chat.presses("1. Gửi", times=2)
        assert code_in(done)
        assert stale.text == "Lựa chọn này không còn dùng được nữa."
        yours, _ = await chat.says("/tracuu")
        assert yours.text.count("Phản ánh") == 1
        presses = telegram.calls("answerCallbackQuery")
    assert len(presses) == len({press["callback_query_id"] for press in presses}) >= 6


async def test_an_intake_goes_on_after_a_restart(url: str, tmp_path: Path, telegram: FakeTelegram) -> None:
    async with inside(tmp_path, database_url=url, **by_telegram(telegram, "polling")) as service:
        chat = Chat(telegram, telegram.person(LAN), service.url)
        await _reaches_the_files(chat)
    await telegram.person(LAN).sends_photo(PHOTO)
    await asyncio.sleep(0)
    async with inside(tmp_path, database_url=url, **by_telegram(telegram, "webhook")) as service:
        (kept,) = await chat.goes_on_at(service.url).hears()
        assert kept.text.startswith("Đã nhận 1/10 tệp.")
        await chat.presses("1. Xong")
        (review,) = await chat.presses("1. Ẩn danh")
        assert REPORT in review.text
        assert "Xã Hòa Bình, tỉnh Phú Thọ" in review.text
        (done,) = await chat.presses("1. Gửi")
    assert code_in(done)
