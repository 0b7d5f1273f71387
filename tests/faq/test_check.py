"""Everything that an official should look at is found at its place, and nothing else."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from faq import check
from faq.check import KINDS, Finding, Severity
from faq.entries import CONTENT, load
from faq.index import Answer, Choices, Index, Unknown
from faq.words import Words
from feedback.routing import Topic, Unit

TODAY = date(2026, 11, 22)
DOCUMENTS = """\
documents:
  - {key: nd-1, number: 1/2026/NĐ-CP, title: Nghị định mẫu, status: in_force, confidence: checked}
  - {key: nd-0, number: 0/2020/NĐ-CP, title: Nghị định cũ, status: expired, confidence: checked}
  - {key: nd-2, number: 2/2026/NĐ-CP, title: Sắp hết, status: in_force, expired: 2026-11, confidence: checked}
"""
ENTRIES = """\
group: G1
name: Nhóm mẫu
entries:
  - id: G1-01
    topic: cho-muon
    question: Thư viện cho mượn sách mấy ngày?
    alternates:
      - mượn sách được bao lâu
      - thời hạn trả sách thư viện
    answer: Mười bốn ngày.
    sources:
      - doc: nd-1
    unit: TV
    confidence: checked
    review_by: 2027-06-30
  - id: G1-02
    topic: cho-muon
    question: Làm thẻ bạn đọc cần giấy tờ gì?
    alternates:
      - thủ tục cấp thẻ bạn đọc
      - xin thẻ đọc cho trẻ em
    answer: Một ảnh chân dung.
    sources:
      - doc: nd-1
    unit: TV
    confidence: checked
    review_by: 2027-06-30
"""
CLARIFICATIONS = """\
clarifications:
  - id: R-01
    topic: cho-muon
    claim: Phòng đọc sắp đóng cửa vĩnh viễn.
    verdict: "false"
    clarification: Phòng đọc vẫn mở.
    alternates:
      - nghe nói phòng đọc đóng cửa hẳn
      - dẹp phòng đọc thật không
    sources:
      - doc: nd-1
    unit: TV
    confidence: checked
    review_by: 2027-06-30
