"""A citizen with a canary in every place is erased: not one byte of any is left, in tables, files and logs.

`make trust` prints the figures; the whole of it takes seconds, so that the ordinary suite runs it, too.
"""

import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot import graves
from bot.graves import Graves
from bot.sweeper import Sweeper
from feedback.cases import (
    Added,
    Answered,
    Asked,
    Case,
    Closed,
    Commented,
    Corrected,
    Declined,
    Edited,
    Event,
    Extended,
    Noted,
    Proposed,
    Rated,
    Resumed,
    Status,
    Transferred,
)
from feedback.messages import Address, Attachment, Incoming, Kind, Outgoing, Part
from handlers.actions import boards, cases
from handlers.actions.cases import Submission
from handlers.citizen import router
from handlers.library import Library, Shelf
from storage.blobs import Blobs
from storage.drafts import Draft
from storage.groups import Group, Refusal
from storage.inbox import TRIES
from storage.outbox import Item
from storage.store import Store, Tx
from storage.tables import metadata
from storage.talks import State
from tests.trust.figures import Figures

LAN = Address("telegram", "7001", "4711008150001")
MINH = Address("telegram", "7001", "4711008150002")
ROOM = Address("telegram", "7001", "-100777")
KEY = b"a-sample-key-of-the-tests"
PLACES = (
    "text", "place", "contact", "reply", "file name", "file id", "file bytes", "added", "edited before",
    "edited", "commented", "noted", "asked", "answered", "proposed", "reason", "result", "draft of a talk",
    "part", "inbox", "set aside", "outbox", "held", "draft in a group", "posted in a group", "identity",
)  # fmt: skip


def canary(place: str) -> str:
    return f"chim-hoàng-yến {place} lan".replace(" ", "-")


CANARIES = {place: canary(place) for place in PLACES} | {"chat": LAN.chat}


@dataclass
class Office:
    """A service as far as erasing goes, with its data folder."""

    store: Store
    library: Library
    folder: Path
    now: datetime
    events: int = 0
    blobs: Blobs = field(init=False)
    sweeper: Sweeper = field(init=False)

    def __post_init__(self) -> None:
        self.store.pepper = KEY
        self.blobs = Blobs(self.folder / "files")
        shelf = Shelf(self.library)
        self.sweeper = Sweeper(self.store, self.blobs, Graves(self.folder), shelf, lambda: self.now)
        self.store.erased = self.sweeper.erased

    async def receive(self, address: Address, mark: str = "") -> Case:
        """Take a case that holds a canary in each of its own columns, unless it is somebody else's."""
        said = {place: canary(place) if address == LAN else f"của ông Minh {place}" for place in PLACES}
        files = (Attachment(said["file id"], said["file name"], "image/jpeg", 7),)
        async with self.store.begin(self.now) as tx:
            new = Submission("report", said["text"] + mark, address, "citizen", said["place"], False,
                             said["contact"], "vi", said["reply"], files, "citizen")  # fmt: skip
            return cases.open_case(tx, self.library, new)

    async def happens(self, case: Case, *events: Event) -> None:
        for event in events:
            async with self.store.begin(self.now) as tx:
                stands = await tx.cases.by_id(case.id)
                assert stands
                cases.record(tx, stands, event, "an")

    async def says(self, what: str, kind: Kind = Kind.TEXT) -> list[Item]:
        """Bring a message of bà Lan's through the router; return what she was told."""
        self.events += 1
        self.now += timedelta(seconds=5)
        message = Incoming(
            LAN.channel, LAN.account, f"e{self.events}", LAN.chat, LAN.chat, self.now, kind, what
        )
        async with self.store.begin(self.now) as tx:
            await tx.inbox.add([message])
        async with self.store.begin(self.now) as tx:
            (kept,) = await tx.inbox.claim(9)
            await router.handle(kept.message, tx, self.library)
            tx.inbox.finish(kept)
        return await self.send()

    async def send(self) -> list[Item]:
        """Send all that waits."""
        sent: list[Item] = []
        while True:
            async with self.store.begin(self.now) as tx:
                items = await tx.outbox.claim(LAN.channel, LAN.account, 50)
            async with self.store.begin(self.now) as tx:
                for item in items:
                    tx.outbox.sent(item, f"{len(sent)}{self.events}")
                    await boards.arrived(tx, item, f"{len(sent)}{self.events}")
            sent += items
            if not items:
                return sent

    async def show_groups(self) -> list[Item]:
        sent = []
        for _ in range(4):
            self.now += timedelta(minutes=2)
            async with self.store.begin(self.now) as tx:
                await boards.show(tx, self.library)
            sent += await self.send()
        return sent

    async def tables(self) -> str:
        async with self.store.look(self.now) as tx:
            return "\n".join([await _all_of(tx, name) for name in metadata.tables])

    async def everywhere(self) -> str:
        """Return every byte of the data folder, and what a dump of the tables says."""
        bytes_ = b"\n".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
        return await self.tables() + bytes_.decode("utf-8", "ignore") + bytes_.decode("latin-1")

    async def left(self) -> list[str]:
        said = await self.everywhere()
        return [place for place, mark in CANARIES.items() if _escaped(mark) in said or mark in said]


