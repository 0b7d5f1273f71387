"""Letters over a real socket: what arrives, and what each refusal of a server means."""

import email
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Fault, FetchError, SendError
from bot.channels.email import Mail
from bot.channels.email.smtp import Server
from feedback import letters
from feedback.messages import Address, Attachment, Button, Outgoing
from storage.blobs import Blobs
from tests.channels.email.conftest import HOST, PASSWORD, USER, Papers, Post, post_office

KEY = letters.key(b"a secret of the tests", 7, 7 << 9)
AN = Address("email", "hop@bo.vn", "an@bo.vn")
TEXT = "Kính gửi Vụ,\n\nHồ sơ <b>7K3F9-Q2M4R</b> & hẹn trả lời 30/11."
LETTER = Outgoing(
    TEXT, (Button("Mở hồ sơ", url="https://bo.vn/desk/cases/7K3F9-Q2M4R"),), subject="Hồ sơ mới 7K3F9-Q2M4R",
    key=KEY,
)  # fmt: skip


def mail(post: Post, now: datetime, folder: Path, *, plus: bool = False, **more: Any) -> Mail:  # noqa: ANN401
    given: Mapping[str, Any] = {"security": "none", "user": USER, "password": "", "patience": 2.0} | more
    return Mail(
        "hop@bo.vn", "Cầu Nối", Server(HOST, post.port, **given), Blobs(folder), lambda: now, plus=plus
    )


def arrived(post: Post) -> EmailMessage:
    content = post.taken[-1].content
    assert isinstance(content, bytes)
    return email.message_from_bytes(content, policy=SMTP)


async def test_a_letter_arrives_as_text_and_as_html_and_asks_for_no_answer_of_a_program(
    now: datetime, tmp_path: Path
) -> None:
    async with post_office(Post()) as post:
        sent = await mail(post, now, tmp_path, plus=True).send(AN, LETTER)
    letter, envelope = arrived(post), post.taken[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hop@bo.vn", ["an@bo.vn"])
    assert letter["Subject"] == LETTER.subject
    assert str(letter["From"]) == "Cầu Nối <hop@bo.vn>"
    assert sent == letter["Message-ID"] == f"<{KEY}@bo.vn>"
    assert letter["Reply-To"] == f"hop+{KEY}@bo.vn"
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain
    assert html
    assert plain.get_content().replace("\r\n", "\n").startswith(TEXT)
    assert "Mở hồ sơ: https://bo.vn/desk/cases/7K3F9-Q2M4R" in plain.get_content()
    assert "&lt;b&gt;7K3F9-Q2M4R&lt;/b&gt; &amp; hẹn" in html.get_content()
    assert '<a href="https://bo.vn/desk/cases/7K3F9-Q2M4R">Mở hồ sơ</a>' in html.get_content()


async def test_a_letter_that_is_sent_again_is_the_same_letter(now: datetime, tmp_path: Path) -> None:
    async with post_office(Post()) as post:
        channel = mail(post, now, tmp_path)
        assert await channel.send(AN, LETTER) == await channel.send(AN, LETTER)
    assert "Reply-To" not in arrived(post)


async def test_by_starttls_and_a_password_with_vietnamese_letters(
    now: datetime, tmp_path: Path, papers: Papers
) -> None:
    async with post_office(Post(), papers.server) as post:
        channel = mail(post, now, tmp_path, security="starttls", password=PASSWORD, trust=papers.client)
        await channel.send(AN, LETTER)
    assert post.secure == [True]


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"MAIL": "451 later"}, Fault.LATER),
        ({"MAIL": "550 not from you"}, Fault.PERMANENT),
        ({"RCPT": "450 greylisted"}, Fault.LATER),
        ({"RCPT": "550 no such mailbox"}, Fault.UNREACHABLE),
        ({"DATA": "452 full"}, Fault.LATER),
        ({"DATA": "554 refused"}, Fault.PERMANENT),
        ({"MAIL": ""}, Fault.LATER),
        ({"RCPT": ""}, Fault.LATER),
        ({"DATA": ""}, Fault.UNKNOWN),
        ({"DATA": "stall"}, Fault.UNKNOWN),
    ],
)
async def test_what_a_refusal_means(
    now: datetime, tmp_path: Path, answers: dict[str, str], fault: Fault
) -> None:
    async with post_office(Post(answers)) as post:
        with pytest.raises(SendError) as error:
            await mail(post, now, tmp_path, patience=0.5).send(AN, LETTER)
    assert error.value.fault is fault
    assert post.taken == []


async def test_a_wrong_password_and_a_strange_certificate_are_for_the_operator_to_mend(
    now: datetime, tmp_path: Path, papers: Papers
) -> None:
    async with post_office(Post(), papers.server) as post:
        for more in ({"password": "sai", "trust": papers.client}, {"password": PASSWORD}):
            with pytest.raises(SendError) as error:
                await mail(post, now, tmp_path, security="starttls", **more).send(AN, LETTER)
            assert error.value.fault is Fault.LATER
            assert PASSWORD not in str(error.value)
    assert post.taken == []


async def test_nothing_leaves_by_a_server_that_cannot_keep_it_secret(now: datetime, tmp_path: Path) -> None:
    async with post_office(Post()) as post:
        with pytest.raises(SendError) as error:
            await mail(post, now, tmp_path, security="starttls").send(AN, LETTER)
    assert error.value.fault is Fault.LATER
    assert post.taken == []


async def test_a_server_that_is_away_is_noticed(now: datetime, tmp_path: Path) -> None:
    async with post_office(Post()) as post:
        channel = mail(post, now, tmp_path)
        assert await channel.reachable()
    assert not await channel.reachable()
    with pytest.raises(SendError) as error:
        await channel.send(AN, LETTER)
    assert error.value.fault is Fault.LATER


async def test_a_file_that_came_by_mail_is_in_our_own_storage(now: datetime, tmp_path: Path) -> None:
    sha256 = await Blobs(tmp_path).save(b"%PDF-1.7")
    channel = mail(Post(), now, tmp_path)
    assert await channel.fetch(Attachment(sha256), 100) == b"%PDF-1.7"
    with pytest.raises(FetchError):
        await channel.fetch(Attachment("0" * 64), 100)