"""
FILES = {
    "documents": DOCUMENTS,
    "G1": ENTRIES,
    "clarifications": CLARIFICATIONS,
    "abbreviations": "{}",
    "synonyms": "{}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def changed(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def findings(folder: Path, *, deep: bool = False) -> list[Finding]:
    return check.check(folder, load(folder), Words.load(folder), TODAY, deep=deep)


def told(found: list[Finding]) -> list[tuple[str, str, int, int]]:
    return [(each.kind, each.mistake.path.name, each.mistake.line, each.mistake.column) for each in found]


def test_nothing_is_found_where_nothing_is_wrong(folder: Path) -> None:
    assert findings(folder, deep=True) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "line", "column", "said"),
    [
        ("G1", "- mượn sách được bao lâu", "- Thư viện cho mượn sách mấy ngày", "repeated", 8, 9, "G1-01"),
        ("G1", "- thủ tục cấp thẻ bạn đọc", "- MƯỢN SÁCH được bao lâu?", "duplicate", 20, 9, "câu G1-01"),
        (
            "clarifications",
            "- dẹp phòng đọc thật không",
            "- muon sach duoc bao lau",
            "duplicate",
            9,
            9,
            "câu G1-01",
        ),
        ("G1", "    confidence", "    verify_before_use: true\n    confidence", "waiting", 14, 5, "G1-01"),
        ("G1", "doc: nd-1", "doc: nd-0", "ended_source", 12, 9, "0/2020/NĐ-CP"),
        ("G1", "doc: nd-1", "doc: nd-2", "ended_source", 12, 9, "2/2026/NĐ-CP"),
        ("G1", "    sources:\n      - doc: nd-1\n", "", "no_source", 4, 5, "G1-01"),
        ("G1", "    review_by: 2027-06-30\n", "", "no_review", 4, 5, "G1-01"),
        ("G1", "2027-06-30", "2026-11-21", "late_review", 15, 5, "21/11/2026"),
        ("G1", "review_by: 2027", "valid_to: 2025", "ended", 15, 5, "30/06/2025"),
        ("G1", "      - thời hạn trả sách thư viện\n", "", "few_alternates", 7, 5, "có 1 cách hỏi khác"),
        ("G1", "Mười bốn ngày.", "Hiện nay là mười bốn ngày.", "undated", 10, 5, "hiện nay"),
        ("clarifications", "Phòng đọc vẫn mở.", "Sắp tới vẫn mở.", "undated", 6, 5, "sắp tới"),
    ],
)
def test_it_is_found_at_its_place(
    folder: Path, file: str, old: str, new: str, kind: str, line: int, column: int, said: str
) -> None:
    changed(folder, f"{file}.yaml", old, new)
    found = findings(folder)
    assert told(found) == [(kind, f"{file}.yaml", line, column)]
    assert said in found[0].mistake.text
    assert found[0].mistake.remedy == KINDS[kind].remedy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mười bốn ngày.", "Hiện nay, từ 01/7/2026, là mười bốn ngày."),
        ("Mười bốn ngày.", "Năm nay, năm 2026, là mười bốn ngày."),
        (
            "    confidence",
            "    verify_before_use: true\n    verified: {by: Mẫu, on: 2026-01-01}\n    confidence",
        ),
        ("    sources:\n      - doc: nd-1\n", "    enabled: false\n"),
        ("doc: nd-1", "doc: nd-0\n    valid_from: 2027-01-01"),
        ("    review_by: 2027-06-30", "    review_by: 2026-11-22"),
    ],
)
def test_it_is_no_finding(folder: Path, old: str, new: str) -> None:
    changed(folder, "G1.yaml", old, new)
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("length", "channels"),
    [(2000, []), (2001, ["Zalo"]), (4096, ["Zalo"]), (4097, ["Telegram", "Zalo"])],
)
def test_a_long_answer_is_measured_for_each_channel(folder: Path, length: int, channels: list[str]) -> None:
    changed(folder, "G1.yaml", "Mười bốn ngày.", "đ" * length)
    found = findings(folder)
    assert [each.mistake.text.split(" của ")[2].split(" ")[0] for each in found] == channels
    assert {each.kind for each in found} <= {"long"}


def test_telegram_counts_an_emoji_twice(folder: Path) -> None:
    changed(folder, "G1.yaml", "Mười bốn ngày.", "😀" * 2049)
    assert ["4098" in each.mistake.text for each in findings(folder)] == [True, False]


def test_an_answer_and_its_successor_may_be_asked_alike(folder: Path) -> None:
    changed(folder, "G1.yaml", "review_by: 2027-06-30", "valid_to: 2025-12-31")
    changed(folder, "G1.yaml", "review_by: 2027", "replaces: G1-01\n    review_by: 2027")
    changed(folder, "G1.yaml", "thủ tục cấp thẻ bạn đọc", "mượn sách được bao lâu")
    assert findings(folder) == []


def test_answers_for_different_people_may_be_asked_alike(folder: Path) -> None:
    changed(folder, "G1.yaml", "thủ tục cấp thẻ bạn đọc", "mượn sách được bao lâu")
    changed(folder, "G1.yaml", "    unit: TV", "    audience: [citizen]\n    unit: TV ")
    changed(folder, "G1.yaml", "    unit: TV\n", "    audience: [business]\n    unit: TV\n")
    assert "duplicate" not in {each.kind for each in findings(folder)}
    changed(folder, "G1.yaml", "[business]", "[business, citizen]")
    assert "duplicate" in {each.kind for each in findings(folder)}


def test_wordings_that_mean_the_same_are_told_with_their_scores(folder: Path) -> None:
    changed(folder, "G1.yaml", "xin thẻ đọc cho trẻ em", "mượn sách được bao lâu vậy ạ")
    found = findings(folder)
    assert told(found) == [("close", "G1.yaml", 8, 9), ("close", "G1.yaml", 21, 9)]
    assert [each.ids for each in found] == [("G1-01", "G1-02"), ("G1-02", "G1-01")]
    for each in found:
        own, rival = each.scores
        assert f"được {own:.2f} điểm".replace(".", ",") in each.mistake.text
        assert f"được {rival:.2f} vì «mượn sách được bao lâu".replace(".", ",") in each.mistake.text


class Stubborn(Index):
    """It has one answer to everything."""

    def ask(self, text: str, day: date, **_: object) -> Answer | Choices | Unknown:
        del text
        return super().ask("mượn sách được bao lâu", day)


def test_a_wording_that_another_entry_answers_is_a_mistake(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "Index", Stubborn)
    found = findings(folder)
    assert [each.ids[0] for each in found] == ["G1-02"] * 3 + ["R-01"] * 3
    assert {(each.kind, each.severity) for each in found} == {("taken", Severity.MISTAKE)}


def test_a_wording_is_also_tried_without_having_it(folder: Path) -> None:
    changed(folder, "G1.yaml", "xin thẻ đọc cho trẻ em", "mượn sách được bao lâu vậy ạ")
    found = [each for each in findings(folder, deep=True) if each.kind == "left_out"]
    assert told(found) == [("left_out", "G1.yaml", 8, 9), ("left_out", "G1.yaml", 21, 9)]
    assert all(own < rival for own, rival in (each.scores for each in found))


def test_topics_and_units_without_an_answer_are_listed(folder: Path) -> None:
    topics = {
        code: Topic(code, code.upper(), "TV", group=group)
        for code, group in (("sach", ""), ("cho-muon", "sach"), ("tra-sach", "sach"))
    }
    units = {
        code: Unit(code, code, code, kind)
        for code, kind in (("TV", "department"), ("KHO", "department"), ("NGOAI", "outside"))
    }
    found = check.uncovered(folder, load(folder), units, topics)
    assert [each.mistake.text.split("»")[0] for each in found] == ["chủ đề «tra-sach", "đơn vị «KHO"]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


def test_the_sample_has_no_mistakes(sample: Path) -> None:
    found = findings(sample)
    assert [str(each.mistake) for each in found if each.severity is Severity.MISTAKE] == []
    assert {"waiting", "ended_source"} <= {each.kind for each in found}
    order = [list(KINDS).index(each.kind) for each in found]
    assert order == sorted(order)
