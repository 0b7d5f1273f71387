"""Photos and files of a case: fetched from the channel after the message is safe."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from feedback.messages import Address, Attachment
from storage.tables import cases, files, talks

if TYPE_CHECKING:
    from storage.store import Tx

TRIES = 8


@dataclass(frozen=True, slots=True)
class File:
    """`sha256` is empty until the bytes are in our own storage; `error` says why they never will be.

    With an `officer` it is no citizen's file: it goes with an answer, and went at `enclosed_at`.
    """

    id: int
    case_id: int
    channel: str
    account: str
    attachment: Attachment
    sha256: str
    tries: int
    error: str
    officer: str = ""
    enclosed_at: datetime | None = None


class Files:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    def add(self, case_id: int, channel: str, account: str, attachment: Attachment) -> None:
        row = {"id": self._tx.new_id(), "case_id": case_id, "channel": channel, "account": account,
               "remote": attachment.remote, "name": attachment.name, "mime": attachment.mime,
               "size": attachment.size, "tries": 0, "next_at": self._tx.now}  # fmt: skip
        self._tx.insert(files, row)

    def add_own(self, case_id: int, attachment: Attachment, officer: str) -> None:
        """A file of the office, whose bytes we have: `remote` is their SHA-256."""
        row = {"id": self._tx.new_id(), "case_id": case_id, "channel": "desk", "account": "", "remote": "",
               "name": attachment.name, "mime": attachment.mime, "size": attachment.size, "tries": 0,
               "sha256": attachment.remote, "officer": officer}  # fmt: skip
        self._tx.insert(files, row)

    async def remove_own(self, case_id: int, file_id: int) -> None:
        """Only one that was not sent."""
        own = (files.c.id == file_id) & (files.c.case_id == case_id) & (files.c.officer != "")
        await self._tx.connection.execute(delete(files).where(own, files.c.enclosed_at.is_(None)))

    def enclosed(self, file: File) -> None:
        self._tx.update(files, {"id": file.id}, {"enclosed_at": self._tx.now})

    async def of_case(self, case_id: int) -> list[File]:
        return await self._many(select(files).where(files.c.case_id == case_id).order_by(files.c.id))

    async def by_id(self, file_id: int) -> File | None:
        found = await self._many(select(files).where(files.c.id == file_id))
        return found[0] if found else None

    async def to_fetch(self, channel: str, account: str, limit: int = 4) -> list[File]:
        due = select(files).where(
            files.c.channel == channel, files.c.account == account, files.c.next_at <= self._tx.now
        )
        return await self._many(due.order_by(files.c.next_at).limit(limit))

    def fetched(self, file: File, sha256: str, size: int, mime: str) -> None:
        change = {"sha256": sha256, "size": size, "mime": mime, "next_at": None, "error": ""}
        self._tx.update(files, {"id": file.id}, change)

    def failed(self, file: File, error: str, *, permanent: bool) -> None:
        tries = file.tries + 1
        over = permanent or tries >= TRIES
        next_at = None if over else self._tx.now + timedelta(seconds=5 * 2**tries)
        self._tx.update(files, {"id": file.id}, {"tries": tries, "next_at": next_at, "error": error})

    async def forget_names(self, address: Address) -> None:
        """What leads from the files of a chat to its person; the bytes belong to the case."""
        theirs = select(cases.c.id).where(
            cases.c.channel == address.channel,
            cases.c.account == address.account,
            cases.c.chat == address.chat,
        )
        nameless = files.update().where(files.c.case_id.in_(theirs)).values(name="")
        await self._tx.connection.execute(nameless)
        fetched = files.update().where(files.c.case_id.in_(theirs), files.c.next_at.is_(None))
        await self._tx.connection.execute(fetched.values(remote=""))

    async def erase(self, case_id: int) -> None:
        """Forget them, and let their bytes be deleted where no other case has the same."""
        theirs = files.c.case_id == case_id
        hashes = await self._tx.connection.scalars(select(files.c.sha256).where(theirs, files.c.sha256 != ""))
        self._tx.traces.files.extend(hashes)
        await self._tx.connection.execute(delete(files).where(theirs))

    async def used(self) -> set[str]:
        """Return what is in a case, or in something that is being written."""
        hashes = await self._tx.connection.scalars(select(files.c.sha256).where(files.c.sha256 != ""))
        coming = await self._tx.connection.scalars(select(files.c.remote).where(files.c.next_at.is_not(None)))
        drafts = (await self._tx.connection.scalars(select(talks.c.draft))).all()
        kept = {each["remote"] for draft in drafts for each in draft.get("attachments", [])}
        return set(hashes) | set(coming) | kept

    async def _many(self, statement: object) -> list[File]:
        return [
            File(
                row.id,
                row.case_id,
                row.channel,
                row.account,
                Attachment(row.remote, row.name, row.mime, row.size),
                row.sha256,
                row.tries,
                row.error,
                row.officer,
                row.enclosed_at,
            )
            for row in await self._tx.connection.execute(statement)  # type: ignore[call-overload]
        ]
