"""`caunoi simulate` as anyone starts it, and its page in a real browser: three phones, the web, the desk."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.e2e.chat import CODE
from tests.e2e.command import caunoi
from tests.e2e.pages import PHONE, chromium, window
from tests.e2e.waiting import until

pytestmark = pytest.mark.browser
WIDE = (1600, 1000)
QUESTION, AMOUNT = "luong co so hien nay la bao nhieu", "2.530.000 đồng/tháng"
REPORT = "Tôi muốn phản ánh: xã tôi chậm chi trả lương cơ sở mới cho cán bộ, đã ba tháng nay chưa có."
ANSWER = "Cục đã yêu cầu Ủy ban nhân dân xã chi trả trước ngày 15."
PAGE = re.compile(r"Mô phỏng: +(http://127\.0\.0\.1:\d+)/")
WEB = re.compile(r"Người dân: +(http://127\.0\.0\.1:\d+)/")


@asynccontextmanager
async def simulation(folder: Path, *options: str) -> AsyncIterator[tuple[str, str]]:
    """Yield the addresses of the page and of the chat; Ctrl-C has to stop it all and leave nothing behind."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CAUNOI_")}
    output, log = folder / "output.txt", folder / "service.log"
    with output.open("wb") as out, log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "simulate", "--port", "0", *options),
            env=clean | {"TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])},
            cwd=folder,
            stdout=out,
            stderr=errors,
        )

    async def is_ready() -> bool:
        assert process.returncode is None, log.read_text("utf-8")
        return PAGE.search(output.read_text("utf-8")) is not None

    try:
        await until(is_ready, patience=60)
        page, web = (pattern.search(output.read_text("utf-8")) for pattern in (PAGE, WEB))
        assert page
        assert web
        yield page[1], web[1]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    assert "Traceback" not in log.read_text("utf-8")
    assert list(folder.glob("caunoi-*")) == []


async def test_a_citizen_is_answered_on_every_phone_and_an_officer_at_the_desk(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        simulation(tmp_path) as (url, web),
        window(browser, url, WIDE, (web,)) as lan,
    ):
        await lan.opens()
        for place in ("telegram", "zalo_oa", "zalo_bot"):
            await _asks(lan.page, place)
        await _asks_on_the_web(lan.page.frame_locator("iframe"))
        await lan.shows("simulate-1-answers")
        await _files_a_report(_phone(lan.page, "telegram"))
        async with lan.page.expect_popup() as opened:
            await lan.page.get_by_role("link", name="Nguyễn Thị An").click()
        await _answers(await opened.value, await _code(lan.page))
        await expect(_said(_phone(lan.page, "telegram")).last).to_contain_text(ANSWER)
        await lan.shows("simulate-2-answered")
        await _loses_the_token(_phone(lan.page, "zalo_oa"))
        await lan.page.get_by_role("button", name="+8 ngày").click()
        await expect(_phone(lan.page, "zalo_oa").locator(".state")).to_contain_text("Im lặng quá 7 ngày")
        await lan.shows("simulate-3-later")
        await _is_cut_off(_phone(lan.page, "telegram"))


async def test_an_officer_answers_in_the_units_group_and_the_desk_shows_the_same(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        simulation(tmp_path) as (url, web),
        window(browser, url, WIDE, (web,)) as lan,
    ):
        await lan.opens()
        group, telegram = _phone(lan.page, "group"), _phone(lan.page, "telegram")
        async with lan.page.expect_popup() as opened:
            await lan.page.get_by_role("link", name="Nguyễn Thị An").click()
        desk = await opened.value
        await _links(desk, group)
        await _topic(group, "Chung").click()
        await _writes(group, "/noi")
        await expect(_said(group).last).to_contain_text("Nhóm này nhận hồ sơ")
        await _files_a_report(telegram)
        code = await _code(lan.page)
        await _topic(group, code).click()
        await _presses(group, "Nhận xử lý")
        await _presses(group, "Trả lời")
        await expect(group.locator(".popup")).to_contain_text("Xin viết bằng tin tiếp theo.")
        await _writes(group, ANSWER)
        await expect(_said(group).last).to_contain_text(ANSWER)
        await lan.shows("simulate-5-group")
        await _presses(group, "Gửi")
        await expect(_said(telegram).last).to_contain_text(
            ANSWER, timeout=30_000
        )  # ten seconds to take it back
        await lan.shows("simulate-6-answered-in-the-group")
        await desk.goto(desk.url.partition("/desk")[0] + f"/desk/cases/{code}")
        await expect(desk.locator("main")).to_contain_text(ANSWER)
        await desk.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        if folder := os.environ.get("TESTS_SCREENSHOTS"):
            await desk.screenshot(path=Path(folder) / "simulate-7-the-same-at-the-desk.png", full_page=True)


