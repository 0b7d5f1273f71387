"""Personal data in a free text, replaced by the name of what stood there.

An honest best effort: masked is what has the shape of personal data, or follows words that announce
it. What questions are about stays: documents, dates, years, sums, places, offices. A name that
nothing announces stays as well.
"""

import re
from dataclasses import dataclass

from feedback.vietnamese import fold, tidy

PHONE = "[số điện thoại]"
IDENTITY = "[số định danh]"
EMAIL = "[thư điện tử]"
LINK = "[liên kết]"
ACCOUNT = "[số tài khoản]"
CODE = "[mã số]"
PLATE = "[biển số]"
HOUSE = "[số nhà]"
NAME = "[họ tên]"
STAYS = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`what` is replaced `by` a placeholder; `after` announces it and stays."""

    by: str
    what: str
    after: str = ""


def _exactly(text: str) -> str:
    """Match one of the phrases, parted by «|», in any case."""
    phrases = sorted(
        {" ".join(phrase.split()) for phrase in text.split("|")}, key=lambda each: (-len(each), each)
    )
    return r"\b(?i:" + "|".join(phrases).replace(" ", r"\s+") + r")\b"


def _any_of(text: str) -> str:
    """Match one of the phrases, with its marks or without."""
    return _exactly("|".join((text, *map(fold, text.split("|")))))


UPPER = "".join(letter for letter in map(chr, range(0x41, 0x1EFA)) if letter.isupper())

# Numbers
GAP = r"[ .\-]{0,2}"
END = r"(?!\d)"
WORDS = r"(?:\W{1,3}\w{1,12}\b){0,6}?\W{0,3}"  # «số tài khoản ngân hàng của tôi là: …»
UNIT = r"(?! ?(?i:đồng|đ|dong|vnđ|vnd|triệu|trieu|tỷ|ty|nghìn|nghin|ngàn|ngan|k)\b)"
NO_YEARS = r"(?<!\d)(?<!\d[.,])(?!(?:19|20)\d\d[ .\-])"
NO_ROUND_SUM = rf"(?![1-9][\d.]*000{END})"
NO_SUM_OF_84 = (
    r"(?!84[\d.]*\d ?(?i:đồng|dong|đ|vnđ|vnd)\b(?! +[ýy]\b))"  # but «84912345678 đồng ý» is a phone
)
NO_SUM = rf"{NO_YEARS}{NO_ROUND_SUM}(?![1-9]\d{{0,2}}(?:[.,]\d{{3}})+{END})"
HOUSE_NUMBER = (
    r"\d{1,5}[a-hA-H]?(?:[/-]\d{1,4}[a-hA-H]?){0,4}(?![\w/]|\.\d)"
    rf"(?!\s+{_any_of('m | mét | năm | tháng | ngày | tuổi | lần | người | tỉnh | xã')})"
)

# Names
SURNAME = _any_of("""
    Nguyễn | Trần | Lê | Phạm | Hoàng | Huỳnh | Phan | Vũ | Võ | Đặng | Bùi | Đỗ | Hồ | Ngô | Dương | Lý |
    Đinh | Đoàn | Lâm | Trịnh | Mai | Đào | Cao | Hà | Lương | Tạ | Tô | Tống | Trương | Vương | Chu | Châu
    | Kiều | Lưu | La | Lã | Lại | Thái | Thân | Triệu | Tăng | Nghiêm | Ninh | Nông | Lò | Vi | Giàng |
    Vàng | Hứa | Khổng | Quách | Phùng | Mạc | Từ | Tôn | Bạch | Bế | Cù | Doãn | Đàm | Đậu | Khúc | Khương
    | Kim | Lục | Phí | Quản | Sầm | Thạch | Tiêu | Sùng | Thào | Vừ
""")
PLACE = _any_of("""
    Hà Nội | Hà Nam | Hà Giang | Hà Tĩnh | Hà Tây | Hà Đông | Thái Bình | Thái Nguyên | Lâm Đồng | Cao Bằng
    | Ninh Bình | Ninh Thuận | Lai Châu | Hồ Chí Minh | Châu Á | Châu Âu | Châu Phi | Châu Mỹ
""")
PERSON = _any_of("""
    tôi | tui | em | mình | tớ | cháu | con | anh | chị | ông | bà | cô | chú | bác | bố | mẹ | cha | vợ |
    chồng | đồng chí
