"""A file goes along with an answer as a signed link that ends; until then nobody but the unit can open it."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from feedback.cases import Case
from handlers.actions import enclosures
from tests.handlers.desk.office import SECRET, Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
PDF = b"%PDF-1.7 bao cao"
ANSWER = "Theo Báo cáo số 12/BC-BNV, lương hưu được chi trả trước ngày 05/12/2026."
LINK = re.compile(r"https://hoidap\.example\.vn(/tep/[\w-]+)")


def at(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.code}/{act}".rstrip("/")


async def attached(office: Office, an: Browser) -> Case:
    case = await office.receive()
    await an.get(at(case))
    response = await an.upload(f"/desk/attach/{case.code}", "báo cáo.pdf", PDF)
    assert response.headers["Location"] == f"{at(case)}?done=attach"
    return case


async def link(office: Office, an: Browser) -> tuple[Case, str]:
    case = await attached(office, an)
    await an.get(at(case))
    await an.post(at(case, "answer"), text=ANSWER)
    found = LINK.search((await office.sent(case))[-1].message.text)
    assert found
    return case, found[1]


async def test_the_citizen_gets_a_link_that_opens_the_file_for_thirty_days(
    office: Office, an: Browser, visitor: Callable[[], Awaitable[Browser]]
) -> None:
    case = await attached(office, an)
    page = await (await an.post(at(case, "preview"), text=ANSWER)).text()
    assert "• báo cáo.pdf: https://hoidap.example.vn/tep/" in page
    assert await office.sent(case) == []
    await an.post(at(case, "answer"), text=ANSWER)
    text = (await office.sent(case))[-1].message.text
    assert "Tệp kèm theo (mở được trong 30 ngày):\n• báo cáo.pdf: " in text
    found = LINK.search(text)
    assert found
    lan = await visitor()
    response = await lan.get(found[1])
    assert (response.status, await response.read()) == (200, PDF)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    office.clock.now += enclosures.LIFETIME
    assert (await lan.get(found[1])).status == 404
    office.clock.now -= enclosures.LIFETIME
    page = await an.read(at(case))
    assert "Tệp đã gửi kèm câu trả lời" in page
    assert "kèm 1 tệp" in page


async def test_a_file_goes_along_once(office: Office, an: Browser) -> None:
    case, _ = await link(office, an)
    await an.get(at(case))
    await an.post(at(case, "answer"), text=ANSWER + " Xin cảm ơn.")
    assert "/tep/" not in (await office.sent(case))[-1].message.text


async def test_no_link_opens_what_was_not_sent_or_signed(office: Office, an: Browser) -> None:
    case = await attached(office, an)
    async with office.store.look(office.clock.now) as tx:
        [file] = await tx.files.of_case(case.id)
    expires = office.clock.now + timedelta(days=1)
    assert (await an.get(f"/tep/{enclosures.token(SECRET, file.id, expires)}")).status == 404
    _, good = await link(office, an)
    other = enclosures.token(b"another secret", file.id, expires)
    for wrong in (f"/tep/{other}", good[:-2] + "xx", "/tep/x", "/tep/%00", "/tep/" + "A" * 5000):
        assert (await an.get(wrong)).status == 404
    theirs = await office.attach(case, "ảnh.jpg", b"\xff\xd8\xffbytes")
    assert (await an.get(f"/tep/{enclosures.token(SECRET, theirs, expires)}")).status == 404


async def test_what_is_too_large_or_of_another_kind_is_refused(office: Office, an: Browser) -> None:
    case = await office.receive()
    await an.get(at(case))
    for name, content, said in (
        ("a.exe", b"MZ program", "Chỉ kèm được"),
        ("a.html", b"<script>alert(1)</script>", "Chỉ kèm được"),
        ("a.pdf", b"", "Chọn một tệp"),
    ):
        response = await an.upload(f"/desk/attach/{case.code}", name, content)
        assert (response.status, said in await response.text()) == (422, True)
    assert (await an.upload(f"/desk/attach/{case.code}", "a.pdf", PDF + b"x" * 10_500_000)).status == 413
    await an.get(at(case))
    for _ in range(5):
        assert (await an.upload(f"/desk/attach/{case.code}", "a.pdf", PDF)).status == 303
    assert (await an.upload(f"/desk/attach/{case.code}", "a.pdf", PDF)).status == 422


async def test_a_file_is_taken_back_before_it_is_sent_and_not_afterwards(office: Office, an: Browser) -> None:
    case = await attached(office, an)
    async with office.store.look(office.clock.now) as tx:
        [file] = await tx.files.of_case(case.id)
    assert (await an.post(at(case, "detach"), file="x")).status == 303
    assert (await an.post(at(case, "detach"), file=str(file.id))).status == 303
    async with office.store.look(office.clock.now) as tx:
        assert await tx.files.of_case(case.id) == []
    sent, _ = await link(office, an)
    theirs = await office.attach(sent, "ảnh.jpg", b"\xff\xd8\xffbytes")
    async with office.store.look(office.clock.now) as tx:
        before = await tx.files.of_case(sent.id)
    for file_id in (before[0].id, theirs):
        await an.post(at(sent, "detach"), file=str(file_id))
    async with office.store.look(office.clock.now) as tx:
        assert await tx.files.of_case(sent.id) == before


async def test_a_forged_form_keeps_no_file(office: Office, an: Browser) -> None:
    case = await office.receive()
    an.csrf = "forged"
    assert (await an.upload(f"/desk/attach/{case.code}", "a.pdf", PDF)).status == 403
    assert office.files == {}
