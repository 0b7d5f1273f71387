"""Chromium, and pages in it that may not complain."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    async_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (360, 740), (1280, 800)  # CSS pixels
AWAY = (
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING",
)
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP", event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber));
"""


@asynccontextmanager
async def chromium(*switches: str) -> AsyncIterator[Browser]:
    """Skips the test where there is none, unless TESTS_REQUIRE_ALL forbids it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("TESTS_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIETLY, *switches])
        yield browser
        await browser.close()


@dataclass
class Window:
    """One person's browser. `complaints` holds errors, violations and requests that left the sites."""

    page: Page
    url: str
    friends: tuple[str, ...] = ()
    complaints: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    async def opens(self, path: str = "/") -> None:
        await self.page.goto(self.url + path)

    async def another(self) -> "Window":
        """Open a second tab of the same browser."""
        tab = Window(await self.context.new_page(), self.url, self.friends, self.complaints)
        tab.watch()
        return tab

    async def shows(self, name: str) -> None:
        """Keep a picture, for people to look at, in the folder TESTS_SCREENSHOTS."""
        if folder := os.environ.get("TESTS_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=Path(folder) / f"{name}.png")

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in AWAY):
            self.complaints.append(f"{message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self.complaints.append(f"exception: {error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "blob:", *self.friends)):
            self.complaints.append(f"foreign: {request.url}")


@asynccontextmanager
async def window(
    browser: Browser,
    url: str,
    size: tuple[int, int],
    friends: tuple[str, ...] = (),
    **more: Any,  # noqa: ANN401 - what a browser can be like
) -> AsyncIterator[Window]:
    """Open an empty window of a new person; nobody may have complained when it closes."""
    viewport = {"width": size[0], "height": size[1]}
    given = {"viewport": viewport, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"} | more
    context = await browser.new_context(**given)
    await context.add_init_script(REPORT_VIOLATIONS)
    context.set_default_timeout(15_000)
    opened = Window(await context.new_page(), url, friends)
    opened.watch()
    yield opened
    await context.close()
    assert not opened.complaints, "\n".join(opened.complaints)
