"""Keys that we signed are known again, and of a reply only what is new is kept."""

import time
import unicodedata

import pytest

from feedback import letters

SECRET = b"a secret of the tests"
CASE = 3765225023078400523
KEY = letters.key(SECRET, CASE, CASE + (7 << 9))
ABOVE = "##- Trả lời thư này thì viết phía trên dòng này -##"


def test_a_key_names_its_case_in_small_letters_or_capitals() -> None:
    assert len(KEY) == 32
    assert letters.KEY.fullmatch(KEY)
    assert letters.case_of(SECRET, KEY) == letters.case_of(SECRET, KEY.upper()) == CASE


def test_no_two_letters_have_the_same_key() -> None:
    assert len({letters.key(SECRET, CASE, CASE + (n << 9)) for n in range(1000)}) == 1000


def test_a_key_that_we_did_not_sign_names_nothing() -> None:
    assert letters.case_of(b"another secret", KEY) is None
    for place in range(32):
        forged = KEY[:place] + ("a" if KEY[place] != "a" else "b") + KEY[place + 1 :]
        assert letters.case_of(SECRET, forged) is None
    for strange in ("", "a", "a" * 32, KEY[:-1], KEY + "a", "1" * 32, "đ" * 32):
        assert letters.case_of(SECRET, strange) is None


@pytest.mark.parametrize(
    ("came", "new"),
    [
        ("Đã chi trả.", "Đã chi trả."),
        (f"Đã chi trả.\n\n{ABOVE}\nKính gửi …", "Đã chi trả."),
        (f"Đã chi trả.\n\nVào 09:12 Th 2, 23 thg 11, 2026 Cầu Nối <hop@bo.vn> đã viết:\n\n> {ABOVE}\n> …",
         "Đã chi trả."),
        (f"Đã chi trả.\nOn Mon, Nov 23, 2026 at 9:12 AM Cầu Nối\n<hop@bo.vn> wrote:\n> {ABOVE}",
         "Đã chi trả."),
        ("Đã chi trả.\n\n-----Original Message-----\nFrom: hop@bo.vn\nKính gửi", "Đã chi trả."),
        ("Đã chi trả.\n________________________________\nTừ: Cầu Nối\nĐã gửi: …", "Đã chi trả."),
        ("Đã chi trả.\n\nFrom: Cầu Nối <hop@bo.vn>\nSent: Monday\nTo: An\n\nKính gửi", "Đã chi trả."),
        ("Đã chi trả.\n\n*Từ:* Cầu Nối\n*Đã gửi:* thứ Hai\n\nKính gửi", "Đã chi trả."),
        ("Đã chi trả.\n-- \nNguyễn Thị An\nVụ …", "Đã chi trả."),
        ("Đã chi trả.\n\nGửi từ iPhone của tôi", "Đã chi trả."),
        ("> Nội dung …\nĐã chi trả.\n> hết", "Đã chi trả."),
        ("Kính gửi Bà,\r\n\r\n\r\n\r\nĐã chi trả.\r\n", "Kính gửi Bà,\n\nĐã chi trả."),
        ("Gửi từ ngày 01/7/2026 đến nay hồ sơ chưa đủ.", "Gửi từ ngày 01/7/2026 đến nay hồ sơ chưa đủ."),
        ("Ngày 01/7/2026, Sở đã viết:\n«Chưa đủ».", "Ngày 01/7/2026, Sở đã viết:\n«Chưa đủ»."),
        ("Từ: tháng 7\nhồ sơ chưa đủ.", "Từ: tháng 7\nhồ sơ chưa đủ."),
        (unicodedata.normalize("NFD", "Đã chi trả lương hưu."), "Đã chi trả lương hưu."),
        (f"{ABOVE}\nKính gửi …", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_quoted_signed_or_added_by_a_program_is_left_out(came: str, new: str) -> None:
    assert letters.new_part(came) == new


@pytest.mark.parametrize(
    "hostile",
    ["On " + "a " * 50_000, "Từ:\n" * 20_000, "> " * 50_000, "<a@b> " * 20_000 + "\n>", "-" * 100_000,
     "##-" * 30_000, "On a\n" * 20_000 + ">"],
)  # fmt: skip
def test_a_hostile_letter_costs_little(hostile: str) -> None:
    started = time.process_time()
    letters.new_part(hostile)
    assert time.process_time() - started < 1
