"""What a group sees of a case, and the morning's digest."""

from dataclasses import replace
from datetime import datetime, timedelta

from feedback.cases import (
    Added,
    Case,
    Commented,
    Declined,
    DeliveryUncertain,
    Edited,
    Erased,
    Event,
    Happening,
    Held,
    Informed,
    Noted,
    Proposed,
    Rated,
    Received,
    Reopened,
    Resumed,
    Status,
    TakenBack,
    Transferred,
    Undeliverable,
    WentOverdue,
)
from feedback.messages import Address
from handlers.actions import cards, cases, digests
from handlers.library import Boards, Library
from storage.groups import Group
from storage.store import Store
from tests.handlers.desk.office import LAN

HERE = Address("telegram", "1", "-1001")
TEXT = "Tôi tên là Trần Thị Lan, số 0912345678, căn cước 001199012345, chưa nhận lương hưu."
DAY = timedelta(days=1)


def group(now: datetime, unit: str = "TL-BHXH") -> Group:
    return Group(1, unit, HERE, forum=True, topics=True, bound_by="an", bound_at=now)


def case(now: datetime, **more: object) -> Case:
    known = Case(7, "0AAAA-AAAAA", "report", Status.ROUTED, "TL-BHXH", "", TEXT, LAN.address, now, now + DAY,
                 anonymous=False, contact=LAN.contact, place=LAN.place, reply_to=LAN.reply_to)  # fmt: skip
    return replace(known, **more)  # type: ignore[arg-type]


def test_personal_data_and_whatever_leads_to_the_sender_stay_out(library: Library, now: datetime) -> None:
    shown = cards.drawn(library, case(now), group(now), [], now)
    for secret in ("Lan", "0912345678", "001199012345", "chat-of-lan-4711", "message-815", "Vĩnh Tuy"):
        assert secret not in str(shown)
    assert "chưa nhận lương hưu" in shown.text
    assert "Ẩn danh: không" in shown.text


def test_the_office_may_decide_otherwise_for_what_was_written(library: Library, now: datetime) -> None:
    open_ = replace(library, boards=Boards("https://hoidap.example.vn", personal_data=True))
    shown = cards.drawn(open_, case(now), group(now), [], now)
    assert "0912345678" in shown.text
    for secret in (LAN.contact, "chat-of-lan-4711"):
        assert secret not in str(shown)
    assert shown.buttons[-1].url == "https://hoidap.example.vn/desk/cases/0AAAA-AAAAA"


def test_what_an_anonymous_person_wrote_is_masked_whatever_the_office_decides(
    library: Library, now: datetime
) -> None:
    open_ = replace(library, boards=Boards("", personal_data=True))
    shown = cards.drawn(open_, case(now, anonymous=True), group(now), [], now)
    added = cards.news(open_, [Happening(now, "citizen", Added("Số tôi 0912345678"))], hidden=True)
    assert "0912345678" not in str(shown) + added


def test_all_that_the_group_is_told_of_has_its_words(library: Library, now: datetime) -> None:
    told: dict[Event, str] = {
        Added("Số tôi 0912345678", 2): "kèm 2 tệp (xem trên bàn làm việc).\nSố tôi [số điện thoại]",
        Added("Xong"): "Người dân bổ sung.\nXong",
        Edited("Số cũ", "Số mới 0912345678"): "sửa lại điều đã gửi.\nSố mới [số điện thoại]",
        Erased(): "rút lại dữ liệu",
        Informed("R-01", "Tin đồn"): "câu trả lời đã duyệt",
        TakenBack("Đã xong"): "Người dân rút hồ sơ. Không cần xử lý nữa.\nĐã xong",
        Reopened("x", "Chưa rõ"): "đề nghị xem lại. Hồ sơ được mở lại với ngày hẹn mới.\nChưa rõ",
        Rated(4): "Người dân chấm 4/5.",
        Rated(2): "⚠ Người dân chấm 2/5.",
        Commented("Nhanh"): "nhận xét.\nNhanh",
        WentOverdue("x"): "quá hạn",
        DeliveryUncertain(resent=True): "đến hai lần",
        DeliveryUncertain(resent=False): "không được gửi lại",
        Undeliverable("blocked"): "Không gửi được tin cho người dân.",
        Held(): "sau khi người dân nhắn lại",
        Proposed("Theo quy định.", "an"): "Nguyễn Thị An trình duyệt",
        Declined("Thiếu căn cứ.", "an"): "Nguyễn Thị An viết lại",
        Resumed("2026-12-09T10:30:00+00:00", ""): "Thời hạn tính tiếp",
    }
    assert {type(event) for event in told} == set(cards.TOLD)
    for event, words in told.items():
        who = "system" if isinstance(event, Resumed) else "citizen"
        assert words in cards.news(library, [Happening(now, who, event)])
    assert cards.news(library, [Happening(now, "an", Noted("Nội bộ"))]) == ""


def test_a_long_text_is_cut(library: Library, now: datetime) -> None:
    shown = cards.drawn(library, case(now, text="chậm trả lời " * 500), group(now), [], now)
    assert len(shown.text) < cards.LONGEST + 300
    assert shown.text.endswith(" …")


def test_another_units_case_is_named_and_no_more(library: Library, now: datetime) -> None:
    shown = cards.drawn(library, case(now, unit="CCVC"), group(now), [], now)
    assert "lương hưu" not in shown.text
    assert (shown.buttons, "Vụ Công chức" in shown.text) == ((), True)


def test_the_reason_of_a_transfer_is_shown_and_masked(library: Library, now: datetime) -> None:
    passed_on = [
        Happening(now, "citizen", Received(TEXT)),
        Happening(now, "binh", Transferred("TL-BHXH", "Gọi 0912345678")),
    ]
    shown = cards.drawn(library, case(now), group(now), passed_on, now)
    assert "Chuyển đến vì: Gọi [số điện thoại]" in shown.text


async def test_the_digest_sorts_by_what_is_urgent(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now) as tx:
        for number, due in enumerate((-DAY, timedelta(hours=2), 2 * DAY, 3 * DAY)):
            status = Status.ACCEPTED if number == 3 else Status.ROUTED
            tx.cases.add(case(now, id=number, code=f"0AAAA-AAAA{number}", due=now + due, status=status), [])
    async with store.look(now) as tx:
        digest = await digests.of_today(tx, library, group(now))
        assert await digests.of_today(tx, library, group(now, "CCVC")) is None
    assert digest
    places = [
        digest.text.index(part) for part in ("Quá hạn (1)", "hôm nay (1)", "Mới, chưa", "Đang xử lý (1)")
    ]
    assert places == sorted(places)


async def test_the_digest_comes_once_each_working_morning(
    store: Store, library: Library, now: datetime
) -> None:
    async with store.begin(now) as tx:
        cases.open_case(tx, library, LAN)
        tx.groups.bind(group(now))
    sent: list[str] = []
    midnight = now.replace(hour=17, minute=0) - DAY  # of the Monday, in Hà Nội
    for half_hours in range(48 * 7):
        async with store.begin(midnight + half_hours * timedelta(minutes=30)) as tx:
            await digests.send_in_the_morning(tx, library)
            await tx.flush()
            if await tx.outbox.load(HERE, tx.now) > len(sent):
                sent.append(f"{tx.now + timedelta(hours=7):%a %H:%M}")
    assert sent == ["Mon 08:00", "Wed 08:00", "Thu 08:00", "Fri 08:00"]  # Tuesday is a holiday
