"""A person withdraws: nothing that leads to them can be read in any table; their cases go on."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from feedback.cases import Answered, Case, Closed, Erased, Happening, Received, Status, apply
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing
from handlers.actions import cases
from handlers.citizen import router
from handlers.library import Library
from storage.inbox import TRIES
from storage.store import Store
from storage.tables import metadata
from storage.talks import State

LAN = Address("zalo_oa", "1646843870823903717", "5510185758261927916")
MINH = Address("zalo_oa", "1646843870823903717", "7777777777777777777")
CANARIES = [LAN.chat, "chim-hoàng-yến", "lan-mau@example.vn", "canary"]


@pytest.fixture
async def full(store: Store, now: datetime) -> Store:
    """Return a database that knows a lot about bà Lan, and a little about ông Minh."""
    async with store.begin(now) as tx:
        for number, address in enumerate((LAN, LAN, MINH), start=1):
            case = Case(
                number, f"0AAAA-AAAA{number}", "report", Status.ROUTED, "VP", "", "Đường hỏng", address, now,
                now, contact="Bà Lan lan-mau@example.vn", anonymous=False, reply_to="canary-message",
            )  # fmt: skip
            tx.cases.add(case, [Happening(now, "citizen", Received("Đường hỏng"))])
        tx.files.add(1, *_of(LAN), Attachment("https://f.zdn.vn/canary.jpg", "canary-Lan.jpg"))
        tx.files.add(2, *_of(LAN), Attachment("https://f.zdn.vn/canary.jpg", "canary-Lan.jpg"))
        tx.files.add(3, *_of(MINH), Attachment("https://f.zdn.vn/minh.jpg", "minh.jpg"))
        for address in (LAN, MINH):
            tx.talks.save(State(address.lane, "text", {"text": "chim-hoàng-yến"}, acted_at=now))
            tx.outbox.put(address, Outgoing("Kính gửi bà chim-hoàng-yến"), 1 if address is LAN else 3)
            tx.consents.give(address.lane, "1")
            tx.received.keep(address.lane, "G3-31", "0123456789abcdef", "vi")
    async with store.begin(now) as tx:
        (file, *_) = await tx.files.of_case(2)
        tx.files.fetched(file, "0" * 64, 7, "image/jpeg")
        stands = await tx.cases.by_id(2)
        assert stands
        after = apply(apply(stands, Answered("x"), now), Closed("xong"), now)
        tx.cases.record(stands, after, "an", Closed("xong"))
        await tx.inbox.add([_said("canary e1"), _said("canary e2")])
        await tx.inbox.set_aside(*_of(LAN), "u1", f'{{"sender":"{LAN.chat}"', "unreadable")
    async with store.begin(now) as tx:
        (kept,) = await tx.inbox.claim(1)
        tx.inbox.finish(kept)
    async with store.begin(now) as tx:
        (kept,) = await tx.inbox.claim(1)
        tx.inbox.fail(replace(kept, tries=TRIES - 1), "KeyError")
    return store


def _of(address: Address) -> tuple[str, str]:
    return address.channel, address.account


def _said(event: str, kind: Kind = Kind.TEXT) -> Incoming:
    at = datetime.fromisoformat("2026-11-23T02:00:00+00:00")
    return Incoming(*_of(LAN), event.replace("canary ", ""), LAN.chat, LAN.chat, at, kind, f"lời {event}")


async def everything(store: Store, now: datetime) -> str:
    """Return all that stands in the database, as text."""
    async with store.look(now) as tx:
        found = [
            _plain(value)
            for table in metadata.sorted_tables
            for row in await tx.connection.execute(text(f"SELECT * FROM {table.name}"))  # noqa: S608
            for value in row
        ]
    return "\n".join(found)


def _plain(value: object) -> str:
    """Embedded databases keep JSON as text with escapes."""
    written = str(value)
    return json.dumps(json.loads(written), ensure_ascii=False) if written[:2] in ('{"', "[{") else written


async def withdraws(store: Store, library: Library, now: datetime) -> None:
    async with store.begin(now) as tx:
        await tx.inbox.add([_said("e3", Kind.ERASE)])
    async with store.begin(now) as tx:
        (kept,) = await tx.inbox.claim(9)
        await router.handle(kept.message, tx, library)
        tx.inbox.finish(kept)


async def test_nothing_readable_is_left_of_who_withdrew(full: Store, library: Library, now: datetime) -> None:
    before = await everything(full, now)
    assert all(canary in before for canary in CANARIES)
    async with full.begin(now) as tx:
        for table in (
            "talks",
            "outbox",
            "consents",
            "received",
        ):  # what is Minh's would hide what is left of Lan
            await tx.connection.execute(text(f"DELETE FROM {table} WHERE lane LIKE '%7777777'"))  # noqa: S608
        await tx.connection.execute(text("DELETE FROM case_events WHERE case_id = 3"))
        await tx.connection.execute(text("DELETE FROM files WHERE case_id = 3"))
        await tx.connection.execute(text("DELETE FROM cases WHERE id = 3"))

    await withdraws(full, library, now)

    after = await everything(full, now)
    waiting_for_its_file = "https://f.zdn.vn/canary.jpg"
    assert [canary for canary in CANARIES if canary in after.replace(waiting_for_its_file, "")] == []


async def test_cases_go_on_without_their_sender_and_say_why(
    full: Store, library: Library, now: datetime
) -> None:
    await withdraws(full, library, now)
    async with full.look(now) as tx:
        open_case, closed = await tx.cases.by_id(1), await tx.cases.by_id(2)
        assert open_case
        assert closed
        assert (open_case.status, open_case.text, closed.status) == (
            Status.ROUTED,
            "Đường hỏng",
            Status.CLOSED,
        )
        for case in (open_case, closed):
            assert (case.address.chat, case.contact, case.reply_to) == ("", "", "")
            assert (await tx.cases.timeline(case))[-1].event == Erased(content=case is closed)
        assert (closed.text, (await tx.cases.timeline(closed))[0].event) == ("", Received(""))
    async with full.look(now) as tx:
        assert await tx.audit.faults() == []
    async with full.begin(now) as tx:
        an = library.office.officer("an")
        cases.accept(tx, library, open_case, an)
    async with full.look(now) as tx:
        assert await tx.outbox.of_case(1) == []


async def test_others_keep_what_is_theirs(full: Store, library: Library, now: datetime) -> None:
    await withdraws(full, library, now)
    async with full.look(now) as tx:
        case = await tx.cases.by_id(3)
        assert case
        assert (case.address, case.contact) == (MINH, "Bà Lan lan-mau@example.vn")
        assert (await tx.talks.find(MINH.lane)).draft == {"text": "chim-hoàng-yến"}
        assert len(await tx.outbox.of_case(3)) == 1
        assert [file.attachment.name for file in await tx.files.of_case(3)] == ["minh.jpg"]


async def test_a_second_delivery_brings_nothing_back(full: Store, library: Library, now: datetime) -> None:
    await withdraws(full, library, now)
    async with full.begin(now + timedelta(minutes=5)) as tx:
        before = await tx.inbox.waiting()
        await tx.inbox.add([_said("canary e1"), _said("e3", Kind.ERASE)])
        assert await tx.inbox.waiting() == before
