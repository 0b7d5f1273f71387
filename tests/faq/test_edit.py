"""An edit adds its line and touches no other; what cannot be done safely is refused and explained."""

import difflib
import shutil
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faq import edit
from faq.edit import AlreadyThere, Changed, NotEdited, Packaged, YamlFile
from faq.entries import CONTENT, Confidence, Entry, Source, Verified, load
from faq.files import Mistakes
from feedback.cases import Sender

NEW = Entry(
    id="",
    topic="kenh-tiep-nhan",
    question="Cơ quan mẫu mở cửa lúc nào?",
    answer="Từ thứ Hai đến thứ Sáu.",
    unit="VP",
    confidence=Confidence.CHECKED,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "faq")
    return tmp_path / "faq"


def changes(folder: Path) -> list[str]:
    """Return every line that differs from the samples, and the file's name before them."""
    found: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        old = (CONTENT / path.name).read_bytes().decode().removesuffix("\n").split("\n")
        new = path.read_bytes().decode().removesuffix("\n").split("\n")
        lines = [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:2] != "@@"][2:]
        found += [path.name, *lines] if lines else []
    return found


def test_a_wording_is_one_more_line(folder: Path) -> None:
    edit.add_alternate(folder, "G1-01", " đi bầu  quốc hội\nhôm nào ")
    assert changes(folder) == ["G1.yaml", "+      - đi bầu quốc hội hôm nào"]
    assert load(folder).entries["G1-01"].alternates[-1] == "đi bầu quốc hội hôm nào"


def test_a_rumour_gets_a_wording_too(folder: Path) -> None:
    edit.add_alternate(folder, "R-01", "còn 16 tỉnh: thật à?")
    assert changes(folder) == ["clarifications.yaml", '+      - "còn 16 tỉnh: thật à?"']


def test_everything_can_be_undone(folder: Path) -> None:
    edit.add_alternate(folder, "G1-01", "một cách hỏi khác hẳn")
    edit.set_enabled(folder, "G4-01", enabled=False)
    assert not load(folder).entries["G4-01"].enabled
    edit.remove_alternate(folder, "G1-01", "Một cách hỏi khác hẳn?")
    edit.set_enabled(folder, "G4-01", enabled=True)
    assert changes(folder) == []


def test_switching_to_what_is_so_already_writes_nothing(folder: Path) -> None:
    before = (folder / "G4.yaml").stat()
    edit.set_enabled(folder, "G4-01", enabled=True)
    assert (folder / "G4.yaml").stat().st_ino == before.st_ino


def test_an_entry_is_added_at_the_end_of_its_group(folder: Path) -> None:
    assert edit.add_entry(folder, "G8", NEW) == "G8-17"
    assert changes(folder) == [
        "G8.yaml",
        "+",
        "+  - id: G8-17",
        "+    topic: kenh-tiep-nhan",
        "+    question: Cơ quan mẫu mở cửa lúc nào?",
        "+    answer: Từ thứ Hai đến thứ Sáu.",
        "+    unit: VP",
        "+    confidence: checked",
    ]


def test_the_first_entry_of_a_group_takes_the_place_of_nothing(folder: Path) -> None:
    full = replace(
        NEW,
        id="GX-07",
        question="Cơ quan mẫu đóng cửa lúc nào?",
        answer="- Thứ Hai\n- Thứ Ba",
        alternates=("giờ mở cửa", "yes"),
        sources=(Source("nq-202-2025", "Điều 1"), Source("hp-2013")),
        audience=(Sender.CITIZEN,),
        review_by=date(2027, 6, 30),
        verified=Verified("Nguyễn Văn Mẫu", date(2026, 11, 23)),
        enabled=False,
    )
    assert edit.add_entry(folder, "GX", full) == "GX-07"
    assert load(folder).entries["GX-07"] == full
    assert edit.add_entry(folder, "GX", NEW) == "GX-08"
    assert changes(folder)[:3] == ["GX.yaml", "-entries: []", "+entries:"]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda folder: edit.add_alternate(folder, "G1-99", "x"), "Không có câu «G1-99»"),
        (lambda folder: edit.add_alternate(folder, "G1-01", " ?! "), "chưa có chữ nào"),
        (lambda folder: edit.add_alternate(folder, "G1-01", "hỏi " * 200), "dài quá 500 ký tự"),
        (lambda folder: edit.remove_alternate(folder, "G1-01", "lạ"), "không có cách hỏi «lạ»"),
        (lambda folder: edit.add_entry(folder, "G9", NEW), "Không có nhóm «G9». Các nhóm: G0, G1"),
        (
            lambda folder: edit.add_entry(folder, "G1", replace(NEW, id="G3-01")),
            "Mã «G3-01» đã dùng cho câu khác",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    folder: Path, act: Callable[[Path], object], said: str
) -> None:
    with pytest.raises(NotEdited, match=said.replace("?", r"\?")):
        act(folder)
    assert changes(folder) == []


