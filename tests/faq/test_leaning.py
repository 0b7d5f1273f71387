"""To which of several collections a text leans."""

from faq.leaning import Leaning

LEANING = Leaning([{"lương": 3.0, "và": 2.0}, {"lưu": 1.0, "và": 2.0}])


def test_a_word_leans_to_where_it_stands() -> None:
    pay, archives = LEANING.of({"lương": 1})
    assert pay > 0 > archives


def test_a_word_of_both_leans_less_than_a_word_of_one() -> None:
    assert LEANING.of({"lưu": 1})[1] > abs(LEANING.of({"và": 1})[1])


def test_an_unknown_word_tells_nothing() -> None:
    assert LEANING.of({"mưa": 1}) == [0, 0]
    assert LEANING.of({"mưa": 1, "lưu": 1}) == LEANING.of({"lưu": 1})
