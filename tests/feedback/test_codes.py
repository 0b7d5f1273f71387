"""Codes: every slip of one finger is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.codes import ALPHABET, SPACE, find, make, read

codes = st.integers(0, SPACE - 1).map(make)


@given(codes)
def test_a_code_is_read_as_it_was_issued_however_it_is_typed(code: str) -> None:
    assert read(code) == code
    assert read(f"  {code.lower().replace('-', ' ')} ") == code
    assert read(code.replace("0", "o")) == code


@given(codes, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, letter: str) -> None:
    letters = code.replace("-", "")
    wrong = letters[:place] + letter + letters[place + 1 :]
    assert (read(wrong) is None) == (wrong != letters)


@given(codes, st.integers(0, 9), st.integers(0, 9))
def test_two_swapped_characters_are_noticed(code: str, one: int, other: int) -> None:
    letters = list(code.replace("-", ""))
    letters[one], letters[other] = letters[other], letters[one]
    wrong = "".join(letters)
    assert (read(wrong) is None) == (wrong != code.replace("-", ""))


def test_no_two_numbers_share_a_code() -> None:
    assert len({make(number) for number in range(5000)}) == 5000


@given(codes)
def test_a_code_is_found_in_a_sentence(code: str) -> None:
    assert find(f"mã của tôi là {code}, đến đâu rồi?") == code


def test_an_ordinary_sentence_holds_no_code() -> None:
    assert find("Nghị định 178/2024 còn áp dụng không, gọi số 0900000000?") is None


def test_what_is_no_code_is_none() -> None:
    for text in ("", "abc", "1IL0O-1IL0O", "ngõ 12 Trần Phú", "7K3F9-Q2M4R-X"):
        assert read(text) is None
