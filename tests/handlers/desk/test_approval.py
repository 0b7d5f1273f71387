"""Where the office wants two persons, no single one answers a citizen."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import product

import pytest

from feedback.cases import Answered, Case, NotAllowed, Proposed, Status
from feedback.staff import Officer
from handlers.actions import approval, cases
from handlers.library import Library
from handlers.office import Office as Rules
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
TEXT = "Theo Nghị định số 25/2025/NĐ-CP, Ông/Bà nộp thêm quyết định nghỉ việc trước ngày 10/12/2026."
KIND = "proposal"  # needs two persons here
Enter = Callable[[str], Awaitable[Browser]]


@pytest.fixture
def library(library: Library) -> Library:
    kinds = tuple(replace(each, second_person=each.code == KIND) for each in library.office.kinds)
    return replace(library, office=replace(library.office, kinds=kinds))


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/{act}".rstrip("/")


def strict(rules: Rules, *, kind: bool, unit: bool) -> Rules:
    """Ask for a second person by the kind of bà Lan's case, by its unit, by both or by neither."""
    kinds = tuple(replace(each, second_person=kind) for each in rules.kinds)
    units = {code: replace(each, second_person=unit) for code, each in rules.units.items()}
    return replace(rules, kinds=kinds, units=units)


@pytest.mark.parametrize(
    ("kind", "unit", "who"), list(product([True, False], [True, False], ["an", "quang", "binh"]))
)
async def test_one_person_answers_corrects_or_closes_only_where_one_is_enough(
    office: Office, library: Library, who: str, *, kind: bool, unit: bool
) -> None:
    rules = replace(library, office=strict(library.office, kind=kind, unit=unit))
    officer, enough = rules.office.officer(who), not (kind or unit)

    async def alone(act: Callable[..., None], case: Case, *words: str) -> bool:
        try:
            async with office.store.begin(office.clock.now) as tx:
                act(tx, rules, await office.case(case.code), *words, officer)
        except NotAllowed:
            return False
        return True

    assert await alone(cases.answer, await office.receive(), TEXT) is enough
    assert await alone(cases.close, await office.receive(), "Đã xong.") is enough
    answered = await office.receive()
    await office.answer(answered)
    before = len(await office.sent(answered))
    assert await alone(cases.correct, answered, TEXT, "Sai ngày") is enough
    assert (len(await office.sent(answered)) > before) is enough


@pytest.mark.parametrize(
    ("drafter", "second"),
    list(product(["an", "quang", "binh"], ["an", "quang", "binh", "cuong", "tam", "chi"])),
)
async def test_the_second_person_is_another_one_and_the_head_or_a_router(
    office: Office, library: Library, drafter: str, second: str
) -> None:
    who = {each.id: each for each in library.office.staff}
    allowed = second in ("quang", "binh") and second != drafter
    for act in ("approve", "decline"):
        case = await office.receive(kind=KIND)
        async with office.store.begin(office.clock.now) as tx:
            approval.propose(tx, case, TEXT, who[drafter])
        assert await _tries(office, library, act, await office.case(case.code), who[second]) is allowed
        assert bool(await office.sent(case)) is (allowed and act == "approve")


async def _tries(office: Office, library: Library, act: str, case: Case, second: Officer) -> bool:
    try:
        async with office.store.begin(office.clock.now) as tx:
            if act == "approve":
                approval.approve(tx, library, case, Proposed(TEXT, case.proposed_by), TEXT, second)
            else:
                approval.decline(tx, case, "Chưa rõ", second)
    except NotAllowed:
        return False
    return True


async def test_a_draft_goes_to_the_head_who_sends_it_as_it_is(office: Office, enter: Enter) -> None:
    case = await office.receive(kind=KIND)
    an = await enter("an")
    page = await an.read(at(case))
    assert "Soạn câu trả lời" in page
    assert "chưa đóng được" in page
    preview = await (await an.post(at(case, "preview"), text=TEXT)).text()
    assert ("Trình duyệt</button>" in preview, "Gửi câu trả lời</button>" in preview) == (True, False)
    assert (await an.post(at(case, "answer"), text=TEXT)).headers["Location"] == f"{at(case)}?done=propose"
    assert await office.sent(case) == []
    page = await an.read(at(case))
    assert "đang chờ thủ trưởng đơn vị" in page
    assert at(case, "approve") not in page
    quang = await enter("quang")
    assert "<b>1</b>" in await quang.read("/desk?show=proposed")
    assert case.code in await quang.read("/desk?show=proposed")
    page = await quang.read(at(case))
    assert f">\n{TEXT}</textarea>" in page
    preview = await (await quang.post(at(case, "preview"), act="approve", text=TEXT)).text()
    assert f'action="{at(case, "approve")}"' in preview
    assert (await quang.post(at(case, "approve"), text=TEXT)).status == 303
    [item] = await office.sent(case)
    assert item.message.text in preview
    assert (await office.case(case.code)).status is Status.ANSWERED
    page = await an.read(at(case))
    assert "Nguyễn Thị An soạn" in page
    assert case.code not in await quang.read("/desk?show=proposed")


async def test_the_second_person_may_change_the_words(office: Office, enter: Enter) -> None:
    case = await office.receive(kind=KIND)
    await office.propose(case, "an")
    binh = await enter("binh")
    await binh.get(at(case))
    assert (await binh.post(at(case, "approve"), text=TEXT + " Trân trọng.")).status == 303
    assert "Trân trọng." in (await office.sent(case))[0].message.text
    async with office.store.look(office.clock.now) as tx:
        happened = (await tx.cases.timeline(await office.case(case.code)))[-1]
    assert (happened.actor, happened.event) == ("binh", Answered(TEXT + " Trân trọng.", "an"))


async def test_a_declined_draft_comes_back_with_the_reason_and_its_words(
    office: Office, enter: Enter
) -> None:
    case = await office.receive(kind=KIND)
    await office.propose(case, "an")
    quang = await enter("quang")
    await quang.get(at(case))
    assert (await quang.post(at(case, "decline"), why_not=" ")).status == 422
    assert (await quang.post(at(case, "decline"), why_not="Chưa nêu căn cứ.")).status == 303
    assert await office.sent(case) == []
    an = await enter("an")
    assert case.code in await an.read("/desk?show=declined")
    page = await an.read(at(case))
    assert "Câu trả lời của Nguyễn Thị An không được duyệt:" in page
    assert "Chưa nêu căn cứ." in page
    assert ">\nHồ sơ còn thiếu quyết định.</textarea>" in page
    assert (await an.post(at(case, "answer"), text=TEXT)).status == 303
    assert case.code not in await an.read("/desk?show=declined")


async def test_nobody_approves_their_own_at_the_desk(office: Office, enter: Enter) -> None:
    case = await office.receive(kind=KIND)
    quang = await enter("quang")
    await quang.get(at(case))
    await quang.post(at(case, "answer"), text=TEXT)
    await quang.get(at(case))
    for act in ("approve", "decline"):
        response = await quang.post(at(case, act), text=TEXT, why_not="x")
        assert (response.status, "không tự duyệt được" in await response.text()) == (422, True)
    assert await office.sent(case) == []


async def test_what_changed_meanwhile_is_not_approved(office: Office, enter: Enter) -> None:
    case = await office.receive(kind=KIND)
    await office.propose(case, "an")
    quang, binh = await enter("quang"), await enter("binh")
    await quang.get(at(case))
    await binh.get(at(case))
    assert (await binh.post(at(case, "decline"), why_not="Sai")).status == 303
    assert (await quang.post(at(case, "approve"), text=TEXT)).status == 409
    assert await office.sent(case) == []
