"""What a case page shows, and what it never shows."""

from urllib.parse import quote

import pytest
from markupsafe import escape

from feedback.cases import CITIZEN, SYSTEM, Added, Commented, Rated, Undeliverable
from handlers.actions import cases
from tests.handlers.desk.office import LAN, Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "</title><a href=javascript:alert(1)>bấm</a>",
]


async def test_the_page_says_what_the_officer_must_know(office: Office, an: Browser) -> None:
    case = await office.receive(anonymous=False)
    page = await an.read(f"/desk/cases/{case.code}")
    for words in ("Phản ánh", "Cục Tiền lương và Bảo hiểm xã hội", "Từ khóa «lương hưu»", "Telegram",
                  "Người dân", "Phường Vĩnh Tuy, Hà Nội", "17:30 ngày 08/12/2026", "Còn 10 ngày",
                  "Bà Lan 0912345678", "chưa nhận được lương hưu.\nXin cho biết"):  # fmt: skip
        assert words in page


async def test_after_a_transfer_its_reason_is_shown_as_why(office: Office, binh: Browser) -> None:
    case = await office.receive()
    await binh.get(f"/desk/cases/{case.code}")
    await binh.post(f"/desk/cases/{case.code}/transfer", unit="CCVC", reason="Bà Lan là công chức.")
    page = await binh.read(f"/desk/cases/{case.code}")
    assert "<dd>Bà Lan là công chức.</dd>" in page


async def test_nobody_learns_who_an_anonymous_sender_is(office: Office, binh: Browser) -> None:
    case = await office.receive()
    await office.attach(case, "ảnh.jpg")
    path = f"/desk/cases/{case.code}"
    await binh.get(path)
    pages = [await binh.read(path), await binh.read("/desk?show=all")]
    for act in ("accept", "preview", "edit", "answer", "note", "close"):
        response = await binh.post(f"{path}/{act}", text="Trả lời", note="Ghi", result="Xong")
        pages += [await response.text(), await (await binh.get(path)).text()]
    async with office.store.begin(office.clock.now) as tx:
        reason = f"Forbidden: chat {LAN.address.chat} not found"
        cases.record(tx, await office.case(case.code), Undeliverable(reason), SYSTEM)
    pages.append(await binh.read(path))
    assert "Không gửi được tin cho người dân" in pages[-1]
    for secret in (LAN.contact, "0912345678", LAN.address.chat, LAN.reply_to, "remote-id"):
        assert not any(secret in page for page in pages)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_what_citizens_write_is_text_and_nothing_else(
    office: Office, an: Browser, hostile: str
) -> None:
    case = await office.receive(
        text=f"Tôi chưa nhận được lương hưu. {hostile}", place=hostile, contact=hostile, anonymous=False
    )
    await office.attach(case, hostile)
    await office.attach(case, hostile, b"bytes")
    path = f"/desk/cases/{case.code}"
    async with office.store.begin(office.clock.now) as tx:
        cases.record(tx, case, Added(hostile, 1), CITIZEN)
    pages = [await an.read(path), await an.read("/desk"), await an.read(f"/desk?q={quote(hostile)}")]
    filled = dict.fromkeys(("text", "note", "reason", "result", "unit"), hostile)
    for act in ("preview", "edit", "transfer", "note", "answer"):
        pages += [await (await an.post(f"{path}/{act}", **filled)).text(), await an.read(path)]
    async with office.store.begin(office.clock.now) as tx:
        rated = cases.record(tx, await office.case(case.code), Rated(1), CITIZEN)
        cases.record(tx, rated, Commented(hostile), CITIZEN)
    pages.append(await an.read(path))
    for page in filter(None, pages):
        assert hostile not in page
        assert escape(hostile) in page


async def test_templates_in_texts_stay_texts(office: Office, an: Browser) -> None:
    case = await office.receive(text="Lương hưu {{ 7 * 191 }} {% raw %} {code}", place="{{ 7 * 191 }}")
    page = await an.read(f"/desk/cases/{case.code}")
    assert "Lương hưu {{ 7 * 191 }} {% raw %} {code}" in page
    assert "1337" not in page


async def test_files_say_how_they_stand(office: Office, an: Browser) -> None:
    case = await office.receive()
    fetched = await office.attach(case, "giấy tờ.jpg", b"1" * 3456)
    await office.attach(case, "đang tới.jpg")
    broken = await office.attach(case, "hỏng.jpg")
    async with office.store.begin(office.clock.now) as tx:
        file = await tx.files.by_id(broken)
        assert file
        tx.files.failed(file, f"chat {LAN.address.chat} is gone", permanent=True)
    page = await an.read(f"/desk/cases/{case.code}")
    assert f'href="/desk/files/{fetched}"' in page
    assert page.count('href="/desk/files/') == 1
    assert "3 kB" in page
    assert "Đang tải về" in page
    assert "Chưa tải về được" in page
    assert LAN.address.chat not in page


async def test_a_reply_shows_whether_it_arrived(office: Office, an: Browser) -> None:
    case = await office.receive()
    path = f"/desk/cases/{case.code}"
    await an.get(path)
    await an.post(f"{path}/accept")
    assert "Đang chờ gửi" in await an.read(path)
    async with office.store.begin(office.clock.now) as tx:
        for waiting in await tx.outbox.claim("telegram", "bot", 5):
            tx.outbox.sent(waiting, "1")
    page = await an.read(path)
    assert "Đã gửi" in page
    assert "Đang chờ gửi" not in page
