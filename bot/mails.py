"""The office's mailbox: letters to units go out, what officers answer comes to the door.

What is written is kept only if it brings back a key of ours and comes from an address that the office knows;
all else that lies in a mailbox leaves no trace here. Programs' letters are passed over, so nothing answers in
circles.
"""

import asyncio
import hashlib

import structlog
from aiohttp import web

from bot.channels.email import NAME, Mail
from bot.channels.email.incoming import Letter, Unreadable, read
from bot.channels.email.mailbox import Account, NotRead, Raw, look
from bot.channels.email.smtp import Server
from bot.door import Full, Late
from bot.receivers import Post
from feedback.letters import case_of
from feedback.messages import Attachment, Incoming, Kind
from storage.accounts import Place
from storage.store import Refused, Unavailable

NAMED = "Cầu Nối"  # as whom we write
REST = 1.0  # seconds before storing is tried again

log = structlog.get_logger()


class Mails:
    """One mailbox."""

    username = ""

    def __init__(self, post: Post) -> None:
        settings = post.settings
        self._post = post
        self._every = settings.email_every
        user, password = settings.email_user or settings.email_address, settings.email_password
        self._server = Server(
            settings.email_smtp_host,
            settings.email_smtp_port,
            settings.email_smtp_security,
            user,
            password.get_secret_value(),
        )
        self._inbox = Account(
            settings.email_imap_host,
            settings.email_imap_port,
            settings.email_imap_security,
            user,
            password.get_secret_value(),
        )
        self._account = settings.email_address

    def routes(self) -> list[web.RouteDef]:
        return []

    async def run(self) -> None:
        """Send; and read the mailbox, in one process at a time."""
        post = self._post
        plus = post.settings.email_plus
        mail = Mail(self._account, NAMED, self._server, post.blobs, post.now, plus=plus)
        post.attach(mail)
        while self._inbox.host:
            try:
                async with post.store.only_one(f"read {NAME} {self._account}") as mine:
                    while mine:
                        await self.pull()
                        await asyncio.sleep(self._every)
            except (Unavailable, Refused) as error:
                log.error("email.not_kept", reason=str(error))
            await asyncio.sleep(self._every)

    async def stop(self) -> None:
        """Each connection is closed where it was opened."""

    async def pull(self) -> None:
        """Bring in what has come; a mailbox that is closed to us is told at the desk. Raises Unavailable."""
        async with self._post.store.look(self._post.now()) as tx:
            known = await tx.accounts.read_until(NAME, self._account)
        try:
            found = await asyncio.to_thread(look, self._inbox, known)
        except NotRead as error:
            log.warning("email.not_read", reason=str(error))
            if error.denied:
                async with self._post.store.begin(self._post.now()) as tx:
                    await tx.accounts.alarm(NAME, self._account, "mailbox", str(error))
            return
        for uid, raw in found.letters:
            if raw:
                await self._receive(raw)
            await self._keep_place(Place(found.place.validity, uid))
        if not found.letters:
            await self._keep_place(found.place)

    async def _keep_place(self, place: Place) -> None:
        """The mailbox was read, so whatever was wrong with it is over."""
        async with self._post.store.begin(self._post.now()) as tx:
            tx.accounts.keep_place(NAME, self._account, place)
            await tx.accounts.calm(NAME, self._account, "mailbox")

    async def _receive(self, raw: Raw) -> None:
        try:
            letter = await asyncio.to_thread(read, raw.content, self._is_ours)
        except Unreadable as error:
            log.info("email.passed_over", reason=str(error))
            return
        known = letter.sender in self._post.known()
        if letter.automatic or letter.sender == self._account or not (known or letter.key):
            log.info("email.passed_over", automatic=letter.automatic, known=known)
            return
        await self._until_kept(await self._incoming(letter, known=known, whole=raw.whole))

    def _is_ours(self, key: str) -> bool:
        return case_of(self._post.key, key) is not None

    async def _incoming(self, letter: Letter, *, known: bool, whole: bool) -> Incoming:
        """Keep what was written only where both the key and the address are right."""
        kept = known and bool(letter.key)
        files = [await self._saved(file.name, file.content, file.mime) for file in letter.files if kept]
        return Incoming(
            channel=NAME,
            account=self._account,
            event=hashlib.sha256(f"{letter.sender} {letter.id or letter.text}".encode()).hexdigest(),
            person=letter.sender[:80],
            chat=letter.sender[:80],
            at=self._post.now(),
            kind=Kind.UNSUPPORTED if not whole else Kind.FILES if files else Kind.TEXT,
            text=letter.text if kept else "",
            attachments=tuple(files),
            key=letter.key,
            left_out=letter.left_out if kept else (),
            official=True,
        )

    async def _saved(self, name: str, content: bytes, mime: str) -> Attachment:
        return Attachment(await self._post.blobs.save(content), name, mime, len(content))

    async def _until_kept(self, message: Incoming) -> None:
        """The place in the mailbox moves on only behind what is stored, or what never can be."""
        while True:
            try:
                return await self._post.door.keep(message)
            except (Full, Late):
                await asyncio.sleep(REST)
            except Refused as error:
                log.error("email.refused", reason=str(error))
                return None
