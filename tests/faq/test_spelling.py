"""Slips become words of the knowledge base; what is right, or too odd, stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.guesses import LONGEST
from faq.keystrokes import is_syllable
from faq.spelling import Spelling

KNOWN = [
    ["lương cơ sở là bao nhiêu", "lương cơ sở hiện nay"],
    ["thủ tục đăng ký kết hôn", "giấy đăng ký kết hôn"],
    ["ngành quản trị kinh doanh", "học quản trị kinh doanh"],
    ["thành phố quảng ninh"],
    ["hộ sản xuất kinh doanh", "cơ sở sản xuất"],
    ["vi phạm giao thông", "luật giao thông"],
    ["thiên tai bão lũ", "asean là gì"],
]
MORE = [("phu", "cap"), ("tro", "giup", "xa", "hoi")]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    entries = [[wording.split() for wording in entry] for entry in KNOWN]
    return Spelling(entries, MORE)


def repaired(spelling: Spelling, text: str) -> str:
    return " ".join(spelling.repaired(text.split())[0].words)


def likelier(spelling: Spelling, text: str) -> str:
    return " ".join(spelling.likelier(text.split()).words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giao thnog", "giao thong"),  # two letters exchanged
        ("luonh cơ sở", "luong cơ sở"),  # a letter beside it
        ("lwong cơ sở", "luong cơ sở"),
        ("giao thongg", "giao thong"),  # too many
        ("qang ninh", "quang ninh"),  # missing
        ("thientai", "thien tai"),  # no space
        ("thiêntai", "thiên tai"),  # with the marks that were typed
        ("dangky kethon", "dang ky ket hon"),
        ("phucap", "phu cap"),  # the dictionary's phrases count, too
        ("vi fam", "vi pham"),  # as the young write
        ("zấy đăng ký", "giay đăng ký"),
        ("wang ninh", "quang ninh"),
        ("đăng ký ket hown", "đăng ký ket hon"),
        ("fenh", "phenh"),  # at least it is a syllable then
        ("dzui", "dui"),
    ],
)
def test_slips_are_repaired(spelling: Spelling, typed: str, meant: str) -> None:
    assert repaired(spelling, typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "lương cơ sở",
        "luong co so",
        "lượng phố phường",  # right, whether or not it stands here
        "asean",
        "bhxh 178 nd178 12a 2026",
        "giaothongvantaihanoi",  # longer than any two words
        "xzqw tgbc",
        "日本 🙂 ñandú",
        "",
    ],
)
def test_what_is_right_or_odd_stays(spelling: Spelling, text: str) -> None:
    assert repaired(spelling, text) == text


def test_a_long_word_is_left_as_it_is(spelling: Spelling) -> None:
    assert repaired(spelling, "t" + "hientai") == "thien tai"
    assert repaired(spelling, "thientai" * 2) == "thientai" * 2
    assert len("thientai" * 2) > LONGEST


def test_a_second_way_is_told_if_it_is_hardly_less_likely() -> None:
    first, second = Spelling([[["mau", "don"], ["mau", "den"]]], []).repaired(["mau", "dqn"])
    assert {first.words, second.words} == {("mau", "don"), ("mau", "den")}
    assert first.behind == 0 <= second.behind


def test_what_was_exchanged_and_what_was_doubted_is_counted(spelling: Spelling) -> None:
    way = spelling.likelier(["lượng", "cơ", "xở"])
    assert (way.words, way.exchanged, way.doubted) == (("luong", "cơ", "so"), 1, 1)
    assert spelling.likelier(["thnog"]).exchanged == 0  # it is no word


def test_two_neighbours_without_a_space_are_no_keystrokes(spelling: Spelling) -> None:
    assert spelling.are_two("coso")
    assert not spelling.are_two("coos")
    assert not spelling.are_two("socow")
    assert not spelling.are_two("coso" * 1_000)


def test_of_two_that_are_as_near_the_one_that_suits_its_neighbours_is_taken() -> None:
    spelling = Spelling([[["mau", "don"], ["dan", "so"], ["dan", "ong"], ["dan", "toc"]]], [])
    assert repaired(spelling, "mau dqn") == "mau don"
    assert repaired(spelling, "dqn so") == "dan so"
    assert repaired(spelling, "dqn") == "dan"  # the more frequent one


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("san duat", "san xuat"),
        ("sản duất kinh doanh", "sản xuat kinh doanh"),
        ("giấy đăng kí", "giấy đăng ky"),
        ("lương cơ xở", "lương cơ so"),
        ("da hoi", "xa hoi"),  # a word that stands nowhere here
        ("quan tru kin doanh", "quan tri kinh doanh"),  # each speaks for the other
        ("lương cơ sợ", "lương cơ so"),  # only «sở» stands beside it
        ("lượng cơ sở", "luong cơ sở"),
        ("da lieu", "da lieu"),  # nothing here stands beside it
        ("san xuat", "san xuat"),  # it stands beside it here
        ("duat", "duat"),  # no neighbours, no evidence
        ("co kinh doanh", "co kinh doanh"),
        ("", ""),
    ],
)
def test_a_word_is_exchanged_only_with_evidence(spelling: Spelling, typed: str, meant: str) -> None:
    assert likelier(spelling, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("qtkd", "quan tri kinh doanh"),
        ("ngành QTKD".lower(), "ngành quan tri kinh doanh"),
        ("sxkd", "san xuat kinh doanh"),
        ("dk", "dang ky"),
        ("đk", "dang ky"),
        ("gt", "giao thong"),
        ("qn", "qn"),  # two words that were said together once only
        ("xyz", "xyz"),
        ("co", "co"),  # a word
        ("178", "178"),
    ],
)
def test_initials_are_learnt_from_the_knowledge_base(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.written_out(typed.split()) == meant.split()


WORDS = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["luong", "lương", "thnog", "qtkd", "san", "duat", "fam", "178", "đ"]
)


@settings(deadline=None, max_examples=300)
@given(words=st.lists(WORDS, max_size=8))
def test_any_words_can_be_read(spelling: Spelling, words: list[str]) -> None:
    first = spelling.repaired(words)[0].words
    assert len(words) <= len(first) <= 2 * len(words)
    assert spelling.repaired(first)[0].words == first
    assert len(words) <= len(spelling.likelier(words).words) <= 2 * len(words)
    assert len(spelling.written_out(words)) >= len(words)


@settings(deadline=None, max_examples=100)
@given(
    words=st.lists(
        st.sampled_from(sorted({word for entry in KNOWN for text in entry for word in text.split()}))
    )
)
def test_known_words_are_never_repaired(spelling: Spelling, words: list[str]) -> None:
    assert [list(way.words) for way in spelling.repaired(words)] == [words]


def test_nothing_is_known_at_first() -> None:
    spelling = Spelling([], [])
    assert repaired(spelling, "lương xzq fang") == "lương xzq phang"
    assert likelier(spelling, "lương") == "lương"
    assert spelling.written_out(["lương"]) == ["lương"]
    assert is_syllable("phang")
