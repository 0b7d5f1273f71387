"""Saved replies are picked by name, filled with the case, and put under what is written already."""

import pytest

from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
LOCAL, PAPERS, PENSION = (
    "Đã chuyển địa phương, chờ báo cáo",
    "Mời nộp thêm giấy tờ",
    "Lương hưu, trợ cấp chưa về tài khoản",
)


async def test_each_case_is_offered_the_replies_of_its_unit_and_kind(office: Office, binh: Browser) -> None:
    mine, other = await office.receive(), await office.receive_elsewhere()
    question = await office.receive(kind="question")
    offered = {
        case.code: [name for name in (LOCAL, PAPERS, PENSION) if f"<option>{name}</option>" in page]
        for case in (mine, other, question)
        for page in [await binh.read(f"/desk/cases/{case.code}")]
    }
    assert offered[mine.code] == [LOCAL, PAPERS, PENSION]
    assert offered[other.code] == [LOCAL, PAPERS]
    assert offered[question.code] == [PAPERS, PENSION]


async def test_a_reply_is_filled_and_stands_under_what_was_written(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(f"/desk/cases/{case.code}")
    page = await (await an.post(f"/desk/cases/{case.code}/fill", text="Kính gửi bà.", reply=LOCAL)).text()
    start = f"Kính gửi bà.\n\nVề phản ánh mã {case.code}: Cục Tiền lương và Bảo hiểm xã hội đã yêu cầu"
    assert start in page
    assert f"chậm nhất {office.library.phrases.day('vi', case.due)}." in page
    assert await office.events(case) == ["Received", "Routed"]


async def test_a_reply_that_is_not_offered_changes_nothing(office: Office, an: Browser) -> None:
    case = await office.receive(kind="question")
    await an.get(f"/desk/cases/{case.code}")
    page = await (await an.post(f"/desk/cases/{case.code}/fill", text="Kính gửi bà.", reply=LOCAL)).text()
    assert ">\nKính gửi bà.</textarea>" in page
