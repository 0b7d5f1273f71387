"""A person's chat with the bot in Telegram, written down as it goes."""

import re
from collections.abc import Sequence
from typing import Self

from bot.simulator.telegram import FakeTelegram, Person, Sent
from tests.e2e.waiting import settled

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
DAY = re.compile(r"\d\d/\d\d/20\d\d")


class Chat:
    """`transcript` masks codes and dates, so that two tellings of one story are equal."""

    def __init__(self, telegram: FakeTelegram, person: Person, url: str) -> None:
        self.transcript: list[str] = []
        self.url = url
        self.id = person.id
        self._telegram = telegram
        self.person = person
        self._read = 0
        self._words: dict[int, str] = {}

    def goes_on_at(self, url: str) -> Self:
        """The service has started again, at another address."""
        self.url = url
        return self

    def words_of(self, message: int | None) -> str:
        """Return what the person wrote in one of their messages; empty if it is not theirs."""
        return self._words.get(message or 0, "")

    async def says(self, text: str) -> list[Sent]:
        self._write(f"Lan: {text}")
        self._words[await self.person.says(text)] = text
        return await self.hears()

    async def presses(self, label: str, times: int = 1) -> list[Sent]:
        """Press a button, all the times before anything is answered."""
        for _ in range(times):
            self._write(f"Lan bấm: {label}")
            await self.person.presses(label)
        return await self.hears()

    async def sends_photo(self, content: bytes) -> list[Sent]:
        self._write("Lan gửi ảnh")
        await self.person.sends_photo(content)
        return await self.hears()

    async def hears(self) -> list[Sent]:
        """Return what the bot has said since the last time, when it has nothing more to say."""
        await self._telegram.taken()
        await settled(self.url)
        said = self._telegram.sent(self.id)[self._read :]
        self._read += len(said)
        for message in said:
            self._write(f"Bot: {message.text}", [label for label, _ in message.buttons])
        return said

    def _write(self, line: str, labels: Sequence[str] = ()) -> None:
        shown = "\n".join([line, *(f"  [{label}]" for label in labels)])
        self.transcript.append(DAY.sub("…", CODE.sub("#", shown)))


def code_in(message: Sent) -> str:
    found = CODE.search(message.text)
    assert found, message.text
    return found[0]
