"""`caunoi faq …` as the operator types it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import init
from storage.store import Store
from tests.e2e.command import Ended, caunoi

DAY = "2026-11-22"
KEPT = {"G0.yaml", "G3.yaml"}
WAGE = "Lương cơ sở hiện nay là bao nhiêu?"
GOLDEN = f"""\
questions:
  - {{question: {WAGE}, expected: [G3-31]}}
  - {{question: mai có mưa không, expected: []}}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Return a folder with a copy of the office's files and of some of its answers."""
    return _copy(tmp_path / "content")


def changed(path: Path, old: str, new: str) -> int:
    """Change the first place where the text stands, and say in which line it is."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


async def told(*words: str, folder: Path, code: int = 0, **settings: str) -> Any:  # noqa: ANN401  # any JSON
    """Run a command that prints JSON and nothing else."""
    ended = await caunoi(*words, "--json", folder=folder, **settings)
    assert (ended.code, ended.err) == (code, "")
    return json.loads(ended.out)


async def test_the_commands_are_listed_and_the_old_one_is_gone(tmp_path: Path) -> None:
    ended = await caunoi("faq", "--help", folder=tmp_path)
    listed = {line.split()[0] for line in ended.out.split("Commands:")[1].splitlines() if line.strip()}
    assert {"check", "try", "golden", "diff", "import", "export", "bench", "unanswered"} <= listed
    assert (await caunoi("ask", "a", folder=tmp_path)).code == 2


async def test_check_lists_what_to_look_at_and_fails_only_if_strict(content: Path) -> None:
    found = await told("faq", "check", "content", "--strict", "--day", DAY, folder=content.parent, code=1)
    assert found["mistakes"] == 0
    assert found["warnings"] == len(found["findings"]) > 0
    waiting = [each for each in found["findings"] if each["kind"] == "waiting"]
    assert {"path": "content/faq/G0.yaml", "ids": ["G0-04"]}.items() <= waiting[0].items()
    ended = await caunoi("faq", "check", "content", "--day", DAY, folder=content.parent)
    assert ended.code == 0
    line = waiting[0]["line"]
    assert f"content/faq/G0.yaml:{line}:5: câu G0-04 chưa được đối chiếu. Cách sửa: " in ended.out
    assert re.search(r"\n0 lỗi, \d+ điều nên xem lại\.\n$", ended.out)


async def test_check_tells_every_mistake_with_its_place_and_remedy(content: Path) -> None:
    lines = [
        changed(content / "faq/G3.yaml", "unit: CQDP", "unit: CQDB"),
        changed(content / "faq/abbreviations.yaml", "written:", "writen:"),
        changed(content / "office/units.yaml", "backup: TCCB", "backup: TCCV"),
    ]
    ended = await caunoi("faq", "check", "content", folder=content.parent)
    assert ended.code == 1
    assert f"content/faq/G3.yaml:{lines[0]}:5: không có đơn vị «CQDB»" not in ended.out  # units are not known
    assert (
        f"content/faq/abbreviations.yaml:{lines[1]}:5: không có mục nào tên «writen». Cách sửa:" in ended.out
    )
    assert f"content/office/units.yaml:{lines[2]}:5: không có đơn vị «TCCV». Cách sửa:" in ended.out
    changed(content / "office/units.yaml", "backup: TCCV", "backup: TCCB")
    found = await told("faq", "check", "content", folder=content.parent, code=1)
    assert [(each["kind"], each["line"]) for each in found["findings"]] == [
        ("unreadable", lines[0]),
        *[("unreadable", lines[1])] * 2,
    ]


async def test_try_explains_the_decision(content: Path) -> None:
    words = ("faq", "try", "lương cơ sở bao nhiêu? còn cấp huyện không?", "content")
    found = await told(*words, "--day", DAY, folder=content.parent)
    assert [each["decision"]["ids"][0] for each in found["asked"]] == ["G3-31", "G3-05"]
    matches = [match for each in found["asked"] for match in each["matches"]]
    assert len(matches) == 10
    assert set(found["thresholds"]) == set(found["asked"][0]["probabilities"])
    ended = await caunoi(*words, folder=content.parent)
    assert ended.out.count("\nQuyết định: ") == 2
    assert all(f"  {each} " in ended.out for each in ("G3-31", "G3-05"))


async def test_golden_fails_on_a_wrong_answer_and_check_knows_its_ids(content: Path) -> None:
    golden = content / "faq/golden.yaml"
    found = await told("faq", "golden", "content", "--strict", folder=content.parent)
    assert found["counts"] == {"right": 2, "offered": 0, "missed": 0, "wrong": 0}
    changed(golden, "[G3-31]", "[G3-32]")
    ended = await caunoi("faq", "golden", "content", folder=content.parent)
    assert ended.code == 1
    assert f"trả lời sai: {WAGE}\n      trả lời ngay: G3-31" in ended.out
    changed(golden, "[G3-32]", "[G3-99]")
    ended = await caunoi("check", "content", folder=content.parent)
    assert ended.code == 1
    assert "content/faq/golden.yaml:2:" in ended.err
    assert "không có câu trả lời «G3-99»" in ended.err
    golden.unlink()
    assert (await caunoi("faq", "golden", "content", "--strict", folder=content.parent)).code == 0


async def test_diff_tells_what_would_be_answered_otherwise(content: Path) -> None:
    folder = content.parent
    new = _copy(folder / "new")
    changed(new / "faq/G3.yaml", "  - id: G3-31\n", "  - id: G3-31\n    enabled: false\n")
    await _keep(folder / "data/caunoi.db", ["lương cơ sở mới nhất", "mai có mưa không"])
    words = ("faq", "diff", "content/faq", "new", "--day", DAY)
    found = await told(*words, "--last", "10", "--fail", folder=folder, code=1)
    assert [each["question"] for each in found["asked"]] == ["lương cơ sở mới nhất"]
    assert [each["question"] for each in found["golden"]] == [WAGE]
    assert all(each["before"]["ids"][0] == "G3-31" for each in found["wordings"])
    assert found["compared"]["asked"] == 2
    same = await told("faq", "diff", "content", "content", "--last", "0", "--fail", folder=folder)
    assert (same["golden"], same["wordings"], same["compared"]["asked"]) == ([], [], 0)


async def test_unanswered_questions_are_grouped_with_what_comes_near(content: Path) -> None:
    asked = ["mượn sách thư viện mấy ngày", "muon sach thu vien may ngay", "thời tiết mai ra sao"]
    await _keep(content.parent / "data/caunoi.db", asked)
    words = ("faq", "unanswered", "content", "--days", "36500")
    found = await told(*words, folder=content.parent)
    assert [(each["count"], set(each["wordings"])) for each in found] == [
        (2, set(asked[:2])),
        (1, {asked[2]}),
    ]
    assert all({"id", "score"} == set(near) for each in found for near in each["nearest"])
    ended = await caunoi(*words, folder=content.parent)
    assert ended.out.endswith("3 câu hỏi chưa được trả lời, 2 ý.\n")
    assert "(gần nhất 22/11/2026)" in ended.out


@pytest.mark.parametrize("suffix", ["xlsx", "md"])
async def test_what_is_exported_is_imported_again(content: Path, suffix: str) -> None:
    folder, target = content.parent, f"out.{suffix}"
    ended = await caunoi("faq", "export", target, "content", folder=folder)
    assert (ended.code, ended.err) == (0, "")
    assert f"caunoi faq import {target} content --dry-run" in ended.out
    before = (content / "faq/G3.yaml").read_text("utf-8")
    changed(content / "faq/G3.yaml", WAGE, "Lương cơ sở?")
    words = ("faq", "import", target, "content")
    found = await told(*words, "--dry-run", folder=folder)
    assert (found["changed"], found["added"], found["mistakes"]) == (["G3-31"], [], [])
    assert (content / "faq/G3.yaml").read_text("utf-8") != before
    ended = await caunoi(*words, folder=folder)
    assert ended.out.startswith("Sửa: 1 (G3-31)\nĐã ghi. ")
    assert (content / "faq/G3.yaml").read_text("utf-8") == before


async def test_an_import_with_mistakes_writes_nothing(content: Path) -> None:
    folder = content.parent
    await caunoi("faq", "export", "out.md", "content", folder=folder)
    line = changed(folder / "out.md", "CQDP", "CQDB")
    ended = await caunoi("faq", "import", "out.md", "content", folder=folder)
    assert ended.code == 1
    assert f"out.md:{line}:" in ended.out
    assert "chưa ghi gì" in ended.out
    _is_told_plainly(await caunoi("faq", "export", "out.doc", "content", folder=folder))


async def test_bench_measures_and_tells_what_is_wrong_in_a_file(tmp_path: Path) -> None:
    row = {"id": "A", "question": "Thư viện mở cửa mấy giờ?", "answer": "Bảy giờ.", "alternates": []}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    asked = {"qid": "1", "text": "thu vien mo cua may gio", "relevant": ["A"], "kind": "x"}
    (tmp_path / "queries.jsonl").write_text(json.dumps(asked) + "\n", "utf-8")
    words = ("faq", "bench", "corpus.jsonl", "queries.jsonl")
    found = await told(*words, "--predictions", "out.jsonl", folder=tmp_path)
    assert (found["entries"], found["queries"]) == (1, 1)
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["qid"] for line in lines] == ["1"]
    (tmp_path / "queries.jsonl").write_text('{"qid": "1"}\nkhông phải JSON\n', "utf-8")
    ended = await caunoi(*words, folder=tmp_path)
    _is_told_plainly(ended)
    assert "queries.jsonl:1:1: thiếu mục «text»" in ended.err
    assert "queries.jsonl:2:1: " in ended.err
    _is_told_plainly(await caunoi("faq", "bench", "none.jsonl", "queries.jsonl", folder=tmp_path))


@pytest.mark.parametrize("words", [("check", "none"), ("diff", "none", "none")])
async def test_a_folder_without_answers_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = await caunoi("faq", *words, folder=tmp_path)
    _is_told_plainly(ended)
    assert "none không có nội dung" in ended.err
    assert "caunoi init none" in ended.err


async def test_a_database_that_cannot_be_read_is_told(content: Path) -> None:
    (content.parent / "data").mkdir()
    (content.parent / "data/caunoi.db").write_bytes(b"")
    ended = await caunoi("faq", "unanswered", "content", folder=content.parent)
    _is_told_plainly(ended)
    assert "caunoi run" in ended.err


def _is_told_plainly(ended: Ended) -> None:
    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err


def _copy(folder: Path) -> Path:
    init(folder)
    for file in (folder / "faq").glob("G*.yaml"):
        if file.name not in KEPT:
            file.unlink()
    (folder / "faq/golden.yaml").write_text(GOLDEN, "utf-8")
    return folder


async def _keep(database: Path, texts: list[str]) -> None:
    database.parent.mkdir()
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    try:
        async with store.begin(datetime(2026, 11, 22, tzinfo=UTC)) as tx:
            for text in texts:
                tx.questions.keep(text, "unknown")
    finally:
        await store.close()


async def test_recall_shows_who_holds_an_old_answer_and_sends_only_when_told(content: Path) -> None:
    async def recall(*words: str) -> Ended:
        return await caunoi("faq", "recall", *words, folder=content.parent, content_dir="content")

    assert "Tổng cộng 0 câu" in (await recall("G3-31")).out
    url = f"sqlite+aiosqlite:///{content.parent / 'data' / 'caunoi.db'}"
    (content.parent / "data").mkdir()
    store = await Store.open(url)
    async with store.begin(datetime.now(UTC)) as tx:  # noqa: TID251 - the command asks, too
        tx.received.keep("web:main:lan", "G3-31", "0" * 16, "vi")
    await store.close()
    shown = await recall("g3-31", "--reason", "sai số")
    assert "1 người (web 1)" in shown.out
    assert "│ Lý do: sai số" in shown.out
    assert "Chưa gửi gì" in shown.out
    sent = await recall("--document", "161/2026/NĐ-CP", "--send")
    assert (sent.code, "Đã ghi" in sent.out) == (0, True)
    store = await Store.open(url)
    async with store.look(datetime.now(UTC)) as tx:  # noqa: TID251 - the command asks, too
        assert [each.entry for each in await tx.received.under_way()] == ["G3-31"]
    await store.close()
    for wrong in ([], ["G3-31", "--document", "x"], ["--document", "99/1999/NĐ-CP"]):
        ended = await recall(*wrong)
        assert (ended.code, "Traceback" in ended.err) == (1, False)
