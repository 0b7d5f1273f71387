"""The whole way of a message in a real browser: what bà Lan sees on her phone, and An at her desk."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.e2e.chat import CODE
from tests.e2e.officer import printed_link
from tests.e2e.pages import DESKTOP, PHONE, Window, chromium, window
from tests.process import ServiceProcess

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
QUESTION = "luong co so hien nay la bao nhieu"
AMOUNT = "2.530.000 đồng/tháng"
REPORT = "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có."
ANSWER = "Cục đã yêu cầu Ủy ban nhân dân xã chi trả trước ngày 15. Căn cứ: Nghị định số 161/2026/NĐ-CP."
UNIT = "Cục Tiền lương và Bảo hiểm xã hội"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceProcess]:
    async with ServiceProcess(tmp_path_factory.mktemp("service")) as process:
        yield process
    assert "Traceback" not in process.log.read_text("utf-8")


async def test_a_report_goes_all_the_way_and_back(browser: Browser, service: ServiceProcess) -> None:
    async with (
        window(browser, service.url, PHONE) as lan,
        window(browser, service.url, DESKTOP) as an,
    ):
        await _gets_an_answer(lan)
        code = await _files_a_report(lan)
        await lan.page.evaluate("window.isTheSamePage = true")
        await _is_answered(lan, an, code, await printed_link(service.output, "an"))
        await _rates(lan, an)
        assert await lan.page.evaluate("window.isTheSamePage")
        await _reloads(lan)


async def _gets_an_answer(lan: Window) -> None:
    await lan.opens()
    await expect(_said(lan).first).to_contain_text("Kính chào Ông/Bà.")
    await expect(lan.page.locator("#state")).to_be_empty()
    await expect(lan.page.get_by_text("Đây là hệ thống trả lời tự động")).to_be_in_viewport()
    await lan.shows("citizen-1-greeting")
    await _writes(lan, QUESTION)
    await expect(_said(lan).last).to_contain_text(AMOUNT)
    await expect(_said(lan).last).to_contain_text("Nghị định quy định mức lương cơ sở")
    await expect(_mine(lan).last).to_contain_text("đã gửi")
    await lan.shows("citizen-2-answer")


async def _files_a_report(lan: Window) -> str:
    await _writes(lan, REPORT)
    await _presses(lan, "1. Gửi: Phản ánh")
    await expect(_said(lan).last).to_contain_text("Trước khi gửi, xin Ông/Bà đọc")
    await lan.shows("citizen-3-consent")
    await _presses(lan, "1. Đồng ý")
    await _presses(lan, "1. Người dân")
    await expect(_said(lan).last).to_contain_text("Việc này ở đâu?")
    await _writes(lan, "Xã Hòa Bình, tỉnh Phú Thọ")
    await expect(_said(lan).last).to_contain_text("Ông/Bà có ảnh hoặc tệp kèm theo không?")
    await _sends_a_photo(lan)
    await _presses(lan, "1. Xong")
    await _presses(lan, "1. Ẩn danh")
    await expect(_said(lan).last).to_contain_text(REPORT)
    await lan.shows("citizen-5-review")
    await _presses(lan, "1. Gửi")
    await expect(_said(lan).last).to_contain_text("Đã tiếp nhận nội dung của Ông/Bà.")
    await expect(_said(lan).last).to_contain_text(f"Đơn vị xử lý: {UNIT}")
    await lan.shows("citizen-6-code")
    found = CODE.search(await _said(lan).last.inner_text())
    assert found
    return found[0]


async def _sends_a_photo(lan: Window) -> None:
    photo = await lan.page.screenshot()
    file = {"name": "bảng lương.png", "mimeType": "image/png", "buffer": photo}
    await lan.page.locator("#pick").set_input_files(file)  # type: ignore[arg-type]
    await expect(lan.page.locator("#files li")).to_contain_text("bảng lương.png")
    await lan.page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(_said(lan).last).to_contain_text("Đã nhận 1/10 tệp.")
    await expect(_mine(lan).last.locator("img")).to_be_visible()
    await lan.shows("citizen-4-photo")


async def _is_answered(lan: Window, an: Window, code: str, link: str) -> None:
    await an.opens(link)
    await an.shows("desk-1-sign-in")
    await an.page.get_by_role("button", name="Đăng nhập").click()
    await expect(an.page.get_by_role("heading", name="Hồ sơ", exact=True)).to_be_visible()
    await an.shows("desk-2-list")
    await an.page.get_by_role("link", name=code).click()
    await expect(an.page.get_by_text(REPORT)).to_be_visible()
    await an.shows("desk-3-case")
    await an.page.get_by_role("button", name="Nhận xử lý").click()
    await expect(an.page.get_by_role("status")).to_contain_text("Đã nhận xử lý.")
    await expect(_said(lan).last).to_contain_text(f"Mã {code}: {UNIT} đã nhận xử lý.")
    await an.page.get_by_label("Câu trả lời", exact=True).fill(ANSWER)
    await an.shows("desk-4-writing")
    await an.page.get_by_role("button", name="Xem trước khi gửi").click()
    await expect(an.page.locator(".bubble")).to_contain_text(ANSWER)
    await an.shows("desk-5-preview")
    await an.page.get_by_role("button", name="Gửi câu trả lời").click()
    await expect(an.page.get_by_role("status")).to_contain_text("Đã gửi câu trả lời.")


async def _rates(lan: Window, an: Window) -> None:
    answer = _said(lan).last
    await expect(answer).to_contain_text(ANSWER)
    await lan.shows("citizen-7-news")
    await _goes_to_the_news(lan)
    await expect(answer.get_by_text(ANSWER)).to_be_in_viewport()
    await expect(answer.locator(".quote")).to_contain_text(REPORT)
    await lan.shows("citizen-8-reply")
    await _presses(lan, "5. Rất hài lòng")
    await expect(_said(lan).last).to_contain_text("Cảm ơn Ông/Bà đã chấm 5/5.")
    await _writes(lan, "Trả lời nhanh, xin cảm ơn.")
    await expect(_said(lan).last).to_contain_text("Ý kiến đã được chuyển đến đơn vị.")
    await lan.shows("citizen-9-rated")
    await an.page.reload()
    await expect(an.page.get_by_text("Người dân chấm 5/5")).to_be_visible()
    await expect(an.page.get_by_text("Trả lời nhanh, xin cảm ơn.")).to_be_visible()
    async with an.page.expect_download() as download:
        await an.page.get_by_role("link", name="Tải về: Tệp 1").click()
    name = (await download.value).suggested_filename
    assert name.endswith(".png")
    assert "lương" not in name  # a name that an anonymous person gave may be theirs
    await an.shows("desk-6-rated")


async def _goes_to_the_news(lan: Window) -> None:
    news = lan.page.get_by_role("button", name="Xuống tin mới nhất")
    await expect(news).to_be_in_viewport()
    shape = await news.bounding_box()
    assert shape
    assert shape["width"] > 150, "only an arrow: the words are for screen readers"
    await news.click()


async def _reloads(lan: Window) -> None:
    before = await _conversation(lan)
    await lan.page.reload()
    await expect(lan.page.locator("#log .line")).to_have_count(len(before))
    assert await _conversation(lan) == before
    await _presses(lan, "4. Hài lòng")
    await expect(_said(lan).last).to_contain_text("Ông/Bà đã chấm điểm cho hồ sơ này rồi.")


async def test_what_is_written_offline_is_sent_once_when_the_network_is_back(
    browser: Browser, service: ServiceProcess
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await lan.opens()
        await expect(_said(lan)).to_have_count(1)
        await lan.context.set_offline(offline=True)
        await _writes(lan, "/khongco")
        await _writes(lan, QUESTION)
        await expect(_mine(lan).filter(has_text="đang gửi…")).to_have_count(2)
        await expect(lan.page.locator("#state")).to_contain_text("Đang kết nối lại…")
        await lan.shows("citizen-10-offline")
        await lan.context.set_offline(offline=False)
        await expect(_said(lan).last).to_contain_text(AMOUNT)
        await _is_whole(lan, ["Tôi chưa hiểu lệnh này.", AMOUNT])


async def test_while_the_service_is_killed_and_started_again_nothing_is_lost_and_nothing_doubled(
    browser: Browser, service: ServiceProcess
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await lan.opens()
        await expect(_said(lan)).to_have_count(1)
        await service.kill()
        await _writes(lan, "/khongco")
        await expect(_mine(lan)).to_contain_text("đang gửi…")
        await service.start()
        await expect(_said(lan)).to_have_count(2)
        await _writes(lan, QUESTION)
        await expect(_said(lan).last).to_contain_text(AMOUNT)
        await _is_whole(lan, ["Tôi chưa hiểu lệnh này.", AMOUNT])


async def _is_whole(lan: Window, answers: list[str]) -> None:
    """Both messages are marked as sent, each answer is there once, and a reload finds no more and no less."""
    await expect(_mine(lan).filter(has_text="đã gửi")).to_have_count(2)
    before = await _conversation(lan)
    for answer in answers:
        assert sum(answer in line for line in before) == 1
    await lan.page.reload()
    await expect(lan.page.locator("#log .line")).to_have_count(len(before))
    await expect(lan.page.locator("#log")).to_have_attribute("aria-busy", "false")
    assert await _conversation(lan) == before


async def test_who_chooses_english_is_greeted_in_english(browser: Browser, service: ServiceProcess) -> None:
    async with window(browser, service.url, PHONE) as minh:
        await minh.opens("/?lang=en")
        await expect(_said(minh).first).to_contain_text("Good day.")
        await expect(minh.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
        await minh.shows("citizen-11-english")


async def test_forgetting_clears_this_browser_and_starts_anew(
    browser: Browser, service: ServiceProcess
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await lan.opens()
        await _writes(lan, QUESTION)
        await expect(_said(lan).last).to_contain_text(AMOUNT)
        await lan.page.get_by_role("button", name="Xóa cuộc trò chuyện trên máy này").click()
        await lan.shows("citizen-12-forget")
        await lan.page.get_by_role("button", name="Xóa", exact=True).click()
        await expect(_said(lan)).to_have_count(1)
        await expect(_said(lan)).to_contain_text("Kính chào Ông/Bà.")
        await expect(_mine(lan)).to_have_count(0)


async def test_a_wrong_file_is_explained_and_not_sent(
    browser: Browser, service: ServiceProcess, tmp_path: Path
) -> None:
    disguised = tmp_path / "anh.jpg"
    disguised.write_bytes(b"MZ\x90\x00 a program")
    async with window(browser, service.url, PHONE) as lan:
        await lan.opens()
        await expect(_said(lan)).to_have_count(1)
        await lan.page.locator("#pick").set_input_files(disguised)
        await lan.page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(lan.page.get_by_role("alert")).to_have_text(
            "anh.jpg: Chỉ nhận ảnh JPEG, PNG, WebP và tệp PDF, DOCX, XLSX."
        )
        await expect(_mine(lan)).to_have_count(0)
        await lan.shows("citizen-13-wrong-file")
        refused = [line for line in lan.complaints if "415" in line]
        assert lan.complaints == refused  # the browser itself writes every refusal into its console
        lan.complaints.clear()


def _said(person: Window) -> Locator:
    return person.page.locator("#log .said")


def _mine(person: Window) -> Locator:
    return person.page.locator("#log .mine")


async def _writes(person: Window, text: str) -> None:
    await person.page.locator("#box").fill(text)
    await person.page.keyboard.press("Enter")


async def _presses(person: Window, label: str) -> None:
    """Press the newest button with this label, when it is there."""
    await person.page.get_by_role("button", name=label, exact=True).last.click()


async def _conversation(person: Window) -> list[str]:
    """Return every line as it is read, without the pictures that only the sending page has."""
    lines = await person.page.locator("#log .line").all_inner_texts()
    return [re.sub(r"\s+", " ", line) for line in lines]
