"""The office's dictionary: which forms have one meaning, and what is said for what."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.entries import CONTENT
from faq.files import Mistakes
from faq.words import SynonymFile, Term, Unmarked, WordFile, Words, beginnings
from feedback.vietnamese import fold

GROUPS = (
    ("lương", "tiền công", "lương tháng"),  # 0
    ("số lượng", "lượng"),  # 1
    ("nghỉ việc", "thôi việc"),  # 2
    ("việc làm", "công việc", "việc"),  # 3
    ("tháng", "hằng tháng"),  # 4
)
SYNONYMS = Words(WordFile(), SynonymFile(GROUPS))


def concepts(text: str, words: Words = SYNONYMS) -> list[set[int]]:
    found = text.split()
    return [set(each) for each in words.concepts(found, [fold(word) for word in found])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lương", [{0}]),
        ("lượng", [{1}]),  # typed marks must agree
        ("luong", [{0, 1}]),  # without marks it may be both
        ("lường", [set()]),
        ("tiền công", [{0}, {0}]),
        ("tien công", [{0}, {0}]),
        ("tiên công", [set(), set()]),
        ("tiền", [set()]),  # half of a phrase means nothing
        ("công tiền", [set(), set()]),
        ("lương tháng", [{0}, {0, 4}]),  # a word of its own and of a phrase
        ("nghỉ việc làm", [{2}, {2, 3}, {3}]),  # overlapping phrases
        ("so luong thang", [{1}, {0, 1}, {0, 4}]),
        ("xin chào", [set(), set()]),
        ("", []),
    ],
)
def test_concepts(text: str, expected: list[set[int]]) -> None:
    assert concepts(text) == expected


def test_one_phrase_may_stand_in_several_groups() -> None:
    words = Words(WordFile(), SynonymFile((("giá", "phí"), ("giá", "giá tiền"))))
    assert concepts("giá tiền", words) == [{0, 1}, {1}]
    assert concepts("phí", words) == [{0}]
    assert words.groups == 2


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(sorted({word for group in GROUPS for text in group for word in text.split()})))
)
def test_without_marks_a_text_may_mean_all_that_it_means_with_them(found: list[str]) -> None:
    typed, bare = concepts(" ".join(found)), concepts(fold(" ".join(found)))
    assert all(some <= more for some, more in zip(typed, bare, strict=True))


def test_a_dictionary_without_synonyms_has_no_concepts() -> None:
    words = Words(WordFile())
    assert concepts("lương tháng", words) == [set(), set()]
    assert words.groups == 0


FILE = WordFile(
    abbreviations=(
        Term("HĐLĐ", "hợp đồng lao động", also_written=("hdong",)),
        Term("CC", "công chức", ambiguous=True),
        Term("NĐ", "nghị định", ambiguous=True),
    ),
    teencode=(Term("ko", "không"), Term("cc", "cái chi", ambiguous=True)),
    dialect=(Term("răng", "sao", ambiguous=True),),
    misspellings=(Term("sát nhập", "sáp nhập"),),
    without_marks=(
        Unmarked("bao hiem", ("bảo hiểm",)),
        Unmarked("can bo", ("cán bộ", "căn bộ")),
        Unmarked("luong", ("lương",), ambiguous=True),
    ),
)


def test_forms_with_one_meaning_are_sure() -> None:
    assert Words(FILE).sure == {
        ("hđlđ",): ("hđlđ", "hợp", "đồng", "lao", "động"),  # an abbreviation keeps its letters
        ("hdld",): ("hđlđ", "hợp", "đồng", "lao", "động"),
        ("hdong",): ("hdong", "hợp", "đồng", "lao", "động"),
        ("ko",): ("không",),
        ("sát", "nhập"): ("sáp", "nhập"),
        ("bao", "hiem"): ("bảo", "hiểm"),
    }


def test_forms_with_several_meanings_are_unsure() -> None:
    words = Words(FILE)
    assert words.unsure == {
        ("cc",): ("cc", "công", "chức"),  # the first that is written
        ("nđ",): ("nđ", "nghị", "định"),
        ("nd",): ("nđ", "nghị", "định"),
        ("răng",): ("sao",),
    }
    assert words.any == {**words.unsure, **words.sure}
    assert words.beginnings["sát"] == words.beginnings["bao"] == 2
    assert words.beginnings["cc"] == 1


def test_what_is_sure_is_not_unsure_as_well() -> None:
    words = Words(WordFile((Term("CB", "cán bộ", ambiguous=True),), (Term("cb", "cán bộ"),)))
    assert words.unsure == {}
    assert words.any == words.sure


def test_the_file_may_place_tones_either_way() -> None:
    words = Words(
        WordFile(misspellings=(Term("hoà giãi", "hòa giải"),)), SynonymFile((("hoà giải", "thoả thuận"),))
    )
    assert words.sure == {("hòa", "giãi"): ("hòa", "giải")}
    assert concepts("thỏa thuận", words) == concepts("hòa giải", words) == [{0}, {0}]


def test_the_longest_phrase_that_begins_with_a_word() -> None:
    assert beginnings([("a",), ("a", "b", "c"), ("b", "a")]) == {"a": 3, "b": 2}
    assert beginnings([]) == {}


def test_a_form_of_signs_only_means_nothing() -> None:
    words = Words(WordFile(abbreviations=(Term("&", "và"),)), SynonymFile((("và", "&"),)))
    assert words.beginnings == {}
    assert concepts("và", words) == [{0}]


ABBREVIATIONS = "abbreviations:\n  - {written: BHXH, means: bảo hiểm xã hội}\n"


def test_an_office_may_have_no_synonyms(tmp_path: Path) -> None:
    (tmp_path / "abbreviations.yaml").write_text(ABBREVIATIONS)
    words = Words.load(tmp_path)
    assert words.groups == 0
    assert words.sure[("bhxh",)] == ("bhxh", "bảo", "hiểm", "xã", "hội")


def test_synonyms_are_read(tmp_path: Path) -> None:
    (tmp_path / "abbreviations.yaml").write_text(ABBREVIATIONS)
    (tmp_path / "synonyms.yaml").write_text("synonyms:\n  - [lương, tiền công]\n")
    words = Words.load(tmp_path)
    assert concepts("tiền công", words) == [{0}, {0}]
    assert set(words.phrases) == {("luong",), ("tien", "cong")}


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "abbreviations.yaml").write_text("abbreviations:\n  - {written: BHXH}\n")
    (tmp_path / "synonyms.yaml").write_text("synonyms:\n  - lương\n")
    with pytest.raises(Mistakes) as caught:
        Words.load(tmp_path)
    assert [(each.path.name, each.line) for each in caught.value.all] == [
        ("abbreviations.yaml", 2),
        ("synonyms.yaml", 2),
    ]


def test_the_sample_dictionary_is_read() -> None:
    words = Words.load(CONTENT)
    assert words.groups > 100
    assert set.intersection(*concepts("khi nào", words), *concepts("bao giờ", words))
