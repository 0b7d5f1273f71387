"""Every route, every role, one's own unit and another's: what is not yours does not exist."""

from collections.abc import Awaitable, Callable

import pytest

from feedback.cases import Case
from feedback.staff import Role
from handlers.desk.door import Staffed
from handlers.desk.map import MAP
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
WHO = {Role.OFFICER: "an", Role.HEAD: "quang", Role.ROUTER: "binh", Role.LEADER: "chi"}
STAFFED = [way for way in MAP if isinstance(way, Staffed)]
ABOUT_A_CASE = [way for way in STAFFED if "{code}" in way.path or "{id}" in way.path]
FILLED = {
    "text": "Xin Ông/Bà bổ sung giấy tờ.",
    "note": "Ghi chú",
    "unit": "PC",
    "reason": "Đúng việc hơn",
    "back": "Không thuộc đơn vị",
    "result": "Đã xong",
    "question": "Xin gửi ảnh quyết định.",
    "day": "2026-12-28",
    "why": "Cần xác minh",
    "corrected": "Xin Ông/Bà bổ sung giấy tờ nghỉ việc.",
    "cause": "Thiếu tên giấy tờ",
    "need": "Cần bảo vệ người gửi",
    "why_not": "Chưa nêu căn cứ",
}
NOBODYS = "00000-00000"  # a code that is written correctly and of no case


async def ask(browser: Browser, way: Staffed, code: str, file: int) -> tuple[int, str]:
    path = way.path.format(code=code, id=file)
    if way.takes_file:
        response = await browser.upload(path, "ảnh.jpg", b"\xff\xd8\xffbytes")
        return response.status, await response.text()
    response = await (browser.get(path) if way.method == "GET" else browser.post(path, **FILLED))
    return response.status, await response.text(errors="replace")


async def state(office: Office, case: Case) -> tuple[object, ...]:
    return await office.case(case.code), await office.events(case), await office.sent(case)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("own", [True, False], ids=["own unit", "other unit"])
@pytest.mark.parametrize("way", ABOUT_A_CASE, ids=lambda way: f"{way.method} {way.path}")
async def test_what_is_not_yours_does_not_exist(
    office: Office, enter: Callable[[str], Awaitable[Browser]], way: Staffed, role: Role, *, own: bool
) -> None:
    case = await (office.receive() if own else office.receive_elsewhere())
    if way.path.endswith("/ask"):
        await office.accept(case)
    elif way.path.endswith("/correct"):
        await office.answer(case)
    elif way.path.endswith(("/approve", "/decline")):
        await office.propose(case)
    file = await office.attach(case, "ảnh.jpg", b"\xff\xd8\xffbytes")
    browser = await enter(WHO[role])
    browser.version = str(len(await office.events(case)))
    before = await state(office, case)

    status, text = await ask(browser, way, case.code, file)

    if role in way.roles and (own or role not in (Role.OFFICER, Role.HEAD)):
        assert status in (200, 303)
        return
    assert (status, text) == await ask(browser, way, NOBODYS, 1)
    assert status == 404
    assert await state(office, case) == before


@pytest.mark.parametrize("role", Role)
async def test_lists_counts_and_search_stay_within_the_unit(
    office: Office, enter: Callable[[str], Awaitable[Browser]], role: Role
) -> None:
    mine, other = await office.receive(), await office.receive_elsewhere()
    assert mine.unit != other.unit
    browser = await enter(WHO[role])
    everything = role not in (Role.OFFICER, Role.HEAD)
    pages = [await browser.read(f"/desk?{each}") for each in ("show=all", "show=routed", "q=cong+chuc")]
    assert [other.code in page for page in pages] == [everything] * 3
    assert ("<b>2</b>" in pages[0]) is everything
    assert (await browser.get(f"/desk?q={other.code}")).status == (303 if everything else 200)


async def test_a_case_that_was_transferred_away_is_gone(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(f"/desk/cases/{case.code}")
    response = await an.post(f"/desk/cases/{case.code}/transfer", unit="CCVC", reason="Về công chức")
    assert response.headers["Location"] == "/desk?done=transfer"
    assert (await an.get(f"/desk/cases/{case.code}")).status == 404
    assert (await an.post(f"/desk/cases/{case.code}/note", note="Còn thấy?")).status == 404
    assert case.code not in await an.read("/desk?show=all")


@pytest.mark.parametrize("code", ["x", "7K3F9-Q2M4R", "%00", "..%2f", "😀", "7k3f9q2m4r", "a" * 5000])
async def test_strange_codes_are_not_found(an: Browser, code: str) -> None:
    assert (await an.get(f"/desk/cases/{code}")).status == 404


@pytest.mark.parametrize("file", ["0", "-1", "x", "9" * 19, "9" * 400, "%00", "١"])
async def test_strange_files_are_not_found(an: Browser, file: str) -> None:
    assert (await an.get(f"/desk/files/{file}")).status == 404
