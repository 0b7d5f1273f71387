"""Routers see who holds an old answer, and have them told; nothing is sent that was not on the page."""

from datetime import timedelta

from tests.handlers.desk.office import Browser, Office

PAGE = "/desk/faq/G3-02/recall"


async def give(office: Office, *people: str) -> None:
    async with office.store.begin(office.clock.now - timedelta(days=2)) as tx:
        for person in people:
            tx.received.keep(f"web:main:{person}", "G3-02", "0123456789abcdef", "vi")


async def ordered(office: Office) -> list[tuple[str, str]]:
    async with office.store.look(office.clock.now) as tx:
        return [(each.by, each.reason) for each in await tx.received.of_entries(["G3-02"])]


def version(office: Office) -> str:
    return office.library.knowledge.entries["G3-02"].version


async def test_a_page_shows_how_many_will_be_told_and_what(office: Office, binh: Browser) -> None:
    await give(office, "lan", "minh")
    html = await binh.read(f"{PAGE}?days=7&reason=Có+nghị+quyết+mới")
    assert "2 người sẽ nhận đính chính" in html
    assert "Lý do: Có nghị quyết mới" in html
    assert await ordered(office) == []


async def test_what_was_on_the_page_is_sent(office: Office, binh: Browser) -> None:
    await give(office, "lan")
    await binh.read(PAGE)
    response = await binh.post(PAGE, version=version(office), days="30", reason="sai số")
    assert response.headers["Location"] == f"{PAGE}?done=recall"
    assert await ordered(office) == [("binh", "sai số")]
    html = await binh.read(f"{PAGE}?done=recall")
    assert "đang gửi" in html
    assert "Tin được gửi lần lượt" in html


async def test_an_answer_that_changed_since_is_shown_again(office: Office, binh: Browser) -> None:
    await give(office, "lan")
    await binh.read(PAGE)
    response = await binh.post(PAGE, version="0" * 16, days="30", reason="")
    assert response.status == 409
    assert await ordered(office) == []


async def test_wrong_days_and_long_reasons_are_told(office: Office, binh: Browser) -> None:
    await give(office, "lan")
    await binh.read(PAGE)
    for days, reason in (("0", ""), ("999", ""), ("x", ""), ("5", "a" * 501)):
        response = await binh.post(PAGE, version=version(office), days=days, reason=reason)
        assert response.status == 422, (days, len(reason))
    assert await ordered(office) == []


async def test_nobody_else_may_recall(an: Browser, chi: Browser) -> None:
    assert (await an.get(PAGE)).status == 404
    assert (await chi.get(PAGE)).status == 404
