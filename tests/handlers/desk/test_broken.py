"""What the desk shows while the FAQ files are wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from faq.files import Mistake
from tests.handlers.desk.office import Browser, Office

BANNER = "có 2 chỗ sai nên chưa được dùng"
PAGES = ("/desk", "/desk/faq", "/desk/nowhere")


@pytest.fixture
def broken(office: Office) -> Office:
    office.shelf.mistakes = (Mistake(Path("faq/G1.yaml"), 7, "sai"), Mistake(Path("faq/G2.yaml"), 1, "sai"))
    return office


async def _pages(browser: Browser) -> list[str]:
    return [await (await browser.get(path)).text() for path in PAGES]


@pytest.mark.usefixtures("broken")
async def test_those_who_see_all_are_told_on_every_page(binh: Browser, chi: Browser) -> None:
    assert [BANNER in page for browser in (binh, chi) for page in await _pages(browser)] == [True] * 6


@pytest.mark.usefixtures("broken")
async def test_the_others_are_not(an: Browser) -> None:
    assert [BANNER in page for page in await _pages(an)] == [False] * 3


async def test_it_goes_when_the_files_are_right_again(broken: Office, binh: Browser) -> None:
    broken.shelf.mistakes = ()
    assert [BANNER in page for page in await _pages(binh)] == [False] * 3


async def test_a_request_sees_one_library_from_beginning_to_end(office: Office) -> None:
    during, before = office.desk.at_this_moment(), office.library
    office.shelf.library = replace(before)
    assert during.library is before
    assert office.desk.library is not before
