"""A set of questions is read whole or refused with the line of every mistake."""

from pathlib import Path

import pytest

from faq import testset
from faq.files import Mistakes
from faq.testset import Faq, Query

CORPUS = '{"id": "P1", "question": "Xin nghỉ phép thế nào?"}\n'
QUERIES = '{"qid": "q1", "text": "nghi phep", "relevant": ["P1"]}\n'


def _load(tmp_path: Path, corpus: str, queries: str) -> tuple[list[Faq], list[Query]]:
    files = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
    for path, text in zip(files, (corpus, queries), strict=True):
        path.write_text(text, "utf-8")
    return testset.load(*files)


def test_what_may_be_missing_and_what_else_may_stand_in_a_line(tmp_path: Path) -> None:
    corpus = '\ufeff{"id": "P2", "question": "Lương?", "answer": "5.", "alternates": ["luong"], "src": 1}\r\n'
    queries = '{"qid": "q2", "text": "", "relevant": [], "kind": null, "sub": "far", "base": null}'
    faqs, asked = _load(tmp_path, f"{corpus}\n{CORPUS}", f"{QUERIES}\n{queries}")
    assert faqs == [Faq("P2", "Lương?", "5.", ("luong",)), Faq("P1", "Xin nghỉ phép thế nào?")]
    assert asked == [Query("q1", "nghi phep", ("P1",)), Query("q2", "", (), sub="far")]


@pytest.mark.parametrize(
    ("query", "label"),
    [
        (Query("q", "", ("P1",), "typo", "paraphrase"), "typo"),
        (Query("q", "", ("P1",), "typo", "known_item"), "typo*"),
        (Query("q", "", ("P1",)), "other"),
        (Query("q", "", (), "out_of_scope", sub="near"), "near"),
        (Query("q", "", (), "out_of_scope"), "out_of_scope"),
        (Query("q", "", ()), "other"),
    ],
)
def test_label(query: Query, label: str) -> None:
    assert query.label == label


@pytest.mark.parametrize(
    ("corpus", "queries", "expected"),
    [
        ("", QUERIES, "corpus.jsonl:1:1: tệp trống"),
        (CORPUS, "\n \n", "queries.jsonl:1:1: tệp trống"),
        (CORPUS + "\n{oops\n", QUERIES, "corpus.jsonl:3:1: mỗi dòng phải là một đối tượng JSON"),
        (CORPUS + '["P2"]\n', QUERIES, "corpus.jsonl:2:1: mỗi dòng phải là một đối tượng JSON"),
        (CORPUS, QUERIES + '{"qid": "\\ud800"}', "queries.jsonl:2:1: mỗi dòng phải là một đối tượng JSON"),
        (CORPUS + '{"id": "P2"}\n', QUERIES, "corpus.jsonl:2:1: thiếu mục «question»"),
        (CORPUS + '{"id": 2, "question": "?"}', QUERIES, "corpus.jsonl:2:1: «id» phải là chữ"),
        (
            CORPUS + '{"id": "P2", "question": ""}',
            QUERIES,
            "corpus.jsonl:2:1: «question» không được để trống",
        ),
        (
            CORPUS,
            '{"qid": "q", "text": "", "relevant": "P1"}',
            "queries.jsonl:1:1: «relevant» phải là một danh sách",
        ),
        (CORPUS, '{"qid": "q", "text": "", "relevant": [1]}', "queries.jsonl:1:1: «relevant» phải là chữ"),
        (CORPUS, '{"qid": "q", "text": ""}', "queries.jsonl:1:1: thiếu mục «relevant»"),
        (CORPUS + CORPUS, QUERIES, "corpus.jsonl:2:1: «P1» đã có ở dòng 1"),
        (CORPUS, QUERIES + QUERIES, "queries.jsonl:2:1: «q1» đã có ở dòng 1"),
        (
            CORPUS,
            '{"qid": "q", "text": "", "relevant": ["P9"]}',
            "queries.jsonl:1:1: «relevant» gọi mục «P9»",
        ),
    ],
)
def test_a_mistake_has_its_line(tmp_path: Path, corpus: str, queries: str, expected: str) -> None:
    with pytest.raises(Mistakes) as raised:
        _load(tmp_path, corpus, queries)
    assert str(raised.value).startswith(f"{tmp_path}/{expected}")
    assert len(raised.value.all) == 1


def test_all_mistakes_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_bytes(QUERIES.encode() + b'{"text": "\xff"}\n{"text": 1}\n')
    with pytest.raises(Mistakes) as raised:
        testset.load(tmp_path / "none.jsonl", tmp_path / "queries.jsonl")
    assert [(each.path.name, each.line) for each in raised.value.all] == [
        ("none.jsonl", 1),
        ("queries.jsonl", 2),
        ("queries.jsonl", 3),  # no qid,
        ("queries.jsonl", 3),  # a text that is none,
        ("queries.jsonl", 3),  # and no relevant ids
    ]
