"""The emulator telegram-test-api from npm: an opinion on Telegram that is not ours.

Node.js runs it; a small server in front of it mends what keeps bot libraries from working with it
(no `is_bot` in getMe, milliseconds for dates, null results, no `chat_instance`, no long poll).
"""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web
from filelock import FileLock

Json = dict[str, Any]
PACKAGE = "telegram-test-api@4.2.1"
SCRIPT = """
const Server = require("telegram-test-api");
new Server({port: Number(process.env.PORT), host: "127.0.0.1"}).start();
"""
MISSING = {"setmycommands", "sendchataction"}  # answered here with true
TOKEN = "123456789:a-token-of-the-emulator"


class Unavailable(Exception):
    """There is no Node.js, no npm, or no way to the registry."""


def install(package: str = PACKAGE) -> Path:
    """Return a folder with the package; TESTS_NPM_DIR names one that has it. Raises Unavailable."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Unavailable("Node.js and npm are not installed")
    if given := os.environ.get("TESTS_NPM_DIR"):
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"caunoi-{package}"
    with FileLock(f"{folder}.lock"):
        if not (folder / "node_modules" / package.partition("@")[0]).exists():
            folder.mkdir(exist_ok=True)
            _install(npm, folder, package)
    return folder


def _install(npm: str, folder: Path, package: str) -> None:
    options = ["--prefix", ".", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        subprocess.run(  # noqa: S603
            [npm, "install", *options, package], cwd=folder, check=True, capture_output=True, timeout=300
        )
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(f"npm could not install {package}: {error}") from error


class NpmTelegram:
    """`async with NpmTelegram(folder) as emulator`, then point the bot to `emulator.url`."""

    def __init__(self, folder: Path, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self._folder = folder
        self._node = ""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._mended)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    async def __aenter__(self) -> Self:
        port = _free_port()
        self._node = f"http://127.0.0.1:{port}"
        self._process = await asyncio.create_subprocess_exec(
            shutil.which("node") or "node",
            "-e",
            SCRIPT,
            cwd=self._folder,
            env={**os.environ, "PORT": str(port)},
        )
        try:
            await _until_open(port)
        except TimeoutError:
            self._process.kill()
            raise
        self._session = aiohttp.ClientSession()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()
        with suppress(ProcessLookupError):
            self._process.terminate()
        await self._process.wait()

    async def says(self, person: int, text: str) -> None:
        message = {"botToken": self.token, "date": 1_772_424_060, "text": text, **_written_by(person)}
        await self._post("/sendMessage", message)

    async def presses(self, person: int, data: str, message: int) -> None:
        """Press a button with `data` on the message with that number."""
        shown = {"message_id": message, "date": 1_772_424_060, "chat": _written_by(person)["chat"]}
        press = {"botToken": self.token, "from": _written_by(person)["from"], "message": shown, "data": data}
        await self._post("/sendCallback", press)

    async def received(self, person: int, timeout: float = 10) -> Json:  # noqa: ASYNC109
        """Wait for what the bot sends next to a person; its number is `messageId`."""
        async with asyncio.timeout(timeout):
            while True:
                found = await self._post("/getUpdates", {"token": self.token, "chatId": person})
                if found["result"]:
                    message: Json = found["result"][0]
                    return message
                await asyncio.sleep(0.02)

    async def _mended(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"].lower(), await request.json()
        if method in MISSING:
            return web.json_response({"ok": True, "result": True})
        answer = await self._post(request.path, given)
        if method == "getupdates" and not answer["result"]:
            await asyncio.sleep(0.02)
        return web.json_response(_mend(answer))

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._node + path, json=body) as answer:
            found: Json = await answer.json()
            return found


def _mend(answer: Json) -> Json:
    result = True if answer["result"] is None else answer["result"]
    if isinstance(result, dict) and "username" in result:
        result |= {"is_bot": True}
    if isinstance(result, dict) and "date" in result:
        result |= {"date": result["date"] // 1000}
    for update in result if isinstance(result, list) else ():
        if "callback_query" in update:
            update["callback_query"] |= {"chat_instance": "1"}
    return answer | {"result": result}


def _written_by(person: int) -> Json:
    return {
        "from": {"id": person, "is_bot": False, "first_name": "Lan"},
        "chat": {"id": person, "type": "private", "first_name": "Lan"},
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def _until_open(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.05)
