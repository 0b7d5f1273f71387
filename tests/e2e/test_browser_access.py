"""The chat and the widget without a mouse, without seeing, enlarged, and in the system's own colours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.axe import Axe
from tests.e2e.pages import DESKTOP, PHONE, Window, chromium, window
from tests.e2e.test_browser_again import _forgive, _is_greeted, _mine, _picture, _said, _writes
from tests.e2e.test_browser_widget import Sites, _box, _close, _launcher, sites
from tests.e2e.test_browser_widget import _said as _said_in_frame

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
QUESTION = "luong co so hien nay la bao nhieu"
NUMBERS = ["113 Công an", "114 Chữa cháy, cứu nạn", "115 Cấp cứu y tế", "111 Bảo vệ trẻ em"]
SMALL = (320, 640)
ZOOMED = (640, 400)  # 1280 × 800 at 200 %
HEARD = """() => {
  window.heard = [];
  new MutationObserver((changes) => {
    for (const {target, addedNodes} of changes) {
      for (const node of addedNodes) {
        const region = (node instanceof Element ? node : target).closest("[aria-live]");
        if (region.getAttribute("aria-live") === "polite") window.heard.push(node.textContent);
      }
    }
  }).observe(document.getElementById("log"), {childList: true, subtree: true});
}"""
FOCUSED = """() => {
  let it = document.activeElement;
  const label = it.labels?.[0] ?? it;
  return it.id || it.getAttribute("aria-label") || label.textContent.trim();
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium("--disable-features=TrackingProtection3pcd") as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def public(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sites]:
    async with sites(tmp_path_factory.mktemp("public"), "https") as started:
        yield started


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.mark.npm
@pytest.mark.parametrize("look", ["light", "dark English", "forced", "phone"])
async def test_axe_finds_nothing_in_any_state_of_the_chat(
    browser: Browser, public: Sites, axe: Axe, look: str
) -> None:
    looks: dict[str, dict[str, Any]] = {
        "dark English": {"color_scheme": "dark"},
        "forced": {"forced_colors": "active"},
        "phone": {"has_touch": True, "is_mobile": True},
    }
    size = PHONE if look == "phone" else DESKTOP
    async with window(browser, public.chat, size, **looks.get(look, {})) as lan:
        await lan.opens("/?lang=en" if "English" in look else "/")
        await expect(_said(lan.page)).to_have_count(1)
        assert await axe.violations(lan.page) == []
        await _writes(lan.page, QUESTION)
        await expect(_said(lan.page)).to_have_count(2)
        assert await axe.violations(lan.page) == []
        await _makes_mistakes(lan)
        assert await axe.violations(lan.page) == []
        await lan.shows(f"access-{look.partition(' ')[0]}")
        await lan.page.locator("#forget").click()
        assert await axe.violations(lan.page) == []
        await lan.page.keyboard.press("Escape")
        await expect(lan.page.locator("#forget")).to_be_focused()


async def _makes_mistakes(lan: Window) -> None:
    """Choose files, good and bad, write too much, and lose the network while something is on its way."""
    await lan.context.set_offline(offline=True)
    await _writes(lan.page, "/khongco")
    await expect(_mine(lan.page).last).to_have_attribute("data-state", "sending")
    await expect(lan.page.locator("#state")).not_to_be_empty()
    await lan.page.locator("#box").fill("a" * 4001)
    film: Any = {"name": "phim.mp4", "mimeType": "video/mp4", "buffer": b"x"}
    await lan.page.locator("#pick").set_input_files([_picture("một.png"), film])
    await expect(lan.page.locator("#problem")).not_to_be_empty()


@pytest.mark.npm
async def test_axe_would_notice_a_box_without_a_name(browser: Browser, public: Sites, axe: Axe) -> None:
    async with window(browser, public.chat, DESKTOP) as lan:
        await _is_greeted(lan)
        await lan.page.locator("label[for=box]").evaluate("it => it.remove()")
        await lan.page.locator("#box").evaluate("it => { it.placeholder = ''; }")
        assert any(found.startswith("label: ") for found in await axe.violations(lan.page))


@pytest.mark.npm
async def test_axe_finds_nothing_in_a_browser_without_cookies(
    browser: Browser, public: Sites, axe: Axe
) -> None:
    async with window(browser, public.chat, DESKTOP) as lan:
        await lan.page.route("**/chat/known", lambda route: route.fulfill(status=403, json={}))
        await lan.opens()
        await expect(lan.page.get_by_role("alert")).to_contain_text("Trình duyệt này đang chặn cookie")
        assert await axe.violations(lan.page) == []
        _forgive(lan, "403")


@pytest.mark.npm
@pytest.mark.parametrize(("size", "touch"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone"])
async def test_axe_finds_nothing_in_the_widget(
    browser: Browser, public: Sites, axe: Axe, size: tuple[int, int], *, touch: bool
) -> None:
    async with window(browser, public.portal, size, (public.chat,), has_touch=touch, is_mobile=touch) as lan:
        await lan.opens()
        await expect(_launcher(lan.page)).to_be_visible()
        assert await axe.violations(lan.page) == []
        await _launcher(lan.page).click()
        await expect(_said_in_frame(lan.page)).to_have_count(1)
        await lan.page.wait_for_function(
            "() => document.querySelector('caunoi-chat').shadowRoot.getAnimations().length === 0"
        )
        for part in (lan.page, lan.page.frames[-1]):
            assert await axe.violations(part) == []


async def test_the_keyboard_reaches_everything_in_the_order_of_the_page(
    browser: Browser, public: Sites
) -> None:
    async with window(browser, public.chat, DESKTOP) as lan:
        await _is_greeted(lan)
        choices = await lan.page.locator(".choices button").all_inner_texts()
        wanted = ["Đến ô nhập tin", "forget", "English", *NUMBERS, *choices, "pick", "box", "Gửi"]
        order = []
        for _ in wanted:
            await lan.page.keyboard.press("Tab")
            order.append(await lan.page.evaluate(FOCUSED))
        assert order == wanted
        await lan.page.set_viewport_size({"width": 1280, "height": 420})
        await lan.page.evaluate("scrollTo(0, 0)")
        await lan.page.locator("#newest").press("Enter")
        await expect(lan.page.locator("#newest")).to_be_hidden()
        await expect(lan.page.locator("#box")).to_be_focused()


async def test_each_reply_is_read_aloud_once_and_the_focus_stays(browser: Browser, public: Sites) -> None:
    async with window(browser, public.chat, DESKTOP) as lan:
        await _is_greeted(lan)
        await lan.page.evaluate(HEARD)
        await _writes(lan.page, "/khongco")
        await expect(_said(lan.page)).to_have_count(2)
        await lan.page.locator(".choices button").first.press("Enter")
        await expect(_said(lan.page)).to_have_count(3)
        await expect(_mine(lan.page).filter(has_text="đã gửi")).to_have_count(2)
        heard: list[str] = await lan.page.evaluate("heard")
        said = await _said(lan.page).all_text_contents()
        assert heard == said[1:]
        await lan.page.evaluate("dispatchEvent(new Event('online'))")  # the stream is opened anew
        await _writes(lan.page, "/khongco")
        await expect(_said(lan.page)).to_have_count(4)
        assert len(await lan.page.evaluate("heard")) == 3
        await expect(lan.page.locator("#box")).to_be_focused()
        await lan.page.add_init_script(f"addEventListener('DOMContentLoaded', {HEARD})")
        await lan.page.reload()
        await expect(_said(lan.page)).to_have_count(4)
        await expect(lan.page.locator("#log")).to_have_attribute("aria-live", "polite")
        assert await lan.page.evaluate("heard") == []


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["320 px", "200 %"])
async def test_nothing_has_to_be_scrolled_sideways(
    browser: Browser, public: Sites, size: tuple[int, int]
) -> None:
    async with window(browser, public.chat, size) as lan:
        await _is_greeted(lan)
        await _writes(lan.page, "https://example.vn/" + "rat-dai" * 40)
        await expect(_said(lan.page)).to_have_count(2)
        assert await lan.page.evaluate(SIDEWAYS) == 0
        await lan.page.get_by_role("button", name="Gửi", exact=True).click(trial=True)
        await lan.shows(f"access-{size[0]}")
        await lan.page.locator("#forget").click()
        assert await lan.page.evaluate(SIDEWAYS) == 0
        await lan.page.get_by_role("button", name="Giữ lại").click()
    async with window(browser, public.portal, size, (public.chat,)) as lan:
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_said_in_frame(lan.page)).to_have_count(1)
        assert await lan.page.evaluate(SIDEWAYS) == 0
        assert await lan.page.frames[-1].evaluate(SIDEWAYS) == 0
        await _box(lan.page).click(trial=True)
        await _close(lan.page).click()
        await lan.shows(f"widget-{size[0]}")


async def test_the_system_colours_keep_every_edge_and_nothing_moves_for_who_wants_it_still(
    browser: Browser, public: Sites
) -> None:
    async with window(
        browser,
        public.portal,
        DESKTOP,
        (public.chat,),
        forced_colors="active",
        reduced_motion="reduce",
    ) as lan:
        await lan.opens()
        await _launcher(lan.page).click()
        await expect(_said_in_frame(lan.page)).to_have_count(1)
        moving = "() => document.querySelector('caunoi-chat').shadowRoot.getAnimations().length"
        assert await lan.page.evaluate(moving) == 0
        for button in await lan.page.locator("caunoi-chat button").all():
            width = await button.evaluate("it => parseFloat(getComputedStyle(it).borderTopWidth)")
            assert width >= 2
        await lan.shows("access-forced-widget")
        for frame in lan.page.frames:
            assert await frame.evaluate("() => document.getAnimations().length") == 0
