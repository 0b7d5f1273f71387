"""Real people write these; what is taken for what decides what is kept."""

import pytest

from feedback.kinds import Handling, recognise
from handlers import office

KINDS = office.load().kinds

MESSAGES = """
emergency            | cháy nhà rồi
emergency            | có người đang bị đánh ở cổng ủy ban
emergency            | cứu với
emergency            | cuu voi
emergency            | tôi muốn tự tử
emergency            | muon tu tu
emergency            | con toi bi bat coc
emergency            | cap cuu
emergency            | em muốn chết quá
emergency            | có cháy lớn ở chợ
question             | cán bộ phòng cháy chữa cháy được phụ cấp bao nhiêu?
question             | can bo phong chay chua chay duoc phu cap bao nhieu
question             | nghiên cứu với đơn vị nào
None                 | cứu trợ đồng bào lũ lụt
question             | chế độ trợ cấp cựu chiến binh thế nào
question             | tro cap cuu chien binh the nao
question             | cán bộ đang bị đánh giá thấp thì làm sao
None                 | hệ thống đang chạy
denunciation         | tôi tố cáo ông A nhận hối lộ
denunciation         | toi to cao ong A nhan hoi lo
denunciation         | tố cáo ông A nhận hối lộ
denunciation         | chủ tịch xã đòi tiền
denunciation         | chu tich xa doi tien
denunciation         | cán bộ vòi vĩnh dân
denunciation         | kế toán trường tham nhũng tiền ăn của học sinh
denunciation         | hieu truong tham o tien quy
denunciation         | trưởng thôn ăn chặn tiền hỗ trợ
denunciation         | toi muon to cao can bo thue
denunciation         | tại sao cán bộ đòi tiền tôi khi làm giấy khai sinh?
denunciation         | sếp tôi nhận hối lộ thì phải làm sao?
denunciation         | tôi phản ánh cán bộ một cửa thu tiền ngoài quy định
denunciation         | muốn tố cáo thì nộp đơn ở đâu
denunciation         | cán bộ xã nhận phong bì
denunciation         | bà Lan kế toán lấy tiền quỹ
denunciation         | xin hỏi ông chủ tịch xã nhận tiền của dân thì xử lý thế nào
denunciation         | giám đốc sở bao che cho cấp dưới
question             | phân biệt khiếu nại với tố cáo
question             | đơn tố cáo không ghi tên có được xử lý không
None                 | thời gian xử lý đơn tố cáo
question             | tố cáo là gì?
question             | to cao la gi
question             | tố cáo khác khiếu nại thế nào
question             | nộp đơn tố cáo ở đâu
question             | nop don to cao o dau
question             | thời hạn giải quyết tố cáo là bao lâu
question             | người tố cáo được bảo vệ thế nào
question             | nguoi to cao duoc bao ve the nao
question             | hành vi tham nhũng bị xử lý thế nào
question             | Tố cáo có bị lộ danh tính không?
question             | chủ tịch xã có thẩm quyền giải quyết tố cáo không
None                 | luật phòng, chống tham nhũng
complaint            | tôi khiếu nại quyết định kỷ luật của tôi
complaint            | toi khieu nai quyet dinh ky luat cua toi
complaint            | không đồng ý với quyết định thu hồi
complaint            | Tôi không chấp nhận quyết định buộc thôi việc, đề nghị xem xét lại
complaint            | đơn khiếu nại của tôi sao chưa ai giải quyết?
question             | khiếu nại là gì
question             | khieu nai la gi
question             | thời hiệu khiếu nại là bao lâu
question             | khiếu nại lần hai giải quyết trong bao lâu
question             | thanh tra bộ còn không, gửi đơn khiếu nại cho ai?
personal_data        | xóa dữ liệu của tôi
personal_data        | xoá dữ liệu của tôi đi
personal_data        | xoa du lieu cua toi
question             | rút lại sự đồng ý thì bao lâu có kết quả
draft_comment        | tôi góp ý dự thảo nghị định về hội
question             | góp ý dự thảo ở đâu
information_request  | đề nghị cung cấp tài liệu quy hoạch
information_request  | cho tôi xin văn bản hướng dẫn được không
question             | xin cung cấp thông tin có mất phí không
correction_request   | trang web đăng sai tên xã
correction_request   | đề nghị đính chính bài viết ngày hôm qua
rumour               | nghe nói sắp nhập còn 16 tỉnh
rumour               | tin giả về tăng lương đang lan truyền
report               | tôi muốn phản ánh bộ phận một cửa làm việc chậm
report               | toi muon phan anh can bo hach sach
report               | nộp hồ sơ ba tháng rồi mà chưa thấy trả lời
report               | thái độ phục vụ quá kém
report               | tại sao hồ sơ của tôi bị trễ hẹn?
question             | thời hạn giải quyết phản ánh là bao lâu
question             | gửi phản ánh ở đâu
question             | hồ sơ bị trễ hẹn thì cơ quan phải làm gì?
proposal             | tôi kiến nghị tăng phụ cấp cho cán bộ thôn
proposal             | nên bỏ quy định nộp bản sao công chứng
question             | kiến nghị sau thanh tra được theo dõi thế nào
question             | lương cơ sở bao nhiêu
question             | luong co so la bao nhieu
question             | chào bạn cho mình hỏi lương cơ sở
thanks               | cảm ơn
thanks               | cam on nhieu nhe
thanks               | xin chào
thanks               | ok
None                 | lương cơ sở
out_of_scope         | thời tiết Hà Nội
spam                 | vay tiền nhanh lãi suất thấp
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in MESSAGES.strip().splitlines()]


@pytest.mark.parametrize(("kind", "text"), ROWS, ids=[text for _, text in ROWS])
def test_what_people_write(kind: str, text: str) -> None:
    found = recognise(text, KINDS)
    assert (found.code if found else "None") == kind


def test_a_long_story_is_no_general_question() -> None:
    story = (
        "Hôm trước tôi ra ủy ban làm giấy tờ cho cháu nhỏ, " * 4
        + "người ta có hành vi tham nhũng, phải làm sao?"
    )
    found = recognise(story, KINDS)
    assert found is not None
    assert found.code == "denunciation"


def test_typed_marks_must_agree() -> None:
    found = recognise("lượng mưa lớn, chạy lũ", KINDS)
    assert found is None


@pytest.mark.parametrize("text", ["", "   ", "?", "…", "1234", "🙂🙂"])
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert recognise(text, KINDS) is None or text == "?"


def test_the_order_puts_people_before_paper() -> None:
    codes = [kind.code for kind in KINDS]
    assert codes[:3] == ["emergency", "denunciation", "complaint"]
    assert len(codes) == len(set(codes)) == 14


def test_what_is_only_explained_has_something_to_say_in_both_languages() -> None:
    for kind in KINDS:
        if kind.handling in (Handling.EXPLAIN_ONLY, Handling.EMERGENCY):
            assert kind.explanation.count(".") <= 6
            assert kind.explanation_en
            assert not kind.steps
            assert not kind.offered


def test_every_case_has_a_promise() -> None:
    for kind in KINDS:
        assert (kind.promise is not None) == (kind.handling in (Handling.CASE, Handling.ANSWER))
