"""What is asked is found in what people write around it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faq.story import LONGEST, WHOLE, WINDOW, Part, Question, follows_up, parts, questions

MOST = LONGEST // 2 + 2  # parts: of «a?a?a?…»
HOSTILE = st.one_of(
    st.text(st.characters(), max_size=300),
    st.lists(
        st.sampled_from(
            ["cho hỏi là ", "a", ",", "?", ". ", "\n", " và ", "nhân tiện ", "xin chào ", "\u0301", " "]
        ),
        max_size=400,
    ).map("".join),
    st.sampled_from(
        ["a?", "a,", "a? ", "cho hỏi a,", "a ", "\u0301", "1.", "cho ", ";\n", "🙂", "…", "và "]
    ).map(lambda piece: (piece * 4_096)[:4_096]),
)
QUESTION = "lương cơ sở hiện nay là bao nhiêu"


def texts(message: str) -> list[str]:
    return [part.text for part in parts(message)]


def likeliest(message: str) -> set[str]:
    found = parts(message)
    return {part.text for part in found if part.weight == max(each.weight for each in found)}


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Lương cơ sở bao nhiêu?", [Part("Lương cơ sở bao nhiêu?", 1.0)]),
        ("  lương\tcơ  sở\u200b ", [Part("lương cơ sở", 1.0)]),
        ("", []),
        (" \u200b\n", []),
        ("?!", [Part("?!", 1.0)]),
    ],
)
def test_a_short_message_is_the_question(message: str, found: list[Part]) -> None:
    assert parts(message) == found


def test_the_question_is_found_after_greeting_and_story() -> None:
    message = (
        f"Chào ad. Em là giáo viên ở Nghệ An, em vừa sinh con. Cho em hỏi {QUESTION}? Em cảm ơn nhiều ạ!"
    )
    assert texts(message) == ["Em là giáo viên ở Nghệ An, em vừa sinh con", QUESTION]


@pytest.mark.parametrize(
    "message",
    [
        f"Hôm qua tôi ra phường làm giấy tờ cho con gái, cán bộ bảo chờ, cho tôi hỏi {QUESTION}",
        f"Hom qua toi ra phuong lam giay to cho con gai, can bo bao cho, cho toi hoi {QUESTION}",
        f"Tôi muốn biết {QUESTION}, tôi làm ở xã đã mười năm nay rồi mà chưa thấy ai nói gì cả",
        f"Nhà tôi ở xã mới sáp nhập, xin anh chị cho biết là {QUESTION}. Trân trọng cảm ơn!",
        f"Tôi đã về hưu được ba năm và đang sống một mình ở quê. {QUESTION}? Mong sớm nhận trả lời",
    ],
)
def test_what_is_asked_weighs_most(message: str) -> None:
    assert QUESTION in likeliest(message)


def test_a_clause_that_follows_weighs_less() -> None:
    first, second = parts(
        "Cho em hỏi lương cơ sở bao nhiêu, em làm ở xã đã mười năm nay mà chưa thấy ai nói gì"
    )[-2:]
    assert first == Part("lương cơ sở bao nhiêu", 1.0)
    assert second.weight < 1


WORD = st.sampled_from(
    ["nghỉ", "tết", "mấy", "ngày", "lương", "cơ", "sở", "viên", "chức", "hưu", "xã", "mới"]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(WORD, min_size=1, max_size=WHOLE), st.sampled_from(["", "?", "!", " ?", "..."]))
def test_a_question_of_twenty_words_is_never_cut(words: list[str], end: str) -> None:
    question = " ".join(words)
    assert [found.text.rstrip("?!. ") for found in parts(question + end)] == [question]
    assert [found.weight for found in parts(question + end)] == [1.0]


@settings(deadline=None, max_examples=100)
@given(st.lists(WORD, min_size=2 * WHOLE, max_size=150))
def test_a_long_story_is_looked_at_in_windows(words: list[str]) -> None:
    found = [part.text.split() for part in parts(" ".join(words))]
    windows = [each for each in found if len(each) <= WINDOW]
    assert all(" ".join(each) in " ".join(words) for each in windows)
    for start in range(len(words) - WINDOW // 2):  # six words that stand together are seen together
        together = " ".join(words[start : start + WINDOW // 2])
        assert any(together in " ".join(each) for each in windows)


def test_only_the_beginning_of_a_message_is_looked_at() -> None:
    beginning = "chuyện dài " * 100
    assert len(beginning) > LONGEST
    assert parts(beginning + QUESTION) == parts(beginning)
    assert questions(beginning + "? " + QUESTION + "?") == []
    assert sum(map(len, texts("a. " * 10_000))) <= LONGEST


@settings(deadline=None, max_examples=150)
@given(HOSTILE)
@example("a?" * 2_048)
@example("a," * 2_048)
def test_a_hostile_message_has_few_parts(message: str) -> None:
    found = parts(message)
    assert len(found) <= MOST
    assert sum(len(part.text) for part in found) <= 6 * LONGEST
    assert all(part.text.strip() and 0 < part.weight <= 1 for part in found)
    assert len(questions(message)) in (0, 2)
    assert isinstance(follows_up(message), bool)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "Lương cơ sở bao nhiêu? Tết 2027 nghỉ mấy ngày?",
            ["Lương cơ sở bao nhiêu", "Tết 2027 nghỉ mấy ngày"],
        ),
        (
            "Chào ad! Lương cơ sở bao nhiêu? Nhân tiện cho hỏi tết nghỉ mấy ngày. Cảm ơn ad",
            ["Lương cơ sở bao nhiêu", "Nhân tiện cho hỏi tết nghỉ mấy ngày"],
        ),
        ("Cho em hỏi lương cơ sở bao nhiêu?", []),
        ("Lương bao nhiêu? Tết nghỉ mấy ngày? Hưu bao nhiêu tuổi?", []),
        ("Em mới đi làm. Lương cơ sở bao nhiêu?", []),  # a story and a question
        ("Alo? Lương cơ sở bao nhiêu?", []),
        ("", []),
    ],
)
def test_two_questions_in_two_sentences(message: str, found: list[str]) -> None:
    assert questions(message) == [Question(text, alone=True) for text in found]


@pytest.mark.parametrize(
    "message",
    ["lương cơ sở bao nhiêu và tết nghỉ mấy ngày", "luong co so bao nhieu VA tet nghi may ngay"],
)
def test_two_questions_in_one_sentence(message: str) -> None:
    first, second = questions(message)
    assert (first.alone, second.alone) == (False, False)
    assert {first.text, second.text} == {message[: len(first.text)], message[-len(second.text) :]}


def test_what_is_asked_by_the_way_is_not_the_question() -> None:
    message = (
        "Tôi đang làm ở xã và muốn nghỉ sớm. Cho tôi hỏi điều kiện nghỉ hưu trước tuổi? "
        "Nhân tiện lương cơ sở bao nhiêu?"
    )
    assert not any("lương cơ sở" in text for text in texts(message))
    assert "Nhân tiện lương cơ sở bao nhiêu?" in texts("Nhân tiện lương cơ sở bao nhiêu?")


@pytest.mark.parametrize(
    "message",
    [
        "còn viên chức thì sao?",
        "Thế còn công chức",
        "vậy còn người về hưu ạ",
        "con vien chuc thi sao",
        "với hợp đồng",
    ],
)
def test_a_question_that_follows_another(message: str) -> None:
    assert follows_up(message)


@pytest.mark.parametrize(
    "message",
    [
        "viên chức thì sao?",
        "lương cơ sở còn áp dụng không",
        "còn cấp huyện nữa không vậy anh chị ơi cho em hỏi với",
        "contact",
        "",
    ],
)
def test_a_question_by_itself(message: str) -> None:
    assert not follows_up(message)
