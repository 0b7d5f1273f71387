"""Drafts that came by mail, and links to sign in that are asked for by mail."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from feedback.cases import Case
from handlers.actions import cases
from handlers.desk import links, signin_mail
from handlers.library import Letters
from storage.outbox import Item
from storage.replies import Reply
from tests.handlers.desk.office import SECRET, Browser, Office

Arrive = Callable[[], Awaitable[Browser]]
HOP, AN = "hop@bo.vn", "an@bo.vn"
TEXT = "Đã chi trả <script>ngày 30/11</script>."


@pytest.fixture
def mail(office: Office) -> Office:
    staff = tuple(replace(each, email=AN if each.id == "an" else "") for each in office.library.office.staff)
    letters = Letters(HOP, "https://hoidap.bo.vn", answered=True, key=SECRET)
    known = replace(office.library.office, staff=staff)
    office.library = office.shelf.library = replace(office.library, office=known, letters=letters)
    return office


async def draft(office: Office, case: Case, text: str = TEXT, *left_out: str) -> int:
    async with office.store.begin(office.clock.now) as tx:
        number = tx.new_id()
        tx.replies.add(Reply(number, case.id, "an", text, left_out, office.clock.now))
    return number


async def waiting(office: Office, case: Case) -> list[int]:
    async with office.store.look(office.clock.now) as tx:
        return [each.id for each in await tx.replies.waiting(case.id)]


async def letters_to(office: Office, address: str) -> list[Item]:
    async with office.store.begin(office.clock.now) as tx:
        found = await tx.outbox.claim("email", HOP, 50)
        for item in found:
            tx.outbox.sent(item, "")
    return [item for item in found if item.address.chat == address]


async def test_a_draft_is_shown_filled_in_previewed_and_sent(mail: Office, an: Browser) -> None:
    case = await mail.receive()
    number, other = await draft(mail, case, TEXT, "bẫy.exe"), await draft(mail, case, "Một bản khác")
    at = f"/desk/cases/{case.code}"
    html = await an.read(at)
    assert "Bản nháp Nguyễn Thị An gửi qua thư" in html
    assert "&lt;script&gt;ngày 30/11" in html
    assert "bẫy.exe" in html
    form = await (await an.post(f"{at}/edit", text=TEXT, letter=str(number))).text()
    assert f'name="letter" value="{number}"' in form
    preview = await (await an.post(f"{at}/preview", text=TEXT, letter=str(number))).text()
    assert f'name="letter" value="{number}"' in preview
    assert await mail.sent(case) == []
    assert (await an.post(f"{at}/answer", text=TEXT, letter=str(number))).status == 303
    assert await waiting(mail, case) == [other]
    assert len(await mail.sent(case)) == 1


async def test_a_draft_can_be_dropped_and_changes_nothing(mail: Office, an: Browser) -> None:
    case = await mail.receive()
    number, before = await draft(mail, case), await mail.events(case)
    await an.read(f"/desk/cases/{case.code}")
    response = await an.post(f"/desk/cases/{case.code}/drop", letter=str(number))
    assert response.headers["Location"] == f"/desk/cases/{case.code}?done=drop"
    assert await waiting(mail, case) == []
    assert await mail.events(case) == before


async def test_a_draft_of_another_case_is_not_touched(mail: Office, an: Browser) -> None:
    case, other = await mail.receive(), await mail.receive_elsewhere()
    number = await draft(mail, other)
    await an.read(f"/desk/cases/{case.code}")
    for reply in (str(number), "0", "x", "9" * 30, ""):
        assert (await an.post(f"/desk/cases/{case.code}/drop", letter=reply)).status == 303
    await an.post(f"/desk/cases/{case.code}/answer", text="Xong", letter=str(number))
    assert await waiting(mail, other) == [number]
    assert (await an.post(f"/desk/cases/{other.code}/drop", letter=str(number))).status == 404


async def test_a_draft_from_before_the_last_change_says_so(mail: Office, an: Browser) -> None:
    case = await mail.receive()
    await draft(mail, case)
    assert "sau khi thư này đến" not in await an.read(f"/desk/cases/{case.code}")
    mail.clock.tick(minutes=1)
    async with mail.store.begin(mail.clock.now) as tx:
        cases.add(tx, mail.library, case, "Tôi đã nhận được rồi.", ())
    assert "sau khi thư này đến" in await an.read(f"/desk/cases/{case.code}")


async def test_a_link_goes_to_the_listed_address_and_leads_to_the_case(mail: Office, visitor: Arrive) -> None:
    case = await mail.receive()
    await letters_to(mail, AN)
    browser, at = await visitor(), f"/desk/cases/{case.code}"
    response = await browser.get(at)
    assert response.status == 401
    assert f"/desk/signin?case={case.code}" in await response.text()
    assert "Địa chỉ thư công vụ" in await browser.read(f"/desk/signin?case={case.code}")
    assert (await browser.post(f"/desk/signin?case={case.code}", address=" AN@bo.vn ")).status == 200
    (item,) = await letters_to(mail, AN)
    url = item.message.buttons[0].url
    assert url.startswith("https://hoidap.bo.vn/desk/signin/an.")
    token = re.sub("^https://hoidap.bo.vn", "", url)
    assert "Xin chào Nguyễn Thị An" in await browser.read(token)
    assert (await browser.post(token)).headers["Location"] == at
    assert (await browser.post(token)).status == 403
    assert case.text.splitlines()[0] in await browser.read(at)


async def test_strangers_and_officers_are_answered_alike(mail: Office, visitor: Arrive) -> None:
    browser = await visitor()
    pages = {
        await (await browser.post("/desk/signin", address=address)).text()
        for address in (AN, "la@example.vn", "", "x" * 5000, "an@bo.vn\r\nBcc: la@example.vn")
    }
    assert len(pages) == 1
    async with mail.store.look(mail.clock.now) as tx:
        assert await tx.outbox.unsent() == 1


async def test_nobody_floods_an_officer_through_us(mail: Office, visitor: Arrive) -> None:
    browser = await visitor()
    for _ in range(signin_mail.MOST + 5):
        assert (await browser.post("/desk/signin", address=AN)).status == 200
    async with mail.store.look(mail.clock.now) as tx:
        assert await tx.outbox.unsent() == signin_mail.MOST
    await letters_to(mail, AN)
    mail.clock.now += links.LIFETIME * 2
    await letters_to(mail, AN)


async def test_without_a_mailbox_there_is_no_such_page(office: Office, visitor: Arrive) -> None:
    browser = await visitor()
    assert (await browser.get("/desk/signin")).status == 404
    assert (await browser.post("/desk/signin", address=AN)).status == 404
    assert "/desk/signin" not in await (await browser.get("/desk")).text()
    async with office.store.look(office.clock.now) as tx:
        assert await tx.outbox.unsent() == 0
