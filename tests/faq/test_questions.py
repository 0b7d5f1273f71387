"""Questions as people type them, none of which stands in the files; and other ways to write the same."""

from collections.abc import Callable
from datetime import date

import pytest

from faq.entries import CONTENT, Entry, load
from faq.index import Answer, Choices, Index, Unknown
from faq.words import Words
from feedback.vietnamese import fold, plain

TODAY = date(2026, 11, 22)
ENOUGH = 38

QUESTIONS = """
G3-31                | luong co so gio bao nhieu r
G3-31                | lương căn bản năm nay là bao nhiêu tiền vậy ad
G3-01                | nuoc minh con may tinh thanh
G3-08 R-04 G3-07     | sap nhap xong co phai lam lai can cuoc ko
G3-10                | sổ đỏ mang tên xã cũ thì có cần đổi không
G3-05 R-11           | con cap huyen nua khong vay
G1-08 R-12           | ngày 24 tháng 11 này có được nghỉ ko
G1-08 R-12           | 24/11 cong nhan duoc nghi lam khong
G1-09                | tet 2027 cong chuc nghi may ngay
G2-08 R-19           | nghi huu som do tinh gian bien che co bi tru luong huu k
G2-06 R-06           | giờ còn xin nghỉ theo nghị định 178 được nữa không
G2-07                | TGBC đang theo NĐ nào
G3-23                | công trức khác viên trức chỗ nào
G3-25                | vien chuc co dc lam them cho khac ko
G3-18                | bo thi nang ngach chua
G3-20                | xep loai cong chuc co may muc
G4-04                | SIPAS nghĩa là gì thế
G4-08                | chi so hai long ca nuoc bao nhieu phan tram
G4-13                | đăng nhập DVC bằng acc nào
G4-12                | nop ho so online vao trang nao
G5-19                | điều kiện thành lập một cái hội
G5-22                | von toi thieu de lap quy tu thien
G5-23                | quỹ từ thiện đem tiền cho vay có được không
G5-13                | bao nhieu tuoi la thanh nien
G5-05                | tài liệu số hoá có giá trị pháp lý ko
G5-10                | van ban ky so co gia tri nhu ban giay khong
G6-01 R-15           | ton giao gio bo nao quan ly
G6-16                | đi tu mà chưa đủ 18 tuổi thì bố mẹ phải đồng ý à
G7-03 R-14           | thanh tra bo noi vu con hoat dong ko
G7-07                | xem kết luận thanh tra được không
G7-13                | to cao co bi lo ten khong
G8-14 R-20           | asean co may nuoc
G8-06                | ACCSM là cái gì
G3-16                | đặc khu gồm những đâu
G0-06 R-17           | xin tai lieu cua co quan nha nuoc mat bao lau
G0-08                | xin thong tin co mat tien khong
G0-17                | gui anh can cuoc cho bot co can khong
G1-01                | bầu cử quốc hội khoá 16 hôm nào
G3-11                | Dong Nai len thanh pho truc thuoc TW khi nao
G5-15                | thủ tướng đối thoại với thanh niên mấy lần một năm
"""
OTHER_MATTERS = """
thời tiết Hà Nội ngày mai thế nào
đội tuyển Việt Nam đá mấy giờ
vay tiền mua đất ngân hàng nào lãi thấp
cách nấu phở bò
viện phí mổ ruột thừa bao nhiêu
thi bằng lái xe máy cần giấy tờ gì
đăng ký kết hôn ở đâu
xin visa đi Nhật mất bao lâu
gia vang hom nay bao nhieu
hoc phi dai hoc nam nay
"""
ROWS = [
    (ids.split(), text.strip()) for ids, text in (line.split("|") for line in QUESTIONS.strip().splitlines())
]
OTHERS = OTHER_MATTERS.strip().splitlines()


WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "without marks": fold,
    "in capitals": str.upper,
    "with spaces": lambda text: f"  {text.replace(' ', '  ')} \n",
    "stretched": lambda text: f"{text}aaaa ???",
    "politely": lambda text: f"Chào ad, cho em hỏi {text} ạ? Em cảm ơn nhiều!",
    "after a story": lambda text: (
        "Tôi năm nay 52 tuổi, làm ở xã hơn mười năm, nghe bà con bàn tán nhiều mà chưa rõ. "
        f"Cho tôi hỏi {text}? Mong sớm nhận được trả lời."
    ),
}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(load(CONTENT), Words.load(CONTENT))


def first(found: Answer | Choices | Unknown) -> Entry | None:
    match found:
        case Answer():
            return found.entry
        case Choices():
            return found.entries[0]
        case Unknown():
            return None


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_questions_find_their_entries(index: Index, way: Callable[[str], str]) -> None:
    found = [(expected, text, first(index.ask(way(text), TODAY))) for expected, text in ROWS]
    missed = [
        (text, entry and entry.id) for expected, text, entry in found if not entry or entry.id not in expected
    ]
    assert len(ROWS) - len(missed) >= ENOUGH, missed


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_wrong_answer_is_given_outright(index: Index, way: Callable[[str], str]) -> None:
    wrong = [
        (text, found.entry.id)
        for expected, text in ROWS
        if isinstance(found := index.ask(way(text), TODAY), Answer) and found.entry.id not in expected
    ]
    assert wrong == []


@pytest.mark.parametrize("text", OTHERS)
def test_other_matters_get_no_answer(index: Index, text: str) -> None:
    assert [name for name, way in WAYS.items() if isinstance(index.ask(way(text), TODAY), Answer)] == []


def test_none_of_these_stands_in_the_files() -> None:
    known = {plain(each) for entry in load(CONTENT).entries.values() for each in entry.wordings()}
    assert not [text for _, text in ROWS if plain(text) in known]
