"""An officer is warned before an answer leaves, and may send it all the same by saying why."""

import pytest

from feedback.cases import Answered, Case
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
EMPTY = "Cảm ơn Ông/Bà đã quan tâm. Trân trọng."
GOOD = "Hồ sơ chưa nhận được lương hưu vì còn thiếu giấy tờ: Bà nộp quyết định nghỉ việc trước 05/12/2026."


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/{act}".rstrip("/")


async def test_a_good_answer_is_sent_without_a_word(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    page = await (await an.post(at(case, "preview"), text=GOOD)).text()
    assert "Lý do vẫn gửi" not in page


async def test_a_warning_is_passed_over_with_a_reason_that_is_kept(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    page = await (await an.post(at(case, "preview"), text=EMPTY)).text()
    assert "chỉ có lời lịch sự" in page
    assert "Chưa nhắc đến câu hỏi: «Xin cho biết còn thiếu giấy tờ gì.»" in page
    for unsaid in ("", "x" * 501):
        response = await an.post(at(case, "answer"), text=EMPTY, warned="1", override=unsaid)
        assert (response.status, "Viết lý do vẫn gửi" in await response.text()) == (422, True)
    assert await office.sent(case) == []
    assert (await an.post(at(case, "answer"), text=EMPTY, warned="1", override="Đã gọi điện")).status == 303
    async with office.store.look(office.clock.now) as tx:
        last = (await tx.cases.timeline(await office.case(case.code)))[-1].event
    assert last == Answered(EMPTY, overridden="Đã gọi điện")
    assert "Bỏ qua cảnh báo, vì: Đã gọi điện" in await an.read(at(case))


async def test_another_persons_data_is_named_and_the_citizens_own_is_not(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    text = GOOD + " Chúng tôi đã gọi số 0912345678; bà Lê Thị Hoa, số 0987654321, nhận thay."
    page = await (await an.post(at(case, "preview"), text=text)).text()
    assert "không tự nêu: Lê Thị Hoa" in page
    assert "không tự nêu: 0987654321" in page
    assert "không tự nêu: 0912345678" not in page


async def test_an_answer_that_another_person_just_got_is_noticed(office: Office, an: Browser) -> None:
    first, second = await office.receive(), await office.receive_elsewhere()
    third = await office.receive(address=second.address)
    await an.get(at(first))
    assert (await an.post(at(first, "answer"), text=GOOD)).status == 303
    await an.get(at(third))
    assert "chép lại câu vừa trả lời" in await (await an.post(at(third, "preview"), text=GOOD)).text()
    again = await office.receive()  # of the same person
    await an.get(at(again))
    assert "chép lại" not in await (await an.post(at(again, "preview"), text=GOOD)).text()
