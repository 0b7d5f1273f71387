"""Vietnamese letters: one spelling of each, whatever the keyboard, and none that breaks a text."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedback.vietnamese import bare, composed, contains, fold, plain, says, sound, tidy

TONES = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = {  # a letter without its tone: how it is made, and what is left without marks
    **{letter: (letter, letter) for letter in "aeiouy"},
    "ă": ("a\u0306", "a"),
    "â": ("a\u0302", "a"),
    "ê": ("e\u0302", "e"),
    "ô": ("o\u0302", "o"),
    "ơ": ("o\u031b", "o"),
    "ư": ("u\u031b", "u"),
}
SMALL = {  # every accented letter, as it is made, and its base
    **{letter: made for letter, made in LETTERS.items() if letter != made[1]},
    **{
        unicodedata.normalize("NFC", letter + tone): (made[0] + tone, made[1])
        for letter, made in LETTERS.items()
        for tone in TONES
    },
    "đ": ("đ", "d"),
}
ACCENTED = {
    **SMALL,
    **{letter.upper(): (made.upper(), base.upper()) for letter, (made, base) in SMALL.items()},
}
TEXTS = (
    st.text()
    | st.text(st.characters())  # halves of surrogate pairs, too
    | st.text(
        st.sampled_from("aAeoOuUyđĐ _\t\n\r\x00.,1\u200b\u202e\u0300\u0301\u0302\u0306\u031b\u0323\u0345")
    )
    | st.text(st.sampled_from("İıßΣς가각がǅﬁ½²١🙂\u3099\u0327שׁ\ud800"))
)


def test_all_letters_are_there() -> None:
    assert len(ACCENTED) == 2 * 67 == 134
    assert all(len(letter) == 1 for letter in ACCENTED)


@pytest.mark.parametrize("letter", ACCENTED)
def test_each_accented_letter_has_one_spelling_and_one_base(letter: str) -> None:
    made, base = ACCENTED[letter]
    typings = {letter, made, unicodedata.normalize("NFD", letter)}
    if len(made) == 3:
        typings |= {base + made[2] + made[1], unicodedata.normalize("NFC", base + made[2]) + made[1]}
    assert {composed(typed) for typed in typings} == {letter}
    assert {tidy(typed) for typed in typings} == {letter}
    assert {plain(typed) for typed in typings} == {letter.lower()}
    assert {fold(typed) for typed in typings} == {base.lower()} == {bare(plain(letter))}


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
@example("e\u0301\u0301\u0302")
@example("a\u200b\u0301")
@example("a_ b")
@pytest.mark.parametrize("step", [*(step for step in (composed, tidy, plain, fold)), sound])
def test_once_is_enough(step: Callable[[str], str], text: str) -> None:
    assert step(step(text)) == step(text)


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
@example("a_ b")
def test_plain_words_are_small_letters_and_digits_with_single_spaces(text: str) -> None:
    for found in (plain(text), fold(text)):
        assert found == " ".join(found.split())
        assert "_" not in found
    assert all(bare(word) == fold(word) for word in plain(text).split())


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_what_is_typed_in_pieces_is_the_same(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert composed(unicodedata.normalize(form, text)) == composed(text)
        assert fold(unicodedata.normalize(form, text)) == fold(text)
    assert unicodedata.is_normalized("NFC", composed(text))


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
@example("a\u200b\u0301")
def test_a_tidy_text_has_no_hidden_signs(text: str) -> None:
    found = tidy(text)
    assert unicodedata.is_normalized("NFC", found)
    assert not set(found) & set("\x00\t\r\u200b\u202e\ufeff")
    assert "  " not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Lương\t\tcơ   sở \r\n\r\nlà\x00 gì\u200b? ", "Lương cơ sở \n\nlà gì?"),
        ("\u202etxt.exe", "txt.exe"),
        ("dòng một\rdòng hai", "dòng một\ndòng hai"),
        ("", ""),
    ],
)
def test_tidy(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lương, 2026", "lương 2026"),
        ("NĐ 178/2024/NĐ-CP", "nđ 178 2024 nđ cp"),
        ("ten_tep_ _moi", "ten tep moi"),
        ("ĐỀ NGHỊ!!!", "đề nghị"),
        ("🙂", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("tôi hỏi về lương", "lương", True),
        ("toi hoi ve luong", "lương", True),
        ("tôi hỏi về lượng", "lương", False),
        ("tôi hỏi về luong", "lương", False),  # who types marks means what has none
        ("luongs", "lương", False),
        ("Lương hưu", "hưu", True),
    ],
)
def test_says(text: str, phrase: str, expected: bool) -> None:  # noqa: FBT001
    assert says(text, phrase) is expected


def test_contains_whole_words_only() -> None:
    assert contains("nghỉ tết mấy ngày", "tết mấy")
    assert not contains("nghỉ tết mấy ngày", "tết m")


def test_sound_leaves_what_a_database_takes() -> None:
    assert sound("a\x00b\ud800c🙂") == "abc🙂"
