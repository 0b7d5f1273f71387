"""A sent answer that was wrong: the citizen gets the right one, marked; what was sent stays to be seen."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from feedback.cases import Case, Corrected, Status
from handlers.library import Library
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
WRONG = "Lương hưu chi trả trước ngày 10/12/2026."
RIGHT = "Lương hưu chi trả trước ngày 20/12/2026."
BY_TWO = "proposal"


@pytest.fixture
def library(library: Library) -> Library:
    kinds = tuple(replace(each, second_person=each.code == BY_TWO) for each in library.office.kinds)
    return replace(library, office=replace(library.office, kinds=kinds))


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/{act}".rstrip("/")


async def test_there_is_nothing_to_correct_before_an_answer(office: Office, an: Browser) -> None:
    case = await office.receive()
    assert at(case, "correct") not in await an.read(at(case))
    assert (await an.post(at(case, "correct"), corrected=RIGHT, cause="Sai ngày")).status == 409


async def test_the_right_answer_is_marked_and_the_wrong_one_stays(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    await an.post(at(case, "answer"), text=WRONG)
    await an.get(at(case))
    for cause, text in (("", RIGHT), ("Sai ngày", ""), ("x" * 501, RIGHT)):
        assert (await an.post(at(case, "preview"), act="correct", corrected=text, cause=cause)).status == 422
    page = await (await an.post(at(case, "preview"), act="correct", corrected=RIGHT, cause="Sai ngày")).text()
    response = await an.post(at(case, "correct"), corrected=RIGHT, cause="Sai ngày")
    assert response.headers["Location"] == f"{at(case)}?done=correct"
    last = (await office.sent(case))[-1].message
    assert last.text.startswith(f"Đính chính câu trả lời về mã {case.code}")
    assert (last.text in page, "Sai ngày" in last.text, last.buttons) == (True, False, ())
    story = await an.read(at(case))
    for words in (WRONG, RIGHT, "Đính chính câu trả lời đã gửi", "Lý do: Sai ngày"):
        assert words in story


async def test_a_closed_case_is_corrected_and_stays_closed(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    await an.post(at(case, "answer"), text=WRONG)
    await an.get(at(case))
    await an.post(at(case, "close"), result="Đã chi trả.")
    assert "Còn đính chính và ghi chú nội bộ" in await an.read(at(case))
    assert (await an.post(at(case, "correct"), corrected=RIGHT, cause="Sai ngày")).status == 303
    assert (await office.case(case.code)).status is Status.CLOSED


async def test_two_persons_correct_what_two_persons_answered(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    case = await office.receive(kind=BY_TWO)
    an, quang = await enter("an"), await enter("quang")
    await an.get(at(case))
    await an.post(at(case, "answer"), text=WRONG)
    await quang.get(at(case))
    await quang.post(at(case, "approve"), text=WRONG)
    await an.get(at(case))
    response = await an.post(at(case, "correct"), corrected=RIGHT, cause="Sai ngày")
    assert response.headers["Location"] == f"{at(case)}?done=propose"
    assert RIGHT not in (await office.sent(case))[-1].message.text
    assert "đính chính câu trả lời đã gửi, vì: Sai ngày" in await quang.read(at(case))
    assert (await quang.post(at(case, "approve"), text=RIGHT)).status == 303
    assert (await office.sent(case))[-1].message.text.startswith("Đính chính")
    async with office.store.look(office.clock.now) as tx:
        last = (await tx.cases.timeline(await office.case(case.code)))[-1]
    assert (last.actor, last.event) == ("quang", Corrected(RIGHT, "Sai ngày", "an"))
