"""How fast a bot may write."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.simulator.telegram import FakeTelegram, Peaks, Rate
from tests.simulator.telegram.calls import LAN, Call, Json, posted


async def test_floods_are_stopped() -> None:
    async with FakeTelegram(flooded=True) as fake, aiohttp.ClientSession() as session:
        fake.person(LAN)
        url = f"{fake.url}/bot{fake.token}/sendMessage"
        for _ in range(3):
            async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
                assert answer.status == 200
        async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
            assert await answer.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 3",
                "parameters": {"retry_after": 3},
            }
        fake.later(3)
        async with session.post(url, json={"chat_id": LAN, "text": "a"}) as answer:
            assert answer.status == 200


async def test_without_limits_the_highest_numbers_are_told(fake: FakeTelegram, call: Call) -> None:
    fake.person(LAN)
    group = fake.group(-1001)
    number = 0
    for text in range(25):
        sent = await call("sendMessage", chat_id=group.id, text=f"tin {text}")
        number = sent["result"]["message_id"]
    for text in range(5):
        await call("editMessageText", chat_id=group.id, message_id=number, text=f"sửa {text}")
    fake.later(61)
    for _ in range(2):
        await call("sendMessage", chat_id=LAN, text="a")

    peaks = fake.peaks()

    assert (peaks.group_minute, peaks.refused) == (30, 0)
    assert peaks.second >= peaks.chat_second >= 2


@pytest.fixture
def still() -> FakeTelegram:
    """Return a server whose time stands still until it is told otherwise."""
    return FakeTelegram(now=lambda: datetime(2026, 3, 2, 4, 1, tzinfo=UTC), flooded=True)


@pytest.fixture
async def calm(still: FakeTelegram) -> AsyncIterator[Call]:
    async with still, aiohttp.ClientSession() as session:

        async def post(method: str, **parameters: object) -> Json:
            return await posted(session, still, method, parameters)

        yield post


async def test_a_group_gets_twenty_messages_and_edits_a_minute(still: FakeTelegram, calm: Call) -> None:
    group = still.group(-1001).id
    still.limits.chat = Rate(1000, 1)
    number = (await calm("sendMessage", chat_id=group, text="0"))["result"]["message_id"]
    for text in range(1, 20):
        assert (await calm("editMessageText", chat_id=group, message_id=number, text=str(text)))["ok"]
    still.later(20)

    answer = await calm("sendMessage", chat_id=group, text="a")
    assert answer["parameters"] == {"retry_after": 40}
    still.later(39)
    assert not (await calm("sendMessage", chat_id=group, text="a"))["ok"]
    still.later(1)
    assert (await calm("sendMessage", chat_id=group, text="a"))["ok"]
    assert (still.peaks().group_minute, still.peaks().refused) == (20, 2)


async def test_everybody_together_gets_thirty_messages_a_second(still: FakeTelegram, calm: Call) -> None:
    for person in range(31):
        still.person(1001 + person)
    answers = [await calm("sendMessage", chat_id=1001 + person, text="a") for person in range(31)]

    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1]["parameters"] == {"retry_after": 1}
    assert still.peaks() == Peaks(second=30, chat_second=1, group_minute=0, refused=1)
    still.later(1)
    assert (await calm("sendMessage", chat_id=1031, text="a"))["ok"]


async def test_an_album_counts_with_every_picture(still: FakeTelegram, calm: Call) -> None:
    await still.person(LAN).sends_photo(b"JPEG")
    file = still.pending[0]["message"]["photo"][-1]["file_id"]
    media = [{"type": "photo", "media": file, "caption": "một"}, {"type": "photo", "media": file}]

    assert len((await calm("sendMediaGroup", chat_id=LAN, media=media))["result"]) == 2
    assert (await calm("sendMediaGroup", chat_id=LAN, media=media))["parameters"] == {"retry_after": 3}
    assert len(still.sent(LAN)) == 2


async def test_limits_are_switched_while_it_runs(still: FakeTelegram, calm: Call) -> None:
    still.person(LAN)
    still.limits.enforced = False
    for _ in range(5):
        assert (await calm("sendMessage", chat_id=LAN, text="a"))["ok"]
    still.limits.enforced = True
    assert not (await calm("sendMessage", chat_id=LAN, text="a"))["ok"]
