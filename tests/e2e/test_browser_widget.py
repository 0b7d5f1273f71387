"""The chat inside the ministry's portal: one script tag, another origin, a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Locator, Page, expect

from tests.e2e.inside import inside
from tests.e2e.pages import DESKTOP, PHONE, Window, chromium, window
from tests.e2e.portal import portal
from tests.process import free_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
QUESTION = "luong co so hien nay la bao nhieu"
AMOUNT = "2.530.000 đồng/tháng"


@dataclass(frozen=True)
class Sites:
    chat: str
    portal: str
    stranger: str


@asynccontextmanager
async def sites(folder: Path, scheme: str) -> AsyncIterator[Sites]:
    """Start the chat, the portal that may embed it, and a site that may not.

    Browsers take this machine for trustworthy, so a chat that is public by https can be tried without it.
    """
    ports = [free_port() for _ in range(3)]
    chat = f"http://127.0.0.1:{ports[0]}"
    settings = {
        "port": ports[0],
        "public_url": f"{scheme}://127.0.0.1:{ports[0]}",
        "embed_origins": f"http://localhost:{ports[1]}",
    }
    async with (
        inside(folder, **settings),
        portal(ports[1], chat) as ours,
        portal(ports[2], chat) as stranger,
    ):
        yield Sites(chat, ours, stranger)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Return one that gives a foreign frame storage of its own, as browsers do outside private windows."""
    async with chromium("--disable-features=TrackingProtection3pcd") as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def public(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sites]:
    async with sites(tmp_path_factory.mktemp("public"), "https") as started:
        yield started


async def test_a_conversation_in_the_portal_is_there_again_after_a_reload(
    browser: Browser, public: Sites
) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_box(lan.page)).to_be_focused()
        await expect(_said(lan.page)).to_have_count(1)
        await lan.page.keyboard.type(QUESTION)
        await lan.page.keyboard.press("Enter")
        await expect(_said(lan.page).last).to_contain_text(AMOUNT)
        await lan.shows("widget-1-desktop")
        (cookie,) = [
            each for each in await lan.context.cookies(public.chat) if each.get("name") == "caunoi_chat"
        ]
        assert (cookie["sameSite"], cookie["secure"], cookie["httpOnly"]) == ("None", True, True)
        await lan.page.reload()
        await _launcher(lan.page).click()
        await expect(_said(lan.page)).to_have_count(2)
        await expect(_frame(lan.page).locator("#log .mine")).to_contain_text(QUESTION)


async def test_a_private_window_that_refuses_a_foreign_frame_its_storage_still_shows_the_answers_again(
    public: Sites,
) -> None:
    async with (
        chromium() as strict,
        window(strict, public.portal, DESKTOP, (public.chat,)) as lan,
    ):
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_said(lan.page)).to_have_count(1)
        await _box(lan.page).fill(QUESTION)
        await lan.page.keyboard.press("Enter")
        await expect(_said(lan.page).last).to_contain_text(AMOUNT)
        await lan.page.reload()
        await _launcher(lan.page).click()
        await expect(_said(lan.page)).to_have_count(2)


async def test_escape_closes_it_from_everywhere_and_gives_the_focus_back(
    browser: Browser, public: Sites
) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await expect(_launcher(lan.page)).to_be_visible()
        for key in ("Tab", "Tab", "Enter"):
            await lan.page.keyboard.press(key)
        await expect(_box(lan.page)).to_be_focused()
        await expect(_launcher(lan.page)).to_have_attribute("aria-expanded", "true")
        await lan.page.keyboard.press("Escape")
        await _is_closed(lan.page)
        await lan.page.keyboard.press("Enter")
        await expect(_box(lan.page)).to_be_focused()
        await _close(lan.page).focus()
        await lan.page.keyboard.press("Escape")
        await _is_closed(lan.page)
        await _launcher(lan.page).click()
        await _close(lan.page).click()
        await _is_closed(lan.page)


async def test_escape_in_a_question_answers_the_question_only(browser: Browser, public: Sites) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_said(lan.page)).to_have_count(1)
        await _frame(lan.page).get_by_role("button", name="Xóa cuộc trò chuyện trên máy này").click()
        await expect(_frame(lan.page).get_by_role("dialog")).to_be_visible()
        await lan.page.keyboard.press("Escape")
        await expect(_frame(lan.page).get_by_role("dialog")).to_be_hidden()
        await expect(_panel(lan.page)).to_be_visible()


async def test_on_a_phone_it_fills_the_screen_and_holds_the_focus(browser: Browser, public: Sites) -> None:
    async with window(browser, public.portal, PHONE, (public.chat,), has_touch=True, is_mobile=True) as lan:
        await lan.opens()
        await _launcher(lan.page).tap()
        await expect(_said(lan.page)).to_have_count(1)
        assert await _panel(lan.page).bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
        await expect(_close(lan.page)).to_be_focused()
        await lan.shows("widget-2-phone")
        await _frame(lan.page).get_by_role("button", name="Gửi", exact=True).focus()
        for _ in range(20):
            await lan.page.keyboard.press("Tab")
            assert not await _launcher(lan.page).evaluate("it => it === it.getRootNode().activeElement")
        await _close(lan.page).tap()
        await _is_closed(lan.page)


