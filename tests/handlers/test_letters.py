"""Letters to units, and what becomes of each reply: a draft, or nothing but a word to whoever wrote."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from feedback import letters
from feedback.cases import Case
from feedback.messages import Attachment, Incoming, Kind, Urgency
from handlers import letters as replies
from handlers.actions import cases
from handlers.clock import deadlines, reminders, retention
from handlers.library import Letters, Library
from storage.outbox import Item
from storage.store import Store
from tests.handlers.desk.office import LAN

SECRET = b"a secret of the tests"
HOP, AN, QUANG, CUONG, SHARED, STRANGER = (
    f"{name}@bo.vn" for name in ("hop", "an", "quang", "cuong", "tlbhxh", "la")
)
UNIT, MANY_DAYS = "TL-BHXH", timedelta(days=90)


@pytest.fixture
def post(library: Library) -> Library:
    """Return an office of which three officers have an address of their own."""
    addresses = {"an": AN, "quang": QUANG, "cuong": CUONG}
    staff = tuple(replace(each, email=addresses.get(each.id, "")) for each in library.office.staff)
    mail = Letters(HOP, "https://hoidap.bo.vn", answered=True, key=SECRET)
    return replace(library, office=replace(library.office, staff=staff), letters=mail)


@pytest.fixture
def shared(post: Library) -> Library:
    """Return an office of which the unit has an address, too."""
    units = dict(post.office.units)
    units[UNIT] = replace(units[UNIT], email=SHARED)
    return replace(post, office=replace(post.office, units=MappingProxyType(units)))


async def open_case(store: Store, library: Library, now: datetime) -> Case:
    async with store.begin(now) as tx:
        case = cases.open_case(tx, library, replace(LAN, anonymous=False, place="Số nhà 12 Trần Phú"))
    assert case.unit == UNIT
    return case


async def sent(store: Store, now: datetime) -> list[Item]:
    """Take all letters that wait."""
    found: list[Item] = []
    while True:
        async with store.begin(now) as tx:
            items = await tx.outbox.claim("email", HOP, 50)
            for item in items:
                tx.outbox.sent(item, "")
        if not items:
            return found
        found += items


def reply(case: Case, text: str = "Đã chi trả.", person: str = AN, **more: object) -> Incoming:
    at = case.received + timedelta(hours=1)
    key = letters.key(SECRET, case.id, case.id)
    given = Incoming("email", HOP, "e1", person, person, at, text=text, key=key, official=True)
    return replace(given, **more)  # type: ignore[arg-type]


async def came(store: Store, library: Library, message: Incoming) -> list[str]:
    """Handle a reply, and return what was written back, with to whom."""
    await sent(store, message.at)
    async with store.begin(message.at) as tx:
        assert replies.takes(message)
        await replies.handle(message, tx, library)
    return [f"{item.address.chat}: {item.message.text}" for item in await sent(store, message.at)]


async def drafts(store: Store, case: Case) -> list[str]:
    async with store.look(case.received) as tx:
        return [f"{each.officer}: {each.text}" for each in await tx.replies.waiting(case.id)]


async def test_a_new_case_is_told_to_those_of_the_unit_with_personal_data_masked(
    store: Store, post: Library, now: datetime
) -> None:
    text = "Tôi tên là Trần Thị Lan, 0912345678, nghỉ hưu mà chưa nhận được lương hưu. " + "dài " * 1000
    async with store.begin(now) as tx:
        case = cases.open_case(tx, post, replace(LAN, text=text, anonymous=False))
    found = await sent(store, now)
    assert [item.address.chat for item in found] == [AN, QUANG]
    for item in found:
        assert (item.message.subject, item.urgency) == (f"Hồ sơ mới {case.code}", Urgency.NOTICE)
        assert "chưa nhận được lương hưu" in item.message.text
        assert len(item.message.text) < 2500
        for secret in ("0912345678", "Trần Thị Lan", "Bà Lan", "Vĩnh Tuy", "4711"):
            assert secret not in str(item.message)
        assert [button.url for button in item.message.buttons] == [
            f"https://hoidap.bo.vn/desk/cases/{case.code}"
        ]
        assert letters.case_of(SECRET, item.message.key) == case.id
    assert len({item.message.key for item in found}) == 2
    assert await sent(store, now) == []


async def test_a_unit_with_an_address_is_told_there_and_nobody_else(
    store: Store, shared: Library, now: datetime
) -> None:
    case = await open_case(store, shared, now)
    assert [item.address.chat for item in await sent(store, now)] == [SHARED]
    async with store.begin(now) as tx:
        cases.transfer(tx, shared, case, "CCVC", "việc của Vụ", shared.office.officer("binh"))
    (item,) = await sent(store, now)
    assert (item.address.chat, item.message.subject) == (CUONG, f"Hồ sơ chuyển đến {case.code}")


async def test_a_case_that_is_overdue_is_told_once(store: Store, post: Library, now: datetime) -> None:
    case = await open_case(store, post, now)
    await sent(store, now)
    for _ in range(2):
        async with store.begin(now + MANY_DAYS) as tx:
            await deadlines.mark_overdue(tx, post)
    found = await sent(store, now + MANY_DAYS)
    assert [item.message.subject for item in found] == [f"Hồ sơ quá hạn {case.code}"] * 2
    assert "đã quá hạn" in found[0].message.text


async def test_without_a_mailbox_nothing_is_written(store: Store, library: Library, now: datetime) -> None:
    await open_case(store, library, now)
    async with store.look(now) as tx:
        assert await tx.outbox.unsent() == 0


async def test_where_replies_are_not_read_none_is_asked_for(
    store: Store, post: Library, now: datetime
) -> None:
    await open_case(store, replace(post, letters=replace(post.letters, answered=False)), now)
    for item in await sent(store, now):
        assert "##-" not in item.message.text
        assert "trả lời thư này" not in item.message.text


async def test_a_reply_becomes_a_draft_and_never_more(store: Store, post: Library, now: datetime) -> None:
    case = await open_case(store, post, now)
    file = Attachment("a" * 64, "quyết định.pdf", "application/pdf", 9)
    message = reply(case, attachments=(file,), left_out=("bẫy.exe",), kind=Kind.FILES)
    (told,) = await came(store, post, message)
    assert told.startswith(f"{AN}: Đã nhận thư của Anh/Chị cho hồ sơ {case.code}")
    assert "bẫy.exe" in told
    assert await drafts(store, case) == ["an: Đã chi trả."]
    async with store.look(now) as tx:
        assert await tx.outbox.of_case(case.id) == []
        assert [each.attachment for each in await tx.files.of_case(case.id)] == [file]
        assert await tx.cases.by_id(case.id) == case


@pytest.mark.parametrize(
    ("change", "told", "why"),
    [
        ({"person": STRANGER}, [], "stranger"),
        ({"person": SHARED}, [f"{SHARED}: Địa chỉ gửi thư là địa chỉ chung"], "stranger"),
        ({"person": CUONG}, [f"{CUONG}: Hồ sơ này không thuộc đơn vị"], "other_unit"),
        ({"key": "a" * 32}, [f"{AN}: Không biết thư này trả lời hồ sơ nào"], "unknown"),
        ({"key": ""}, [f"{AN}: Không biết thư này trả lời hồ sơ nào"], "unknown"),
        ({"key": letters.key(SECRET, 0, 1)}, [f"{AN}: Không biết"], "unknown"),
        ({"key": letters.key(b"another", 1, 1)}, [f"{AN}: Không biết"], "unknown"),
        ({"text": ""}, [f"{AN}: Không thấy phần viết mới"], ""),
        ({"text": "a" * 20_001}, [f"{AN}: Thư trả lời hồ sơ"], ""),
        ({"kind": Kind.UNSUPPORTED, "text": ""}, [f"{AN}: Thư trả lời hồ sơ"], ""),
    ],
)
async def test_what_cannot_be_a_draft_is_not_kept_and_only_ours_are_told(
    store: Store, shared: Library, now: datetime, change: dict[str, object], told: list[str], why: str
) -> None:
    case = await open_case(store, shared, now)
    said = await came(store, shared, replace(reply(case), chat=str(change.get("person", AN)), **change))  # type: ignore[arg-type]
    assert len(said) == len(told)
    assert all(each.startswith(start) for each, start in zip(said, told, strict=True))
    assert await drafts(store, case) == []
    async with store.look(now) as tx:
        refused = await tx.groups.refused()
    assert [(each.why, each.what) for each in refused] == ([(why, "reply by mail")] if why else [])


async def test_a_closed_case_takes_no_more_drafts(store: Store, post: Library, now: datetime) -> None:
    case = await open_case(store, post, now)
    async with store.begin(now) as tx:
        cases.close(tx, post, case, "xong", post.office.officer("an"))
    (told,) = await came(store, post, reply(case))
    assert "đã đóng" in told
    assert await drafts(store, case) == []


async def test_whatever_answers_by_itself_is_not_answered_for_ever(
    store: Store, post: Library, now: datetime
) -> None:
    case = await open_case(store, post, now)
    told = [len(await came(store, post, reply(case, text=""))) for _ in range(12)]
    assert sum(told) < 6
    assert told[-1] == 0


async def test_drafts_that_nobody_used_are_forgotten(store: Store, post: Library, now: datetime) -> None:
    case = await open_case(store, post, now)
    await came(store, post, reply(case))
    async with store.begin(now + post.office.terms["conversation"] + timedelta(days=2)) as tx:
        await retention.forget_conversations(tx, post)
    assert await drafts(store, case) == []


async def test_a_unit_without_a_group_is_reminded_by_mail(
    store: Store, post: Library, shared: Library, now: datetime
) -> None:
    case = await open_case(store, post, now)
    later = case.due - timedelta(hours=3)  # in working hours, with more than four fifths of the time gone
    await sent(store, later)
    for library, expected in ((post, [AN, QUANG]), (shared, [SHARED])):
        async with store.begin(later) as tx:
            await reminders.remind(tx, library)
        letters_ = await sent(store, later)
        assert sorted(item.address.chat for item in letters_) == expected
        assert all(case.code in item.message.text for item in letters_)
        assert all("Nhắc việc" in item.message.subject for item in letters_)
        case = await open_case(store, post, now)
        await sent(store, later)


async def test_a_unit_is_told_of_a_case_that_comes_back(store: Store, post: Library, now: datetime) -> None:
    case = await open_case(store, post, now)
    async with store.begin(now) as tx:
        cases.answer(tx, post, case, "Đã chi trả.", post.office.officer("an"))
    await sent(store, now)
    async with store.begin(now) as tx:
        found = await tx.cases.by_id(case.id)
        assert found
        cases.reopen(tx, post, found, "Xã chưa chi trả")
    told = [item.message.subject for item in await sent(store, now)]
    assert set(told) == {f"Hồ sơ mở lại {case.code}"}
