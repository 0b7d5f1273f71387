"""What the index decides: answer, let choose, or don't know."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faq.decide import CHOICES
from faq.entries import CONTENT, Confidence, Document, Entry, Knowledge, Source, Status, load
from faq.index import PARTS, Answer, Choices, Decision, Index, Unknown
from faq.words import Words
from feedback.cases import Sender
from feedback.vietnamese import fold

TODAY = date(2026, 11, 22)
LAST_DAY = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)
NEXT_YEAR = date(2027, 1, 2)
IN_TWO_YEARS = date(2028, 6, 1)
WORDS = Words.load(CONTENT)
OTHERS = (
    "Lương cơ sở là bao nhiêu?",
    "Thi nâng ngạch khi nào?",
    "Mở hội quán ở đâu?",
    "Bầu cử quốc hội hôm nào?",
    "Đăng ký kết hôn ở đâu?",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(CONTENT)


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> Index:
    return Index(knowledge, WORDS)


def entry(id_: str, question: str, *alternates: str) -> Entry:
    return Entry(id_, "", question, "Trả lời.", "VP", Confidence.CHECKED, alternates)


def index_of(*entries: Entry) -> Index:
    return Index(Knowledge({}, {each.id: each for each in entries}), WORDS)


def small(*questions: str) -> Index:
    return index_of(*(entry(str(i), question) for i, question in enumerate(questions)))


def with_others(*entries: Entry) -> Index:
    return index_of(*entries, *(entry(str(i), question) for i, question in enumerate(OTHERS)))


def shown(found: Decision) -> list[str]:
    """Return the entries that a citizen sees, the likeliest first."""
    match found:
        case Answer(first):
            return [first.id]
        case Choices(entries):
            return [each.id for each in entries]
        case Unknown():
            return []


def scores(found: Decision) -> tuple[float, ...]:
    match found:
        case Answer(score=score):
            return (score,)
        case Choices(scores=several):
            return several
        case Unknown():
            return ()


# What is answered


def test_each_question_itself_is_found(knowledge: Knowledge, index: Index) -> None:
    missed = [
        each.id
        for each in knowledge.entries.values()
        if each.usable(TODAY) and shown(index.ask(each.question, TODAY))[:1] != [each.id]
    ]
    assert missed == []


def test_hardly_any_question_itself_needs_a_choice(knowledge: Knowledge, index: Index) -> None:
    usable = [each for each in knowledge.entries.values() if each.usable(TODAY)]
    answered = [each for each in usable if isinstance(index.ask(each.question, TODAY), Answer)]
    assert len(answered) > 0.95 * len(usable)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("tet 2027 cong chuc nghi may ngay", "G1-09"),
        ("Tết 2027 công chức nghỉ mấy ngày?!!", "G1-09"),
        ("xin chào ad, cho em hỏi tết 2027 công chức nghỉ mấy ngày ạ", "G1-09"),
        ("nghị định 178 còn áp dụng không", "G2-06"),
        ("TGBC đang theo NĐ nào", "G2-07"),
        ("luowng cow sowr hieejn nay laf bao nhieeu", "G3-31"),
        ("lu7o7ng co7 so73 hie6n5 nay la2 bao nhie6u", "G3-31"),
        (
            "Chào ad. Tôi làm ở xã mười năm rồi, cho tôi hỏi lương cơ sở hiện nay là bao nhiêu? Xin cảm ơn!",
            "G3-31",
        ),
    ],
)
def test_a_clear_question_is_answered_at_once(index: Index, text: str, id_: str) -> None:
    found = index.ask(text, TODAY)
    assert isinstance(found, Answer)
    assert found.entry.id == id_


def test_an_answer_tells_what_was_understood(index: Index) -> None:
    found = index.ask("LCS hiện tại là bn?", TODAY)
    assert isinstance(found, Answer | Choices)
    answer = index.ask("Lương cơ sở hiện nay là bao nhiêu?", TODAY)
    assert isinstance(answer, Answer)
    assert answer.understood == "lương cơ sở hiện nay là bao nhiêu"
    assert answer.why == "Lương cơ sở hiện nay là bao nhiêu?"
    assert answer.score > 0.9


def test_spelling_is_repaired(index: Index) -> None:
    found = index.rank("ACCSN là gì")
    assert found[0].entry.id == "G8-06"


def test_a_match_tells_what_speaks_for_it() -> None:
    best, *others = small("Nghỉ tết mấy ngày?", "Nghỉ lễ ở đâu?").rank("nghi tết duong lịch mấy ngày")
    assert best.entry.id == "0"
    assert best.understood == "nghi tết duong lịch mấy ngày"
    assert best.why == "Nghỉ tết mấy ngày?"
    assert best.shared == ("nghi", "tết", "mấy", "ngày")
    assert best.missing == ("duong", "lịch")
    assert best.lead > 0
    assert all(each.lead < 0 and each.points <= best.points and each.score <= best.score for each in others)
    assert [each.points for each in others] == sorted((each.points for each in others), reverse=True)


def test_what_only_the_answer_says_leads_to_it() -> None:
    entries = {
        "A": replace(entry("A", "Hỗ trợ người cao tuổi thế nào?"), sources=(Source("nd-20", "Điều 7"),)),
        "B": replace(entry("B", "Hỗ trợ trẻ em thế nào?"), answer="Trợ cấp mỗi tháng cho bé mồ côi."),
        **{str(i): entry(str(i), question) for i, question in enumerate(OTHERS)},
    }
    document = Document("nd-20", "20/2021/NĐ-CP", "Trợ giúp xã hội", Status.IN_FORCE, Confidence.CHECKED)
    index = Index(Knowledge({"nd-20": document}, entries), WORDS)
    assert index.rank("hỗ trợ bé mồ côi")[0].entry.id == "B"
    assert index.rank("hỗ trợ theo điều 7 nghị định 20/2021")[0].entry.id == "A"


# What is no answer


def test_the_name_of_a_thing_is_no_answer_to_another_question_about_it(index: Index) -> None:
    assert not isinstance(index.ask("làm sổ đỏ mất bao lâu", TODAY), Answer)


@pytest.mark.parametrize("text", ["lương", "lương hưu bao nhiêu", "đăng ký xe ở đâu"])
def test_a_small_knowledge_base_does_not_answer_other_questions(text: str) -> None:
    assert not isinstance(small(*OTHERS).ask(text, TODAY), Answer)


def test_what_may_not_be_shown_wins_and_nothing_takes_its_place(index: Index) -> None:
    found = index.ask("PAR INDEX là gì?", TODAY)
    assert isinstance(found, Unknown)
    assert found.nearest is not None
    assert found.nearest.id == "G4-01"


def test_an_entry_that_was_disabled_is_not_replaced_by_a_neighbour(knowledge: Knowledge) -> None:
    disabled = replace(knowledge.entries["G3-12"], enabled=False)
    index = Index(replace(knowledge, entries={**knowledge.entries, "G3-12": disabled}), WORDS)
    found = index.ask("Thành phố Quảng Ninh thành lập khi nào", TODAY)
    assert not isinstance(found, Answer)


def test_two_that_are_equally_near_are_a_choice() -> None:
    choice = small("Nghỉ lễ mấy ngày?", "Nghỉ tết mấy ngày?").ask("nghỉ mấy ngày", TODAY)
    assert isinstance(choice, Choices)
    assert len(choice.entries) == len(choice.scores) == 2


def test_no_more_than_three_are_offered() -> None:
    several = (entry(name, f"Nghỉ {name} mấy ngày?") for name in ("lễ", "tết", "phép", "hè", "ốm"))
    choice = with_others(*several).ask("nghỉ mấy ngày", TODAY)
    assert isinstance(choice, Choices)
    assert len(choice.entries) == CHOICES == 3
    assert list(choice.scores) == sorted(choice.scores, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "\n\t",
            "?",
            "...",
            "🙂",
            "👨‍👩‍👧 🙏🙏",
            "\x00",
            "\u200b",
            "\u0301\u0301",
            "\ud800",
            "ạ",
            "123",
            "qzk",
        ),
        "a" * 10_000,
    ],
)
def test_nothing_to_answer(index: Index, text: str) -> None:
    assert isinstance(index.ask(text, TODAY), Unknown)
    assert index.asked(text, TODAY) == ((text, index.ask(text, TODAY)),)


@pytest.mark.parametrize("text", ["lương cơ sở", "", "còn viên chức thì sao?"])
def test_an_empty_knowledge_base_knows_nothing(text: str) -> None:
    index = index_of()
    assert index.ask(text, TODAY, before="Lương cơ sở là bao nhiêu?") == Unknown(None)
    assert index.rank(text) == []
    assert index.asked("Lương bao nhiêu? Tết nghỉ mấy ngày?", TODAY)[0][1] == Unknown(None)


def test_a_knowledge_base_of_one_entry() -> None:
    index = small("Lương cơ sở là bao nhiêu?")
    assert shown(index.ask("luong co so la bao nhieu", TODAY)) == ["0"]
    assert shown(index.ask("thi bằng lái xe", TODAY)) == []
    assert shown(index.ask("lương cơ sở là bao nhiêu", TODAY, off={"0"})) == []


def test_a_wording_of_signs_only_does_no_harm() -> None:
    index = index_of(entry("A", "Nghỉ tết mấy ngày?"), entry("B", "Lương là gì?", "?!"))
    assert shown(index.ask("nghỉ tết mấy ngày", TODAY)) == ["A"]
    assert shown(index.ask("lương là gì", TODAY)) == ["B"]


# Marks and numbers


def test_marks_cost_nothing_when_absent_and_must_agree_when_typed() -> None:
    index = small("Lương là gì?", "Hội quán mở cửa lúc nào?", "Thuê nhà ở đâu?")
    typed, bare, other = (index.rank(text)[0] for text in ("lương là gì", "luong la gi", "lượng là gì"))
    assert typed.score == pytest.approx(bare.score)
    assert other.score < typed.score


def test_another_number_is_another_question() -> None:
    index = small("Nghị định 154 quy định gì?", "Luật thanh tra quy định gì?", "Nghỉ tết mấy ngày?")
    same, other = (index.rank(f"nghị định {number} quy định gì")[0] for number in (154, 178))
    assert other.score < same.score * 0.8


# Who asks, and when


NAMED = (
    replace(entry("citizen", "Nghỉ phép năm được mấy ngày?"), audience=(Sender.CITIZEN,)),
    replace(entry("business", "Nghỉ phép năm có bao nhiêu ngày?"), audience=(Sender.BUSINESS,)),
)


@pytest.mark.parametrize(
    ("audience", "first"), [("", "citizen"), ("citizen", "citizen"), ("business", "business")]
)
def test_who_asks_decides_between_entries_for_different_people(audience: str, first: str) -> None:
    found = with_others(*NAMED).ask("nghỉ phép năm mấy ngày", TODAY, audience=audience)
    assert shown(found)[0] == first


def test_an_entry_for_everybody_falls_behind_for_nobody() -> None:
    index = with_others(entry("A", "Nghỉ phép năm được mấy ngày?"))
    found = {
        audience: index.ask("nghỉ phép năm mấy ngày", TODAY, audience=audience) for audience in ("", *Sender)
    }
    assert set(found.values()) == {found[""]}
    assert isinstance(found[""], Answer)


def test_before_and_after_the_day_of_change(index: Index) -> None:
    question = "Điều kiện để đăng ký sinh hoạt tôn giáo tập trung theo luật mới là gì?"
    before, after = index.ask(question, TODAY), index.ask(question, NEXT_YEAR)
    assert isinstance(before, Answer)
    assert before.entry.id == "G6-07"
    assert isinstance(after, Answer)
    assert after.entry.id == "G6-08"


OLD = replace(entry("OLD", "Nghỉ phép năm được mấy ngày?"), valid_to=LAST_DAY)
NEW = replace(entry("NEW", "Theo luật mới nghỉ phép năm được mấy ngày?"), valid_from=NEW_YEAR, replaces="OLD")


@pytest.mark.parametrize("asked", [OLD, NEW])
@pytest.mark.parametrize(("day", "valid"), [(TODAY, "OLD"), (LAST_DAY, "OLD"), (NEW_YEAR, "NEW")])
def test_the_entry_that_holds_on_that_day_answers(asked: Entry, day: date, valid: str) -> None:
    assert shown(with_others(OLD, NEW).ask(asked.question, day)) == [valid]


@pytest.mark.parametrize(("day", "valid"), [(LAST_DAY, "OLD"), (NEW_YEAR, "NEW")])
def test_the_entry_that_does_not_hold_never_stands_in(day: date, valid: str) -> None:
    assert shown(with_others(OLD, NEW).ask(OLD.question, day, off={valid})) == []


@pytest.mark.parametrize(
    ("asked", "day", "valid"), [("NEWEST", TODAY, "OLD"), ("OLD", IN_TWO_YEARS, "NEWEST")]
)
def test_an_entry_may_be_replaced_again(asked: str, day: date, valid: str) -> None:
    entries = {
        "OLD": OLD,
        "NEW": replace(NEW, question="Luật 2027 về nghỉ phép thế nào?", valid_to=date(2027, 12, 31)),
        "NEWEST": replace(
            entry("NEWEST", "Chế độ nghỉ hằng năm ra sao?"), valid_from=date(2028, 1, 1), replaces="NEW"
        ),
    }
    assert shown(with_others(*entries.values()).ask(entries[asked].question, day)) == [valid]


# What was switched off or refused


def test_what_is_switched_off_is_neither_answered_nor_offered(knowledge: Knowledge, index: Index) -> None:
    for each in list(knowledge.entries.values())[::5]:
        for text in each.wordings():
            assert each.id not in shown(index.ask(text, TODAY, off={each.id}))


def test_when_all_is_switched_off_nothing_is_shown(knowledge: Knowledge, index: Index) -> None:
    for each in list(knowledge.entries.values())[::20]:
        assert isinstance(index.ask(each.question, TODAY, off=knowledge.entries.keys()), Unknown)


def test_what_was_refused_is_not_offered_again() -> None:
    index = with_others(
        entry("A", "Nghỉ lễ mấy ngày?"), entry("B", "Nghỉ tết mấy ngày?"), entry("C", "Nghỉ hè mấy ngày?")
    )
    first = shown(index.ask("nghỉ lễ mấy ngày", TODAY))[0]
    assert first == "A"
    assert set(shown(index.ask("nghỉ lễ mấy ngày", TODAY, refused={first}))) == {"B", "C"}
    assert shown(index.ask("nghỉ lễ mấy ngày", TODAY, refused={"A", "B", "C"})) == []


# Two questions, and one that leans on the one before


def answers(index: Index, text: str) -> list[tuple[str, list[str]]]:
    return [(words, shown(found)) for words, found in index.asked(text, TODAY)]


def test_two_questions_get_two_answers(index: Index) -> None:
    assert answers(index, "Lương cơ sở bao nhiêu? Tết 2027 nghỉ mấy ngày?") == [
        ("Lương cơ sở bao nhiêu", ["G3-31"]),
        ("Tết 2027 nghỉ mấy ngày", ["G1-09"]),
    ]


def test_two_questions_in_one_sentence() -> None:
    index = with_others(entry("A", "Nghỉ tết mấy ngày?"))
    assert answers(index, "Lương cơ sở là bao nhiêu và nghỉ tết mấy ngày?") == [
        ("Lương cơ sở là bao nhiêu", ["0"]),
        ("nghỉ tết mấy ngày", ["A"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Lương cơ sở là bao nhiêu?",
        "Lương cơ sở là bao nhiêu? Tôi hỏi lương cơ sở bao nhiêu ạ?",  # the same twice
        "Tôi muốn đăng ký kết hôn và lập gia đình ở đâu?",  # no two questions in «và»
        "Mưa to quá? Nắng to quá?",
    ],
)
def test_one_question_gets_one_answer(text: str) -> None:
    index = with_others(entry("A", "Nghỉ tết mấy ngày?"))
    assert index.asked(text, TODAY) == ((text, index.ask(text, TODAY)),)


TWINS = (
    entry("A", "Công chức nghỉ phép năm mấy ngày?"),
    entry("B", "Viên chức nghỉ phép năm mấy ngày?"),
    entry("C", "Người lao động nghỉ phép năm mấy ngày?"),
)


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("còn viên chức thì sao?", 0, "B"),
        ("con vien chuc thi sao", 0, "B"),
        ("thế còn công chức", 1, "A"),
        ("vậy còn người lao động ạ", 1, "C"),
        ("còn hội quán mở ở đâu", 0, "2"),  # begins alike, and stands by itself
    ],
)
def test_a_question_that_leans_on_the_one_before(text: str, before: int, expected: str) -> None:
    index = with_others(*TWINS)
    found = index.ask(text, TODAY, before=TWINS[before].question)
    assert shown(found)[0] == expected
    assert index.asked(text, TODAY, before=TWINS[before].question) == ((text, found),)


@pytest.mark.parametrize("text", ["còn viên chức thì sao?", "thế còn công chức"])
def test_without_the_one_before_it_is_not_understood(text: str) -> None:
    assert not isinstance(with_others(*TWINS).ask(text, TODAY), Answer)


@pytest.mark.parametrize("text", ["thế à", "còn gì nữa không", "thế thì sao", "với lại"])
def test_what_says_nothing_new_is_not_answered_from_the_one_before(text: str) -> None:
    assert not isinstance(with_others(*TWINS).ask(text, TODAY, before=TWINS[0].question), Answer)


def test_another_question_does_not_lean_on_the_one_before() -> None:
    index = with_others(*TWINS)
    for text in OTHERS:
        assert index.ask(text, TODAY, before=TWINS[0].question) == index.ask(text, TODAY)


# Always the same


def asked_in(knowledge: Knowledge) -> list[str]:
    """Give thirty questions, half of them without marks."""
    found = [each.wordings()[-1] for each in list(knowledge.entries.values())[::7]][:30]
    return [text if i % 2 else fold(text) for i, text in enumerate(found)]


RANK = """
import json, sys
from faq.entries import CONTENT, load
from faq.index import Index
from faq.words import Words
index = Index(load(CONTENT), Words.load(CONTENT))
found = [[[each.entry.id, each.score, each.why, each.understood] for each in index.rank(text)]
         for text in json.load(sys.stdin)]
