"""Masking: what leads to a person goes, what is asked about stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.entries import CONTENT, load
from feedback.masking import ACCOUNT, CODE, EMAIL, HOUSE, IDENTITY, LINK, NAME, PHONE, PLATE, masked
from feedback.vietnamese import tidy

GOES = [  # sample data; «…» stands for the placeholder
    ("gọi 0912 345 678 nhé", "gọi … nhé", PHONE),
    ("gọi 0912.345.678.", "gọi ….", PHONE),
    ("sđt 091-234-5678", "sđt …", PHONE),
    ("sdt0912345678", "sdt…", PHONE),
    ("09 12 34 56 78 ạ", "… ạ", PHONE),
    ("zalo o912345678", "zalo …", PHONE),
    ("+84 912 345 678", "…", PHONE),
    ("(+84) 912345678", "…", PHONE),
    ("+84(0)912345678", "…", PHONE),
    ("84912345678", "…", PHONE),
    ("máy bàn 024 3825 1234", "máy bàn …", PHONE),
    ("0912345678 hoặc 0987654321", "… hoặc …", PHONE),
    ("CCCD 001099012345", "CCCD …", IDENTITY),
    ("cccd số 001 099 012 345", "cccd số …", IDENTITY),
    ("001.099.012.345", "…", IDENTITY),
    ("căn cước công dân của em là 079123456789", "căn cước công dân của em là …", IDENTITY),
    ("can cuoc 079 123 456 789", "can cuoc …", IDENTITY),
    ("CMND 123.456.789", "CMND …", IDENTITY),
    ("số 123456789 cấp tại Hà Nội", "số … cấp tại Hà Nội", IDENTITY),
    ("123 456 789", "…", IDENTITY),
    ("hộ chiếu B1234567", "hộ chiếu …", IDENTITY),
    ("bhxh 0123456789", "bhxh …", CODE),
    ("mã số bhxh của tôi: 7912345678", "mã số bhxh của tôi: …", CODE),
    ("bảo hiểm xã hội số 01 2345 6789", "bảo hiểm xã hội số …", CODE),
    ("bhyt DN4010123456789", "bhyt …", CODE),
    ("thẻ GD 4 01 0123456789", "thẻ …", CODE),
    ("mst 8123456789 và 0101234567-001", "mst … và …", CODE),
    ("mã hồ sơ 000.00.12.H56-240512-0001 đến đâu", "mã hồ sơ … đến đâu", CODE),
    ("tra giúp 7K3F9-Q2M4X", "tra giúp …", CODE),
    ("đơn 20240000123456", "đơn …", CODE),
    ("stk 0011001234567 vcb", "stk … vcb", ACCOUNT),
    ("tài khoản ngân hàng ABC của tôi là 0123456", "tài khoản ngân hàng ABC của tôi là …", ACCOUNT),
    ("chuyển vào so tai khoan: 190 3456 7890 123", "chuyển vào so tai khoan: …", ACCOUNT),
    ("thẻ 9704 1234 5678 9012", "thẻ …", ACCOUNT),
    ("thư nguyen.van.a@example.vn ạ", "thư … ạ", EMAIL),
    ("nguyenvana @ example.com", "…", EMAIL),
    ("nguyenvana@gmail", "…", EMAIL),
    ("xem https://example.vn/a?x=1.", "xem ….", LINK),
    ("www.example.vn/a", "…", LINK),
    ("fb.com/nguyenvana, ạ", "…, ạ", LINK),
    ("telegram @nguyenvana nhé", "telegram … nhé", LINK),
    ("xe 29A-123.45 bị giữ", "xe … bị giữ", PLATE),
    ("30K1-12345", "…", PLATE),
    ("biển số xe 29 a 12345", "biển số xe …", PLATE),
    ("số nhà 12A ngõ 34/5 đường Láng", "số nhà … ngõ … đường Láng", HOUSE),
    ("so nha 12 ngo 34", "so nha … ngo …", HOUSE),
    ("địa chỉ: 12/3 Trần Phú", "địa chỉ: … Trần Phú", HOUSE),
    ("tôi ở số 12 đường Láng", "tôi ở số … đường Láng", HOUSE),
    ("tôi tên là Nguyễn Văn A muốn hỏi", "tôi tên là … muốn hỏi", NAME),
    ("em là Nguyễn Văn A, công chức xã", "em là …, công chức xã", NAME),
    ("em là Nguyễn Văn A công chức xã", "em là … công chức xã", NAME),
    ("tên tôi là Trần Thị Bình", "tên tôi là …", NAME),
    ("em tên Hoa muốn hỏi", "em tên … muốn hỏi", NAME),
    ("Họ và tên: Lê Hoàng Nam", "Họ và tên: …", NAME),
    ("họ tên của em là Phạm Minh", "họ tên của em là …", NAME),
    ("toi ten la nguyen van an sinh nam 1970", "toi ten la … sinh nam 1970", NAME),
    ("tôi là nguyễn văn an muốn hỏi", "tôi là … muốn hỏi", NAME),
    ("TÔI TÊN LÀ NGUYỄN VĂN A MUỐN HỎI", "TÔI TÊN LÀ … MUỐN HỎI", NAME),
    ("Em Tên Là Trần Thị Bình Muốn Hỏi", "Em Tên Là … Muốn Hỏi", NAME),
    ("ông Nguyễn Văn A\nLương hưu của ông", "ông …\nLương hưu của ông", NAME),
    ("bố tôi là Lê Văn Tám, ông Đỗ Mười Hai", "bố tôi là …, ông …", NAME),
    ("Lương hưu tính sao?\nNguyễn Văn A", "Lương hưu tính sao?\n…", NAME),
]
STAYS = [
    "Nghị định 178/2024/NĐ-CP còn áp dụng không",
    "Thông tư 01/2025/TT-BNV ngày 17/01/2025",
    "Luật 41/2024/QH15 điều 64 khoản 2 điểm a",
    "Nghị quyết 30a/2008/NQ-CP, nghị quyết 30a 2008",
    "công văn 1234/BHXH-CSXH năm 2024",
    "lương cơ sở 2.340.000 đồng, 2,340,000 hay 2340000",
    "trợ cấp 1.234.567.890 đồng",
    "123456789 đồng, 150 000 000 đồng",
    "lương 15000000 có cao không",
    "chuyển khoản 15000000 cho tôi, tài khoản 500.000.000",
    "phạt cccd 10.000.000 đồng",
    "hệ số 2,34; bậc 3/9; 70,8 triệu",
    "ngày 05-07-2024 12 giờ, 05.07.2024, từ 01/7/2024 đến 30/6/2025",
    "năm 2024 2025 2026, giai đoạn 2021-2026",
    "BHXH 1 lần 2025 2026 2027",
    "sinh ngày 12/3/1965 nghỉ hưu khi nào",
    "đóng bhxh 20 năm 6 tháng",
    "tổng đài 1900 9095, gọi 113 hay 111",
    "cccd 12 số, cccd hết hạn ngày 12/03/2025",
    "tài khoản VNeID mức 2",
    "mã số V.07.04.32, ngạch 01.003",
    "34 tỉnh, thành phố",
    "vào dichvucong.gov.vn không được",
    "ngõ 3 m, tạm trú 30 ngày, sống tại 2 xã",
    "tôi là công chức xã, em là giáo viên, tôi là Đảng viên",
    "TÔI LÀ CÔNG CHỨC XÃ",
    "Em Là Giáo Viên Muốn Hỏi",
    "em tên là gì, tên tôi sai trong sổ bhxh",
    "tên cơ quan là Bộ Nội vụ, đổi tên tỉnh Hà Giang",
    "bác Hà Nội muốn hỏi, thành phố Hồ Chí Minh, Liên minh Châu Âu",
    "đường Nguyễn Văn Linh, trường Trần Phú",
    "Bộ trưởng là ai, Chủ tịch xã là ai",
]


@pytest.mark.parametrize(("said", "left", "placeholder"), GOES)
def test_what_leads_to_a_person_goes(said: str, left: str, placeholder: str) -> None:
    assert masked(said) == left.replace("…", placeholder)


@pytest.mark.parametrize("said", STAYS)
def test_what_is_asked_about_stays(said: str) -> None:
    assert masked(said) == said


def test_the_answers_themselves_hold_nothing_to_mask() -> None:
    knowledge = load(CONTENT)
    texts = [text for entry in knowledge.entries.values() for text in (*entry.wordings(), entry.answer)]
    texts += [f"{document.title} {document.number}" for document in knowledge.documents.values()]
    assert [text for text in texts if masked(text) != tidy(text)] == []


@given(
    st.sampled_from(["0", "84", "+84", "+84 ", "(+84)"]),
    st.from_regex(r"[35789]([ .-]?[0-9]){8}", fullmatch=True, alphabet="0123456789 .-"),
    st.sampled_from([("", ""), ("gọi ", " nhé"), ("sđt:", "."), ("(", ")")]),
)
def test_a_phone_number_goes_however_it_is_typed(start: str, rest: str, around: tuple[str, str]) -> None:
    before, after = around
    assert masked(f"{before}{start}{rest}{after}") == tidy(f"{before}{PHONE}{after}")


@given(st.integers(1, 9_999), st.integers(1990, 2099), st.sampled_from(["NĐ-CP", "QH15", "TT-BNV", "QĐ-TTg"]))
def test_the_number_of_a_document_stays(number: int, year: int, kind: str) -> None:
    assert masked(f"theo {number}/{year}/{kind} thì sao") == f"theo {number}/{year}/{kind} thì sao"


@given(st.integers(1, 999_999_999_999))
def test_a_sum_stays(dong: int) -> None:
    for said in (f"{dong:,}".replace(",", ".") + " đồng", f"{dong} đồng"):
        assert masked(said) == said


@pytest.mark.parametrize("said", ["84.500.000.000 đồng", "84351234567 đồng"])
def test_a_sum_that_begins_like_a_phone_of_this_country_stays(said: str) -> None:
    assert masked(said) == said


def test_a_phone_of_somebody_who_agrees_goes() -> None:
    assert masked("84912345678 đồng ý gọi lại") == f"{PHONE} đồng ý gọi lại"


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(masked(text), str)
