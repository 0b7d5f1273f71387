"""What is put on record of a question, for whom an answer holds, and what a strange button can do."""

from dataclasses import replace
from datetime import date

import pytest

from faq import entries
from faq.entries import Confidence, Entry, Verdict
from faq.index import Index
from faq.words import Words
from feedback import codes
from feedback.cases import Sender
from handlers.actions.answers import Reader
from handlers.library import Library
from storage.questions import Question
from storage.store import Store
from tests.conversations.stage import Stage

DAY = date(2026, 11, 23)
ENTRY = Entry("GX-01", "tien-luong", "Cấp lại thẻ ở đâu?", "Ở xã.", "VP", Confidence.CHECKED)


def with_entries(library: Library, *new: Entry) -> Library:
    added = {entry.id: entry for entry in new}
    knowledge = replace(library.knowledge, entries=library.knowledge.entries | added)
    return replace(library, knowledge=knowledge, index=Index(knowledge, Words.load(entries.CONTENT)))


async def kept(stage: Stage) -> list[Question]:
    async with stage.store.look(stage.now) as tx:
        return await tx.questions.latest(10)


@pytest.mark.parametrize(
    ("script", "outcomes"),
    [
        ("Lan: lương cơ sở hiện nay là bao nhiêu", ["answered"]),
        ("Lan: lương cơ sở hiện nay là bao nhiêu\nLan bấm: Không đúng ý tôi", ["refused"]),
        ("Lan: cả nước hiện có bao nhiêu tỉnh\nLan bấm: Không đúng ý tôi\nLan: 1", ["chosen"]),
        ("Lan: cách nấu phở bò ngon", ["unknown"]),
        ("Lan chuyển tiếp: mỗi hộ phải đóng năm trăm nghìn làm biển tên đường", ["unknown"]),
        ("Lan: tôi tố cáo ông chủ tịch xã nhận hối lộ", []),
        ("Lan: tôi muốn khiếu nại quyết định thu hồi đất của nhà tôi", []),
        ("Lan: nhà tôi đang cháy, cứu với", []),
        ("Lan: xin chào", []),
        (f"Lan: {codes.make(7)}", []),
        ("Lan: Tôi xin phản ánh xã tôi trả lương hưu chậm ba tháng", []),
    ],
)
async def test_only_questions_are_put_on_record(
    store: Store, library: Library, script: str, outcomes: list[str]
) -> None:
    stage = Stage(store, library)
    await stage.play(script)
    assert [str(question.outcome) for question in await kept(stage)] == outcomes


async def test_the_record_names_no_person_and_no_number(store: Store, library: Library) -> None:
    stage = Stage(store, library)
    await stage.play("Lan: lương cơ sở hiện nay là bao nhiêu, điện thoại của tôi là 0912 345 678")
    [question] = await kept(stage)
    assert "345" not in question.text
    assert "lương cơ sở" in question.text


@pytest.mark.parametrize("data", ["wrong:G3-31:{}", "entry:G3-31:{}", "file:question:{}"])
@pytest.mark.parametrize("number", ["x", "²", "-1", str(2**63), "1" * 400])
async def test_a_button_that_nobody_of_ours_made_harms_nothing(
    store: Store, library: Library, data: str, number: str
) -> None:
    stage = Stage(store, library)
    await stage.play(f"Lan bấm nút cũ: {data.format(number)}\nLan: /huy")
    assert len(stage.channel.said) == 2
    async with store.look(stage.now) as tx:
        assert await tx.inbox.dead() == []


async def test_choices_say_for_whom_they_are_and_those_for_the_asker_come_first(
    store: Store, library: Library
) -> None:
    business = replace(ENTRY, answer="Ở tỉnh.", audience=(Sender.BUSINESS, Sender.ORGANISATION))
    officials = replace(ENTRY, id="GX-02", answer="Ở cơ quan.", audience=(Sender.CIVIL_SERVANT,))
    both = with_entries(
        library,
        replace(business, question="Doanh nghiệp xin cấp lại thẻ ở đâu?", alternates=(ENTRY.question,)),
        replace(officials, question="Công chức xin cấp lại thẻ ở đâu?", alternates=(ENTRY.question,)),
    )
    stage = Stage(store, both)
    said = await stage.play(f"Lan: {ENTRY.question}\nLan: /toila\nLan: 4\nLan: {ENTRY.question}")
    assert ". Doanh nghiệp xin cấp lại thẻ ở đâu? (Doanh nghiệp, Cơ quan, tổ chức)]" in said
    assert ". Công chức xin cấp lại thẻ ở đâu? (Cán bộ, công chức, viên chức)]" in said
    to_an_official = said.rpartition("Đã ghi nhận: Cán bộ, công chức, viên chức.")[2]
    assert "Công chức xin cấp lại thẻ" in to_an_official.partition("Doanh nghiệp xin")[0]


async def test_only_an_answer_that_is_not_for_everybody_says_for_whom_it_is(library: Library) -> None:
    reader = Reader(library, "vi", DAY)
    for_some = replace(ENTRY, audience=(Sender.BUSINESS, Sender.ORGANISATION))
    assert "Áp dụng với: Doanh nghiệp, Cơ quan, tổ chức" in reader.read(for_some)
    assert reader.label(ENTRY) == ENTRY.question
    assert "Áp dụng với" not in reader.read(ENTRY)


async def test_a_claim_is_told_with_its_verdict(library: Library) -> None:
    claim = replace(ENTRY, verdict=Verdict.NO_LONGER_TRUE)
    said = Reader(with_entries(library, claim), "vi", DAY).read(claim)
    assert "Kết luận: trước đây đúng, nay không còn đúng." in said
