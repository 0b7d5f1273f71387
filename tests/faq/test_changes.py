"""Entries for some people only, and entries that follow one another."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from faq.entries import CONTENT, Confidence, Entry, Knowledge, load
from faq.files import Mistakes
from feedback.cases import Sender
from handlers import office

HOME = office.load()
OLD = Entry("A-1", "t", "Cũ?", "Cũ.", "VP", Confidence.CHECKED, valid_to=date(2026, 12, 31))
NEW = replace(OLD, id="A-2", question="Mới?", valid_from=date(2027, 1, 1), valid_to=None, replaces="A-1")


def of(*entries: Entry) -> Knowledge:
    return Knowledge({}, {entry.id: entry for entry in entries})


def test_the_successor_is_known_from_the_day_on_which_it_holds() -> None:
    knowledge = of(OLD, NEW)
    assert knowledge.successor(OLD, date(2027, 1, 1)) == NEW
    assert knowledge.successor(OLD, date(2026, 12, 31)) is None
    assert knowledge.successor(NEW, date(2027, 1, 1)) is None
    assert of(OLD, replace(NEW, enabled=False)).successor(OLD, date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("entry", "day", "since"),
    [
        (NEW, date(2027, 1, 1), NEW.valid_from),
        (NEW, date(2027, 4, 1), NEW.valid_from),
        (NEW, date(2027, 4, 2), None),
        (NEW, date(2026, 12, 31), None),
        (replace(NEW, replaces=""), date(2027, 1, 1), None),
        (replace(NEW, valid_from=None), date(2027, 1, 1), None),
    ],
)
def test_a_change_is_told_for_a_while(entry: Entry, day: date, since: date | None) -> None:
    assert of(OLD, entry).changed_lately(entry, day) == since


def test_the_audience_is_one_of_those_who_may_write(tmp_path: Path) -> None:
    for path in CONTENT.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    for file, first in (("G0.yaml", "  - id: G0-01\n"), ("clarifications.yaml", "  - id: R-01\n")):
        whole = (tmp_path / file).read_text("utf-8")
        assert first in whole
        changed = whole.replace(first, f"{first}    audience: [business, civil_servant]\n")
        (tmp_path / file).write_text(changed, "utf-8")
    knowledge = load(tmp_path, HOME.units, HOME.topics)
    for entry in ("G0-01", "R-01"):
        assert knowledge.entries[entry].audience == (Sender.BUSINESS, Sender.CIVIL_SERVANT)
    assert knowledge.entries["G0-02"].audience == ()

    (tmp_path / "GX.yaml").write_text(
        """
group: GX
name: Nhóm mẫu
entries:
  - {id: GX-01, topic: tin-gia, question: Hỏi?, answer: Đáp., unit: VP, confidence: checked, audience: [dân]}
""",
        "utf-8",
    )
    with pytest.raises(Mistakes, match="«audience» không được là «dân»"):
        load(tmp_path, HOME.units, HOME.topics)