@pytest.mark.parametrize(
    ("entry_id", "text", "owner"),
    [
        ("G1-01", "NGÀY bầu cử, quốc hội 2026?", "G1-01"),
        ("G1-01", "ngay bau cu quoc hoi 2026", "G1-01"),
        ("G3-01", "ngày bầu cử quốc hội 2026", "G1-01"),
        ("G3-01", "Sắp sáp nhập còn 16 tỉnh", "R-01"),
    ],
)
def test_a_wording_belongs_to_one_entry(folder: Path, entry_id: str, text: str, owner: str) -> None:
    with pytest.raises(AlreadyThere) as refused:
        edit.add_alternate(folder, entry_id, text)
    assert refused.value.entry_id == owner


def test_an_entry_and_its_successor_may_share_a_wording(folder: Path) -> None:
    shared = load(folder).entries["G6-07"].alternates[0]
    edit.add_alternate(folder, "G6-08", shared)
    edit.remove_alternate(folder, "G6-08", shared)
    assert changes(folder) == []


def test_a_new_entry_must_not_ask_what_another_answers(folder: Path) -> None:
    with pytest.raises(AlreadyThere):
        edit.add_entry(folder, "GX", replace(NEW, question="Ngày bầu cử quốc hội 2026"))


def test_the_samples_of_the_program_are_not_edited() -> None:
    with pytest.raises(Packaged, match="caunoi init"):
        edit.add_alternate(CONTENT, "G1-01", "một cách hỏi khác hẳn")


def test_a_file_that_is_wrong_already_is_told_and_left_alone(folder: Path) -> None:
    (folder / "G2.yaml").write_text("group: G2\n", "utf-8")
    with pytest.raises(Mistakes, match="thiếu mục «name»"):
        edit.add_alternate(folder, "G1-01", "một cách hỏi khác hẳn")
    assert changes(folder)[0] == "G2.yaml"


def test_an_entry_that_would_be_wrong_is_not_written(folder: Path) -> None:
    with pytest.raises(Mistakes, match=r"G1\.yaml.*«answer» không được để trống"):
        edit.add_entry(folder, "G1", replace(NEW, answer=""))
    assert changes(folder) == []


def test_a_file_in_a_strange_style_is_refused(folder: Path) -> None:
    (folder / "GX.yaml").write_text("{group: GX, name: x, entries: []}\n", "utf-8")
    with pytest.raises(NotEdited, match=r"Tệp GX\.yaml .* sửa tệp bằng trình soạn thảo"):
        edit.add_entry(folder, "GX", NEW)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_mark_and_rights_of_the_file_stay(folder: Path, mark: bytes) -> None:
    path = folder / "G1.yaml"
    before = mark + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(before)
    path.chmod(0o640)
    edit.add_alternate(folder, "G1-01", "đi bầu hôm nào")
    assert path.read_bytes().replace("      - đi bầu hôm nào\r\n".encode(), b"") == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_somebody_elses_change_is_not_overwritten(folder: Path) -> None:
    one, other = YamlFile.of(folder / "G1.yaml"), YamlFile.of(folder / "G2.yaml")
    one.data["name"] = other.data["name"] = "tên khác"
    (folder / "G2.yaml").write_text("# somebody else\n", "utf-8")
    with pytest.raises(Changed, match=r"Tệp G2\.yaml vừa được người khác sửa"):
        edit.replace_files([one, other])
    assert changes(folder)[0] == "G2.yaml"
    assert (folder / "G2.yaml").read_text("utf-8") == "# somebody else\n"


def test_all_files_or_none(folder: Path) -> None:
    one, new = YamlFile.of(folder / "G1.yaml"), YamlFile(folder / "G1.yaml" / "below", data={"a": "1"})
    one.data["name"] = "tên khác"
    with pytest.raises(NotEdited, match="Không ghi được"):
        edit.replace_files([one, new])
    assert changes(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in CONTENT.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotEdited, match=r"Không có thư mục .*missing"):
        edit.add_alternate(tmp_path / "missing", "G1-01", "x")


def test_many_editors_at_once_lose_nothing(folder: Path) -> None:
    wordings = [f"cách hỏi mới thứ {number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda wording: edit.add_alternate(folder, "G1-01", wording), wordings))
    assert set(wordings) <= set(load(folder).entries["G1-01"].alternates)


def test_nothing_is_left_behind(folder: Path) -> None:
    edit.add_alternate(folder, "G1-01", "đi bầu hôm nào")
    assert {path.name for path in folder.iterdir()} - {path.name for path in CONTENT.iterdir()} == {edit.LOCK}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(sorted(load(CONTENT).entries)), st.text(min_size=1, max_size=100))
def test_any_wording_comes_and_goes_without_a_trace(folder: Path, entry_id: str, text: str) -> None:
    try:
        edit.add_alternate(folder, entry_id, text)
    except NotEdited:
        assert changes(folder) == []
        return
    assert len([line for line in changes(folder) if line[0] in "+-"]) == 1
    edit.remove_alternate(folder, entry_id, text)
    assert changes(folder) == []
