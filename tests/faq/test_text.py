"""The small steps from what people type to plain words."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faq.entries import CONTENT
from faq.text import FILLERS, LONGEST_READING, readings, tokens, unstretched, without_fillers
from faq.words import Term, WordFile, Words

WORDS = Words.load(CONTENT)
MANY = Words(
    WordFile(
        abbreviations=(
            Term("KN", "khiếu nại", ambiguous=True),
            Term("NĐ", "nghị định"),
            Term("HĐND", "hội đồng nhân dân"),
            Term("NĐ CP", "nghị định chính phủ"),
        ),
        teencode=(Term("ko", "không"), Term("dc", "được"), Term("la", "là gì")),
    )
)
TYPED = st.text(st.characters()) | st.lists(
    st.sampled_from(
        [
            *(
                "xin",
                "chào",
                "cho",
                "hỏi",
                "hoi",
                "em",
                "ạ",
                "ơi",
                "bạn",
                "ad",
                "cảm",
                "ơn",
                "lương",
                "luongw",
            ),
            *(
                "hoà",
                "thuý",
                "d9u7o7c5",
                "đượcccc",
                "BHXH",
                "ko",
                "KN",
                "2.530.000",
                "a\u0301",
                "🙂",
                "_",
                "\n",
            ),
        ]
    )
).map(" ".join)


def read(text: str) -> str:
    return " ".join(readings(tokens(text, WORDS), WORDS)[0])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lương cơ sở", "lương cơ sở"),
        (unicodedata.normalize("NFD", "Lương cơ sở"), "lương cơ sở"),
        ("LƯƠNG, CƠ; SỞ?!", "lương cơ sở"),
        ("lươnggggg cơ sở 😀", "lương cơ sở"),
        ("luowng co sowr", "lương co sở"),
        ("lu7o7ng co7 so73", "lương cơ sở"),
        ("hoà giải ở Thuỵ Khuê", "hòa giải ở thụy khuê"),
        ("BHXH", "bhxh bảo hiểm xã hội"),
        ("ko biết", "không biết"),
        ("sát nhập xã", "sáp nhập xã"),
        ("xin chào ad, cho em hỏi lương cơ sở ạ", "lương cơ sở"),
        ("dạ xin hoi luong", "luong"),
        ("xin chào", "xin chào"),
        ("2.530.000 đồng", "2530000 đồng"),
        ("2,530,000 đồng, 12,5%", "2530000 đồng 12 5"),
        ("ngày 24.11.2026", "ngày 24 11 2026"),
        ("NĐ-178/2024", "nđ 178 2024"),
        ("nha nuoc", "nha nuoc"),
        ("a4 g7 nd178 covid19", "a4 g7 nd178 covid19"),
        ("", ""),
        ("🙂\u200b\x00", ""),
    ],
)
def test_read(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("word", ["ko", "dc"])
def test_a_word_of_the_dictionary_is_no_keystroke(word: str) -> None:
    assert tokens(word, MANY) == [word]


def test_two_words_without_a_space_are_no_keystrokes() -> None:
    assert tokens("hoso luowng", WORDS) == ["hố", "lương"]
    assert tokens("hoso luowng", WORDS, {"hoso"}.__contains__) == ["hoso", "lương"]


@settings(deadline=None, max_examples=400)
@given(TYPED)
@example("cho ạ hỏi lương")
def test_tokens_of_tokens_are_the_same(text: str) -> None:
    found = tokens(text, WORDS)
    assert tokens(" ".join(found), WORDS) == found
    assert all(word and word == word.lower() and not word.isspace() for word in found)


@settings(deadline=None, max_examples=300)
@given(TYPED)
def test_what_is_typed_in_pieces_reads_the_same(text: str) -> None:
    assert tokens(unicodedata.normalize("NFD", text), WORDS) == tokens(text, WORDS)


@settings(deadline=None, max_examples=300)
@given(TYPED)
def test_a_reading_is_never_too_long_nor_twice_the_same(text: str) -> None:
    found = readings(tokens(text, WORDS), WORDS)
    assert 1 <= len(found) <= 2
    assert len(set(map(tuple, found))) == len(found)
    assert all(len(each) <= LONGEST_READING for each in found)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["nộp", "kn"], [["nộp", "kn"], ["nộp", "kn", "khiếu", "nại"]]),  # two meanings
        (["nđ", "178"], [["nđ", "nghị", "định", "178"]]),
        (["nđ", "cp"], [["nđ", "cp", "nghị", "định", "chính", "phủ"]]),  # the longest first
        (["nd", "178"], [["nđ", "nghị", "định", "178"]]),
        (["dc", "ko"], [["được", "không"]]),
        (["la", "nđ"], [["là", "gì", "nđ", "nghị", "định"]]),
        (["la", "hoi"], [["la", "hoi"]]),  # without marks a syllable may be itself
        ([], [[]]),
    ],
)
def test_abbreviations_are_written_out(found: list[str], expected: list[list[str]]) -> None:
    assert readings(found, MANY) == expected


def test_a_reading_ends_where_nobody_asks_any_more() -> None:
    assert len(readings(["hđnd"] * 20, MANY)[0]) == LONGEST_READING


@pytest.mark.parametrize(
    ("typed", "meant"), [("đượcccc", "được"), ("aaa", "a"), ("oo", "oo"), ("2000000", "2000000"), ("", "")]
)
def test_stretched_words(typed: str, meant: str) -> None:
    assert unstretched(typed) == meant


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("xin chào cho tôi hỏi lương cơ sở", "lương cơ sở"),
        ("cho ạ hỏi lương", "lương"),  # one inside another
        ("cam on xin hoi luong", "luong"),
        ("à ơi", "à ơi"),  # nothing else is said
        ("bai a oi", "bai a oi"),  # one word without marks may be another word
        ("cảm ơn", "cảm ơn"),
    ],
)
def test_greetings_are_left_out(said: str, left: str) -> None:
    assert " ".join(without_fillers(said.split())) == left


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(sorted({word for filler in FILLERS for word in filler} | {"lương", "luong"})))
)
def test_a_message_of_greetings_still_says_something(said: list[str]) -> None:
    left = without_fillers(said)
    assert bool(left) == bool(said)
    assert without_fillers(left) == left
    assert left.count("lương") == said.count("lương")
