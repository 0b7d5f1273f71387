"""What comes in a mailbox, as programs write it → what we make of it."""

import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email.incoming import Letter, Unreadable, read
from bot.channels.email.outgoing import compose
from feedback import letters
from feedback.messages import Outgoing

SECRET = b"a secret of the tests"
KEY = letters.key(SECRET, 7, 7 << 9)
ABOVE = "##- Trả lời thư này thì viết phía trên dòng này -##"
JPEG = b"\xff\xd8\xff\xe0 a photo"
ANSWER = "Đã chi trả từ tháng 11."


def is_ours(key: str) -> bool:
    return letters.case_of(SECRET, key) is not None


def reply(text: str = ANSWER, **headers: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    given = {"From": "Nguyễn Thị An <An@Bo.vn>", "To": f"hop+{KEY}@bo.vn", "Message-ID": "<m1@bo.vn>"}
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            letter[name] = value
    letter.set_content(text)
    return letter


def come(letter: EmailMessage) -> Letter:
    return read(letter.as_bytes(), is_ours)


def test_a_reply_is_known_by_its_key_and_its_sender() -> None:
    found = come(reply(f"{ANSWER}\n\nVào 23/11/2026, Cầu Nối <hop@bo.vn> đã viết:\n> {ABOVE}\n> Kính gửi"))
    assert found == Letter("an@bo.vn", KEY, ANSWER, (), (), "<m1@bo.vn>", automatic=False)


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({}, KEY),
        ({"To": f"hop+{KEY.upper()}@bo.vn"}, KEY),
        ({"To": "hop@bo.vn", "In-Reply-To": f"<{KEY}@bo.vn>"}, KEY),
        ({"To": "hop@bo.vn", "References": f"<x@y> <{KEY}@bo.vn> <z@bo.vn>"}, KEY),
        ({"To": "hop@bo.vn", "Cc": f"Cầu Nối <hop+{KEY}@bo.vn>"}, KEY),
        ({"To": "hop@bo.vn", "Delivered-To": f"hop+{KEY}@bo.vn"}, KEY),
        ({"To": f"hop+{'a' * 32}@bo.vn", "In-Reply-To": f"<{KEY}@bo.vn>"}, KEY),
        ({"To": f"hop+{'a' * 32}@bo.vn"}, ""),
        ({"To": "hop@bo.vn"}, ""),
        ({"To": "hop@bo.vn", "Subject": KEY}, ""),
    ],
)
def test_a_key_comes_back_in_an_address_or_as_what_is_answered(headers: dict[str, str], key: str) -> None:
    assert come(reply(**headers)).key == key


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({}, False),
        ({"Auto-Submitted": "no"}, False),
        ({"Auto-Submitted": "auto-replied"}, True),
        ({"Auto-Submitted": "auto-generated; x=y"}, True),
        ({"Precedence": "Bulk"}, True),
        ({"Return-Path": "<>"}, True),
        ({"List-Id": "<nhom.bo.vn>"}, True),
        ({"X-Autoreply": "yes"}, True),
    ],
)
def test_letters_of_programs_are_told_apart(headers: dict[str, str], *, automatic: bool) -> None:
    assert come(reply(**headers)).automatic is automatic


def test_a_notice_that_a_letter_did_not_arrive_is_a_programs() -> None:
    raw = (
        f"From: MAILER-DAEMON@bo.vn\r\nTo: hop@bo.vn\r\nReferences: <{KEY}@bo.vn>\r\n"
        'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n\r\nnot delivered\r\n--b--\r\n'
    )
    assert read(raw.encode(), is_ours).automatic


def test_our_own_letters_would_be_told_apart() -> None:
    ours = Outgoing("Kính gửi", subject="Hồ sơ mới", key=KEY)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert come(compose(ours, "hop@bo.vn", "Cầu Nối", "an@bo.vn", at, plus=True)).automatic


HTML = f"""<html><head><style>p {{color: red}}</style></head><body><div>{ANSWER}</div>
<div>Kính&nbsp;chào.<br>An</div>
<div class="gmail_quote"><div>On Mon, Cầu Nối wrote:</div>
<blockquote><p>{ABOVE}</p><p>Kính gửi</p></blockquote></div>
</body></html>"""


def test_a_letter_that_is_only_html_is_read_as_it_is_seen() -> None:
    letter = reply("")
    letter.clear_content()
    letter.set_content(HTML, subtype="html")
    assert come(letter).text.split() == f"{ANSWER} Kính chào. An".split()


def test_html_beside_plain_text_says_nothing_new() -> None:
    letter = reply()
    letter.add_alternative("<p>khác</p>", subtype="html")
    assert come(letter).text == ANSWER


@pytest.mark.parametrize("charset", ["utf-8", "windows-1258", "utf-16", "us-ascii", "no-such-charset"])
def test_whatever_letters_it_is_written_in_it_can_be_kept(charset: str) -> None:
    body = "Da chi tra".encode("utf-16" if charset == "utf-16" else "ascii")
    head = f"From: an@bo.vn\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read(head + body, is_ours).text == "Da chi tra"


def test_marks_written_apart_are_joined() -> None:
    assert come(reply(unicodedata.normalize("NFD", ANSWER))).text == ANSWER


def test_files_that_we_take_are_kept_and_the_others_named() -> None:
    letter = reply()
    letter.add_attachment(JPEG, maintype="application", subtype="octet-stream", filename="quyết định.jpg")
    letter.add_attachment(b"MZ a program", maintype="application", subtype="pdf", filename="../../bẫy.pdf")
    letter.add_attachment("a,b", subtype="csv", filename="số\nliệu.csv")
    found = come(letter)
    assert [(file.name, file.mime, file.content) for file in found.files] == [
        ("quyết định.jpg", "image/jpeg", JPEG)
    ]
    assert found.left_out == ("../../bẫy.pdf", "số liệu.csv")
    assert found.text == ANSWER


def test_a_letter_that_hangs_on_a_letter_is_not_what_the_officer_wrote() -> None:
    letter = reply()
    letter.add_attachment(reply("Lời của người khác"), filename="thư.eml")
    found = come(letter)
    assert "người khác" not in found.text
    assert found.left_out == ("thư.eml",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"To: hop@bo.vn\r\n\r\nno sender",
        b"From: a@bo.vn, b@bo.vn\r\n\r\ntwo senders",
        b"From: a@bo.vn\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 300,
        b"From: " + b"(" * 5000 + b"a@bo.vn\r\n\r\nx",
    ],
    ids=["nothing", "bytes", "no sender", "two senders", "many parts", "deep comment"],
)
def test_what_is_no_letter_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw, is_ours)


@pytest.mark.parametrize("depth", [50, 3000])
def test_nested_parts_end_somewhere(depth: int) -> None:
    raw = b"From: an@bo.vn\r\n"
    for number in range(depth):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
    with suppress(Unreadable):
        assert read(raw + b"\r\nx", is_ours).key == ""


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_no_letter_does_more_than_be_refused(data: st.DataObject) -> None:
    letter = reply()
    letter.add_alternative(HTML, subtype="html")
    letter.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="ảnh.jpg")
    raw = bytearray(letter.as_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\x00", b"\xff", b'"', b"<", b"=?utf-8?b?", b";", b"\r\n", b"(", b"@"])
        )
        raw[place : place + data.draw(st.integers(0, 8))] = piece
    with suppress(Unreadable):
        read(bytes(raw), is_ours)
