"""Nobody of a unit learns who an anonymous sender is, in whatever way; two persons may decide otherwise."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.console import Console
from bot.fetcher import Fetcher
from feedback.cases import Case
from feedback.messages import Address, Attachment
from handlers.actions import boards, cases
from handlers.desk.door import Staffed
from handlers.desk.map import MAP
from handlers.library import Boards
from storage.blobs import Blobs
from storage.groups import Group
from storage.store import Changed
from tests.handlers.desk.office import LAN, Browser, Office
from tests.handlers.desk.test_rights import FILLED

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
CANARIES = {
    "chat": LAN.address.chat,
    "contact": "chim-hoang-yen@example.vn",
    "message": "message-815-canary",
    "file name": "IMG_nguyen_van_lan.jpg",
    "remote": "file-id-canary",
    "maker": "Canary Maker",
}
ROOM = Address("telegram", "bot", "-100777")
Enter = Callable[[str], Awaitable[Browser]]


class Phone(Console):
    """A channel whose photos tell who took them."""

    name, account = "telegram", "bot"

    async def fetch(self, file: Attachment, limit: int) -> bytes:  # noqa: ARG002 - as any channel
        exif = Image.Exif()
        exif[0x013B] = CANARIES["maker"]
        exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.5), 3: "E", 4: (105.0, 51.0, 15.0)})
        out = BytesIO()
        Image.new("RGB", (80, 60), "white").save(out, "JPEG", exif=exif)
        return out.getvalue()


@pytest.fixture
async def case(office: Office, tmp_path: Path) -> Case:
    """Return a case whose sender can be told from everything but what they wrote."""
    photo = Attachment(CANARIES["remote"], CANARIES["file name"], "image/jpeg", 1)
    case = await office.receive(
        contact=CANARIES["contact"], reply_to=CANARIES["message"], attachments=(photo,)
    )
    blobs = Blobs(tmp_path)
    await Fetcher(office.store, Phone(), blobs, lambda: office.clock.now).fetch_due()
    async with office.store.look(office.clock.now) as tx:
        (file,) = await tx.files.of_case(case.id)
    office.files[file.sha256] = await blobs.read(file.sha256)
    return case


def leaks(said: str) -> list[str]:
    return [name for name, canary in CANARIES.items() if canary in said]


async def walk(browser: Browser, office: Office, case: Case) -> str:
    """Do everything that can be done at the desk, and return all that was said."""
    async with office.store.look(office.clock.now) as tx:
        (file,) = await tx.files.of_case(case.id)
    said = []
    for way in MAP:
        if not isinstance(way, Staffed) or way.path.endswith("/signout"):
            continue
        path = way.path.replace("{rest:.*}", "x").format(code=case.code, id=file.id, entry="G1-01")
        await browser.get(f"/desk/cases/{case.code}")
        method = browser.get if way.method in ("GET", "*") else None
        response = await (method(path) if method else browser.post(path, **FILLED | {"unit": case.unit}))
        said += [str(response.headers), (await response.read()).decode("latin-1")]
        said.append(await (await browser.get(f"/desk/cases/{case.code}")).text())
    return "\n".join(said)


async def test_no_page_no_file_and_no_header_says_who_it_is(office: Office, an: Browser, case: Case) -> None:
    said = await walk(an, office, case)
    assert case.text.split("\n")[0] in said
    assert leaks(said) == []


async def test_nobody_finds_a_case_by_its_sender(office: Office, an: Browser, case: Case) -> None:
    assert office
    for canary in CANARIES.values():
        assert case.code not in await an.read(f"/desk?show=all&q={canary}")


async def test_no_group_is_told_who_it_is(office: Office, case: Case) -> None:
    library = replace(office.library, boards=Boards("https://hoidap.example.vn", personal_data=True))
    async with office.store.begin(office.clock.now) as tx:
        tx.groups.bind(Group(1, case.unit, ROOM, forum=True, topics=False, bound_by="an", bound_at=tx.now))
    for _ in range(3):
        async with office.store.begin(office.clock.now) as tx:
            await boards.show(tx, library)
    async with office.store.look(office.clock.now) as tx:
        posts = [item for item in await tx.outbox.claim("telegram", "bot", 20) if item.address == ROOM]
    assert case.code in str(posts)
    assert leaks(str([item.message for item in posts])) == []


async def test_the_answer_still_arrives(office: Office, case: Case) -> None:
    async with office.store.begin(office.clock.now) as tx:
        officer = office.library.office.officer("an")
        cases.accept(tx, office.library, case, officer)
    async with office.store.begin(office.clock.now) as tx:
        cases.answer(tx, office.library, await office.case(case.code), "Đã xong.", officer)
    assert {item.address for item in await office.sent(case)} == {LAN.address}


async def ask(browser: Browser, case: Case, cause: str = "Người gửi nói bị đe dọa, cần bảo vệ.") -> None:
    await browser.get(f"/desk/cases/{case.code}")
    assert (await browser.post(f"/desk/cases/{case.code}/identity", need=cause)).status == 303


async def reveal(office: Office, case: Case) -> str:
    async with office.store.look(office.clock.now) as tx:
        return str((await tx.reveals.of_case(case.id))[-1].id)


async def acts(office: Office, case: Case) -> list[tuple[str, str]]:
    async with office.store.look(office.clock.now) as tx:
        found = await tx.audit.of_subject(f"case:{case.id}")
    return [(row.actor, row.what) for row in found if row.what.startswith("identity")]


async def test_two_persons_may_decide_that_it_must_be_known(
    office: Office, an: Browser, binh: Browser, case: Case
) -> None:
    await ask(an, case)
    assert "Người gửi nói bị đe dọa" in await binh.read("/desk/identity")
    assert (await binh.post("/desk/identity/approve", reveal=await reveal(office, case))).status == 303
    assert leaks(await an.read(f"/desk/cases/{case.code}")) == []

    shown = await (await an.post(f"/desk/cases/{case.code}/identity/show")).text()
    assert leaks(shown) == ["chat", "contact"]
    again = await an.post(f"/desk/cases/{case.code}/identity/show")
    assert (again.status, leaks(await again.text())) == (303, [])
    assert leaks(await an.read(f"/desk/cases/{case.code}")) == []

    told = (await office.sent(case))[-1]
    assert told.address == LAN.address
    assert "Người gửi nói bị đe dọa, cần bảo vệ." in told.message.text
    assert await acts(office, case) == [
        ("an", "identity_asked"), ("binh", "identity_approved"), ("an", "identity_shown"),
    ]  # fmt: skip


async def test_what_was_declined_is_never_shown(
    office: Office, an: Browser, binh: Browser, case: Case
) -> None:
    await ask(an, case)
    await binh.read("/desk/identity")
    await binh.post("/desk/identity/decline", reveal=await reveal(office, case))
    response = await an.post(f"/desk/cases/{case.code}/identity/show")
    assert (response.status, leaks(await response.text())) == (303, [])
    assert "bị từ chối" in await an.read(f"/desk/cases/{case.code}")
    assert await office.sent(case) == []
    assert await acts(office, case) == [("an", "identity_asked"), ("binh", "identity_declined")]


async def test_nobody_decides_on_their_own_question(office: Office, binh: Browser, case: Case) -> None:
    await ask(binh, case)
    page = await binh.read("/desk/identity")
    assert "phải do người khác quyết định" in page
    assert "/desk/identity/approve" not in page
    assert (await binh.post("/desk/identity/approve", reveal=await reveal(office, case))).status == 404
    assert (await binh.post(f"/desk/cases/{case.code}/identity/show")).status == 303
    assert await acts(office, case) == [("binh", "identity_asked")]


async def test_who_did_not_ask_is_shown_nothing(
    office: Office, an: Browser, binh: Browser, enter: Enter, case: Case
) -> None:
    await ask(an, case)
    await binh.read("/desk/identity")
    await binh.post("/desk/identity/approve", reveal=await reveal(office, case))
    quang = await enter("quang")
    await quang.get(f"/desk/cases/{case.code}")
    for browser in (binh, quang):
        assert (await browser.post(f"/desk/cases/{case.code}/identity/show")).status == 303
    assert [what for _, what in await acts(office, case)] == ["identity_asked", "identity_approved"]


async def test_a_reason_must_be_given(office: Office, an: Browser, case: Case) -> None:
    await an.get(f"/desk/cases/{case.code}")
    response = await an.post(f"/desk/cases/{case.code}/identity", need=" ")
    assert response.status == 422
    assert "Viết lý do cần biết người gửi" in await response.text()
    assert await acts(office, case) == []


async def test_of_two_who_look_at_once_one_sees(
    office: Office, an: Browser, binh: Browser, case: Case
) -> None:
    await ask(an, case)
    await binh.read("/desk/identity")
    await binh.post("/desk/identity/approve", reveal=await reveal(office, case))
    async with office.store.look(office.clock.now) as tx:
        (found,) = await tx.reveals.of_case(case.id)
    async with office.store.begin(office.clock.now) as tx:
        tx.reveals.show(found)
    with pytest.raises(Changed):
        async with office.store.begin(office.clock.now) as tx:
            tx.reveals.show(found)
