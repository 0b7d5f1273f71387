"""What the wordings tell about words beside each other."""

from math import exp

import pytest

from faq.context import Context

WORDINGS = [text.split() for text in ("xuất khẩu hàng hóa", "vận chuyển hàng hóa", "hạng nhà", "địa điểm")]


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(WORDINGS, [("cai", "dat")])


def test_what_stood_there_before_is_likelier(context: Context) -> None:
    assert context.likely("hoa", "hang") > context.likely("hoa", "nha") > context.likely("xyz", "nha")
    assert context.likely("dat", "cai") > context.likely("dat", "hang")


def test_all_that_may_follow_a_word_is_one_probability(context: Context) -> None:
    assert sum(exp(context.likely(word, "hang")) for word in (*context.known, "?")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("hạng hóa", ["hạng"]),  # only «hàng hóa» stands here
        ("hạng nhà", []),
        ("hang hoa", []),
        ("đỉa điểm", ["đỉa"]),
        ("đỉa", ["đỉa"]),  # it stands nowhere so
        ("hạng", []),
        ("phường", []),  # it stands nowhere at all
        ("hàng nhà", ["hàng"]),
    ],
)
def test_marks_are_doubted_where_the_word_stands_with_others(
    context: Context, text: str, doubted: list[str]
) -> None:
    words = ["", *text.split(), ""]
    rows = zip(words, words[1:], words[2:], strict=False)
    assert [row[1] for row in rows if context.marks_in_doubt(*row)] == doubted


def test_an_empty_knowledge_base_tells_nothing() -> None:
    context = Context([], [])
    assert context.likely("a", "b") < 0
    assert not context.is_beside("a", "b", "c")
    assert not context.marks_in_doubt("", "đỉa", "")
