"""Similar cases are shown beside one, and answered together: each by itself, and none that has changed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from feedback.cases import CITIZEN, Added, Case, Status
from feedback.messages import Address
from handlers.actions import cases
from handlers.library import Library
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
TEXT = "Xã chậm chi trả lương hưu tháng 9 cho người nghỉ hưu ở thôn {n}, đã ba tháng chưa có."
ANSWER = "Lương hưu tháng 9 được chi trả tại trụ sở xã trước ngày 05/12/2026."
BY_TWO = "proposal"


@pytest.fixture
def library(library: Library) -> Library:
    kinds = tuple(replace(each, second_person=each.code == BY_TWO) for each in library.office.kinds)
    return replace(library, office=replace(library.office, kinds=kinds))


async def crowd(office: Office, size: int, kind: str = "report") -> list[Case]:
    return [
        await office.receive(
            text=TEXT.format(n=n), address=Address("telegram", "bot", f"chat-{n}"), kind=kind
        )
        for n in range(size)
    ]


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/similar/{act}".rstrip("/")


async def chosen(office: Office, these: list[Case]) -> dict[str, str]:
    return {f"with.{case.code}": str(len(await office.events(case))) for case in these}


async def test_similar_open_cases_of_the_unit_stand_beside_one(office: Office, an: Browser) -> None:
    first, second, *_ = await crowd(office, 3)
    unlike = await office.receive()
    elsewhere = await office.receive_elsewhere()
    page = await an.read(f"/desk/cases/{first.code}")
    assert "Hồ sơ tương tự đang mở" in page
    assert (second.code in page, unlike.code in page, elsewhere.code in page) == (True, False, False)
    assert "Hồ sơ tương tự" not in await an.read(f"/desk/cases/{unlike.code}")
    page = await an.read(at(first))
    assert page.count('type="checkbox"') == 2
    assert page.count(" checked>") == 2


async def test_each_is_answered_by_itself_with_its_own_code_and_rating(office: Office, an: Browser) -> None:
    first, second, third = await crowd(office, 3)
    await an.get(at(first))
    ticked = await chosen(office, [second])
    page = await (await an.post(at(first, "preview"), text=ANSWER, **ticked)).text()
    assert ("Mỗi người trong 2 hồ sơ" in page, third.code in page) == (True, False)
    page = await (await an.post(at(first, "answer"), text=ANSWER, **ticked)).text()
    assert "Đã trả lời 2 hồ sơ." in page
    for case in (first, second):
        [item] = await office.sent(case)
        assert item.address == case.address
        assert f"Mã {case.code}" in item.message.text
        assert item.message.buttons[0].data == f"rate:{case.code}:1"
        assert (await office.case(case.code)).status is Status.ANSWERED
    assert await office.sent(third) == []


async def test_what_changed_meanwhile_is_left_out_and_named(office: Office, an: Browser) -> None:
    first, second, third = await crowd(office, 3)
    await an.get(at(first))
    ticked = await chosen(office, [second, third])
    async with office.store.begin(office.clock.now) as tx:
        cases.record(tx, third, Added("Nay đã nhận được rồi."), CITIZEN)
    page = await (await an.post(at(first, "answer"), text=ANSWER, **ticked)).text()
    assert "Đã trả lời 2 hồ sơ." in page
    assert third.code in page.partition("1 hồ sơ bị bỏ lại")[2]
    assert await office.sent(third) == []
    page = await (await an.post(at(first, "answer"), text=ANSWER, **ticked)).text()  # a reload sends nothing
    assert "3 hồ sơ bị bỏ lại" in page
    assert len(await office.sent(first)) == 1


async def test_a_forged_choice_reaches_no_case_of_another_unit(office: Office, an: Browser) -> None:
    first, _ = await crowd(office, 2)
    elsewhere = await office.receive_elsewhere()
    await an.get(at(first))
    forged = await chosen(office, [elsewhere]) | {
        "with.00000-00000": "2",
        "with.x": "1",
        f"with.{first.code}": "x",
    }
    page = await (await an.post(at(first, "answer"), text=ANSWER, **forged)).text()
    assert "Đã trả lời" not in page
    assert (await office.sent(elsewhere), await office.sent(first)) == ([], [])


async def test_where_two_persons_are_needed_each_is_proposed(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    first, second = await crowd(office, 2, BY_TWO)
    an = await enter("an")
    await an.get(at(first))
    page = await (await an.post(at(first, "answer"), text=ANSWER, **await chosen(office, [second]))).text()
    assert "Đã trình duyệt 2 hồ sơ." in page
    for case in (first, second):
        assert await office.sent(case) == []
        assert (await office.case(case.code)).proposed_by == "an"


async def test_warnings_hold_for_all_and_need_a_reason(office: Office, an: Browser) -> None:
    first, second = await crowd(office, 2)
    await an.get(at(first))
    ticked = await chosen(office, [second])
    empty = "Cảm ơn Ông/Bà đã quan tâm."
    page = await (await an.post(at(first, "preview"), text=empty, **ticked)).text()
    assert page.count("chỉ có lời lịch sự") == 1
    assert (await an.post(at(first, "answer"), text=empty, warned="1", **ticked)).status == 422
    assert (await an.post(at(first, "preview"), text=" ", **ticked)).status == 422
    assert await office.sent(second) == []
