"""The Bot API is gone for a minute while people go on writing: all are heard, and answered afterwards.

Time is real here, and the service a process of its own. `make trust` prints the figures.
"""

import asyncio
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from bot.simulator.telegram import Deed, FakeTelegram, Fault
from tests.e2e.inside import SECRET
from tests.e2e.waiting import until
from tests.process import ServiceProcess
from tests.trust.courier import SECRET_HEADER
from tests.trust.figures import Figures, percentile

RATE = 20  # messages a second
WORDS = (
    "/start",
    "Lương cơ sở hiện nay là bao nhiêu?",
    "/tracuu",
    "/dulieu",
)  # each has an answer of its own
FIRST = 1000
PATIENCE = 600  # seconds


class Crowd:
    """People who write in turn, straight to the webhook, each message when the last is acknowledged."""

    def __init__(self, telegram: FakeTelegram, service: ServiceProcess, people: int) -> None:
        self.said: dict[int, list[str]] = {FIRST + number: [] for number in range(people)}
        self.refused = 0
        self._url = f"{service.url}/webhooks/telegram"
        self._numbers = count(1)
        for chat in self.said:
            telegram.person(chat)

    async def writes(self, seconds: float) -> list[float]:
        """Return the seconds until each acknowledgement."""
        waits: list[float] = []
        chats = list(self.said)
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
            begun = time.monotonic()
            for number in range(round(seconds * RATE)):
                await asyncio.sleep(begun + number / RATE - time.monotonic())
                waits.append(await self._writes_one(session, chats[number % len(chats)]))
        return waits

    async def _writes_one(self, session: aiohttp.ClientSession, chat: int) -> float:
        said, number = self.said[chat], next(self._numbers)
        said.append(WORDS[len(said) % len(WORDS)])
        person = {"id": chat, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
        place = {"id": chat, "type": "private", "first_name": "Lan"}
        message = {
            "message_id": number,
            "from": person,
            "chat": place,
            "date": 1_800_000_000,
            "text": said[-1],
        }
        begun = time.monotonic()
        async with session.post(self._url, json={"update_id": number, "message": message}) as answer:
            self.refused += answer.status != 200
        return time.monotonic() - begun


@pytest.mark.parametrize(
    ("outage", "before", "people"), [(3, 1, 20), pytest.param(60, 20, 200, marks=pytest.mark.trust)]
)
async def test_people_are_heard_during_an_outage_and_answered_after_it(
    outage: int, before: int, people: int, url: str, tmp_path: Path, figures: Figures
) -> None:
    async with FakeTelegram(flooded=True) as telegram:
        service = ServiceProcess(
            tmp_path,
            database_url=url,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_secret=SECRET,
            public_url="{url}",
        )
        async with service:
            await telegram.called("setWebhook", timeout=30)
            crowd = Crowd(telegram, service, people)
            quiet = await crowd.writes(before)
            telegram.faults.outage(Fault.page(502))
            calls = len(telegram.ledger.of(Deed.SENT))
            during = await crowd.writes(outage)
            assert (
                len(telegram.ledger.of(Deed.SENT)) - calls <= 1
            )  # it was being answered when the outage came
            telegram.faults.over()
            over = time.monotonic()
            await _drained(service)
            seconds = time.monotonic() - over
            assert await service.stop() == 0
        figures.size = f"{outage} s, {len(quiet) + len(during)} messages of {people} people at {RATE}/s"
        figures.exactly("messages refused", crowd.refused)
        _heard(telegram, crowd, figures)
        peaks = telegram.peaks()
        figures.at_most("sends in one second", peaks.second, 28)
        figures.exactly("429 of our own making", peaks.refused)
    figures.tell("seconds until all were answered", seconds)
    for name, waits in (("before", quiet), ("during the outage", during)):
        figures.tell(f"acknowledged {name}, p50 (ms)", percentile(waits, 0.5) * 1000)
        figures.tell(f"acknowledged {name}, p99 (ms)", percentile(waits, 0.99) * 1000)
    figures.hold()


async def _drained(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as session:

        async def is_drained() -> bool:
            async with session.get(f"{service.url}/healthz") as answer:
                return bool(await answer.json() == {"waiting": 0, "unsent": 0})

        await until(is_drained, PATIENCE)


def _heard(telegram: FakeTelegram, crowd: Crowd, figures: Figures) -> None:
    """Compare what each person was told with what answers their words."""
    heard = {chat: [sent.text for sent in telegram.sent(chat)] for chat in crowd.said}
    known = dict(zip(WORDS, heard[FIRST], strict=False))
    assert len(set(known.values())) == len(WORDS)
    wrong = [chat for chat, said in crowd.said.items() if heard[chat] != _answers(said, known)]
    figures.exactly("people with an answer lost, doubled or out of order", len(wrong))


def _answers(said: Sequence[str], known: dict[str, str]) -> list[str]:
    return [known[words] for words in said]
