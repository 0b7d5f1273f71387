"""Where a submission goes, on the office's own files."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from feedback.routing import receiver, route
from handlers import office

HOME = office.load()

TABLE = """
report               | TL-BHXH  | tien-luong           | lương cơ sở chậm chi trả cho giáo viên
report               | TL-BHXH  | tien-luong           | luong co so cham chi tra
report               | CQDP     | sap-xep-dvhc         | sáp nhập xã làm dân đi lại xa
report               | CQDP     | sap-xep-dvhc         | sap nhap xa lam dan di lai xa
report               | CCHC     | mot-cua              | bộ phận một cửa trễ hẹn nhiều lần
report               | CCVC     | tuyen-dung           | thi công chức không công bằng
proposal             | TCBC     | tinh-gian-bien-che   | đề nghị sửa quy định tinh giản biên chế
report               | TCPCP    | quy                  | quỹ từ thiện không công khai tiền
report               | VTLT     | khai-thac-tai-lieu   | xin đọc tài liệu lưu trữ mà bị từ chối
report               | BTDKT    | thi-dua-khen-thuong  | huân chương trao chậm
report               | TN-BDG   | thanh-nien           | đối thoại thanh niên chỉ là hình thức
report               | CCHC     | dich-vu-cong         | cổng dịch vụ công bị lỗi
report               | NCC      | nguoi-co-cong        | hồ sơ người có công bị chậm
report               | QLLDNN   | lao-dong-ngoai-nuoc  | công ty xuất khẩu lao động lừa tôi
report               | VL       | viec-lam             | chưa nhận được trợ cấp thất nghiệp
proposal             | HTQT     | accsm                | hợp tác công vụ asean nên mở rộng
report               | VL       | ngay-nghi            | lịch nghỉ tết công bố muộn
report               | VP       | G6                   | sinh hoạt tôn giáo bị cản trở
report               | VP       | G6                   | chùa làm ồn
report               | VP       | dia-phuong           | đất đai bị chậm cấp giấy
report               | VP-TCD   | thanh-tra-bo         | thanh tra bộ nội vụ không trả lời
report               | VP       | -                    | trời mưa to quá
report               | VP       | -                    | tôi phản ánh
proposal             | TCBC     | khong-chuyen-trach   | tăng phụ cấp cho cán bộ không chuyên trách
report               | CCVC     | vien-chuc            | viên chức giáo viên bị ép làm thêm
report               | VP       | -                    | lượng mưa lớn
proposal             | CNTT     | chuyen-doi-so        | chuyển đổi số của bộ chậm
report               | CCVC     | danh-gia             | xếp loại cuối năm không công bằng
draft_comment        | PC       | gop-y-du-thao        | dự thảo nghị định về lương
information_request  | VP       | luu-tru              | xin văn bản về lưu trữ
personal_data        | CNTT     | -                    | xóa dữ liệu của tôi
rumour               | VP       | G3                   | nghe nói còn 16 tỉnh
question             | TCPCP    | hoi                  | lập hội ở tỉnh thì hỏi ai
question             | VP       | -                    | công chức và lưu trữ
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("kind", "unit", "topic", "text"), ROWS, ids=[row[3] for row in ROWS])
def test_route(kind: str, unit: str, topic: str, text: str) -> None:
    found = route(text, HOME.kind(kind), HOME)
    assert (found.unit, found.topic or "-") == (unit, topic)


def test_the_reason_names_the_outside_body() -> None:
    reason = route("chùa làm ồn", HOME.kind("report"), HOME).reason
    assert "Bộ Dân tộc và Tôn giáo" in reason
    assert "Văn phòng Bộ" in reason


def test_the_reason_holds_nothing_that_the_citizen_wrote_beside_keywords() -> None:
    reason = route("ông Nguyễn Văn Mít ở 12 Trần Phú chậm trả lương cơ sở", HOME.kind("report"), HOME).reason
    assert "«lương cơ sở»" in reason
    assert "Mít" not in reason
    assert "Trần Phú" not in reason


def test_an_ended_unit_passes_to_its_successor() -> None:
    topic = replace(HOME.topic("tien-luong"), unit="TTR")
    changed = replace(HOME, topics=MappingProxyType({"tien-luong": topic}))
    found = route("tăng lương", HOME.kind("report"), changed)
    assert found.unit == "VP-TCD"
    assert "đã kết thúc" in found.reason


def test_a_receiver_is_always_one_of_us() -> None:
    for code in HOME.units:
        assert receiver(code, HOME).receives


def test_marks_that_were_typed_must_agree() -> None:
    assert route("lượng", HOME.kind("report"), HOME).topic == ""
    assert route("lương", HOME.kind("report"), HOME).topic == "tien-luong"