async def test_the_page_works_on_a_phone_with_polling_and_data_that_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    async with (
        chromium() as browser,
        simulation(tmp_path, "--telegram", "polling", "--data", str(kept)) as (url, web),
        window(browser, url, PHONE, (web,)) as lan,
    ):
        await lan.opens()
        await expect(_phone(lan.page, "zalo_bot")).to_be_hidden()
        await _asks(lan.page, "telegram")
        await lan.page.get_by_role("button", name="Zalo Bot").click()
        await expect(_phone(lan.page, "telegram")).to_be_hidden()
        await _asks(lan.page, "zalo_bot")
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await lan.page.evaluate(wide)
        await lan.shows("simulate-4-phone")
        taken = await caunoi("simulate", "--port", url.rpartition(":")[2], folder=tmp_path)
        assert (taken.code, "đang có chương trình khác dùng" in taken.err) == (1, True)
    assert (kept / "caunoi.db").exists()


def _phone(page: Page, place: str) -> Locator:
    return page.locator(f"#place-{place}")


def _said(phone: Locator) -> Locator:
    return phone.locator(".line.bot")


async def _asks(page: Page, place: str) -> None:
    phone = _phone(page, place)
    await _writes(phone, QUESTION)
    await expect(_said(phone).last).to_contain_text(AMOUNT)
    await expect(phone.locator(".line.mine .bubble")).to_have_text(QUESTION)


async def _writes(phone: Locator, text: str) -> None:
    await phone.get_by_role("textbox").fill(text)
    await phone.get_by_role("textbox").press("Enter")


async def _asks_on_the_web(chat: FrameLocator) -> None:
    await chat.locator("#box").fill(QUESTION)
    await chat.locator("#box").press("Enter")
    await expect(chat.locator("#log .said").last).to_contain_text(AMOUNT)


async def _files_a_report(phone: Locator) -> None:
    await _writes(phone, REPORT)
    for label in ("1. Gửi: Phản ánh", "1. Đồng ý", "1. Người dân"):
        await _presses(phone, label)
    await expect(_said(phone).last).to_contain_text("Việc này ở đâu?")
    await _writes(phone, "Xã Hòa Bình, tỉnh Phú Thọ")
    await expect(_said(phone).last).to_contain_text("ảnh hoặc tệp kèm theo không?")
    await phone.locator(".more summary").click()
    await phone.get_by_role("button", name="Ảnh mẫu", exact=True).click()
    await expect(phone.locator(".line.mine img")).to_be_visible()
    for label in ("1. Xong", "1. Ẩn danh", "1. Gửi"):
        await _presses(phone, label)


async def _links(desk: Page, group: Locator) -> None:
    """Connect the officer's account of Telegram with the link that the desk gives."""
    await desk.get_by_role("button", name="Đăng nhập").click()
    await desk.goto(desk.url.partition("/desk")[0] + "/desk/telegram")
    await desk.locator("form[action='/desk/telegram/link'] button").click()
    link = await desk.locator("code").inner_text()
    await _topic(group, "Riêng với bot").click()
    await _writes(group, f"/start {link.partition('start=')[2]}")
    await expect(_said(group).last).to_contain_text("Đã nối tài khoản")


def _topic(group: Locator, name: str) -> Locator:
    return group.get_by_role("tab").filter(has_text=name)


async def _presses(phone: Locator, label: str) -> None:
    """Press the newest button with this label, when it is there."""
    await phone.locator(".buttons").get_by_role("button", name=label, exact=True).last.click()


async def _code(page: Page) -> str:
    last = _said(_phone(page, "telegram")).last
    await expect(last).to_contain_text("Mã tra cứu")
    found = CODE.search(await last.inner_text())
    assert found
    return found[0]


async def _answers(desk: Page, code: str) -> None:
    await desk.get_by_role("button", name="Đăng nhập").click()
    await desk.get_by_role("link", name=code).click()
    await desk.get_by_role("button", name="Nhận xử lý").click()
    await desk.get_by_label("Câu trả lời", exact=True).fill(ANSWER)
    await desk.get_by_role("button", name="Xem trước khi gửi").click()
    await desk.get_by_role("button", name="Gửi câu trả lời").click()
    await expect(desk.get_by_role("status")).to_contain_text("Đã gửi câu trả lời.")


async def _loses_the_token(phone: Locator) -> None:
    """The next message is refused; the service gets a new token by itself, and sends it all the same."""
    failed, tokens = _count(phone, "Lần gửi hỏng, mất trả lời"), _count(phone, "Lần cấp mã truy cập")
    await expect(failed).to_have_text("0")
    await expect(tokens).to_have_text("1")
    await phone.get_by_role("button", name="-216, mã truy cập hết hạn").click()
    before = await _said(phone).count()
    await _writes(phone, QUESTION)
    await expect(_said(phone)).to_have_count(before + 1)
    await expect(failed).to_have_text("1")
    await expect(tokens).to_have_text("2")


async def _is_cut_off(phone: Locator) -> None:
    """Telegram is out of reach when all is stopped: that may not hold it up."""
    outage = phone.get_by_role("button", name="Mất liên lạc")
    await outage.click()
    await expect(outage).to_have_attribute("aria-pressed", "true")
    await _writes(phone, "Có ai không?")
    await expect(phone.locator(".line.mine").last).to_contain_text("chưa tới bot")


def _count(phone: Locator, label: str) -> Locator:
    return phone.locator(".counts dl div").filter(has_text=label).locator("dd")
