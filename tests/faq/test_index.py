"""What the index decides: answer, let choose, or don't know."""

from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from faq.entries import CONTENT, Confidence, Entry, Knowledge, load
from faq.index import CHOICES, Answer, Choices, Index, Unknown
from faq.words import Words
from handlers import office

TODAY = date(2026, 11, 22)
NEXT_YEAR = date(2027, 1, 2)
WORDS = Words.load(CONTENT)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    home = office.load()
    return load(CONTENT, home.units, home.topics)


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    return Index(knowledge, WORDS)


def small(*questions: str) -> Index:
    entries = {
        str(i): Entry(str(i), "", question, "Trả lời.", "VP", Confidence.CHECKED)
        for i, question in enumerate(questions)
    }
    return Index(Knowledge({}, entries), WORDS)


def test_the_question_itself_is_answered(knowledge: Knowledge, index: Index) -> None:
    missed = [
        entry.id
        for entry in knowledge.entries.values()
        if entry.usable(TODAY)
        and not entry.verdict
        and not _comes_first(index.ask(entry.question, TODAY), entry)
    ]
    assert missed == []


def _comes_first(found: Answer | Choices | Unknown, entry: Entry) -> bool:
    match found:
        case Answer(first):
            return first == entry
        case Choices(entries):
            return entries[0] == entry
        case Unknown():
            return False


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("tet 2027 cong chuc nghi may ngay", "G1-09"),
        ("nghị định 178 còn áp dụng không", "G2-06"),
        ("TGBC đang theo NĐ nào", "G2-07"),
    ],
)
def test_a_clear_question_is_answered_at_once(index: Index, text: str, id_: str) -> None:
    found = index.ask(text, TODAY)
    assert isinstance(found, Answer)
    assert found.entry.id == id_


def test_the_name_of_a_thing_is_no_answer_to_another_question_about_it(index: Index) -> None:
    assert not isinstance(index.ask("làm sổ đỏ mất bao lâu", TODAY), Answer)


def test_an_answer_tells_what_was_understood(index: Index) -> None:
    found = index.ask("LCS hiện tại là bn?", TODAY)
    assert isinstance(found, Answer | Choices)
    answer = index.ask("Lương cơ sở hiện nay là bao nhiêu?", TODAY)
    assert isinstance(answer, Answer)
    assert answer.understood == "lương cơ sở hiện nay là bao nhiêu"
    assert answer.why == "Lương cơ sở hiện nay là bao nhiêu?"
    assert answer.score > 0.9


def test_what_may_not_be_shown_wins_and_nothing_takes_its_place(index: Index) -> None:
    found = index.ask("PAR INDEX là gì?", TODAY)
    assert isinstance(found, Unknown)
    assert found.nearest is not None
    assert found.nearest.id == "G4-01"


def test_an_entry_that_was_switched_off_is_not_replaced_by_a_neighbour(knowledge: Knowledge) -> None:
    entry = replace(knowledge.entries["G3-12"], enabled=False)
    index = Index(replace(knowledge, entries={**knowledge.entries, "G3-12": entry}), WORDS)
    found = index.ask("Thành phố Quảng Ninh thành lập khi nào", TODAY)
    assert not isinstance(found, Answer)


def test_before_and_after_the_day_of_change(index: Index) -> None:
    question = "Điều kiện để đăng ký sinh hoạt tôn giáo tập trung theo luật mới là gì?"
    before, after = index.ask(question, TODAY), index.ask(question, NEXT_YEAR)
    assert isinstance(before, Answer)
    assert before.entry.id == "G6-07"
    assert isinstance(after, Answer)
    assert after.entry.id == "G6-08"


def test_two_that_are_equally_near_are_a_choice() -> None:
    choice = small("Nghỉ lễ mấy ngày?", "Nghỉ tết mấy ngày?").ask("nghỉ mấy ngày", TODAY)
    assert isinstance(choice, Choices)
    assert len(choice.entries) == len(choice.scores) == 2
    assert len(choice.entries) <= CHOICES


def test_marks_cost_nothing_when_absent_and_must_agree_when_typed() -> None:
    index = small("Lương là gì?", "Hội quán mở cửa lúc nào?", "Thuê nhà ở đâu?")
    typed, bare, other = (index.rank(text)[0] for text in ("lương là gì", "luong la gi", "lượng là gì"))
    assert typed.score == pytest.approx(bare.score)
    assert other.score < typed.score


def test_another_number_is_another_question() -> None:
    index = small("Nghị định 154 quy định gì?", "Luật thanh tra quy định gì?", "Nghỉ tết mấy ngày?")
    assert (
        index.rank("nghị định 178 quy định gì")[0].score
        < index.rank("nghị định 154 quy định gì")[0].score * 0.8
    )


def test_spelling_is_repaired(index: Index) -> None:
    found = index.rank("ACCSN là gì")
    assert found[0].entry.id == "G8-06"


@pytest.mark.parametrize("text", ["", "   ", "?", "🙂", ".", "\x00", "a" * 10_000, "ạ", "123"])
def test_nothing_to_answer(index: Index, text: str) -> None:
    assert isinstance(index.ask(text, TODAY), Unknown)


def test_an_empty_knowledge_base_knows_nothing() -> None:
    assert index_of_nothing().ask("lương cơ sở", TODAY) == Unknown(None)


def index_of_nothing() -> Index:
    return Index(Knowledge({}, {}), WORDS)


@pytest.mark.parametrize(
    "text",
    ["lương cơ sở nghị định công chức " * 400, "CB CC TT KN TC " * 700, "luong. " * 1500, "xzqwrt " * 1400],
)
def test_a_hostile_text_takes_no_long_time(index: Index, text: str) -> None:
    times = []
    for _ in range(3):
        started = process_time()
        index.ask(text[:10_000], TODAY)
        times.append(process_time() - started)
    assert min(times) < 0.05
