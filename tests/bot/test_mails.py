"""From a real mailbox to the door: each reply once, and nothing kept of what is not ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.email import mailbox
from bot.door import Door
from bot.mails import Mails
from bot.receivers import Post
from bot.settings import Settings
from feedback import letters
from feedback.messages import Incoming, Kind
from storage.blobs import Blobs
from storage.store import Store
from tests.channels.email.conftest import HOST, PASSWORD, USER, MailboxServer, mailbox_server

KEY_OF_OURS = b"a secret of the tests"
KEY = letters.key(KEY_OF_OURS, 7, 7 << 9)
AN, STRANGER = "an@bo.vn", "la@example.vn"


@dataclass
class Desk:
    """The receiver at its mailbox, and what came to the door."""

    mails: Mails
    server: MailboxServer
    store: Store
    now: datetime

    async def deliver(self, *given: bytes) -> None:
        await asyncio.to_thread(self.server.deliver, *given)

    async def pulls(self) -> list[Incoming]:
        await self.mails.pull()
        found: list[Incoming] = []
        while True:
            async with self.store.begin(self.now) as tx:
                kept = await tx.inbox.claim(50)
                for each in kept:
                    tx.inbox.finish(each)
            if not kept:
                return found
            found += [each.message for each in kept]


@pytest.fixture
async def desk(store: Store, now: datetime, tmp_path: Path) -> AsyncIterator[Desk]:
    async with at_the_mailbox(store, now, tmp_path, PASSWORD) as desk:
        yield desk


@asynccontextmanager
async def at_the_mailbox(store: Store, now: datetime, folder: Path, password: str) -> AsyncIterator[Desk]:
    async with mailbox_server() as server:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            public_url="https://hoidap.bo.vn",
            email_address="hop@bo.vn",
            email_smtp_host=HOST,
            email_smtp_security="none",
            email_imap_host=HOST,
            email_imap_port=server.port,
            email_imap_security="none",
            email_user=USER,
            email_password=SecretStr(password),
        )
        door = Door(store, (), lambda: now, asyncio.Event())
        post = Post(
            settings, store, door, lambda: now, lambda _: None, {}, KEY_OF_OURS, Blobs(folder),
            lambda: frozenset([AN]),
        )  # fmt: skip
        task = asyncio.create_task(door.run())
        yield Desk(Mails(post), server, store, now)
        task.cancel()


def reply(text: str, sender: str = AN, key: str = KEY, **headers: str) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["In-Reply-To"] = sender, "hop@bo.vn", f"<{key}@bo.vn>"
    letter["Message-ID"] = f"<{text.encode().hex()[:20]}@bo.vn>"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


async def test_old_letters_are_not_read_and_new_ones_come_once(desk: Desk) -> None:
    await desk.deliver(reply("có từ trước"))
    assert await desk.pulls() == []
    await desk.deliver(reply("một"), reply("hai"))
    assert [(each.text, each.key, each.person) for each in await desk.pulls()] == [
        ("một", KEY, AN), ("hai", KEY, AN),
    ]  # fmt: skip
    await desk.deliver(reply("hai"))  # the same letter once more, as servers do
    assert await desk.pulls() == []


async def test_after_a_stop_between_storing_and_remembering_nothing_comes_twice(desk: Desk) -> None:
    await desk.pulls()
    async with desk.store.look(desk.now) as tx:
        place = await tx.accounts.read_until("email", "hop@bo.vn")
    assert place
    await desk.deliver(reply("một"))
    assert [each.text for each in await desk.pulls()] == ["một"]
    async with desk.store.begin(desk.now) as tx:
        tx.accounts.keep_place("email", "hop@bo.vn", place)
    assert await desk.pulls() == []


async def test_of_strangers_only_that_they_tried_is_known_and_of_programs_nothing(desk: Desk) -> None:
    await desk.pulls()
    await desk.deliver(
        reply("của người lạ có thư báo", sender=STRANGER),
        reply("của người lạ", sender=STRANGER, key="a" * 32),
        reply("không có mã", key="a" * 32),
        reply("tự động", Auto_Submitted="auto-replied"),
        reply("của chính mình", sender="hop@bo.vn"),
        b"no letter at all",
    )
    found = await desk.pulls()
    assert [(each.person, each.text, bool(each.key)) for each in found] == [
        (STRANGER, "", True), (AN, "", False),
    ]  # fmt: skip


async def test_files_are_in_our_storage_before_the_letter_is(desk: Desk, tmp_path: Path) -> None:
    await desk.pulls()
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["In-Reply-To"] = AN, f"<{KEY}@bo.vn>"
    letter.set_content("Kèm tệp.")
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    await desk.deliver(letter.as_bytes())
    (found,) = await desk.pulls()
    (file,) = found.attachments
    assert (found.kind, file.name, file.mime) == (Kind.FILES, "a.pdf", "application/pdf")
    assert await Blobs(tmp_path).read(file.remote) == b"%PDF-1.7"


async def test_a_huge_letter_is_said_to_be_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.pulls()
    monkeypatch.setattr(mailbox, "LARGEST", 2000)
    await desk.deliver(reply("dài " * 1000))
    (found,) = await desk.pulls()
    assert (found.kind, found.text, found.key) == (Kind.UNSUPPORTED, "", KEY)


async def test_a_mailbox_that_is_closed_to_us_is_told_at_the_desk_until_it_opens(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    async with at_the_mailbox(store, now, tmp_path, "sai") as desk:
        assert await desk.pulls() == []
    async with store.look(now) as tx:
        assert [alarm.name for alarm in await tx.accounts.alarms()] == ["mailbox"]
    async with at_the_mailbox(store, now, tmp_path, PASSWORD) as desk:
        await desk.pulls()
    async with store.look(now) as tx:
        assert await tx.accounts.alarms() == []
