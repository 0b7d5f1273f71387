"""The report counts what was decided; a whole measurement on a small corpus."""

import json
from pathlib import Path

import pytest

from faq import bench, compare
from faq.bench import DAY, Candidate, Outcome, Report, Tally
from faq.compare import Decision
from faq.entries import CONTENT
from faq.files import Mistakes
from faq.index import Index
from faq.testset import Faq, Query
from faq.words import Words

FAQS = [
    Faq(
        "L1",
        "Thủ tục xin nghỉ phép năm như thế nào?",
        "Gửi đơn trước 3 ngày.",
        ("Muốn nghỉ phép thì làm gì?",),
    ),
    Faq("L2", "Tiền lương tháng được trả vào ngày nào?", "Ngày mùng 5."),
    Faq("L3", "Làm lại thẻ viên chức bị mất ở đâu?", "Phòng Hành chính."),
    Faq("L4", "Đăng ký chỗ gửi xe máy ở cơ quan ra sao?", "Ghi tên ở cổng."),
]
QUERIES = [
    *(Query(f"q{i}", faq.question, (faq.id,), "same") for i, faq in enumerate(FAQS)),
    Query("q4", "lam lai the bi mat", ("L3",), "keywords"),
    Query("q5", "mấy giờ tàu chạy vào Sài Gòn", (), "out_of_scope", sub="far"),
    Query("q6", "", (), "out_of_scope"),
]


def _outcome(relevant: str, decision: Decision, candidates: str, sub: str = "far") -> Outcome:
    """Take candidates as letters, best first; their scores are 0.9, 0.8 and so on."""
    query = Query("q", "", tuple(relevant), "clean", sub=sub)
    scored = (Candidate(each, (9 - i) / 10) for i, each in enumerate(candidates))
    return Outcome(query, decision, tuple(scored), 0.001)


ANSWERED = [
    _outcome("a", Decision("answer", ("a",)), "abc"),
    _outcome("b", Decision("answer", ("a",)), "abc"),  # wrong, though the right one is the next
]
OFFERED = [
    _outcome("c", Decision("choose", ("a", "b", "c")), "abcd"),
    _outcome("d", Decision("choose", ("a", "b")), "abd"),  # the right one is the third, but was not shown
]
NONE = [_outcome("a", Decision("none"), "a"), _outcome("a", Decision("none"), "")]
OUTSIDE = [
    _outcome("", Decision("answer", ("a",)), "a", "near"),
    _outcome("", Decision("choose", ("a", "b")), "ab", "near"),
    _outcome("", Decision("none"), "", "far"),
]
REPORT = Report((*ANSWERED, *OFFERED, *NONE, *OUTSIDE), 4, 0.5, 2.0)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (ANSWERED, Tally(asked=2, answered=2, right=1, offered=0, found=1, none=0)),
        (OFFERED, Tally(asked=2, answered=0, right=0, offered=2, found=1, none=0)),
        (NONE, Tally(asked=2, answered=0, right=0, offered=0, found=0, none=2)),
        (OUTSIDE, Tally(asked=3, answered=1, right=0, offered=1, found=0, none=1)),
    ],
)
def test_tally(outcomes: list[Outcome], expected: Tally) -> None:
    assert bench.tally(outcomes) == expected


def test_kinds_in_scope_and_sub_kinds_out_of_scope_are_apart() -> None:
    assert {kind: each.asked for kind, each in REPORT.ranking().items()} == {"clean": 6, "all in scope": 6}
    assert {kind: each.asked for kind, each in REPORT.decisions().items()} == {"clean": 6, "all in scope": 6}
    outside = {sub: (each.asked, each.answered, each.offered) for sub, each in REPORT.refusals().items()}
    assert outside == {"near": (2, 1, 1), "far": (1, 0, 0), "all out of scope": (3, 1, 1)}


def test_a_question_without_candidates_has_the_score_nothing() -> None:
    measured = REPORT.ranking()["all in scope"]
    assert measured.acc_at_1 == pytest.approx(2 / 6)
    assert measured.recall_at_3 == pytest.approx(5 / 6)
    assert measured.auroc == pytest.approx((5 * (0.5 + 0.5 + 1) + 0.5) / 18)  # five score 0.9, one 0.0


def test_one_kind_of_questions_alone() -> None:
    assert Report(tuple(OUTSIDE), 4, 0.5, 2.0).ranking() == {}
    assert Report(tuple(ANSWERED), 4, 0.5, 2.0).refusals() == {}
    assert "–" in Report(tuple(ANSWERED), 4, 0.5, 2.0).text()  # no AUROC


def test_predictions_name_the_shown_entries_first() -> None:
    first, *_, last = REPORT.predictions()
    scores = [{"id": "a", "score": 0.9}, {"id": "b", "score": 0.8}, {"id": "c", "score": 0.7}]
    assert first == {"qid": "q", "decision": "answer", "candidates": scores}
    assert last == {"qid": "q", "decision": "none", "candidates": []}


def test_json_has_the_figures_of_the_text() -> None:
    figures = json.loads(json.dumps(REPORT.json()))
    assert figures["milliseconds"] == {"p50": 1.0, "p99": 1.0, "max": 1.0}
    assert figures["decisions"]["clean"]["found"] == 2
    assert figures["out_of_scope"]["near"]["answered"] == 1
    text = REPORT.text()
    assert "4 mục, 9 câu hỏi" in text
    assert f"{figures['ranking']['clean']['recall_at_3']:.3f}" in text
    assert "trả lời ngay 3 câu, đúng 0.333" in text


def test_table_is_aligned() -> None:
    assert (
        bench.table(("tên", "n"), [("dài hơn", "1"), ("x", "10")]) == "tên       n\ndài hơn   1\nx        10"
    )


def test_measurement_of_a_small_corpus() -> None:
    report = bench.measure(FAQS, QUERIES)
    assert report.ranking()["same"].acc_at_1 == 1.0
    assert report.decisions()["same"].right == len(FAQS)
    assert report.refusals()["all out of scope"].none == 2
    index = Index(bench.knowledge(FAQS), Words.load(CONTENT))
    for query, prediction in zip(QUERIES, report.predictions(), strict=True):
        shown = compare.decision(index, query.text, DAY).ids
        assert tuple(each["id"] for each in prediction["candidates"])[: len(shown)] == shown
        assert len(prediction["candidates"]) <= bench.CANDIDATES


def test_run_reads_both_files(tmp_path: Path) -> None:
    corpus, queries = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
    lines = [{"id": faq.id, "question": faq.question} for faq in FAQS]
    corpus.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    queries.write_text('{"qid": "q", "text": "xin nghi phep nam", "relevant": ["L1"]}', "utf-8")
    report = bench.run(corpus, queries)
    assert (report.entries, report.ranking()["other"].acc_at_1) == (len(FAQS), 1.0)
    with pytest.raises(Mistakes, match=r"queries\.jsonl:1"):
        bench.run(corpus, tmp_path / "not" / "queries.jsonl")
