"""The knowledge base is whole, and a wrong line in it is found."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from faq.entries import CONTENT, Knowledge, Verdict, load
from faq.files import Mistakes
from faq.remedies import ANYWAY
from faq.words import Words
from handlers import office

HOME = office.load()
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(CONTENT, HOME.units, HOME.topics)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


def changed(folder: Path, file: str, old: str, new: str) -> int:
    """Change the first place where the text stands, and say in which line it is."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_everything_is_there(knowledge: Knowledge) -> None:
    rumours = [entry for entry in knowledge.entries.values() if entry.verdict]
    assert len(knowledge.entries) - len(rumours) == 202
    assert len(rumours) == 20
    assert len(knowledge.documents) == 88
    assert list(knowledge.groups) == ["G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "GX"]


def test_every_entry_can_be_asked_in_several_ways(knowledge: Knowledge) -> None:
    assert [entry.id for entry in knowledge.entries.values() if not 2 <= len(entry.alternates) <= 4] == []


def test_a_rumour_says_false_and_does_not_become_a_truth_value(knowledge: Knowledge) -> None:
    assert knowledge.entries["R-01"].verdict is Verdict.FALSE
    assert knowledge.entries["R-06"].verdict is Verdict.NO_LONGER_TRUE


def test_an_entry_knows_where_it_is_written(knowledge: Knowledge) -> None:
    entry = knowledge.entries["G3-31"]
    line = entry.path.read_text("utf-8").splitlines()[entry.line - 1]
    assert line.strip() == "- id: G3-31"


def test_what_must_be_verified_is_not_shown(knowledge: Knowledge) -> None:
    assert not knowledge.entries["G4-01"].usable(TODAY)
    assert knowledge.entries["G4-04"].usable(TODAY)
    assert sum(entry.verify_before_use for entry in knowledge.entries.values()) == 24


def test_an_entry_is_shown_on_its_days_only(knowledge: Knowledge) -> None:
    new_year = date(2027, 1, 1)
    assert not knowledge.entries["G6-08"].usable(new_year - timedelta(days=1))
    assert knowledge.entries["G6-08"].usable(new_year)
    assert knowledge.entries["G6-07"].usable(new_year - timedelta(days=1))
    assert not knowledge.entries["G6-07"].usable(new_year)


def test_a_change_is_announced_in_its_last_ninety_days(knowledge: Knowledge) -> None:
    entry = knowledge.entries["G6-07"]
    assert knowledge.changes_soon(entry, TODAY) == date(2027, 1, 1)
    assert knowledge.changes_soon(entry, date(2026, 12, 31)) == date(2027, 1, 1)
    assert knowledge.changes_soon(entry, date(2026, 9, 1)) is None
    assert knowledge.changes_soon(knowledge.entries["G3-31"], TODAY) is None


def test_a_late_review_is_reported_and_hides_nothing(knowledge: Knowledge) -> None:
    day = date(2027, 1, 15)
    assert "G1-09" in [entry.id for entry in knowledge.late_reviews(day)]
    assert knowledge.entries["G1-09"].usable(day)
    assert knowledge.late_reviews(TODAY) == ()


def test_switched_off_and_verified(folder: Path) -> None:
    changed(folder, "G3.yaml", "  - id: G3-31\n", "  - id: G3-31\n    enabled: false\n")
    changed(folder, "G4.yaml", "  - id: G4-01\n", "  - id: G4-01\n    verified: {by: Oanh, on: 2026-11-20}\n")
    entries = load(folder, HOME.units, HOME.topics).entries
    assert not entries["G3-31"].usable(TODAY)
    assert entries["G4-01"].usable(TODAY)


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "further"),
    [
        ("G3.yaml", "unit: CQDP", "unit: CQDB", "không có đơn vị «CQDB»", 0),
        ("G3.yaml", "topic: do-thi", "topic: do-thii", "không có chủ đề «do-thii»", 0),
        ("G3.yaml", "doc: nq-202-2025", "doc: nq-202", "không có văn bản «nq-202» trong documents.yaml", 0),
        ("G3.yaml", "id: G3-02", "id: G3-01", "id «G3-01» đã dùng cho câu khác", 0),
        ("G3.yaml", "confidence: checked", "confidence: sure", "«confidence» không được là «sure»", 0),
        ("G3.yaml", "review_by: 2027-06-30", "review_by: 30/6/2027", "«review_by» phải là ngày", 0),
        ("G6.yaml", "replaces: G6-07", "replaces: G6-70", "không có câu «G6-70»", 0),
        (
            "G6.yaml",
            "valid_to: 2026-12-31",
            "valid_to: 2026-12-31\n    valid_from: 2027-01-01",
            "valid_from sau",
            1,
        ),
        (
            "G8.yaml",
            "question: ACCSM+3 gồm những nước nào?",
            "question: ACCSM là gì?",
            "câu hỏi trùng với câu",
            0,
        ),
        ("G8.yaml", "question: ACCSM là gì?", 'question: ""', "«question» không được để trống", 0),
        ("G8.yaml", "question: ACCSM là gì?", "qestion: ACCSM là gì?", "không có mục nào tên «qestion»", 0),
        (
            "clarifications.yaml",
            "verdict: no_longer_true",
            "verdict: maybe",
            "«verdict» không được là «maybe»",
            0,
        ),
        ("clarifications.yaml", "unit: X-BCA", "unit: BCA", "không có đơn vị «BCA»", 0),
        ("documents.yaml", "status: to_check", "status: maybe", "«status» không được là «maybe»", 0),
        ("documents.yaml", "key: luat-104-2016", "key: luat-01-2026", "mã văn bản «luat-01-2026» đã có", 0),
        (
            "documents.yaml",
            "issued: 2026-04-23",
            "issued: 23/4/2026",
            "«issued» viết không đúng dạng: 23/4/2026",
            0,
        ),
    ],
)
def test_a_mistake_is_found_at_its_line(
    folder: Path, file: str, old: str, new: str, said: str, further: int
) -> None:
    line = changed(folder, file, old, new) + further
    with pytest.raises(Mistakes) as caught:
        load(folder, HOME.units, HOME.topics)
    found = [(each.path, each.line, each.text[: len(said)]) for each in caught.value.all]
    assert (folder / file, line, said) in found, caught.value
    assert ANYWAY not in {each.remedy for each in caught.value.all}


def test_all_mistakes_of_all_files_are_told_together(folder: Path) -> None:
    changed(folder, "G3.yaml", "unit: CQDP", "unit: ONE")
    changed(folder, "G5.yaml", "unit: VTLT", "unit: TWO")
    changed(folder, "G7.yaml", "topic: luat-thanh-tra", "topic: three")
    with pytest.raises(Mistakes) as caught:
        load(folder, HOME.units, HOME.topics)
    assert [each.path.name for each in caught.value.all] == ["G3.yaml", "G5.yaml", "G7.yaml"]


def test_a_missing_file_is_a_mistake_and_no_crash(folder: Path) -> None:
    (folder / "clarifications.yaml").unlink()
    with pytest.raises(Mistakes, match="không đọc được tệp"):
        load(folder, HOME.units, HOME.topics)


def test_the_dictionary_is_read() -> None:
    words = Words.load(CONTENT)
    assert words.sure["tgbc",] == ("tgbc", "tinh", "giản", "biên", "chế")
    assert ("kn",) in words.unsure
    assert ("kn",) not in words.sure
