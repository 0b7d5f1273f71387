"""The service as a process of its own, as the operator starts it, to be used and killed from outside."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Self

import aiohttp

PATIENCE = 90  # seconds until it must answer, on a machine that does much else


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServiceProcess:
    """`caunoi run` on a data folder.

    Settings are given as CAUNOI_ variables without the prefix; {url} in them is its own address.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "service.log"
        self.output = folder / "output.txt"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CAUNOI_")}
        given = {f"CAUNOI_{name.upper()}": value.format(url=self.url) for name, value in settings.items()}
        self._environment = clean | {
            "CAUNOI_DATA_DIR": str(folder / "data"),
            "CAUNOI_PORT": str(self.port),
            **given,
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not running"
        return self._process.pid

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> float:
        """Return the seconds until it was ready."""
        begun = asyncio.get_running_loop().time()
        with self.log.open("ab") as log, self.output.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self._environment, stdout=output, stderr=log
            )
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while not await self._answers(session):
                if self._process.returncode is not None:
                    raise RuntimeError(f"the service ended at once:\n{self.log.read_text()[-2000:]}")
                await asyncio.sleep(0.05)
        return asyncio.get_running_loop().time() - begun

    async def kill(self) -> None:
        """Kill it as a power cut would, except that the disk's cache survives (SIGKILL)."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(how)
        return await process.wait()

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