""")
NO_NAME = _exactly("""
    muốn | hỏi | xin | cần | cho | gì | ai | sao | nào | không | chưa | có | bị | được | đã | đang | sẽ | là
    | thì | mà | và | với | của | ở | tại | trong | trên | năm | sinh | quê | trú | hiện | công | làm | nghỉ
    | hưởng | đóng | nộp | gửi | số | tuổi | xã | phường | huyện | sai | vào | ngày | tháng | tôi | em |
    mình | muon | hoi | gi | khong | ko | chua | duoc | voi | cua | que | lam | nghi | huong | nop | gui |
    so | tuoi | toi | ngay | sđt | sdt | cccd | cmnd
""")
CAPITALISED = rf"(?!{NO_NAME})[{UPPER}]\w*"
FULL_NAME = rf"(?!{PLACE})(?=[{UPPER}]){SURNAME}(?: {CAPITALISED}){{1,4}}"
SMALL_NAME = rf"(?!{PLACE}){SURNAME}(?: (?!{NO_NAME})[^\W\d]+){{1,3}}"
MIDDLE_NAME = rf"{SURNAME} {_any_of('văn | thị')}(?: (?!{NO_NAME})[^\W\d]+){{1,2}}"
GIVEN_NAME = rf"{CAPITALISED}(?: {CAPITALISED}){{0,4}}"
IS = rf"\s*(?::|{_any_of('là')})\s*"

RULES = (
    Rule(EMAIL, r"(?<![\w.+-])[\w.+-]{1,64}(?:@[\w-]+| ?@ ?[\w-]+\.\w+)(?:\.[\w-]+)*"),
    Rule(LINK, r"(?i:https?://|www\.)\S*[^\s.,;:!?)»\"']"),
    Rule(LINK, r"(?<![\w@/.-])(?:[\w-]+\.)+[a-z]{2,}/\S*[^\s.,;:!?)»\"']"),
    Rule(LINK, r"(?<!\w)@\w{3,}"),
    Rule(STAYS, rf"(?<!\d)\d{{1,2}}[-.](?:0?\d|1[0-2])[-.](?:19|20)\d\d{END}"),
    Rule(
        ACCOUNT,
        rf"{NO_SUM}\d(?:[ .\-]?\d){{5,18}}{END}{UNIT}",
        after=_any_of("stk | số tài khoản | tài khoản | số thẻ ngân hàng | chuyển khoản") + WORDS,
    ),
    Rule(
        IDENTITY,
        rf"{NO_YEARS}{NO_ROUND_SUM}\d(?:[ .\-]?\d){{8}}(?:(?:[ .\-]?\d){{3}})?{END}{UNIT}",
        after=_any_of("cccd | cmnd | cmtnd | cmt | căn cước | định danh | chứng minh") + WORDS,
    ),
    Rule(CODE, r"(?=\S*\d{3})[\w.-]{6,}\w", after=_any_of("mã hồ sơ | số hồ sơ | mã tra cứu") + WORDS),
    Rule(
        CODE,
        rf"{NO_SUM}(?:[A-Za-z]{{2}}[ .\-]?)?\d(?:[ .\-]?\d){{9,12}}{END}{UNIT}",
        after=_any_of("bhxh | bảo hiểm xã hội | bhyt | bảo hiểm y tế | mst | mã số | mã thẻ | số sổ") + WORDS,
    ),
    Rule(
        PHONE,
        rf"(?:(?<!\d){NO_SUM_OF_84}(?:\(\+?84\)|(?:\+ ?)?84){GAP}(?:\(0\))?|(?<!\d)0|(?<!\w)[oO](?=\d))"
        rf"{GAP}(?:[35789](?:{GAP}\d){{8}}|[12](?:{GAP}\d){{9}}){END}",
    ),
    Rule(STAYS, rf"(?<!\d)[1-9]\d{{0,2}}(?:[.,]\d{{3}})+{END}|(?<!\d)[1-9]\d{{3,11}}(?<=000){END}"),
    Rule(IDENTITY, rf"(?<!\d)(?:0(?:{GAP}\d){{11}}|\d{{9}}|[1-9]\d\d \d{{3}} \d{{3}}){END}{UNIT}"),
    Rule(IDENTITY, rf"(?<!\w)[A-Z]\d{{7}}{END}"),
    Rule(ACCOUNT, rf"(?<!\d)[34569]\d{{3}}(?:[ -]?\d{{4}}){{3}}{END}"),
    Rule(CODE, rf"(?<!\w)[A-Z]{{2}}[ -]?\d[ -]?\d{{2}}[ -]?\d{{10}}{END}"),
    Rule(CODE, r"(?<!\w)(?=\w*\d)[0-9A-Z]{5}-[0-9A-Z]{5}(?!\w)"),
    Rule(CODE, rf"(?<!\d)\d{{10,}}(?:-\d{{3}})?{END}{UNIT}"),
    Rule(
        PLATE,
        r"\d{2}[ \-.]?[A-Za-zĐđ]{1,2}\d?[ \-.]?\d{3}\.?\d{1,2}(?!\w)",
        after=_any_of("biển số | bks | biển xe | biển kiểm soát") + WORDS,
    ),
    Rule(PLATE, r"(?<!\w)\d{2}[A-ZĐ]{1,2}\d?[ \-]?\d{3}\.?\d{2}(?![\w/])"),
    Rule(
        HOUSE,
        HOUSE_NUMBER,
        after=_any_of("số nhà | nhà số | ngõ | ngách | hẻm | kiệt | căn hộ số") + r"\s*(?:số\s|:)?\s*",
    ),
    Rule(
        HOUSE,
        HOUSE_NUMBER,
        after=_any_of("địa chỉ | trú tại | ở tại | sống tại")
        + rf"\W{{0,3}}(?:{_any_of('là | ở | tại | số')}\W{{1,3}}){{0,2}}",
    ),
    Rule(
        HOUSE,
        rf"{HOUSE_NUMBER}(?=,?\s+{_any_of('đường | phố | ngõ | ngách | hẻm')})",
        after=_any_of("số") + r"\s+",
    ),
    Rule(
        NAME,
        rf"(?:{FULL_NAME}|{SMALL_NAME}|{GIVEN_NAME})",
        after=rf"(?:{PERSON}\s+{_any_of('tên')}(?:{IS}|\s+)"
        rf"|{_any_of('họ tên | họ và tên | tên')}\s+(?:{_any_of('của')}\s+)?{PERSON}(?:\s+{PERSON})?{IS}"
        rf"|{_any_of('họ tên | họ và tên')}{IS})",
    ),
    Rule(
        NAME,
        rf"(?:{FULL_NAME}|{MIDDLE_NAME})",
        after=rf"(?:{PERSON}|{_any_of('tên | người gửi | người viết | trân trọng')})(?:{IS}|[\s,.]+)",
    ),
    Rule(NAME, rf"{FULL_NAME}(?=\s*\Z)", after=r"\n ?"),
)
_PATTERN = re.compile(
    "|".join(f"(?P<after{i}>{rule.after})(?P<what{i}>{rule.what})" for i, rule in enumerate(RULES))
)
_PLACEHOLDER = re.compile("|".join(re.escape(by) for by in {rule.by for rule in RULES} - {STAYS}))


def masked(text: str) -> str:
    """Return the text, tidy, with a placeholder for each piece of personal data that was found."""
    return _PATTERN.sub(_replacement, tidy(text))


def kinds(text: str) -> set[str]:
    """Return which kinds of personal data were found, each by its placeholder."""
    return set(_PLACEHOLDER.findall(masked(text))) - set(_PLACEHOLDER.findall(text))


def found(text: str) -> list[tuple[str, str]]:
    """Return each piece of personal data in the text, after the placeholder that would stand for it."""
    pieces = ((_rule(each), each) for each in _PATTERN.finditer(tidy(text)))
    return [(rule.by, each[f"what{RULES.index(rule)}"]) for rule, each in pieces if rule.by]


def without_placeholders(text: str) -> str:
    """Return a masked text as a search should read it."""
    return tidy(_PLACEHOLDER.sub(" ", text))


def _replacement(found: re.Match[str]) -> str:
    rule = _rule(found)
    return found[f"after{RULES.index(rule)}"] + rule.by if rule.by else found[0]


def _rule(found: re.Match[str]) -> Rule:
    return RULES[int(str(found.lastgroup).removeprefix("what"))]
