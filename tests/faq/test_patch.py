"""A changed value changes its own lines; whatever stands around it stays byte for byte."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.entries import CONTENT
from faq.patch import Unpatchable, patched, said

SHEET = """\
# a comment
group: G1   # of the group

entries:
  - id: one
    alternates:   # what people say
      - first
      - "second: quoted"  # as it was said
    answer: >-  # approved
      A long
      answer.

      With a second paragraph.

  # a comment of the second
  - id: two
    alternates: [x, 'y']
    answer: |
      line

      # no comment
    enabled: no

  -   id: three
      note:
      answer: 'it''s
        quoted'
# the end
"""


def changed(wanted: Any) -> list[str]:  # noqa: ANN401
    """Return the lines that differ: «-» as they were, «+» as they are."""
    result = patched(SHEET, wanted)
    return lines_between(SHEET, result)


def lines_between(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    head = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return [f"-{line}" for line in old[head : len(old) - tail]] + [
        f"+{line}" for line in new[head : len(new) - tail]
    ]


def sheet() -> Any:  # noqa: ANN401
    return deepcopy(said(SHEET))


def test_nothing_to_change_changes_nothing() -> None:
    assert patched(SHEET, sheet()) == SHEET


@pytest.mark.parametrize(
    ("entry", "key", "value", "lines"),
    [
        (0, "alternates", ["first", "second: quoted", "third"], ["+      - third"]),
        (0, "alternates", ["new", "first", "second: quoted"], ["+      - new"]),
        (0, "alternates", ["first"], ['-      - "second: quoted"  # as it was said']),
        (
            0,
            "alternates",
            ["first", "2nd"],
            ['-      - "second: quoted"  # as it was said', "+      - 2nd  # as it was said"],
        ),
        (
            0,
            "answer",
            "Short.",
            [
                "-    answer: >-  # approved",
                "-      A long",
                "-      answer.",
                "-",
                "-      With a second paragraph.",
                "+    answer: Short.  # approved",
            ],
        ),
        (0, "enabled", False, ["+    enabled: false"]),
        (0, "review_by", date(2027, 1, 31), ["+    review_by: 2027-01-31"]),
        (
            0,
            "sources",
            [{"doc": "a", "article": "1"}],
            ["+    sources:", "+      - doc: a", "+        article: 1"],
        ),
        (1, "alternates", ["x"], ["-    alternates: [x, 'y']", "+    alternates:", "+      - x"]),
        (1, "alternates", [], ["-    alternates: [x, 'y']", "+    alternates: []"]),
        (1, "enabled", True, ["-    enabled: no", "+    enabled: true"]),
        (1, "answer", "line\n\n# no comment\nmore\n", ["+      more"]),
        (
            1,
            "answer",
            "'",
            ["-    answer: |", "-      line", "-", "-      # no comment", '+    answer: "\'"'],
        ),
        (2, "note", "no", ["-      note:", '+      note: "no"']),
        (2, "answer", "x", ["-      answer: 'it''s", "-        quoted'", "+      answer: x"]),
    ],
)
def test_a_changed_value_changes_its_lines(entry: int, key: str, value: object, lines: list[str]) -> None:
    wanted = sheet()
    wanted["entries"][entry][key] = value
    assert changed(wanted) == lines


@pytest.mark.parametrize(
    ("entry", "key", "lines"),
    [
        (0, "alternates", ["-    alternates:   # what people say", "-      - first"]),
        (1, "enabled", ["-    enabled: no"]),
        (2, "note", ["-      note:"]),
    ],
)
def test_a_key_that_is_taken_away_takes_its_lines_along(entry: int, key: str, lines: list[str]) -> None:
    wanted = sheet()
    del wanted["entries"][entry][key]
    assert changed(wanted)[: len(lines)] == lines
    assert not any(line.startswith("+") for line in changed(wanted))


def test_the_first_key_of_an_item_leaves_the_dash_to_the_second() -> None:
    assert patched("a:\n  - x: 1\n    y: 2\n", {"a": [{"y": "2"}]}) == "a:\n  - y: 2\n"


def test_an_item_is_added_after_an_empty_line_where_the_others_are() -> None:
    wanted = sheet()
    wanted["entries"].append({"id": "four", "answer": "yes"})
    assert changed(wanted) == ["+", "+  - id: four", '+    answer: "yes"']


def test_an_item_that_is_taken_away_leaves_the_comments() -> None:
    wanted = sheet()
    del wanted["entries"][1]
    assert "# a comment of the second" in patched(SHEET, wanted)
    assert "line" not in patched(SHEET, wanted)


def test_the_first_item_goes_with_the_empty_line_below() -> None:
    assert patched("a:\n  - x\n\n  - y\n", {"a": ["y"]}) == "a:\n  - y\n"


def test_all_items_can_go_and_come_back() -> None:
    assert patched("a:\n  - x  # c\nb: 1\n", {"a": [], "b": "1"}) == "a: []\nb: 1\n"
    assert patched("a: []  # c\nb: 1\n", {"a": ["x"], "b": "1"}) == "a:  # c\n  - x\nb: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\r\nb:\r\n  - x\r\n", "a: 1\r\nb:\r\n  - x\r\n  - z\r\n"),
        ("a: 1\nb:\n- x\n", "a: 1\nb:\n- x\n- z\n"),
        ("a: 1\nb:\n  - x", "a: 1\nb:\n  - x\n  - z"),
        ("a: 1\nb:\n  - x  # c", "a: 1\nb:\n  - x  # c\n  - z"),
        ("---\na: 1\nb:\n    - x\n...\n", "---\na: 1\nb:\n    - x\n    - z\n...\n"),
        ("'a': 1\n\"b\" :\n  - x\n", "'a': 1\n\"b\" :\n  - x\n  - z\n"),
    ],
)
def test_the_style_of_the_file_is_kept(before: str, after: str) -> None:
    assert patched(before, {"a": "1", "b": ["x", "z"]}) == after


@pytest.mark.parametrize(
    "text", ["- a\n", "{a: 1}\n", "", "a\n", "a: 1\n", "c: # one - two\n  - # one - two\n    x\n"]
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(Unpatchable):
        patched(text, {"c": ["2"]})


def test_half_a_letter_is_refused() -> None:
    with pytest.raises(Unpatchable):
        patched(SHEET, sheet() | {"group": "\ud800"})


texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    st.sampled_from(" \n\t#-:>|'\"&*!%@`{}[],?=~\\aà\r\x85\u2028\ufeff\x00")
)


@given(texts, texts, texts, st.sampled_from(["\n", "\r\n"]))
def test_any_text_can_be_written_anywhere(answer: str, wording: str, note: str, line_end: str) -> None:
    before = SHEET.replace("\n", line_end)
    wanted: Any = deepcopy(said(before))
    first, second, third = wanted["entries"]
    first["answer"], first["alternates"][1], second["alternates"] = answer, wording, [wording, note]
    third["note"], second["sources"] = note, [{"doc": wording, "article": answer}]
    after = patched(before, wanted)
    assert said(after) == wanted
    assert [line for line in after.splitlines() if line.endswith("# of the group")]


def test_an_answer_is_folded_as_in_the_samples() -> None:
    for path in sorted(CONTENT.glob("G*.yaml")):
        text = path.read_text("utf-8")
        whole: Any = said(text)
        emptied = {**whole, "entries": [{**entry, "answer": "x"} for entry in whole["entries"]]}
        assert patched(patched(text, emptied), whole) == text
