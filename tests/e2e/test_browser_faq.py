"""In a real browser: what nobody answered becomes an answer at the desk, and an answer is switched off."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from handlers.library import PARTS
from tests.e2e.officer import issued_link
from tests.e2e.pages import DESKTOP, PHONE, Window, chromium, window
from tests.e2e.waiting import until
from tests.process import ServiceProcess

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
ASKED = "bao giờ thì bỏ biên chế suốt đời"
ENTRY, PART_OF_IT = "G2-07", "Nghị định 154/2025/NĐ-CP ngày 15/6/2025."
KNOWN, AMOUNT = "luong co so hien nay la bao nhieu", "2.530.000 đồng/tháng"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def service(tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    """Serve an office with a content folder of its own."""
    for part, home in PARTS.items():
        shutil.copytree(home, tmp_path / "co-quan" / part, ignore=shutil.ignore_patterns("*.py", "__*"))
    async with ServiceProcess(tmp_path, content_dir=str(tmp_path / "co-quan")) as process:
        yield process
    assert "Traceback" not in process.log.read_text("utf-8")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_what_nobody_answered_is_answered_next_time(
    browser: Browser, service: ServiceProcess, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with window(browser, service.url, PHONE) as lan, window(browser, service.url, size) as binh:
        await lan.opens()
        await expect(_said(lan)).to_have_count(1)
        await _asks(lan, ASKED)
        await expect(_said(lan).last).to_contain_text("Tôi chưa có thông tin chính thức")
        await _signs_in(binh, tmp_path)
        await _adds_the_wording(binh, size[0])
        await until(lambda: _is_served(service))
        await _asks(lan, ASKED)
        await expect(_said(lan).last).to_contain_text(PART_OF_IT)
        await lan.shows("citizen-faq-answered")
        await _takes_it_back(binh)


async def test_an_answer_that_is_switched_off_is_not_shown(
    browser: Browser, service: ServiceProcess, tmp_path: Path
) -> None:
    async with window(browser, service.url, PHONE) as lan, window(browser, service.url, DESKTOP) as binh:
        await lan.opens()
        await expect(_said(lan)).to_have_count(1)
        await _asks(lan, KNOWN)
        await expect(_said(lan).last).to_contain_text(AMOUNT)
        await _signs_in(binh, tmp_path)
        await binh.page.get_by_label("Tìm theo mã").fill(KNOWN)
        await binh.page.get_by_role("button", name="Tìm", exact=True).click()
        await binh.shows("desk-faq-search")
        await binh.page.get_by_role("link", name="Lương cơ sở hiện nay là bao nhiêu?").click()
        await binh.page.get_by_label("Lý do tắt").fill("Đang đối chiếu lại số mới.")
        await binh.shows("desk-faq-entry")
        await binh.page.get_by_role("button", name="Tắt câu trả lời này").click()
        await expect(binh.page.get_by_role("status")).to_contain_text("Đã tắt.")
        await binh.shows("desk-faq-off")
        await _asks(lan, KNOWN)
        await expect(_said(lan)).to_have_count(3)
        await expect(_said(lan).last).not_to_contain_text(AMOUNT)
        await lan.shows("citizen-faq-off")
        await binh.page.get_by_role("button", name="Bật lại").click()
        await expect(binh.page.get_by_role("status")).to_contain_text("Đã bật lại.")
        await _asks(lan, KNOWN)
        await expect(_said(lan).last).to_contain_text(AMOUNT)


async def _signs_in(binh: Window, folder: Path) -> None:
    await binh.opens(await issued_link(folder, "binh"))
    await binh.page.get_by_role("button", name="Đăng nhập").click()
    await binh.page.get_by_role("link", name="Hỏi đáp").click()
    await expect(binh.page.get_by_role("heading", name="Hỏi đáp", exact=True)).to_be_visible()


async def _adds_the_wording(binh: Window, width: int) -> None:
    await binh.page.get_by_role("link", name="Chưa trả lời được").click()
    await expect(binh.page.get_by_role("heading", name=ASKED)).to_be_visible()
    await binh.shows(f"desk-faq-unanswered-{width}")
    await binh.page.get_by_label("Hoặc mã của câu khác").fill(ENTRY)
    await binh.page.get_by_role("button", name="Xem thử").click()
    await expect(binh.page.get_by_role("status")).to_contain_text("Có tác dụng")
    assert await binh.page.evaluate("document.documentElement.scrollWidth") <= width
    await binh.shows(f"desk-faq-proof-{width}")
    await binh.page.get_by_role("button", name="Lưu cách hỏi này").click()
    await expect(binh.page.get_by_role("status")).to_contain_text(f"cách hỏi khác của câu {ENTRY}")
    await expect(binh.page.get_by_role("heading", name=ASKED)).to_have_count(0)
    await binh.shows(f"desk-faq-saved-{width}")


async def _takes_it_back(binh: Window) -> None:
    await binh.page.get_by_role("button", name="Hoàn tác").click()
    await expect(binh.page.get_by_role("status")).to_contain_text("Đã hoàn tác.")
    await expect(binh.page.get_by_role("heading", name=ASKED)).to_be_visible()


async def _is_served(service: ServiceProcess) -> bool:
    return "faq files are used now" in service.log.read_text("utf-8")


def _said(person: Window) -> Locator:
    return person.page.locator("#log .said")


async def _asks(person: Window, text: str) -> None:
    await person.page.locator("#box").fill(text)
    await person.page.keyboard.press("Enter")
