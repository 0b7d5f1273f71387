"""A desk with cases on it, and the browsers of those who come to it."""

import hashlib
import io
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient

from faq.entries import CONTENT
from feedback.cases import Case
from feedback.messages import Address, Attachment
from handlers.actions import approval, cases
from handlers.actions.cases import Submission
from handlers.desk import Desk
from handlers.library import Library, Shelf
from storage.outbox import Item
from storage.store import Store

SECRET = b"a secret of the tests"
LAN = Submission(
    kind="report",
    text="Tôi nghỉ hưu từ tháng 3 mà đến nay chưa nhận được lương hưu.\nXin cho biết còn thiếu giấy tờ gì.",
    address=Address("telegram", "bot", "chat-of-lan-4711"),
    sender="citizen",
    place="Phường Vĩnh Tuy, Hà Nội",
    anonymous=True,
    contact="Bà Lan 0912345678",
    language="vi",
    reply_to="message-815",
    attachments=(),
    actor="citizen",
)


@dataclass
class Clock:
    now: datetime

    def tick(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Office:
    """The desk as its tests see it: time that they move, files in a dictionary, wake-ups that are counted."""

    store: Store
    library: Library
    clock: Clock
    files: dict[str, bytes] = field(default_factory=dict)
    woken: int = 0
    secure: bool = False
    faq: Path = CONTENT

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.library)

    @property
    def desk(self) -> Desk:
        return Desk(
            store=self.store,
            shelf=self.shelf,
            now=lambda: self.clock.now,
            read_file=self.read,
            secret=SECRET,
            secure=self.secure,
            wake=self.wake,
            faq=self.faq,
            bot=lambda: "caunoi_bot",
            save_file=self.save,
            address="https://hoidap.example.vn",
        )

    async def read(self, sha256: str) -> bytes:
        try:
            return self.files[sha256]
        except KeyError:
            raise FileNotFoundError(sha256) from None

    async def save(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.files[sha256] = content
        return sha256

    def wake(self) -> None:
        self.woken += 1

    async def receive(self, **different: object) -> Case:
        """Take bà Lan's report, or one that differs from it."""
        async with self.store.begin(self.clock.now) as tx:
            return cases.open_case(tx, self.library, replace(LAN, **different))  # type: ignore[arg-type]

    async def receive_elsewhere(self) -> Case:
        """Take ông Minh's report, which goes to another unit than An's."""
        address = Address("web", "main", "chat-of-minh")
        text = "Tôi nộp hồ sơ thi tuyển công chức mà không thấy tên trong danh sách."
        return await self.receive(text=text, address=address)

    async def accept(self, case: Case) -> None:
        officer = next(each for each in self.library.office.staff if each.unit == case.unit)
        async with self.store.begin(self.clock.now) as tx:
            cases.accept(tx, self.library, case, officer)

    async def answer(self, case: Case) -> None:
        officer = next(each for each in self.library.office.staff if each.unit == case.unit)
        async with self.store.begin(self.clock.now) as tx:
            cases.answer(tx, self.library, await self.case(case.code), "Chưa có.", officer)

    async def propose(self, case: Case, by: str = "") -> None:
        officer = next(each for each in self.library.office.staff if by in (each.id, "") and each.of_unit)
        async with self.store.begin(self.clock.now) as tx:
            approval.propose(tx, await self.case(case.code), "Hồ sơ còn thiếu quyết định.", officer)

    async def attach(self, case: Case, name: str, content: bytes = b"", mime: str = "image/jpeg") -> int:
        async with self.store.begin(self.clock.now) as tx:
            tx.files.add(case.id, "telegram", "bot", Attachment("remote-id", name, mime))
        async with self.store.begin(self.clock.now) as tx:
            file = (await tx.files.of_case(case.id))[-1]
            if content:
                sha256 = f"{len(self.files):064x}"
                self.files[sha256] = content
                tx.files.fetched(file, sha256, len(content), mime)
        return file.id

    async def case(self, code: str) -> Case:
        async with self.store.look(self.clock.now) as tx:
            case = await tx.cases.by_code(code)
        assert case
        return case

    async def events(self, case: Case) -> list[str]:
        async with self.store.look(self.clock.now) as tx:
            return [type(each.event).__name__ for each in await tx.cases.timeline(case)]

    async def sent(self, case: Case) -> list[Item]:
        async with self.store.look(self.clock.now) as tx:
            return await tx.outbox.of_case(case.id)


@dataclass
class Browser:
    """A browser that follows our redirects itself, and sends what was on the page with each form."""

    client: TestClient[web.Request, web.Application]
    csrf: str = ""
    version: str = ""

    async def get(self, path: str) -> ClientResponse:
        response = await self.client.get(path, allow_redirects=False)
        self._read(await response.text() if response.content_type == "text/html" else "")
        return response

    async def post(self, path: str, **filled: str) -> ClientResponse:
        data = {"csrf": self.csrf, "version": self.version} | filled
        response = await self.client.post(path, data=data, allow_redirects=False)
        self._read(await response.text())
        return response

    async def upload(self, path: str, name: str, content: bytes) -> ClientResponse:
        data = FormData({"csrf": self.csrf, "version": self.version}, quote_fields=False)
        data.add_field("file", io.BytesIO(content), filename=name)
        response = await self.client.post(path, data=data, allow_redirects=False)
        self._read(await response.text())
        return response

    async def read(self, path: str) -> str:
        response = await self.get(path)
        assert response.status == 200, path
        return await response.text()

    def _read(self, html: str) -> None:
        for name in ("csrf", "version"):
            if found := re.search(f'name="{name}" value="([^"]*)"', html):
                setattr(self, name, found[1])
