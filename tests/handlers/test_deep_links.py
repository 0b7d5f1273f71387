"""Links that open the bot: a code leads to its case, anything else to the greeting."""

import pytest

from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage

FILED = """Lan: /gopy
Lan: 1
Lan: 1
Lan: 2
Lan: Đèn đường ngõ 12 hỏng đã một tuần
Lan: 1
Lan: 1
Lan: 1
Lan: 1
"""
GREETING, STATUS = "Kính chào Ông/Bà.", "Mã #1 · Phản ánh"


@pytest.fixture
async def stage(store: Store, library: Library) -> Stage:
    stage = Stage(store, library)
    await stage.play(FILED)
    return stage


async def test_a_link_with_a_code_leads_to_its_case_however_it_is_written(stage: Stage) -> None:
    code = stage.codes[0]
    together, small = code.replace("-", ""), code.lower()
    links = (f"tracuu_{together}", f"tracuu_{code}", f" tracuu_{small}", f"tracuu_{code.replace('-', '_')}")
    said = await stage.play("\n".join(f"Minh: /start {link}" for link in links))
    assert said.count(STATUS) == len(links)
    assert STATUS in await stage.play(f"Minh: /start@caunoi_bot tracuu_{code}")


async def test_a_link_that_leads_nowhere_greets(stage: Stage) -> None:
    links = ("", "tracuu_", "tracuu", "gopy", "_" * 64, "tracuu 7K3F9Q2M4S")
    said = await stage.play("\n".join(f"Minh: /start {link}" for link in links))
    assert said.count(GREETING) == len(links)


@pytest.mark.parametrize("code", ["2222222222", "abc", "7K3F9Q2M4S", "9" * 57, "-", "x_y"])
async def test_a_link_with_the_code_of_no_case_says_so(stage: Stage, code: str) -> None:
    assert "Không tìm thấy hồ sơ" in await stage.play(f"Minh: /start tracuu_{code}")
