"""What the office's own keywords say of its units."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from feedback.heard import hear
from feedback.routing import Said, receiver, said
from handlers import office

HOME = office.load()

TABLE = """
TL-BHXH  | tien-luong           | lương cơ sở chậm chi trả cho giáo viên
TL-BHXH  | tien-luong           | luong co so cham chi tra
CQDP     | sap-xep-dvhc         | sáp nhập xã làm dân đi lại xa
CQDP     | sap-xep-dvhc         | sap nhap xa lam dan di lai xa
CCHC     | mot-cua              | bộ phận một cửa trễ hẹn nhiều lần
CCVC     | tuyen-dung           | thi công chức không công bằng
TCBC     | tinh-gian-bien-che   | đề nghị sửa quy định tinh giản biên chế
TCPCP    | quy                  | quỹ từ thiện không công khai tiền
VTLT     | khai-thac-tai-lieu   | xin đọc tài liệu lưu trữ mà bị từ chối
BTDKT    | thi-dua-khen-thuong  | huân chương trao chậm
TN-BDG   | thanh-nien           | đối thoại thanh niên chỉ là hình thức
CCHC     | dich-vu-cong         | cổng dịch vụ công bị lỗi
NCC      | nguoi-co-cong        | hồ sơ người có công bị chậm
QLLDNN   | lao-dong-ngoai-nuoc  | công ty xuất khẩu lao động lừa tôi
VL       | viec-lam             | chưa nhận được trợ cấp thất nghiệp
HTQT     | accsm                | hợp tác công vụ asean nên mở rộng
VL       | ngay-nghi            | lịch nghỉ tết công bố muộn
VP       | G6                   | sinh hoạt tôn giáo bị cản trở
VP       | G6                   | chùa làm ồn
VP       | dia-phuong           | đất đai bị chậm cấp giấy
VP-TCD   | thanh-tra-bo         | thanh tra bộ nội vụ không trả lời
TCBC     | khong-chuyen-trach   | tăng phụ cấp cho cán bộ không chuyên trách
CCVC     | vien-chuc            | viên chức giáo viên bị ép làm thêm
CNTT     | chuyen-doi-so        | chuyển đổi số của bộ chậm
CCVC     | danh-gia             | xếp loại cuối năm không công bằng
TCPCP    | hoi                  | lập hội ở tỉnh thì hỏi ai
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in TABLE.strip().splitlines()]


def most(text: str) -> tuple[str, Said]:
    told = said(hear(text), HOME)
    return max(told.items(), key=lambda each: each[1].points, default=("", Said()))


@pytest.mark.parametrize(("unit", "topic", "text"), ROWS, ids=[row[2] for row in ROWS])
def test_the_keywords_say_most_of_the_right_unit(unit: str, topic: str, text: str) -> None:
    code, found = most(text)
    assert (code, found.topic) == (unit, topic)


@pytest.mark.parametrize("text", ["trời mưa to quá", "tôi phản ánh", "lượng mưa lớn"])
def test_what_only_names_the_kind_or_nothing_says_nothing(text: str) -> None:
    assert most(text)[0] == ""


def test_what_another_body_does_counts_for_the_default_unit() -> None:
    assert HOME.topic(most("chùa làm ồn")[1].topic).unit == "X-BDTTG"


def test_what_an_ended_unit_did_counts_for_its_successor() -> None:
    topic = replace(HOME.topic("tien-luong"), unit="TTR")
    changed = replace(HOME, topics=MappingProxyType({"tien-luong": topic}))
    assert said(hear("tăng lương"), changed)["VP-TCD"].topic == "tien-luong"


def test_a_receiver_is_always_one_of_us() -> None:
    for code in HOME.units:
        assert receiver(code, HOME).receives


def test_marks_that_were_typed_must_agree() -> None:
    assert most("tiền lượng")[1].topic == ""
    assert most("tiền lương")[1].topic == "tien-luong"
