"""The answers at the desk: which there are, how each stands, what a question gets, and the switch."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from faq.files import Mistake
from handlers.desk import faq, faq_try
from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
MINE, OTHERS = "/desk/faq/G3-31", "/desk/faq/G1-01"  # An is of TL-BHXH
QUESTION = "luong co so hien nay la bao nhieu"


async def off(office: Office) -> frozenset[str]:
    async with office.store.look(office.clock.now) as tx:
        return await tx.questions.switched_off()


async def test_the_list_says_how_each_stands(office: Office, binh: Browser) -> None:
    async with office.store.begin(office.clock.now) as tx:
        tx.questions.switch("G1-01", off=True, by="binh", reason="Đang rà lại.")
    page = await binh.read("/desk/faq?show=off")
    assert ("G1-01" in page, "G1-03" in page, "Đã tắt" in page) == (True, False, True)
    assert "G1-02" in await binh.read("/desk/faq?show=waiting")
    everything = office.library.knowledge.entries
    assert f"<b>{len(everything)}</b>" in page
    assert f"{len(everything)} câu" in await binh.read("/desk/faq?show=no-such-filter")


async def test_search_reads_as_the_matcher_does_and_finds_words_and_ids(binh: Browser) -> None:
    page = await binh.read("/desk/faq?q=luong+co+so")
    assert page.index("G3-31") < page.index("G3-32")
    assert "G1-01" in await binh.read("/desk/faq?q=khoa+xvi+ngay+15/3/2026")
    assert "G1-01" in await binh.read(f"/desk/faq?q={quote('vụ chính quyền địa phương')}")
    assert "khớp với «qwzx»" in await binh.read("/desk/faq?q=qwzx")
    assert (await binh.get("/desk/faq?q=g1-01")).headers["Location"] == "/desk/faq/G1-01"


async def test_an_officer_sees_the_answers_of_the_unit(an: Browser, binh: Browser, chi: Browser) -> None:
    page = await an.read(f"/desk/faq?q={quote(QUESTION)}")
    assert ("G3-31" in page, "G1-01" in page) == (True, False)
    assert "G1-01" not in await an.read("/desk/faq")
    assert (await an.get("/desk/faq?q=G1-01")).status == 200
    for browser, page, status in (
        (an, MINE, 200),
        (an, OTHERS, 404),
        (binh, OTHERS, 200),
        (chi, OTHERS, 200),
    ):
        assert (await browser.get(page)).status == status


async def test_an_entry_is_shown_whole(binh: Browser) -> None:
    page = await binh.read(MINE)
    for words in (
        "2.530.000 đồng/tháng",
        "LCS hiện tại",
        "161/2026/NĐ-CP",
        "hiệu lực từ 01/07/2026",
        "G3.yaml:",
    ):
        assert words in page
    for strange in ("NO-SUCH", "%00", "😀", "g3-31", "a" * 5000):
        assert (await binh.get(f"/desk/faq/{strange}")).status == 404


async def test_switching_off_needs_a_reason_and_tells_who_when_and_why(office: Office, binh: Browser) -> None:
    await binh.get(MINE)
    for reason in ("", "  \n", "đ" * (faq.LONGEST_REASON + 1)):
        response = await binh.post(f"{MINE}/switch", off="yes", reason=reason)
        assert response.status == 422
        assert 'href="#reason"' in await response.text()
    assert await off(office) == frozenset()
    response = await binh.post(f"{MINE}/switch", off="yes", reason="Số <b>đã</b> đổi.")
    assert (response.status, response.headers["Location"]) == (303, f"{MINE}?done=off")
    assert await off(office) == {"G3-31"}
    page = await binh.read(f"{MINE}?done=off")
    for words in ("Đã tắt. Từ câu hỏi tiếp theo", "Trần Văn Bình", "09:00", "Số &lt;b&gt;đã&lt;/b&gt; đổi."):
        assert words in page
    assert (await binh.post(f"{MINE}/switch", off="no")).status == 303
    assert await off(office) == frozenset()
    assert "Bật lại gần nhất" in await binh.read(MINE)


async def test_only_routers_switch(office: Office, an: Browser, chi: Browser) -> None:
    for browser in (an, chi):
        assert "Tắt câu trả lời này" not in await browser.read(MINE)
        assert (await browser.post(f"{MINE}/switch", off="yes", reason="Vì thế")).status == 404
    assert await off(office) == frozenset()


async def test_trying_shows_the_answer_as_it_is_sent_and_why(an: Browser) -> None:
    assert "Hôm nay người dân nhận được" not in await an.read("/desk/faq/try")
    page = await an.read(f"/desk/faq/try?q={quote(QUESTION)}")
    assert (
        page.index("Trả lời ngay") < page.index("Đơn vị phụ trách: Cục Tiền lương") < page.index("Khớp với")
    )
    assert page.count('class="share"') == faq_try.RANKED
    assert 'href="/desk/faq/G3-31"' in page
    assert "Báo chưa có thông tin" in await an.read("/desk/faq/try?q=qwzx")
    page = await an.read(f"/desk/faq/try?q={quote('tôi muốn phản ánh việc chậm chi trả lương hưu')}")
    assert "Tin này được nhận ra là «Phản ánh»" in page
    assert "<script>" not in await an.read("/desk/faq/try?q=%3Cscript%3E%00")


async def test_trying_heeds_the_switch_and_who_asks_and_every_question(office: Office, an: Browser) -> None:
    two = "luong co so hien nay la bao nhieu? bau cu quoc hoi khoa XVI dien ra ngay nao?"
    assert (await an.read(f"/desk/faq/try?q={quote(two)}")).count('class="bubble"') == 2
    page = await an.read(f"/desk/faq/try?q={quote(QUESTION)}&as=business")
    assert '<option value="business" selected>' in page
    assert " selected" not in await an.read(f"/desk/faq/try?q={quote(QUESTION)}&as=%3Cb%3E")
    async with office.store.begin(office.clock.now) as tx:
        tx.questions.switch("G3-31", off=True, by="binh", reason="Đang rà lại.")
    page = await an.read(f"/desk/faq/try?q={quote(QUESTION)}")
    assert ("2.530.000" in page, "Đã tắt" in page) == (False, True)


async def test_what_is_wrong_in_the_files_is_told_with_its_place(office: Office, binh: Browser) -> None:
    assert "chỗ sai" not in await binh.read("/desk/faq")
    office.shelf.mistakes = (
        Mistake(Path("/srv/co-quan/faq/G1.yaml"), 12, "thiếu mục «unit»", 5, "thêm unit"),
    )
    office.shelf.loaded_at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    page = await binh.read("/desk/faq")
    for words in ("có 1 chỗ sai", "faq/G1.yaml:12:5", "thiếu mục «unit»", "Cách sửa: thêm unit.", "08:30"):
        assert words in page
    assert "/srv" not in page


async def test_samples_inside_the_program_are_not_changed_but_shown_what_to_copy(binh: Browser) -> None:
    page = await binh.read("/desk/faq/try?q=bo+bien+che+suot+doi")
    assert "Câu hỏi này cần được trả lời" in page
    form = {"text": "bỏ biên chế suốt đời khi nào", "entry": "G2-07", "sure": "yes"}
    page = await (await binh.post("/desk/faq/unanswered/alternate", **form)).text()
    assert "caunoi init" in page
    assert "      - bỏ biên chế suốt đời khi nào" in page
    assert "alternate/save" not in page
    response = await binh.post("/desk/faq/unanswered/alternate/save", **form)
    assert response.status == 409
    assert "caunoi init" in await response.text()
