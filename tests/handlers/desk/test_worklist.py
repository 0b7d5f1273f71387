"""The first page: the right cases, in the right order, said in words."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import event

from feedback.cases import CITIZEN, Rated
from handlers.actions import cases
from handlers.clock import reminders
from storage.cases import MOST
from storage.reminders import Silence
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def order(page: str, *codes: str) -> list[str]:
    return sorted((code for code in codes if code in page), key=page.index)


async def test_the_most_urgent_comes_first_and_says_so(office: Office, an: Browser) -> None:
    office.clock.now -= timedelta(days=21)
    late = await office.receive()
    office.clock.now += timedelta(days=21)
    fresh = await office.receive()
    sooner = await office.receive(kind="question")
    page = await an.read("/desk")
    assert order(page, late.code, fresh.code, sooner.code) == [late.code, sooner.code, fresh.code]
    for words in ("Quá hạn 4 ngày", "Còn 10 ngày", "Còn 5 ngày"):
        assert words in page


async def test_each_filter_shows_what_it_counts(office: Office, an: Browser) -> None:
    office.clock.now -= timedelta(days=21)
    late = await office.receive()
    office.clock.now += timedelta(days=21)
    new, taken, answered, closed = [await office.receive() for _ in range(4)]
    officer = office.desk.officer("an")
    assert officer
    async with office.store.begin(office.clock.now) as tx:
        cases.accept(tx, office.library, taken, officer)
        cases.answer(tx, office.library, answered, "Đã trả lời.", officer)
        cases.close(tx, office.library, closed, "Trùng.", officer)
    shown = {
        "all": [late, new, taken],
        "overdue": [late],
        "soon": [],
        "routed": [late, new],
        "accepted": [taken],
        "answered": [answered],
        "closed": [closed],
    }
    for each, wanted in shown.items():
        page = await an.read(f"/desk?show={each}")
        everything = [case.code for case in (late, new, taken, answered, closed)]
        assert set(order(page, *everything)) == {case.code for case in wanted}, each
        assert f"{len(wanted)} hồ sơ" in page
    assert "Nguyễn Thị An xử lý" in await an.read("/desk?show=accepted")


async def test_what_is_due_within_a_working_day_is_soon(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    case = await office.receive()
    office.clock.now = case.due - timedelta(hours=2)
    later = await office.receive()
    an = await enter("an")
    page = await an.read("/desk?show=soon")
    assert order(page, case.code, later.code) == [case.code]
    assert "Còn 2 giờ" in page
    assert order(await an.read("/desk"), case.code, later.code) == [case.code, later.code]


async def test_empty_lists_say_so_kindly(an: Browser) -> None:
    assert "Không còn hồ sơ nào cần xử lý" in await an.read("/desk")
    assert "Không có hồ sơ nào quá hạn" in await an.read("/desk?show=overdue")
    assert "Không còn hồ sơ nào" in await an.read("/desk?show=no-such-filter")


async def test_search_needs_no_diacritics_and_finds_codes(office: Office, an: Browser) -> None:
    case = await office.receive()
    other = await office.receive(text="Lương tối thiểu vùng của tôi trả thiếu.", place="Huế")
    page = await an.read("/desk?q=chua+nhan+duoc")
    assert order(page, case.code, other.code) == [case.code]
    assert other.code in await an.read(f"/desk?q={quote('huế')}")
    assert "khớp với «xyz»" in await an.read("/desk?q=xyz")
    response = await an.get(f"/desk?q={case.code.lower().replace('-', '')}")
    assert response.headers["Location"] == f"/desk/cases/{case.code}"


async def test_the_page_takes_few_queries_however_many_cases(office: Office, an: Browser) -> None:
    for _ in range(30):
        await office.receive()
    asked: list[str] = []
    engine = office.store._reader.sync_engine  # noqa: SLF001

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    assert (await an.get("/desk")).status == 200
    event.remove(engine, "before_cursor_execute", count)
    assert 0 < len(asked) <= 10


async def test_no_confirmation_but_ours_can_be_shown(an: Browser) -> None:
    assert "Đã chuyển hồ sơ" in await an.read("/desk?done=transfer")
    assert 'role="status"' not in await an.read("/desk?done=%3Cb%3Ehacked")


async def test_bad_ratings_have_a_list_of_their_own_within_the_unit(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    an, cuong = await enter("an"), await enter("cuong")
    case, good = await office.receive(), await office.receive()
    for each, stars in ((case, 2), (good, 3)):
        async with office.store.begin(office.clock.now) as tx:
            cases.answer(tx, office.library, each, "Đã trả.", office.library.office.officer("an"))
        async with office.store.begin(office.clock.now) as tx:
            cases.record(tx, await office.case(each.code), Rated(stars), CITIZEN)
    page = await an.read("/desk?show=low")
    assert order(page, case.code, good.code) == [case.code]
    assert "2/5 sao" in page
    assert case.code not in await cuong.read("/desk?show=low")


async def test_what_somebody_was_reminded_of_stands_first(
    office: Office, an: Browser, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    case = await office.receive()
    assert "Việc cần làm ngay" not in await an.read("/desk")
    office.clock.now = case.due - timedelta(hours=3)
    async with office.store.begin(office.clock.now) as tx:
        await reminders.remind(tx, office.library)
    an = await enter("an")  # two weeks later
    page = await an.read("/desk")
    assert page.index("Việc cần làm ngay") < page.index(case.code) < page.index("Lọc hồ sơ")
    told = await an.read(f"/desk/cases/{case.code}")
    assert "Đã nhắc Nguyễn Thị An, Đinh Đức Quang (80 % thời hạn)" in told
    assert "Vì sao hẹn ngày này" in told
    cuong = await enter("cuong")
    assert "Việc cần làm ngay" not in await cuong.read("/desk")


async def test_those_who_route_see_which_unit_is_silent(
    office: Office, an: Browser, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    async with office.store.begin(office.clock.now) as tx:
        now = office.clock.now
        tx.reminders.silent(Silence("CCVC", 2, now, now))
        tx.reminders.silent(Silence("TCBC", 1, now, now))
    binh = await (await enter("binh")).read("/desk")
    assert "Vụ Công chức - Viên chức không có động tĩnh từ 23/11/2026" in binh
    assert binh.count("không có động tĩnh") == 1
    assert "không có động tĩnh" not in await an.read("/desk")


async def test_more_than_a_thousand_are_said_to_be_more(office: Office, an: Browser) -> None:
    case = await office.receive()
    async with office.store.begin(office.clock.now) as tx:
        for number in range(MOST):
            tx.cases.add(replace(case, id=number + 1, code=f"{number:011}"), [])
    page = await an.read("/desk")
    assert page.count(f"hơn {MOST}") == 2  # all of them, and the new ones