async def test_what_comes_while_it_is_closed_is_told_on_the_button(browser: Browser, public: Sites) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_said(lan.page)).to_have_count(1)
        await expect(_frame(lan.page).locator("#log")).to_have_attribute("aria-busy", "false")
        await _box(lan.page).fill("/khongco")
        await lan.page.evaluate(
            "() => document.querySelector('caunoi-chat').shadowRoot.querySelector('dialog').close()"
        )
        await _frame(lan.page).locator("#composer").evaluate("form => form.requestSubmit()")
        news = lan.page.get_by_role("button", name="Hỏi đáp, phản ánh: có tin mới")
        await expect(news).to_be_visible()
        await lan.shows("widget-3-news")
        await news.click()
        await expect(_said(lan.page)).to_have_count(2)
        await expect(_launcher(lan.page)).to_have_text("Hỏi đáp, phản ánh")


async def test_a_site_that_is_not_in_the_setting_shows_nothing(browser: Browser, public: Sites) -> None:
    async with window(browser, public.stranger, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        (told,) = await _complaints(lan, 1)
        assert told == f"warning: Cầu Nối: CAUNOI_EMBED_ORIGINS không có {public.stranger}"
        await expect(lan.page.locator("caunoi-chat")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/embed", "/desk"])
async def test_no_other_site_can_frame_it(browser: Browser, public: Sites, path: str) -> None:
    async with window(browser, public.stranger, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await _frames(lan.page, public.chat + path)
        assert await _is_refused(lan)


@pytest.mark.parametrize("path", ["/", "/desk"])
async def test_the_portal_cannot_frame_anything_else(browser: Browser, public: Sites, path: str) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as lan:
        await lan.opens()
        await _frames(lan.page, public.chat + path)
        assert await _is_refused(lan)


async def test_it_speaks_the_language_of_the_page(browser: Browser, public: Sites) -> None:
    async with window(browser, public.portal, DESKTOP, (public.chat,)) as minh:
        await minh.opens("/?lang=en")
        await minh.page.get_by_role("button", name="Questions and feedback").click()
        await expect(_said(minh.page)).to_contain_text("Good day.")
        await _box(minh.page).fill("x" * 4000 + "y")
        await expect(_frame(minh.page).locator("#counter")).to_contain_text("1")


async def test_where_the_browser_keeps_no_cookie_the_frame_says_so(browser: Browser, tmp_path: Path) -> None:
    async with (
        sites(tmp_path, "http") as local,  # without https there is no cookie that reaches a frame
        window(browser, local.portal, DESKTOP, (local.chat,)) as lan,
    ):
        await lan.opens()
        await _launcher(lan.page).click()
        told = _frame(lan.page).get_by_role("alert")
        await expect(told).to_contain_text("Trình duyệt này không giữ cookie cho khung trò chuyện")
        await expect(_box(lan.page)).to_be_hidden()
        await lan.shows("widget-4-no-cookie")
        async with lan.context.expect_page() as opening:
            await told.get_by_role("link", name="Mở trang trò chuyện").click()
        own = await opening.value
        await expect(own.locator("#log .said")).to_contain_text("Kính chào Ông/Bà.")
        assert all("403" in line for line in await _complaints(lan, 1))


async def test_the_script_is_small_and_may_be_loaded_by_isolated_pages(public: Sites) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{public.chat}/widget.js") as answer:
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.content_type == "text/javascript"
        assert len(await answer.read()) < 10_000


def _launcher(page: Page) -> Locator:
    return page.locator("caunoi-chat .launcher")


def _panel(page: Page) -> Locator:
    return page.locator("caunoi-chat dialog")


def _close(page: Page) -> Locator:
    return page.get_by_role("button", name="Đóng khung trò chuyện")


def _frame(page: Page) -> FrameLocator:
    return page.frame_locator("caunoi-chat iframe")


def _box(page: Page) -> Locator:
    return _frame(page).locator("#box")


def _said(page: Page) -> Locator:
    return _frame(page).locator("#log .said")


async def _is_closed(page: Page) -> None:
    await expect(_panel(page)).to_be_hidden()
    await expect(_launcher(page)).to_be_focused()
    await expect(_launcher(page)).to_have_attribute("aria-expanded", "false")


async def _frames(page: Page, url: str) -> None:
    await page.evaluate(
        """url => new Promise(done => {
          const frame = document.createElement("iframe");
          frame.onload = done;
          frame.src = url;
          document.body.append(frame);
        })""",
        url,
    )


async def _is_refused(person: Window) -> bool:
    """Whether the newest frame is empty, because its policy forbids this page to hold it."""
    while person.page.frames[-1].url in ("", "about:blank"):
        await person.page.wait_for_timeout(20)
    told = await _complaints(person, 1)
    is_empty = person.page.frames[-1].url == "chrome-error://chromewebdata/"
    return is_empty and any("violates" in line and "frame-ancestors" in line for line in told)


async def _complaints(person: Window, least: int) -> list[str]:
    """Return and forgive what the browser has complained about, when there is something."""
    while len(person.complaints) < least:
        await person.page.wait_for_timeout(20)
    found = list(person.complaints)
    person.complaints.clear()
    return found
