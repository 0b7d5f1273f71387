"""Texts that say nearly the same are found; others on the same subject are not."""

from time import process_time

from faq.similar import LEAST, similar

THIS = "Xã Hòa Bình chậm chi trả phụ cấp tháng 9 cho cán bộ thôn, đã ba tháng chưa có."
SAME = (
    "xa Hoa Binh cham chi tra phu cap thang 9 cho can bo thon",
    "Tôi là trưởng thôn ở xã Hòa Bình, xã chậm chi trả phụ cấp cho cán bộ thôn đã ba tháng.",
    "Đã ba tháng xã Hòa Bình chưa chi trả phụ cấp cho cán bộ thôn chúng tôi.",
    THIS,
)
OTHER = (
    "Xã Hòa Bình thu thêm tiền khi chứng thực giấy tờ, đề nghị kiểm tra.",
    "Phụ cấp thâm niên của giáo viên tính từ khi nào?",
    "Tôi nộp hồ sơ thi tuyển công chức mà không thấy tên trong danh sách.",
    "Tôi nghỉ hưu từ tháng 3 mà đến nay chưa nhận được lương hưu.",
    "",
)


def test_the_same_in_other_words_is_found_and_another_matter_is_not() -> None:
    assert set(similar(THIS, [*SAME, *OTHER])) == set(range(len(SAME)))
    assert similar(THIS, [*SAME, *OTHER])[0] == SAME.index(THIS)


def test_a_crowd_that_all_say_the_same_is_found_whole() -> None:
    assert similar(THIS, [THIS] * 29) == list(range(29))


def test_nothing_is_like_nothing() -> None:
    assert similar(THIS, []) == []
    assert similar("", list(OTHER)) == []
    assert similar("?!", ["?!"], LEAST) == []


def test_three_hundred_long_texts_are_compared_at_once() -> None:
    crowd = [f"{THIS} {' '.join(f'chữ{n * k % 977}' for k in range(200))}" for n in range(300)]
    began = process_time()
    similar(THIS, crowd)
    assert process_time() - began < 0.5
