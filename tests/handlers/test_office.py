"""The office's own files, and the mistakes that can be made in them."""

import shutil
from pathlib import Path

import pytest

from faq.files import Mistakes
from faq.remedies import ANYWAY
from feedback.staff import Role
from handlers import office

HOME = office.load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(office.FOLDER, tmp_path / "office")
    return tmp_path / "office"


def changed(folder: Path, file: str, old: str, new: str) -> int:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_everything_is_there() -> None:
    groups = [topic for topic in HOME.topics.values() if not topic.group]
    assert len(HOME.units) == 44
    assert len(groups) == 10
    assert len(HOME.topics) - len(groups) == 92
    assert len(HOME.kinds) == 14
    assert HOME.unit("TTR").ended
    assert HOME.unit("TTR").successor == "VP-TCD"
    assert sum(unit.outside for unit in HOME.units.values()) == 21


def test_an_officer_for_each_unit_that_answers() -> None:
    assert HOME.officer("an").name == "Nguyễn Thị An"
    assert HOME.officer("an").unit == "TL-BHXH"
    assert HOME.officer("binh").role is Role.ROUTER
    assert HOME.officer("chi").role is Role.LEADER
    staffed = {officer.unit for officer in HOME.staff if officer.role is Role.OFFICER}
    assert {"CCVC", "TCBC", "CQDP", "VP", "VP-TCD", "PC", "CNTT", "TCPCP", "VTLT", "CCHC", "HTQT"} <= staffed


def test_no_kind_goes_to_a_unit_that_cannot_receive_it() -> None:
    for kind in HOME.kinds:
        if kind.unit and kind.handling == "case":
            assert HOME.unit(kind.unit).receives


def test_unknown_names_are_errors_of_the_program() -> None:
    with pytest.raises(KeyError):
        HOME.unit("NO")
    with pytest.raises(StopIteration):
        HOME.kind("no")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("units.yaml", "default_unit: VP", "default_unit: XX", "«XX» không phải là đơn vị đang nhận hồ sơ"),
        ("units.yaml", "default_unit: VP", "default_unit: TTR", "«TTR» không phải là đơn vị đang nhận hồ sơ"),
        ("units.yaml", "backup: TCCB", "backup: TCCV", "không có đơn vị «TCCV»"),
        ("units.yaml", "code: TCBC", "code: VP", "mã đơn vị «VP» đã có ở trên"),
        ("units.yaml", "successor: VP-TCD", "successor: NO", "không có đơn vị «NO»"),
        ("topics.yaml", "unit: TCPCP", "unit: HOI", "không có đơn vị «HOI»"),
        ("topics.yaml", "- code: hoi\n", "- code: quy\n", "mã chủ đề «quy»"),
        ("kinds.yaml", "handling: emergency", "handling: panic", "«handling» không được là «panic»"),
        ("kinds.yaml", "unit: PC\n", "unit: PCC\n", "không có đơn vị «PCC»"),
        (
            "kinds.yaml",
            "steps: [sender, text, place,",
            "steps: [sender, txet, place,",
            "không có bước «txet»",
        ),
        (
            "kinds.yaml",
            "value: 2, unit: working_day",
            "value: two, unit: working_day",
            "«value» phải là một số",
        ),
        ("kinds.yaml", "name: Phản ánh", "nmae: Phản ánh", "không có mục nào tên «nmae»"),
        ("calendar.yaml", "zone: Asia/Ho_Chi_Minh", "zone: Asia/Saigonn", "không có múi giờ «Asia/Saigonn»"),
        ("calendar.yaml", "date: 2026-01-02", "date: 2026-01-01", "ngày 01/01/2026 ghi hai lần"),
        ("calendar.yaml", "date: 2026-01-02", "date: 02/01/2026", "«date» phải là ngày"),
        ("staff.yaml", "unit: TL-BHXH", "unit: TL", "không có đơn vị «TL»"),
        ("staff.yaml", "role: leader", "role: boss", "«role» không được là «boss»"),
        (
            "replies.yaml",
            "name: Mời nộp thêm giấy tờ",
            "name: Đã chuyển địa phương, chờ báo cáo",
            "câu mẫu «Đã",
        ),
        ("replies.yaml", "units: [TL-BHXH]", "units: [TL]", "không có đơn vị «TL»"),
        ("replies.yaml", "kinds: [report,", "kinds: [phananh,", "không có loại «phananh»"),
        ("replies.yaml", "text: |-\n      Về {loại}", "text: |-\n      Về {loai}", "câu mẫu «Đã chuyển"),
        ("linting.yaml", "courtesy:", "courtsy:", "không có mục nào tên «courtsy»"),
        ("routing.yaml", "    unit: TCBC", "    unit: X-BCA", "«X-BCA» không phải là đơn vị đang nhận hồ sơ"),
        ("routing.yaml", "name: phong-vien", "name: du-thao-tinh-gian", "«du-thao-tinh-gian» đã có ở trên"),
        ("routing.yaml", "kinds: [draft_comment]", "kinds: [draft]", "«kinds» không được là «draft»"),
        ("staff.yaml", "id: chi", "id: binh", "id cán bộ «binh» đã có ở trên"),
        ("staff.yaml", "id: chi", "email: Chi@bo.vn\n    id: chi", "phải là một địa chỉ thư viết thường"),
        ("staff.yaml", "id: chi", "email: 'a@bo.vn, b@bo.vn'\n    id: chi", "phải là một địa chỉ thư"),
        ("units.yaml", "code: PC\n", "email: pháp-chế@bo.vn\n    code: PC\n", "phải là một địa chỉ thư"),
    ],
)
def test_a_mistake_is_found_at_its_line(folder: Path, file: str, old: str, new: str, said: str) -> None:
    line = changed(folder, file, old, new)
    with pytest.raises(Mistakes) as caught:
        office.load(folder)
    found = [f"{each.line}: {each.text}" for each in caught.value.all]
    assert any(said in each for each in found), found
    if file not in ("topics.yaml", "routing.yaml"):
        assert any(each.startswith(f"{line}: {said}") for each in found), found
    assert ANYWAY not in {each.remedy for each in caught.value.all}


def test_hours_must_be_in_order(folder: Path) -> None:
    changed(folder, "calendar.yaml", 'end: "12:00"', 'end: "14:00"')
    with pytest.raises(Mistakes, match="giờ làm việc phải xếp theo thứ tự"):
        office.load(folder)


def test_mistakes_of_all_files_come_together(folder: Path) -> None:
    changed(folder, "staff.yaml", "unit: TL-BHXH", "unit: TL")
    changed(folder, "kinds.yaml", "unit: PC\n", "unit: PCC\n")
    changed(folder, "units.yaml", "backup: TCCB", "backup: TCCV")
    with pytest.raises(Mistakes) as caught:
        office.load(folder)
    assert {each.path.name for each in caught.value.all} == {"staff.yaml", "kinds.yaml", "units.yaml"}


def test_an_office_of_an_earlier_release_keeps_the_terms_that_were_built_in(folder: Path) -> None:
    (folder / "retention.yaml").unlink()
    assert office.load(folder).terms == HOME.terms


def test_a_term_is_a_number_of_days(folder: Path) -> None:
    line = changed(folder, "retention.yaml", "question: 365", "question: 0")
    with pytest.raises(Mistakes) as found:
        office.load(folder)
    assert f"retention.yaml:{line}" in str(found.value)
