"""What storage knows of answers: those that wait, those that others got, the files that went along."""

from dataclasses import replace
from datetime import datetime

from feedback.messages import Address, Attachment
from handlers.actions import approval, cases
from handlers.library import Library
from storage.store import Store
from tests.handlers.desk.office import LAN

MINH = replace(LAN, address=Address("web", "main", "chat-of-minh"))


async def test_what_waits_what_others_got_and_how_much_happened(
    store: Store, library: Library, now: datetime
) -> None:
    an, quang = library.office.officer("an"), library.office.officer("quang")
    async with store.begin(now) as tx:
        lan, minh = cases.open_case(tx, library, LAN), cases.open_case(tx, library, MINH)
    async with store.begin(now) as tx:
        approval.propose(tx, lan, "Chờ duyệt.", an)
        cases.answer(tx, library, minh, "Đã chi trả.", an)
    async with store.begin(now) as tx:
        [waiting] = await tx.cases.pending_list([lan.unit], "proposed")
        assert waiting.id == lan.id
        assert (await tx.cases.counts(None, now))["proposed"] == 1
        assert await tx.cases.answers_to_others(lan, 5) == ["Đã chi trả."]
        assert await tx.cases.answers_to_others(minh, 5) == []
        assert await tx.cases.happened([lan.id, minh.id]) == {lan.id: 3, minh.id: 3}
        approval.decline(tx, waiting, "Thiếu căn cứ.", quang)
    async with store.look(now) as tx:
        assert [each.id for each in await tx.cases.pending_list(None, "declined")] == [lan.id]
        assert await tx.cases.pending_list(None, "proposed") == []


async def test_an_officers_file_is_sent_once_and_then_not_taken_back(
    store: Store, library: Library, now: datetime
) -> None:
    async with store.begin(now) as tx:
        lan = cases.open_case(tx, library, LAN)
    async with store.begin(now) as tx:
        for name in ("một.pdf", "hai.pdf"):
            tx.files.add_own(lan.id, Attachment("0" * 64, name, "application/pdf", 3), "an")
    async with store.begin(now) as tx:
        first, second = await tx.files.of_case(lan.id)
        tx.files.enclosed(first)
        await tx.files.remove_own(lan.id, second.id)
    async with store.begin(now) as tx:
        await tx.files.remove_own(lan.id, first.id)
    async with store.look(now) as tx:
        [left] = await tx.files.of_case(lan.id)
    assert (left.attachment.name, left.officer, left.enclosed_at) == ("một.pdf", "an", now)
