"""What An does with bà Lan's case, and what bà Lan hears of it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from feedback.cases import CITIZEN, Added, Case, Rated, Resumed, Status
from handlers.actions import cases
from handlers.desk import forms
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
ANSWER = "Kính gửi Ông/Bà,\n\nHồ sơ còn thiếu quyết định nghỉ việc."


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/{act}".rstrip("/")


async def test_accepting_tells_the_citizen_and_the_page_says_so(office: Office, an: Browser) -> None:
    case = await office.receive()
    assert "Nhận xử lý" in await an.read(at(case))
    response = await an.post(at(case, "accept"))
    assert (response.status, response.headers["Location"]) == (303, f"{at(case)}?done=accept")
    assert (await office.case(case.code)).officer == "an"
    assert "đã nhận xử lý" in (await office.sent(case))[0].message.text
    assert office.woken == 1
    page = await an.read(f"{at(case)}?done=accept")
    assert "Đã nhận xử lý. Người dân sẽ được báo" in page
    assert f'action="{at(case, "accept")}"' not in page


async def test_the_preview_is_the_very_message_and_sends_nothing(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    page = await (await an.post(at(case, "preview"), text=ANSWER)).text()
    assert await office.sent(case) == []
    assert (await an.post(at(case, "answer"), text=ANSWER)).status == 303
    [item] = await office.sent(case)
    assert item.address == case.address
    assert item.message.text in page
    assert [button.label in page for button in item.message.buttons] == [True] * 5
    assert (await office.case(case.code)).status is Status.ANSWERED
    assert office.woken == 1


async def test_the_text_survives_the_way_back_from_the_preview(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    await an.post(at(case, "preview"), text=ANSWER)
    page = await (await an.post(at(case, "edit"), text=ANSWER)).text()
    assert f">\n{ANSWER}</textarea>" in page
    assert '<details class="act" open>' in page
    assert (await an.post(at(case, "preview"), text=ANSWER + " Xin cảm ơn.")).status == 200


async def test_a_long_answer_is_shown_in_the_pieces_in_which_it_arrives(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    text = "Câu trả lời dài. " * 290
    page = await (await an.post(at(case, "preview"), text=text)).text()
    await an.post(at(case, "answer"), text=text)
    sent = await office.sent(case)
    assert page.count('class="bubble"') == len(sent) == 2


async def test_a_second_answer_after_the_rating_does_not_ask_again(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    await an.post(at(case, "answer"), text=ANSWER)
    async with office.store.begin(office.clock.now) as tx:
        cases.record(tx, await office.case(case.code), Rated(4), CITIZEN)
    assert "Trả lời thêm" in await an.read(at(case))
    page = await (await an.post(at(case, "preview"), text="Xin bổ sung thêm.")).text()
    assert "Rất hài lòng" not in page
    assert (await an.post(at(case, "answer"), text="Xin bổ sung thêm.")).status == 303
    last = (await office.sent(case))[-1].message
    assert [button.label for button in last.buttons] == ["1. Đề nghị xem lại hồ sơ này"]
    assert "trả lời thêm" in last.text


async def test_a_note_never_leaves_the_office(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    assert (await an.post(at(case, "note"), note="Người này hay gọi điện.")).status == 303
    assert await office.events(case) == ["Received", "Routed", "Noted"]
    assert await office.sent(case) == []
    page = await an.read(at(case))
    assert "Người này hay gọi điện." in page
    assert "Chỉ cán bộ thấy" in page
    assert "không bao giờ được gửi cho người dân" in page


async def test_transferring_needs_a_unit_that_receives_and_a_reason(office: Office, an: Browser) -> None:
    case = await office.receive()
    page = await an.read(at(case))
    for unit in ("", "TTR", "X-BTC", "NO-SUCH", case.unit):
        assert f'<option value="{unit}">' not in page or not unit
        assert (await an.post(at(case, "transfer"), unit=unit, reason="Vì thế")).status == 422
    assert (await an.post(at(case, "transfer"), unit="CCVC", reason=" ")).status == 422
    assert (await an.post(at(case, "transfer"), unit="CCVC", reason="Về công chức")).status == 303
    assert (await office.case(case.code)).unit == "CCVC"
    assert "Vụ Công chức" in (await office.sent(case))[0].message.text


async def test_the_router_sees_the_case_after_transferring_it(office: Office, binh: Browser) -> None:
    case = await office.receive()
    await binh.get(at(case))
    response = await binh.post(at(case, "transfer"), unit="PC", reason="Hỏi về văn bản")
    assert response.headers["Location"] == f"{at(case)}?done=transfer"
    assert "Hỏi về văn bản" in await binh.read(at(case))


async def test_asking_for_more_comes_with_a_button_to_send_it(office: Office, an: Browser) -> None:
    case = await office.receive()
    assert f'action="{at(case, "ask")}"' not in await an.read(at(case))
    await an.post(at(case, "accept"))
    assert f'action="{at(case, "ask")}"' in await an.read(at(case))
    assert (await an.post(at(case, "ask"), question="Xin gửi ảnh quyết định.")).status == 303
    message = (await office.sent(case))[-1].message
    assert "Xin gửi ảnh quyết định." in message.text
    assert [button.data for button in message.buttons] == [f"add:{case.code}"]
    assert (await office.case(case.code)).status is Status.WAITING
    assert "Yêu cầu người dân bổ sung" in await an.read(at(case))


async def test_a_later_date_is_a_working_day_and_told_with_its_reason(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    for day in ("", "2026-13-01", "hôm nào", "2026-12-26", f"{case.due:%Y-%m-%d}", "2206-12-28"):
        response = await an.post(at(case, "extend"), day=day, why="Cần xác minh")
        assert (response.status, 'href="#day"' in await response.text()) == (422, True)
    assert (await an.post(at(case, "extend"), day="2026-12-28", why="Cần xác minh")).status == 303
    message = (await office.sent(case))[-1].message
    assert "ngày 28/12/2026" in message.text
    assert "Lý do: Cần xác minh" in message.text
    page = await an.read(at(case))
    assert "Gia hạn đến 28/12/2026" in page
    assert "Hẹn 28/12/2026" in await an.read("/desk")


async def test_a_date_that_has_passed_is_extended_no_more(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    case = await office.receive()
    office.clock.now = case.due + timedelta(minutes=1)
    an = await enter("an")
    assert f'action="{at(case, "extend")}"' not in await an.read(at(case))
    assert (await an.post(at(case, "extend"), day="2026-12-28", why="Muộn")).status == 409


async def test_closing_tells_the_result_and_leaves_only_notes(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    assert (await an.post(at(case, "close"), result="Trùng với hồ sơ trước.")).status == 303
    assert "Trùng với hồ sơ trước." in (await office.sent(case))[0].message.text
    page = await an.read(at(case))
    assert "Hồ sơ đã đóng. Chỉ còn ghi chú nội bộ." in page
    assert re.findall(r'action="(/desk/cases/[^"]*)"', page) == [at(case, "note")]
    assert (await an.post(at(case, "answer"), text=ANSWER)).status == 409
    assert (await an.post(at(case, "note"), note="Lưu.")).status == 303


@pytest.mark.parametrize(
    ("act", "field"),
    [
        ("preview", "text"),
        ("answer", "text"),
        ("note", "note"),
        ("close", "result"),
        ("transfer", "reason"),
        ("return", "back"),
        ("extend", "why"),
    ],
)
async def test_what_is_empty_or_too_long_comes_back_with_its_text(
    office: Office, an: Browser, act: str, field: str
) -> None:
    case = await office.receive()
    await an.get(at(case))
    long = "đ" * (forms.LONGEST[field] + 1)
    for text in ("", "  \n ", long):
        response = await an.post(at(case, act), **{"unit": "CCVC", "day": "2026-12-28", field: text})
        page = await response.text()
        assert response.status == 422
        assert "Chưa gửi được" in page
        assert f'href="#{field}"' in page
        assert f'aria-describedby="{field}-hint {field}-mistake" aria-invalid="true"' in page
        assert text.strip() in page
    assert await office.events(case) == ["Received", "Routed"]
    just_right = {"unit": "CCVC", "day": "2026-12-28", field: "đ" * forms.LONGEST[field]}
    assert (await an.post(at(case, act), **just_right)).status in (200, 303)


async def test_two_officers_one_answer_and_both_texts(office: Office, an: Browser, binh: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    await binh.get(at(case))
    assert (await binh.post(at(case, "answer"), text="Bình trả lời trước.")).status == 303
    response = await an.post(at(case, "preview"), text=ANSWER)
    page = await response.text()
    assert response.status == 409
    assert "Bình trả lời trước." in page
    assert "Trần Văn Bình" in page
    assert f">\n{ANSWER}</textarea>" in page
    assert len(await office.sent(case)) == 1
    assert (await an.post(at(case, "preview"), text=ANSWER)).status == 200  # having seen it


async def test_what_the_citizen_adds_meanwhile_is_read_before_the_answer(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    async with office.store.begin(office.clock.now) as tx:
        cases.record(tx, case, Added("Tôi đã nhận được rồi."), CITIZEN)
    response = await an.post(at(case, "answer"), text=ANSWER)
    assert response.status == 409
    assert "Tôi đã nhận được rồi." in await response.text()
    assert await office.sent(case) == []


async def test_a_double_click_sends_once(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    data = {"csrf": an.csrf, "version": an.version, "text": ANSWER}
    path = at(case, "answer")
    clicks = [an.client.post(path, data=data, allow_redirects=False) for _ in range(4)]
    statuses = sorted(response.status for response in await asyncio.gather(*clicks))
    assert statuses == [303, 409, 409, 409]
    assert len(await office.sent(case)) == 1


async def test_a_lost_race_at_the_commit_shows_the_winner(
    office: Office, an: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other officer is faster by less than our own transaction takes."""
    case = await office.receive()
    await an.get(at(case))
    take, binh = cases.answer, office.desk.officer("binh")
    assert binh

    def answer_an_old_copy(tx, library, case, text, officer, *_) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002
        take(tx, library, case, "Của Bình.", binh)
        take(tx, library, case, text, officer)

    monkeypatch.setattr(cases, "answer", answer_an_old_copy)
    response = await an.post(at(case, "answer"), text=ANSWER)
    assert response.status == 409
    assert ANSWER in await response.text()
    assert await office.events(case) == ["Received", "Routed"]


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "²"])
async def test_a_form_that_does_not_know_what_it_saw_is_shown_everything(
    office: Office, an: Browser, version: str
) -> None:
    case = await office.receive()
    await an.get(at(case))
    response = await an.post(at(case, "accept"), version=version)
    assert response.status == 409
    assert "Đã tiếp nhận" in await response.text()


