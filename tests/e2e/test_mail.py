"""Mail against real servers: a case arrives at its unit, a reply becomes a draft, an officer sends it."""

import asyncio
import email
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from bot.cli import init
from tests.channels.email.conftest import (
    HOST,
    PASSWORD,
    USER,
    MailboxServer,
    Post,
    mailbox_server,
    post_office,
)
from tests.e2e.inside import inside
from tests.e2e.officer import Officer
from tests.e2e.waiting import until
from tests.e2e.webcitizen import WebCitizen
from tests.process import free_port

HOP, AN, STRANGER = "hop@bo.vn", "an@bo.vn", "la@example.vn"
REPORT = "Tôi muốn phản ánh: tôi tên Trần Thị Lan, số 0912345678, chưa nhận được lương hưu ba tháng nay."
ANSWER = "Kính gửi Bà Lan,\n\nĐã chi trả ngày 30/11."
JPEG = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class Town:
    """The service, its two mail servers, and what was read at the first of them."""

    url: str
    post: Post
    box: MailboxServer
    read: int = 0
    code: str = field(default="", init=False)

    async def letter(self) -> EmailMessage:
        """Return the next letter that the service sends."""

        async def has_come() -> bool:
            return len(self.post.taken) > self.read

        await until(has_come)
        content = self.post.taken[self.read].content
        self.read += 1
        assert isinstance(content, bytes)
        return email.message_from_bytes(content, policy=SMTP)

    async def answers(self, letter: EmailMessage, text: str, sender: str = AN, **headers: str) -> None:
        reply = EmailMessage(policy=SMTP)
        reply["From"], reply["To"], reply["In-Reply-To"] = sender, HOP, letter["Message-ID"]
        reply["Message-ID"] = f"<{abs(hash(text))}@bo.vn>"
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        body = letter.get_body(("plain",))
        assert body
        quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
        reply.set_content(f"{text}\n\nVào 23/11/2026, Cầu Nối <{HOP}> đã viết:\n{quoted}\n")
        reply.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="quyết định.jpg")
        await asyncio.to_thread(self.box.deliver, reply.as_bytes())


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(tmp_path) as town:
        yield town


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Town]:
    content, port = folder / "content", free_port()
    init(content)
    staff = content / "office" / "staff.yaml"
    written = staff.read_text("utf-8").replace("  - id: an\n", f"  - id: an\n    email: {AN}\n")
    staff.write_text(written, "utf-8")
    async with post_office(Post()) as post, mailbox_server() as box:
        settings = {
            "content_dir": content,
            "port": port,
            "public_url": f"http://{HOST}:{port}",
            "email_address": HOP,
            "email_smtp_host": HOST,
            "email_smtp_port": post.port,
            "email_smtp_security": "none",
            "email_imap_host": HOST,
            "email_imap_port": box.port,
            "email_imap_security": "none",
            "email_user": USER,
            "email_password": PASSWORD,
            "email_every": 1,
        }
        async with inside(folder, **settings) as service:
            yield Town(service.url, post, box)


async def opens_a_case(lan: WebCitizen) -> str:
    await lan.says(REPORT)
    for label in ("1. Gửi: Phản ánh", "1. Đồng ý"):
        await lan.presses(label)
        await lan.hears(1)
    for words in ("Người dân", "Phường Vĩnh Tuy, Hà Nội", "1", "1"):
        await lan.says(words)
    await lan.hears(1)  # what they sent names them, though they chose to stay anonymous: that was said before
    done = await lan.says("1")
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", done)
    assert found, done
    return found[0]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    return str(body.get_content())


async def test_from_the_citizen_to_the_unit_and_back(town: Town) -> None:
    async with WebCitizen(town.url) as lan, Officer(town.url) as an:
        code = await opens_a_case(lan)
        letter = await town.letter()
        assert (letter["To"], letter["Subject"]) == (AN, f"Hồ sơ mới {code}")
        assert "chưa nhận được lương hưu" in text_of(letter)
        assert "0912345678" not in letter.as_string()
        assert "Trần Thị Lan" not in text_of(letter)

        await town.answers(letter, ANSWER)
        receipt = await town.letter()
        assert f"hồ sơ {code}" in text_of(receipt)
        assert "Chưa có gì gửi cho người dân" in text_of(receipt)
        assert await lan.hears_all() == []

        page = f"/desk/cases/{code}"
        assert f"{town.url}{page}" in text_of(receipt)
        link = await signs_in_by_mail(town, code)
        assert "Bản nháp Nguyễn Thị An gửi qua thư" in await an.signs_in(link)

        async def is_fetched() -> bool:
            return "/desk/files/" in await an.source(page)

        await until(is_fetched)
        assert await an.downloads(page) == ("image/jpeg", JPEG)
        number = await reply_number(an, code)
        opened_form = await an.does("edit", code, text=ANSWER, letter=number)
        assert "Đã chi trả ngày 30/11." in opened_form
        await an.does("preview", code, text=ANSWER, letter=number)
        await an.goes_on("answer", code, text=ANSWER, letter=number)
        (answer,) = await lan.hears(1)
        assert ANSWER in answer["text"]
        assert "Bản nháp Nguyễn Thị An gửi qua thư" not in await an.opens(page)


async def signs_in_by_mail(town: Town, code: str) -> str:
    """Ask for a link at the desk, and return the one in the letter."""
    async with Officer(town.url) as nobody:
        for address in (STRANGER, AN.upper()):
            said = await nobody.submits(f"/desk/signin?case={code}", address=address)
            assert "Nếu địa chỉ ấy có trong danh sách cán bộ" in said
    letter = await town.letter()
    assert (letter["To"], letter["Subject"]) == (AN, "Liên kết đăng nhập bàn làm việc")
    found = re.search(r"(/desk/signin/\S+)", text_of(letter))
    assert found
    return found[1]


async def reply_number(officer: Officer, code: str) -> str:
    found = re.search(r'name="letter" value="(\d+)"', await officer.source(f"/desk/cases/{code}"))
    assert found
    return found[1]


async def test_forged_and_automatic_letters_change_nothing(town: Town) -> None:
    async with WebCitizen(town.url) as lan, Officer(town.url) as an:
        code = await opens_a_case(lan)
        letter = await town.letter()
        await town.answers(letter, "của người lạ", sender=STRANGER)
        await town.answers(letter, "của chương trình", Auto_Submitted="auto-replied")
        letter.replace_header("Message-ID", f"<{'a' * 32}@bo.vn>")
        await town.answers(letter, "không có mã")
        told = await town.letter()
        assert told["To"] == AN
        assert "Không biết thư này trả lời hồ sơ nào" in text_of(told)
        page = await an.signs_in(await signs_in_by_mail(town, code))
        assert "Bản nháp" not in page
        for said in ("của người lạ", "của chương trình", "không có mã"):
            assert said not in page
        assert len(town.post.taken) == town.read
