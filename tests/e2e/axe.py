"""axe-core from npm: what it finds wrong with a page for people who cannot see, hear or point well."""

import os
from typing import Any

import pytest
from playwright.async_api import Frame, Page

from tests.fakes.npm_telegram import Unavailable, install

PACKAGE = "axe-core@4.14.1"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], iframes: false})"""


class Axe:
    def __init__(self) -> None:
        """Skips the test where npm is missing, unless TESTS_REQUIRE_ALL forbids it."""
        try:
            folder = install(PACKAGE)
        except Unavailable as reason:
            if os.environ.get("TESTS_REQUIRE_ALL") == "1":
                raise
            pytest.skip(str(reason))
        self._script = (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")

    async def violations(self, page: Page | Frame) -> list[str]:
        """Return each rule that is broken, and where."""
        await page.evaluate(self._script)
        result: dict[str, Any] = await page.evaluate(RUN, RULES)
        assert result["testEngine"]["version"] == PACKAGE.partition("@")[2]
        return [
            f"{broken['id']}: {node['target']} {node['failureSummary']}"
            for broken in result["violations"]
            for node in broken["nodes"]
        ]
