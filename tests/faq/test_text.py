"""The small steps from what people type to plain words."""

import unicodedata

import pytest

from faq.entries import CONTENT
from faq.text import LONGEST, is_syllable, readings, said_twice, windows, without_keystrokes
from faq.words import Words

WORDS = Words.load(CONTENT)


def read(text: str) -> str:
    return " ".join(readings(text, WORDS)[0])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Lương cơ sở", "lương cơ sở"),
        (unicodedata.normalize("NFD", "Lương cơ sở"), "lương cơ sở"),
        ("lươnggggg cơ sở 😀", "lương cơ sở"),
        ("luowng co sowr", "luong co so"),
        ("lu7o7ng co7", "luong co"),
        ("BHXH", "bhxh bảo hiểm xã hội"),
        ("ko biết", "không biết"),
        ("sát nhập xã", "sáp nhập xã"),
        ("xin chào ad, cho em hỏi lương cơ sở ạ", "lương cơ sở"),
        ("xin chào", "xin chào"),
        ("2.530.000 đồng", "2530000 đồng"),
        ("nha nuoc", "nha nuoc"),
    ],
)
def test_read(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_an_abbreviation_and_its_meaning_are_one() -> None:
    found = readings("nộp BHXH", WORDS)[0]
    assert said_twice(found, WORDS) == [(["nộp"], []), (["bhxh"], ["bảo", "hiểm", "xã", "hội"])]


@pytest.mark.parametrize("typed", ["nd178", "g7", "154", "nq18", "covid19", "lương"])
def test_what_is_no_keystroke_stays(typed: str) -> None:
    assert without_keystrokes(typed) == typed


def test_an_ambiguous_form_is_read_twice() -> None:
    first, second = readings("nộp KN ở đâu", WORDS)
    assert "kn" in first
    assert "khiếu" in second


@pytest.mark.parametrize("word", ["nghieng", "quyen", "gi", "thuong", "uy", "khuya"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["xzq", "sowr", "dc", "bhxh", "ngx", ""])
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_a_long_story_is_cut_into_windows() -> None:
    story = " ".join(f"chữ{i}" for i in range(40))
    assert len(windows(story)) > 4
    assert windows("Một. Hai? Ba!") == ["Một", "Hai", "Ba"]


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert sum(map(len, windows("a. " * 10_000))) <= LONGEST