async def _all_of(tx: Tx, table: str) -> str:
    rows = (await tx.connection.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608
    return "\n".join(str(value) for row in rows for value in row)


def _escaped(mark: str) -> str:
    return json.dumps(mark)[1:-1]


@pytest.fixture
async def office(store: Store, url: str, library: Library, tmp_path: Path, now: datetime) -> Office:
    """Return one whose every table knows bà Lan, and one case of ông Minh."""
    office = Office(store, library, tmp_path, now)
    if not store.shared:
        _lend(url, tmp_path)
    minh = await office.receive(MINH)
    for status in ("closed", "answered", "open"):
        case = await office.receive(LAN, f" ({status})")
        await _full(office, case, minh)
        await _through(office, case, status)
    await _around(office)
    await office.show_groups()
    return office


def _lend(url: str, folder: Path) -> None:
    """Let the database's files be seen in the data folder."""
    for end in ("", "-wal"):
        (folder / f"caunoi.db{end}").symlink_to(f"{make_url(url).database}{end}")


async def _full(office: Office, case: Case, minh: Case) -> None:
    """Give the case its file; ông Minh's has the same bytes once."""
    sha256 = await office.blobs.save(canary("file bytes").encode())
    shared = await office.blobs.save("một ảnh mà cả hai cùng gửi".encode())
    async with office.store.begin(office.now) as tx:
        (file,) = await tx.files.of_case(case.id)
        tx.files.fetched(file, sha256, 9, "image/jpeg")
        tx.files.add(case.id, LAN.channel, LAN.account, Attachment("x", canary("file name")))
        (theirs,) = await tx.files.of_case(minh.id)
        tx.files.fetched(theirs, shared, 9, "image/jpeg")
    async with office.store.begin(office.now) as tx:
        tx.files.fetched((await tx.files.of_case(case.id))[1], shared, 9, "image/jpeg")


async def _through(office: Office, case: Case, status: str) -> None:
    async with office.store.begin(office.now) as tx:
        cases.accept(tx, office.library, case, office.library.office.officer("an"))
    said = canary
    later, latest = ((office.now + timedelta(days=days)).isoformat() for days in (40, 60))
    await office.happens(
        case, Noted(said("noted")), Added(said("added"), 1), Edited(said("edited before"), said("edited")),
        Proposed(said("proposed"), "an"), Declined(said("reason"), "an"), Asked(said("asked")),
        Resumed(later, said("reason")), Extended(latest, said("reason")),
        Transferred("TL-BHXH", said("reason")),
    )  # fmt: skip
    async with office.store.begin(office.now) as tx:
        tx.parts.keep(LAN.lane, case.id, [Part(f"m{case.id}", said("part"))])
        tx.reveals.ask(case.id, "an", said("identity"))
        draft = Draft(
            tx.new_id(), case.id, 77, "an", "answer", {"text": said("draft in a group")}, 1, "", tx.now
        )
        if await tx.groups.by_id(77) is None:
            tx.groups.bind(
                Group(77, "TL-BHXH", ROOM, forum=True, topics=True, bound_by="an", bound_at=tx.now)
            )
        await tx.flush()
        tx.drafts.add(draft)
    await office.show_groups()
    if status == "open":
        return
    await office.happens(case, Answered(said("answered")), Rated(4), Commented(said("commented")),
                         Corrected(said("answered"), said("reason")))  # fmt: skip
    if status == "closed":
        await office.happens(case, Closed(said("result")))


async def _around(office: Office) -> None:
    """Leave something in each table that no case owns."""
    await office.show_groups()
    async with office.store.begin(office.now) as tx:
        tx.talks.save(State(LAN.lane, "text", {"text": canary("draft of a talk")}, acted_at=office.now))
        tx.consents.give(LAN.lane, "1", "cases", 365)
        tx.outbox.put(LAN, Outgoing(canary("outbox")))
        tx.groups.refuse(Refusal(office.now, "TL-BHXH", LAN.chat, "", "", "press", "stranger"))
        said = Incoming(
            LAN.channel, LAN.account, "poison", LAN.chat, LAN.chat, office.now, text=canary("inbox")
        )
        await tx.inbox.add([said])
        await tx.inbox.set_aside(
            LAN.channel, LAN.account, "u9", f"{LAN.chat} {canary('set aside')}", "unreadable"
        )
        for card in [card for number in await _cases(tx) for card in await tx.groups.cards_of(number)]:
            if card.topic:
                tx.outbox.put(ROOM, Outgoing(canary("posted in a group"), topic=card.topic))
    async with office.store.begin(office.now) as tx:
        (kept,) = await tx.inbox.claim(9)
        tx.inbox.fail(replace(kept, tries=TRIES - 1), "KeyError")
    await office.send()
    async with office.store.begin(office.now) as tx:
        tx.outbox.put(LAN, Outgoing(canary("held")))
    async with office.store.begin(office.now) as tx:
        (held,) = await tx.outbox.claim(LAN.channel, LAN.account, 9)
        tx.outbox.hold(held, office.now, "closed")


async def _cases(tx: Tx) -> list[int]:
    return [case.id for case in await tx.cases.all_of_sender(LAN)]


async def erases(office: Office, how: str) -> None:
    """Ask for it as a citizen does, and let everything that follows happen."""
    await office.says("/dulieucuatoi")
    await office.says("data:erase", Kind.BUTTON)
    await office.says(f"erase:{how}", Kind.BUTTON)
    told = await office.says("erase:sure", Kind.BUTTON)
    assert "Đã xóa dữ liệu của Ông/Bà." in told[0].message.text
    await office.show_groups()
    office.now += timedelta(minutes=11)
    async with office.store.begin(office.now) as tx:
        await tx.retention.forget_receipts()
    assert await office.sweeper.sweep()


async def test_nothing_is_left_of_who_was_erased(
    office: Office, figures: Figures, capfd: pytest.CaptureFixture[str]
) -> None:
    before = await office.left()
    figures.size = f"{len(before)} canaries, {'PostgreSQL' if office.store.shared else 'SQLite'}"
    figures.exactly("canaries found before", len(before), len(CANARIES))
    await erases(office, "take_back")
    left = await office.left()
    logged = "".join(capfd.readouterr())
    left += [place for place, mark in CANARIES.items() if mark in logged]
    figures.exactly("canaries left in tables, files, write-ahead log and what was logged", len(left))
    async with office.store.look(office.now) as tx:
        faults = await tx.audit.faults()
    figures.exactly("faults of the audit", len(faults))
    assert left == []
    assert faults == []
    figures.hold()


async def test_what_is_left_of_the_cases_is_when_which_unit_did_what(office: Office) -> None:
    async with office.store.look(office.now) as tx:
        mine = await tx.cases.all_of_sender(LAN)
    await erases(office, "take_back")
    async with office.store.look(office.now) as tx:
        after = await tx.cases.by_ids([case.id for case in mine])
        happened = [await tx.cases.timeline(case) for case in after]
    assert [case.status for case in after] == [Status.CLOSED, Status.ANSWERED, Status.CLOSED]
    assert [case.received for case in after] == [case.received for case in mine]
    assert [case.due for case in after] == [case.due for case in mine]
    assert [case.stars for case in after] == [4, 4, None]
    assert all(len(each) > 10 for each in happened)


async def test_an_open_case_may_go_on_without_its_sender_until_it_is_closed(
    office: Office, library: Library
) -> None:
    await erases(office, "keep")
    async with office.store.look(office.now) as tx:
        (case,) = [c for c in await tx.cases.work_list(None, [Status.ROUTED]) if "open" in c.text]
    assert (case.address.chat, case.contact) == ("", "")
    assert "chat" not in await office.left()
    await office.happens(case, Closed("xong"))
    async with office.store.begin(office.now) as tx:
        await boards_and_kept(tx, library)
    await office.show_groups()
    assert await office.sweeper.sweep()
    assert await office.left() == []


async def boards_and_kept(tx: Tx, library: Library) -> None:
    from handlers.actions import erasure  # noqa: PLC0415

    await erasure.empty_what_was_kept(tx, library)


async def test_what_was_posted_in_the_group_is_written_over(office: Office) -> None:
    await office.says("/dulieucuatoi")
    await office.says("data:erase", Kind.BUTTON)
    await office.says("erase:take_back", Kind.BUTTON)
    sent = await office.says("erase:sure", Kind.BUTTON) + await office.show_groups()
    edits = [item.message for item in sent if item.address == ROOM and item.message.edits]
    assert sum("nội dung đã xóa theo yêu cầu" in message.text for message in edits) >= 3
    assert sum("nội dung không còn" in message.text for message in edits) >= 1


async def test_others_keep_their_cases_and_a_file_that_both_sent(office: Office) -> None:
    await erases(office, "take_back")
    async with office.store.look(office.now) as tx:
        (case,) = await tx.cases.all_of_sender(MINH)
        (file,) = await tx.files.of_case(case.id)
    assert case.text == "của ông Minh text"
    assert await office.blobs.read(file.sha256) == "một ảnh mà cả hai cùng gửi".encode()


async def test_a_restored_backup_forgets_the_same_people_again(office: Office) -> None:
    if office.store.shared:
        pytest.skip("the same code on either database; a copy of a file is easily made")
    path = Path(make_url(str(office.store._writer.url)).database or "")  # noqa: SLF001
    assert await office.store.compact()
    backup = path.with_suffix(".backup.db")
    shutil.copyfile(path, backup)
    await erases(office, "take_back")
    restored = await Store.open(f"sqlite+aiosqlite:///{backup}")
    restored.pepper = KEY
    again = replace(office, store=restored)
    assert LAN.chat in await again.tables()
    assert await graves.visit(restored, office.library, Graves(office.folder), office.now) == 1
    assert LAN.chat not in await again.tables()
    assert canary("text") not in await again.tables()
    assert await graves.visit(restored, office.library, Graves(office.folder), office.now) == 0
    await restored.close()
