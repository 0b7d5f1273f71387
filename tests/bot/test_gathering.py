"""Messages that are one wait for each other: after a restart, with several workers, on both databases."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.worker import Worker
from feedback.gathering import ALBUM, MOST, THOUGHT
from feedback.messages import Attachment, Incoming, Kind
from storage.inbox import TRIES
from storage.store import Store, Tx


@dataclass
class Office:
    """A worker that writes down what it was given, in a time of our own."""

    store: Store
    now: datetime
    given: list[Incoming] = field(default_factory=list)
    fails: bool = False

    def worker(self) -> Worker:
        """Return a new one, as after a restart."""
        return Worker(self.store, self._handle, lambda: self.now, asyncio.Event(), lambda: None, _is_thought)

    async def works(self, workers: int = 1) -> list[Incoming]:
        """Return what was handled, by so many workers at once."""
        before = len(self.given)
        for _ in range(3):
            await asyncio.gather(*(self.worker().work() for _ in range(workers)))
        return self.given[before:]

    async def gets(self, messages: Iterable[Incoming]) -> None:
        async with self.store.begin(self.now) as tx:
            await tx.inbox.add([replace(message, at=self.now) for message in messages])

    async def _handle(self, message: Incoming, tx: Tx) -> None:  # noqa: ARG002
        if self.fails:
            raise ValueError
        self.given.append(message)


def _is_thought(message: Incoming, _step: str) -> bool:
    return message.kind is Kind.TEXT and message.text.startswith("…")


@pytest.fixture
def office(store: Store, now: datetime) -> Office:
    return Office(store, now)


def wrote(number: int, text: str, chat: str = "lan") -> Incoming:
    at = datetime.min.replace(tzinfo=UTC)
    return Incoming("stage", "test", f"{chat}{number}", chat, chat, at, text=text, message=str(number))


def photo(number: int, album: str = "a", caption: str = "") -> Incoming:
    files = (Attachment(f"photo {number}"),)
    return replace(wrote(number, caption), kind=Kind.FILES, attachments=files, album=album)


async def test_an_album_is_handled_once_it_was_quiet(office: Office) -> None:
    await office.gets([photo(1), photo(2, caption="Cầu hư")])
    assert await office.works() == []
    office.now += ALBUM / 2
    await office.gets([photo(3)])
    office.now += ALBUM / 2
    assert await office.works() == []
    office.now += ALBUM / 2
    [album] = await office.works()
    assert [file.remote for file in album.attachments] == ["photo 1", "photo 2", "photo 3"]
    assert album.text == "Cầu hư"
    async with office.store.look(office.now) as tx:
        assert await tx.inbox.waiting() == 0


async def test_nobody_else_waits_for_an_album(office: Office) -> None:
    await office.gets([photo(1), wrote(2, "xin chào", chat="minh")])
    assert [message.chat for message in await office.works()] == ["minh"]


async def test_something_else_behind_it_says_that_it_is_complete(office: Office) -> None:
    await office.gets([photo(1), photo(2), wrote(3, "xin chào")])
    assert [len(message.attachments) for message in await office.works()] == [2, 0]


async def test_a_thought_is_joined_and_keeps_its_order(office: Office) -> None:
    for number, text in enumerate(("… một", "… hai", "… ba")):
        await office.gets([wrote(number, text)])
        assert await office.works() == []
        office.now += THOUGHT / 2
    office.now += THOUGHT
    [thought] = await office.works()
    assert thought.text == "… một\n… hai\n… ba"


async def test_who_never_stops_writing_is_answered_too(office: Office) -> None:
    for number in range(30):
        await office.gets([wrote(number, f"… {number}")])
        await office.works()
        office.now += timedelta(seconds=1)
    assert len(office.given) == 1
    office.now += THOUGHT
    await office.works()
    assert "\n".join(message.text for message in office.given) == "\n".join(f"… {n}" for n in range(30))


async def test_a_flood_is_joined_without_waiting_for_its_end(office: Office) -> None:
    await office.gets([wrote(number, f"… {number}") for number in range(MOST + 10)])
    [first] = await office.works()
    assert len(first.parts) == MOST


async def test_a_second_delivery_changes_nothing(office: Office) -> None:
    await office.gets([photo(1), photo(2)])
    await office.gets([photo(2), photo(1), photo(2)])
    office.now += ALBUM
    [album] = await office.works()
    assert len(album.attachments) == 2
    await office.gets([photo(1), photo(2)])
    office.now += ALBUM
    assert await office.works() == []


async def test_several_workers_hand_it_over_once(office: Office) -> None:
    await office.gets([photo(number) for number in range(5)])
    assert await office.works(workers=3) == []
    office.now += ALBUM
    [album] = await office.works(workers=3)
    assert len(album.attachments) == 5


async def test_what_fails_together_is_tried_again_together_and_set_aside_together(office: Office) -> None:
    await office.gets([photo(1), photo(2)])
    office.now += ALBUM
    office.fails = True
    for _ in range(TRIES):
        await office.worker().work()
        office.now += timedelta(hours=1)
    async with office.store.begin(office.now) as tx:
        letters = await tx.inbox.dead()
        assert len(letters) == 2
        assert [await tx.inbox.retry(letter.id) for letter in letters] == [True, True]
    office.fails = False
    [album] = await office.works()
    assert len(album.attachments) == 2
