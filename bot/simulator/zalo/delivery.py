"""How events reach the service's webhook: each on its own, in no promised order, until it is taken."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.simulator.zalo.faults import WEBHOOK, Fault, Faults
from bot.simulator.zalo.ledger import Ledger, Try

PAUSES = (30, 300, 900, 1800, 3600)  # seconds before each new try
LATENESS = 30  # seconds
CONNECTIONS = 100  # at a time


@dataclass(frozen=True, slots=True)
class Letter:
    """An event on its way. A new try carries the same bytes and the same signature."""

    event: int
    name: str
    body: bytes
    headers: Mapping[str, str]


class Delivery:
    """`second` is how long a second between two tries lasts, `patience` how long an answer may take.

    `strikes` takes the webhook off when an event was never taken: so it goes with the Official Account.
    How often the bot's webhook is tried, Zalo does not say; here as often, and it stays.
    """

    def __init__(
        self, ledger: Ledger, faults: Faults, *, second: float, patience: float, strikes: bool
    ) -> None:
        self.url = ""
        self._ledger = ledger
        self._faults = faults
        self._second = second
        self._patience = patience
        self._strikes = strikes
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Letter] = []
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=self._patience)
        )

    @property
    def busy(self) -> bool:
        return bool(self._tasks or self._held)

    def add(self, letter: Letter) -> None:
        """Deliver an event, unless there is nobody to deliver it to."""
        if not self.url:
            return
        fault = self._faults.take(letter.name, WEBHOOK)
        if fault is Fault.SWAPPED:
            self._held.append(letter)
            return
        behind, self._held = self._held, []
        self._start(letter, LATENESS if fault is Fault.LATE else 0, behind)
        if fault is Fault.TWICE:
            self._start(letter)

    async def knock(self, url: str) -> int:
        """Return what the webhook answers to an unsigned, empty request; 0 for nothing."""
        return await self._post(url, b"", {})

    async def stop(self) -> None:
        """End every delivery that is under way."""
        tasks = list(self._tasks)
        self._held.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        await self.stop()
        await self._session.close()

    def _start(self, letter: Letter, wait: float = 0, behind: list[Letter] | None = None) -> None:
        task = asyncio.create_task(self._deliver(letter, wait, behind or []))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ledger.wake()

    async def _deliver(self, letter: Letter, wait: float, behind: list[Letter]) -> None:
        for retry, pause in enumerate((wait, *PAUSES)):
            await asyncio.sleep(pause * self._second)
            if not self.url:
                return
            numbered = {"num_retry": str(retry)} if retry else {}
            async with self._slots:
                status = await self._post(self.url, letter.body, {**letter.headers, **numbered})
            while behind:
                self._start(behind.pop())
            attempt = Try(letter.event, status, retry)
            self._ledger.add(attempt)
            if attempt.taken:
                return
        if self._strikes:
            self.url = ""

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        sent = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0
