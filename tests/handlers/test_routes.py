"""Where a submission goes: rules first, then the likeliest unit; what is not sure is for a person."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from faq.files import Mistakes
from feedback.routing import Matter, Rule, Says
from handlers import examples, office
from handlers.actions import routes
from handlers.library import Library

MESSAGES = sorted((Path(__file__).parent.parent / "feedback").glob("routing_messages*.yaml"))


def with_rules(library: Library, *rules: Rule) -> Library:
    return replace(library, office=replace(library.office, rules=rules))


def rule(**conditions: tuple[str, ...]) -> Rule:
    return Rule("mau", "HTQT", "để thử.", **conditions)


@pytest.mark.parametrize(
    ("conditions", "matter"),
    [
        ({"keywords": ("cây cầu",)}, Matter("cay cau sap sap")),
        ({"topics": ("tien-luong",)}, Matter("lương cơ sở chậm")),
        ({"places": ("xã Mẫu",)}, Matter("việc ở xã mẫu")),
        ({"places": ("xã Mẫu",)}, Matter("việc của tôi", place="Xã Mẫu, tỉnh Thử")),
        ({"senders": ("business",)}, Matter("lương cơ sở", sender="business")),
        ({"kinds": ("proposal",)}, Matter("lương cơ sở", "proposal")),
        (
            {"kinds": ("draft_comment",), "drafts": ("NĐ 178",)},
            Matter("dự thảo nđ 178/2024", "draft_comment"),
        ),
    ],
)
def test_each_condition_decides_where_it_fits_and_not_where_it_does_not(
    library: Library, conditions: dict[str, tuple[str, ...]], matter: Matter
) -> None:
    ours = with_rules(library, rule(**conditions))
    found = routes.route(ours, matter)
    assert (found.unit, found.score, found.rule) == ("HTQT", 1.0, "mau")
    assert "để thử" in found.reason
    assert routes.route(ours, Matter("bộ phận một cửa trễ hẹn")).unit == "CCHC"


def test_all_conditions_of_a_rule_must_fit(library: Library) -> None:
    ours = with_rules(library, rule(keywords=("lương cơ sở",), senders=("business",)))
    assert routes.route(ours, Matter("lương cơ sở", sender="citizen")).unit == "TL-BHXH"


def test_a_law_that_is_in_force_is_no_draft(library: Library) -> None:
    ours = with_rules(library, rule(drafts=("nghị định 178",)))
    assert routes.route(ours, Matter("dự thảo nghị định 178")).rule == "mau"
    assert not routes.route(ours, Matter("nghỉ theo nghị định 178")).rule


def test_a_kind_with_its_own_unit_is_touched_only_by_a_rule_that_names_it(library: Library) -> None:
    matter = Matter("xóa dữ liệu của tôi ở cây cầu", "personal_data")
    assert routes.route(with_rules(library, rule(keywords=("cây cầu",))), matter).unit == "CNTT"


def test_what_is_not_sure_goes_to_a_person_with_three_suggestions(library: Library) -> None:
    found = routes.route(library, Matter("xã tôi có ông cán bộ nghỉ rồi mà việc ấy vẫn để đó"))
    assert found.unit == library.office.default_unit
    assert found.score < library.office.threshold
    assert len(found.suggestions) == 3
    assert "phân loại" in found.reason


def test_the_threshold_is_the_offices(library: Library) -> None:
    matter = Matter("bộ phận một cửa trễ hẹn nhiều lần")
    assert routes.route(library, matter).unit == "CCHC"
    never = replace(library, office=replace(library.office, threshold=1.0))
    assert routes.route(never, matter).unit == library.office.default_unit
    assert routes.route(never, matter).suggestions[0] == "CCHC"


def test_nothing_is_suggested_where_nothing_is_said(library: Library) -> None:
    assert routes.route(library, Matter("zzz")).suggestions == ()


@pytest.mark.parametrize("file", MESSAGES, ids=[file.stem for file in MESSAGES])
def test_the_messages_go_right(library: Library, file: Path) -> None:
    sheet = examples.load(file, library.office)
    assert sheet.value is not None
    made = examples.figures(examples.tried(sheet.value.cases, library), library.office.threshold)
    blind = "blind" in file.stem
    assert made.count >= (120 if blind else 50)
    assert made.first >= (0.85 if blind else 0.9) * made.count
    assert made.among >= (0.95 if blind else 0.98) * made.count
    assert made.sure_right >= 0.9 * made.sure


@pytest.mark.parametrize(
    ("kind", "unit", "topic", "text"),
    [
        ("draft_comment", "PC", "gop-y-du-thao", "dự thảo nghị định về lương"),
        ("information_request", "VP", "luu-tru", "xin văn bản về lưu trữ"),
        ("personal_data", "CNTT", "", "xóa dữ liệu"),
    ],
)
def test_a_kind_with_its_own_unit_keeps_the_topic(
    library: Library, kind: str, unit: str, topic: str, text: str
) -> None:
    found = routes.route(library, Matter(text, kind))
    assert (found.unit, found.topic, found.score) == (unit, topic, 1.0)


def test_the_reason_names_the_outside_body(library: Library) -> None:
    for text in ("chùa làm ồn", "nhà tôi bị cúp điện mà tiền điện gấp ba"):
        reason = routes.route(library, Matter(text)).reason
        assert "(ngoài Bộ)" in reason
        assert "Văn phòng Bộ" in reason


def test_the_reason_holds_nothing_that_the_citizen_wrote_beside_keywords(library: Library) -> None:
    matter = Matter("ông Nguyễn Văn Mít ở 12 Trần Phú chậm trả lương cơ sở")
    found = routes.route(library, matter)
    assert "«lương cơ sở»" in found.reason
    for line in (found.reason, *found.counted):
        assert "Mít" not in line
        assert "Trần Phú" not in line


def test_without_keywords_the_reason_names_the_nearest_of_our_own_sentences(library: Library) -> None:
    says = (Says("KHTC", ("mái tôn nhà xe bị gió cuốn",)),)
    ours = replace(library, office=replace(library.office, says=says, topics={}))
    found = routes.route(ours, Matter("gió cuốn mất mái tôn nhà xe"))
    assert "«mái tôn nhà xe bị gió cuốn»" in found.counted[0]


def test_the_offices_examples_go_right(library: Library) -> None:
    assert examples.check(office.FOLDER / examples.FILE, library) >= 5


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('  - {unit: CCHC, text: "lương cơ sở chậm"}', "phải đến CCHC mà đến TL-BHXH"),
        (
            '  - {unit: VP, rule: phong-vien, text: "chùa làm ồn"}',
            "phải theo quy tắc «phong-vien» mà theo không",
        ),
        ('  - {unit: XX, text: "lương"}', "«unit» không được là «XX»"),
        ('  - {unit: VP, kind: khong-co, text: "lương"}', "«kind» không được là «khong-co»"),
    ],
)
def test_an_example_that_goes_wrong_is_told_with_its_line(
    library: Library, tmp_path: Path, line: str, said: str
) -> None:
    file = tmp_path / examples.FILE
    file.write_text(f'cases:\n  - {{unit: CCHC, text: "bộ phận một cửa trễ hẹn"}}\n{line}\n', "utf-8")
    with pytest.raises(Mistakes) as caught:
        examples.check(file, library)
    (mistake,) = caught.value.all
    assert (mistake.path, mistake.line) == (file, 3)
    assert said in mistake.text


def test_nobody_in_the_default_unit_is_a_mistake(tmp_path: Path) -> None:
    shutil.copytree(office.FOLDER, tmp_path / "office")
    file = tmp_path / "office" / "staff.yaml"
    staff = file.read_text("utf-8").replace("unit: VP\n    role: router", "unit: TCCB\n    role: router")
    file.write_text(staff.replace("unit: VP\n    role: officer", "unit: TCCB\n    role: officer"), "utf-8")
    with pytest.raises(Mistakes, match="không có cán bộ nào nhận hồ sơ của đơn vị mặc định «VP»"):
        office.load(tmp_path / "office")
