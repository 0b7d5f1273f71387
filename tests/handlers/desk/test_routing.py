"""The page of proposals, for those who route."""

import pytest

from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


async def test_what_was_passed_on_stands_there_as_a_rule(office: Office, binh: Browser, an: Browser) -> None:
    assert "Không có hồ sơ nào" in await binh.read("/desk/routing")
    case = await office.receive()
    await an.get(f"/desk/cases/{case.code}")
    await an.post(f"/desk/cases/{case.code}/transfer", unit="CCVC", reason="Về công chức")
    page = await binh.read("/desk/routing")
    assert "1 hồ sơ: Cục Tiền lương và Bảo hiểm xã hội → Vụ Công chức - Viên chức" in page
    assert "unit: CCVC" in page
    assert "Đề xuất" not in await an.read("/desk")
