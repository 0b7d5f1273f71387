"""What the chat page keeps when the network, the tab or the answer is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.e2e.inside import Running, inside
from tests.e2e.pages import DESKTOP, PHONE, Window, chromium, window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
QUESTION = "luong co so hien nay la bao nhieu"
AMOUNT = "2.530.000 đồng/tháng"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300_000)
LEFT = """async () => {
  const asked = indexedDB.open("caunoi");
  const open = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const files = open.transaction("files").objectStore("files").getAllKeys();
  await new Promise((done) => { files.onsuccess = done; });
  open.close();
  return {words: JSON.stringify(localStorage), files: files.result.length};
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with inside(tmp_path_factory.mktemp("service")) as running:
        yield running


async def test_an_answer_that_is_lost_on_its_way_doubles_nothing(browser: Browser, service: Running) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await _is_greeted(lan)
        lost: list[int] = []

        async def lose(route: Route) -> None:
            """Let the request reach the server, and its first two answers nobody."""
            answer = await route.fetch()
            lost.append(answer.status)
            await (route.abort("connectionreset") if len(lost) < 3 else route.fulfill(response=answer))

        await lan.page.route("**/chat/messages*", lose)
        await _writes(lan.page, "/khongco")
        await expect(_mine(lan.page)).to_contain_text("đã gửi")
        assert lost == [200] * 3
        await lan.page.unroute("**/chat/messages*")
        await _writes(lan.page, QUESTION)
        await expect(_said(lan.page).last).to_contain_text(AMOUNT)
        await expect(_said(lan.page)).to_have_count(3)
        _forgive(lan, "ERR_CONNECTION_RESET")


async def test_who_closes_the_tab_finds_everything_and_what_came_meanwhile(
    browser: Browser, service: Running
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await _is_greeted(lan)
        await lan.context.set_offline(offline=True)
        await _writes(lan.page, QUESTION)
        await expect(_mine(lan.page)).to_contain_text("đang gửi…")
        await lan.page.close()
        await lan.context.set_offline(offline=False)
        again = await lan.another()
        await again.opens()
        await expect(_mine(again.page)).to_contain_text("đã gửi")
        await expect(_said(again.page)).to_have_count(2)
        await again.page.locator("#box").fill("/khongco")
        await again.page.locator("#composer").evaluate("form => form.requestSubmit()")
        await expect(_mine(again.page).last).to_contain_text("đã gửi")
        await again.page.close()
        last = await lan.another()
        await last.opens()
        await expect(_said(last.page)).to_have_count(3)
        await expect(_mine(last.page)).to_have_count(2)


async def test_two_tabs_show_the_same(browser: Browser, service: Running) -> None:
    async with window(browser, service.url, DESKTOP) as one:
        await _is_greeted(one)
        two = await one.another()
        await two.opens()
        await expect(_said(two.page)).to_have_count(1)
        await asyncio.gather(_writes(one.page, "/khongco"), _writes(two.page, QUESTION))
        for tab in (one, two):
            await expect(_said(tab.page)).to_have_count(3)
            await expect(_mine(tab.page).filter(has_text="đã gửi")).to_have_count(2)
        assert await _ids(one.page) == await _ids(two.page)


async def test_two_tabs_of_a_new_person_are_greeted_once(browser: Browser, service: Running) -> None:
    async with window(browser, service.url, DESKTOP) as one:
        two = await one.another()
        await one.page.request.get(service.url)  # gives both their cookie
        await asyncio.gather(one.opens(), two.opens())
        for tab in (one, two):
            await expect(_said(tab.page)).to_have_count(1)
        await _writes(two.page, "/khongco")
        await expect(_said(one.page)).to_have_count(2)


async def test_after_forgetting_nothing_is_left_in_the_browser_nor_in_another_tab(
    browser: Browser, service: Running
) -> None:
    async with window(browser, service.url, DESKTOP) as one:
        await _is_greeted(one)
        two = await one.another()
        await two.opens()
        await _writes(one.page, "Tôi là Trần Thị Lan, số nhà 5")
        await expect(_said(two.page)).to_have_count(2)
        await one.context.set_offline(offline=True)
        await one.page.locator("#pick").set_input_files(_picture("thẻ của Lan.png"))
        await one.page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(_mine(one.page).last).to_contain_text("đang gửi…")
        await two.page.locator("#box").fill("một câu chưa gửi của Lan")
        assert (await two.page.evaluate(LEFT))["files"] == 1
        await one.context.set_offline(offline=False)
        before = await _cookie(one)
        await two.page.get_by_role("button", name="Xóa cuộc trò chuyện trên máy này").click()
        await two.page.get_by_role("button", name="Xóa", exact=True).click()
        for tab in (one, two):
            await expect(_mine(tab.page)).to_have_count(0)
            await expect(_said(tab.page)).to_have_count(1)
            await expect(tab.page.locator("#box")).to_have_value("")
        left = await one.page.evaluate(LEFT)
        assert left["files"] == 0
        assert "Lan" not in left["words"]
        assert before != await _cookie(one)


async def test_files_chosen_offline_are_sent_once_even_by_the_next_tab(
    browser: Browser, service: Running
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await _is_greeted(lan)
        await lan.context.set_offline(offline=True)
        await lan.page.locator("#pick").set_input_files([_picture("một.png"), _picture("hai.png")])
        await lan.page.get_by_role("button", name="Bỏ một.png").press("Enter")
        await lan.page.locator("#pick").set_input_files([_picture("ba.png")])
        await lan.page.locator("#box").press("Enter")
        await expect(_mine(lan.page).filter(has_text="đang gửi…")).to_have_count(2)
        await lan.page.close()
        await lan.context.set_offline(offline=False)
        again = await lan.another()
        await again.opens()
        await expect(_mine(again.page).filter(has_text="đã gửi")).to_have_count(2)
        await expect(_said(again.page)).to_have_count(3)
        assert (await again.page.evaluate(LEFT))["files"] == 0


async def test_a_file_shows_how_far_it_is_and_what_is_wrong_with_another(
    browser: Browser, service: Running
) -> None:
    async with window(browser, service.url, PHONE) as lan:
        await _is_greeted(lan)
        wrong: list[Any] = [
            {"name": "phim.mp4", "mimeType": "video/mp4", "buffer": b"x"},
            {"name": "rỗng.pdf", "mimeType": "application/pdf", "buffer": b""},
        ]
        await lan.page.locator("#pick").set_input_files([_picture("ảnh.png"), *wrong])
        alert = lan.page.get_by_role("alert")
        await expect(alert).to_contain_text("Không nhận được «phim.mp4».")
        await expect(alert).to_contain_text("«rỗng.pdf» là tệp rỗng.")
        await expect(lan.page.locator("#files li")).to_have_count(1)
        network = await lan.context.new_cdp_session(lan.page)
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
        await network.send("Network.emulateNetworkConditions", slow)
        await lan.page.get_by_role("button", name="Gửi", exact=True).click()
        bar = _mine(lan.page).get_by_role("progressbar", name="Đang gửi tệp")
        await expect(bar).to_be_visible()
        await lan.shows("citizen-14-progress")
        await expect(_mine(lan.page)).to_contain_text("đã gửi")
        await expect(bar).to_have_count(0)


async def test_a_picture_can_be_pasted_or_dropped(browser: Browser, service: Running) -> None:
    async with window(browser, service.url, DESKTOP) as lan:
        await _is_greeted(lan)
        for kind, target in (("paste", "#box"), ("drop", "#log")):
            await lan.page.locator(target).evaluate(
                """(it, kind) => {
                  const data = new DataTransfer();
                  data.items.add(new File(["x"], `${kind}.png`, {type: "image/png"}));
                  const more = {bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data};
                  const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
                  it.dispatchEvent(new Kind(kind, more));
                }""",
                kind,
            )
        await expect(lan.page.locator("#files li")).to_contain_text(["paste.png", "drop.png"])


async def test_on_a_phone_the_camera_is_one_button_away(browser: Browser, service: Running) -> None:
    async with window(browser, service.url, PHONE, has_touch=True, is_mobile=True) as lan:
        await _is_greeted(lan)
        async with lan.page.expect_file_chooser() as choosing:
            await lan.page.locator("label.photo").tap()
        assert await lan.page.locator("#photo").get_attribute("capture") == "environment"
        photo: Any = {"name": "ảnh.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + bytes(100)}
        await (await choosing.value).set_files(photo)
        await expect(lan.page.locator("#files li")).to_contain_text("ảnh.jpg")


async def _is_greeted(person: Window) -> None:
    await person.opens()
    await expect(_said(person.page)).to_have_count(1)


def _said(page: Page) -> Locator:
    return page.locator("#log .said")


def _mine(page: Page) -> Locator:
    return page.locator("#log .mine")


async def _writes(page: Page, text: str) -> None:
    await page.locator("#box").fill(text)
    await page.locator("#box").press("Enter")


async def _ids(page: Page) -> list[str]:
    found: list[str] = await page.locator("#log .line").evaluate_all("lines => lines.map(it => it.id)")
    return found


async def _cookie(person: Window) -> str | None:
    return next(each["value"] for each in await person.context.cookies() if each["name"] == "caunoi_chat")


def _picture(name: str) -> Any:  # noqa: ANN401 - playwright's own shape
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


def _forgive(person: Window, error: str) -> None:
    person.complaints[:] = [line for line in person.complaints if error not in line]