json.dump(found, sys.stdout)
"""


def test_two_processes_rank_alike(knowledge: Knowledge) -> None:
    questions = asked_in(knowledge)
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", RANK],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = (json.loads(each.communicate(json.dumps(questions))[0]) for each in processes)
    assert len(first) == 30
    assert all(first)
    assert first == second


def test_asking_changes_nothing(knowledge: Knowledge, index: Index) -> None:
    questions = asked_in(knowledge)
    before = [index.rank(text) for text in questions]
    for text in questions:
        index.asked(text, NEXT_YEAR, off={"G3-31"}, audience="citizen", before=questions[0])
    assert [index.rank(text) for text in reversed(questions)] == before[::-1]


def test_an_index_can_be_kept(knowledge: Knowledge, index: Index) -> None:
    kept: Index = pickle.loads(pickle.dumps(index))  # noqa: S301
    questions = asked_in(knowledge)
    assert [kept.asked(text, TODAY) for text in questions] == [index.asked(text, TODAY) for text in questions]


def test_the_order_of_the_files_does_not_matter(knowledge: Knowledge, index: Index) -> None:
    turned = Index(replace(knowledge, entries=dict(reversed(knowledge.entries.items()))), WORDS)
    for text in asked_in(knowledge):
        assert turned.rank(text)[0].entry == index.rank(text)[0].entry


def test_the_order_of_the_files_changes_no_points(knowledge: Knowledge, index: Index) -> None:
    turned = Index(replace(knowledge, entries=dict(reversed(knowledge.entries.items()))), WORDS)
    for text in asked_in(knowledge):
        assert turned.rank(text)[0].points == pytest.approx(index.rank(text)[0].points, abs=0.001)


# Whatever is written


def hostile() -> Iterator[str]:
    random = Random(1)  # noqa: S311 - a test needs the same texts each time
    letters = "abcdeghiklmnopqrstuvxyăâđêôơưáàảãạ"
    yield from (
        "a" * 4_096,
        "ạ" * 4_096,
        "1" * 4_096,
        "\u0301" * 4_096,
        "🙂" * 4_096,
        " " * 4_096,
        "?" * 4_096,
    )
    yield " ".join("".join(random.choices(letters, k=4)) for _ in range(820))
    yield "".join(random.choices(letters, k=4_096))
    yield "a? " * 1_365
    yield "a, " * 1_365
    yield "cho hỏi là a, " * 292
    yield "lương cơ sở nghị định công chức " * 128
    yield "CB CC TT KN TC " * 273
    yield "luong. " * 585
    yield "xzqwrt " * 585
    yield "\u202eلماذا " * 512
    yield "\ud800\x00" * 2_048
    yield "e\u0301\u0302\u0323" * 1_024


@pytest.mark.parametrize("text", list(hostile()), ids=lambda text: ascii(text[:12]))
def test_a_hostile_text_is_looked_at_in_few_parts(index: Index, text: str) -> None:
    compared = index.compared(text)
    assert len(compared) <= PARTS
    assert all(0 < weight <= 1 for weight, _ in compared)
    assert not isinstance(index.ask(text, TODAY), Answer)
    assert len(index.asked(text, TODAY, before="Lương cơ sở là bao nhiêu?")) == 1


def test_the_question_is_not_found_behind_a_thousand_characters(index: Index) -> None:
    question = "Lương cơ sở hiện nay là bao nhiêu?"
    assert shown(index.ask("mưa. " * 100 + question, TODAY)) == ["G3-31"]
    assert shown(index.ask("mưa. " * 300 + question, TODAY)) == []


@settings(deadline=None, max_examples=120)
@given(
    text=st.text(st.characters())
    | st.lists(
        st.sampled_from([*" ".join(OTHERS).split(), "?", ".", ",", "và", "\n", "còn", "🙂", "1.000"])
    ).map(" ".join),
    before=st.sampled_from(["", OTHERS[0]]),
)
@example(text="còn", before=OTHERS[0])
def test_any_text_is_decided(text: str, before: str) -> None:
    asked = SMALL.asked(text, TODAY, before=before)
    assert 1 <= len(asked) <= 2
    for _, found in asked:
        assert len(shown(found)) <= CHOICES
        assert all(0 < score < 1 for score in scores(found))


SMALL = with_others(*TWINS)