UNSURE = "Tôi muốn phản ánh: chị em tập sự ba tháng nay chưa xếp bậc."


async def test_a_case_that_nobody_is_sure_of_is_routed_with_one_click(office: Office, binh: Browser) -> None:
    case = await office.receive(text=UNSURE)
    assert case.unit == "VP"
    page = await binh.read(at(case))
    assert "Một lần bấm là chuyển" in page
    assert "Chuyển Vụ Công chức - Viên chức" in page
    assert (await binh.post(at(case, "transfer"), unit="CCVC", reason="Theo gợi ý")).status == 303
    assert (await office.case(case.code)).unit == "CCVC"


async def test_a_unit_gives_a_case_back_and_the_citizen_is_told(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    response = await an.post(at(case, "return"), back="Không phải việc của đơn vị.")
    assert response.headers["Location"] == "/desk?done=return"
    after = await office.case(case.code)
    assert (after.unit, after.transfers) == ("VP", 1)
    told = (await office.sent(case))[-1].message.text
    assert "xác định lại" in told
    assert "Không phải việc" not in told


async def test_a_case_that_went_to_and_fro_is_passed_on_by_those_who_route_only(
    office: Office, an: Browser, binh: Browser
) -> None:
    case = await office.receive()
    router = office.library.office.officer("binh")
    for unit in ("CCVC", "PC", "TL-BHXH"):
        async with office.store.begin(office.clock.now) as tx:
            cases.transfer(tx, office.library, await office.case(case.code), unit, "Đúng hơn", router)
    page = await an.read(at(case))
    assert "đã chuyển qua lại 3 lần" in page
    assert f'action="{at(case, "transfer")}"' not in page
    assert (await an.post(at(case, "transfer"), unit="CCVC", reason="Lại")).status == 409
    await binh.get(at(case))
    assert (await binh.post(at(case, "transfer"), unit="CCVC", reason="Quyết định")).status == 303


async def test_who_answers_or_passes_on_while_the_citizen_is_asked_loses_none_of_that_time(
    office: Office, enter: Callable[[str], Awaitable[Browser]]
) -> None:
    an = await enter("an")
    answered, passed = await office.receive(), await office.receive()
    for case in (answered, passed):
        await an.get(at(case))
        await an.post(at(case, "accept"))
        await an.get(at(case))
        await an.post(at(case, "ask"), question="Xin gửi ảnh quyết định.")
    office.clock.now += timedelta(days=2)
    an = await enter("an")
    await an.get(at(answered))
    await an.post(at(answered, "answer"), text="Theo Nghị định 73/2024, xã chi trả trước ngày 15/12/2026.")
    await an.get(at(passed))
    await an.post(at(passed, "transfer"), unit="CCVC", reason="Đúng chức năng")
    for case in (answered, passed):
        assert (await office.case(case.code)).due > case.due
        async with office.store.look(office.clock.now) as tx:
            assert type((await tx.cases.timeline(case))[-2].event) is Resumed
