"""What must not come through Telegram's webhook, and what may come but makes no sense."""

import asyncio
import io
import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from multidict import CIMultiDict

from bot import letters
from bot.settings import Settings
from bot.simulator.telegram import FakeTelegram
from bot.updates import PATH, SECRET_HEADER
from tests.e2e.chat import Chat
from tests.e2e.inside import SECRET, by_telegram, inside
from tests.process import ServiceProcess

LAN, MINH = 1001, 1002
RIGHT = (SECRET_HEADER, SECRET)
WRONG = {
    "missing": [],
    "empty": [(SECRET_HEADER, "")],
    "another": [(SECRET_HEADER, "another-secret-of-the-tests!")],
    "a prefix": [(SECRET_HEADER, SECRET[:-1])],
    "longer": [(SECRET_HEADER, SECRET + "s")],
    "in capitals": [(SECRET_HEADER, SECRET.upper())],
    "not ASCII": [(SECRET_HEADER, SECRET.replace("e", "é"))],
    "right and wrong": [RIGHT, (SECRET_HEADER, "another")],
    "wrong and right": [(SECRET_HEADER, "another"), RIGHT],
    "twice right": [RIGHT, RIGHT],
}
LAN_WRITES: dict[str, Any] = {
    "message_id": 1,
    "date": 1_772_424_060,
    "chat": {"id": LAN, "type": "private", "first_name": "Lan"},
    "from": {"id": LAN, "is_bot": False, "first_name": "Lan"},
    "text": "xin chào",
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(telegram: FakeTelegram, folder: Path) -> AsyncIterator[ServiceProcess]:
    place = folder / "updates"
    place.mkdir()
    service = ServiceProcess(
        place,
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        telegram_secret=SECRET,
        public_url="{url}",
    )
    async with service:
        await telegram.called("setWebhook", timeout=20)
        yield service


async def test_without_the_secret_nothing_is_stored(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as session:
        for number, (name, headers) in enumerate(WRONG.items()):
            update = {"update_id": number, "message": LAN_WRITES}
            given = CIMultiDict(headers)
            async with session.post(service.url + PATH, json=update, headers=given) as answer:
                assert (name, answer.status, await answer.text()) == (name, 401, "")
        async with session.post(service.url + PATH, data="not JSON") as answer:
            assert answer.status == 401
    data = service.log.parent / "data"
    assert (data / "caunoi.db").exists()
    for file in data.glob("caunoi.db*"):
        assert "xin chào".encode() not in file.read_bytes()


def _unreadable() -> Iterator[tuple[str, bytes]]:
    """Yield what carries the secret and is no update, each with its name."""
    yield "empty", b""
    yield "not JSON", b"xin ch\xc3\xa0o"
    yield "broken off", b'{"update_id": 1, "message": {'
    yield "an array", b"[1, 2, 3]"
    yield "a number", b"17"
    yield "nested deeply", b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    yield "not UTF-8", b'{"update_id": 2, "text": "\xff\xfe"}'
    yield "NUL", b'{"update_id": 3}\x00'
    yield "no number", json.dumps({"message": LAN_WRITES}).encode()
    yield "no person's id", _update(11, **{"from": {"is_bot": False, "first_name": "Lan"}})
    yield "no chat", _update(12, chat=None)
    yield "a list for a message", b'{"update_id": 13, "message": []}'
    yield "a date that cannot be", _update(14, date=10**18)
    yield "a huge update", _update(10**100)
    yield "a huge person", _update(15, **{"from": LAN_WRITES["from"] | {"id": 10**60}})
    yield "a huge chat", _update(16, chat=LAN_WRITES["chat"] | {"id": -(10**200)})
    yield "a huge message number", _update(17, message_id=10**90)
    yield "a number with 5,000 digits", b'{"update_id": ' + b"9" * 5000 + b"}"
    yield "not a number", b'{"update_id": NaN, "message": {}}'


def _update(number: int, **different: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps({"update_id": number, "message": LAN_WRITES | different}).encode()


ODD = {  # readable, whatever else is in it
    "half a letter": _update(21, text="luong co so \ud800"),
    "NUL in the text": _update(22, text="luong\x00 co so"),
    "a name of halves": _update(23, **{"from": LAN_WRITES["from"] | {"first_name": "La\udfffn\x00"}}),
    "a text of spaces": _update(24, text="   \n\t "),
    "a strange quotation": _update(26, reply_to_message="?", entities=17),
}


async def test_no_body_breaks_the_webhook_and_what_is_unreadable_is_kept(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeTelegram() as telegram:
        settings = by_telegram(telegram, "webhook") | {"database_url": url}
        chat = Chat(telegram, telegram.person(LAN), settings["public_url"])
        async with inside(tmp_path, **settings) as service:
            await telegram.called("setWebhook")
            assert await _statuses(service.url, ODD) == dict.fromkeys(ODD, 200)
            assert len(await chat.hears()) == len(ODD)
            unreadable = dict(_unreadable())
            for _ in range(2):  # some are delivered again, and kept once
                assert await _statuses(service.url, unreadable) == dict.fromkeys(unreadable, 200)
            (answer,) = await chat.says("luong co so hien nay la bao nhieu")
    assert "2.530.000 đồng/tháng" in answer.text
    assert caplog.records == []
    listed, shown = await _dead_letters(tmp_path, url, capsys)
    assert listed.endswith(f"{len(unreadable)} tin đến, 0 tin đi.\n")
    assert listed.count("not an update of the Bot API") == len(unreadable)
    assert "xin chào" not in listed
    assert "xin chào" in shown


async def _statuses(url: str, bodies: dict[str, bytes]) -> dict[str, int]:
    found = {}
    async with aiohttp.ClientSession(headers=[RIGHT]) as session:
        for name, body in bodies.items():
            async with session.post(url + PATH, data=body) as answer:
                found[name] = answer.status
    return found


async def _dead_letters(folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the list without and with what is in the letters."""
    capsys.readouterr()
    found = []
    for with_content in (False, True):
        settings = Settings(_env_file=None, data_dir=folder, database_url=url)  # type: ignore[call-arg]
        await letters.show(settings, with_content=with_content)
        found.append(capsys.readouterr().out)
    return found


async def test_a_body_that_is_too_large_is_refused(service: ServiceProcess) -> None:
    large = io.BytesIO(b'{"update_id": 30, "a": "' + b"x" * 5_000_000 + b'"}')
    async with (
        aiohttp.ClientSession(headers=[RIGHT]) as session,
        session.post(service.url + PATH, data=large) as answer,
    ):
        assert answer.status == 413
    _is_quiet(service)


async def test_odd_messages_get_a_clear_sentence_and_the_next_one_works(
    service: ServiceProcess, telegram: FakeTelegram
) -> None:
    lan = telegram.person(LAN)
    chat = Chat(telegram, lan, service.url)
    (unknown,) = await chat.says("/khongco")
    assert unknown.text.startswith("Tôi chưa hiểu lệnh này. Ông/Bà gõ /trogiup")
    await lan.sends_sticker()
    (sticker,) = await chat.hears()
    assert sticker.text == "Tôi chỉ đọc được chữ, ảnh và tệp. Xin Ông/Bà viết bằng chữ."
    await lan.sends(text="Lương cơ sở? " * 7692 + "Hết!")
    (long,) = await chat.hears()
    assert long.text.startswith("Tin nhắn dài 100000 ký tự, quá mức 10.000.")
    (wrong_code,) = await chat.says("/tracuu 7K3F9-Q2M4S")
    assert wrong_code.text.startswith("Không tìm thấy hồ sơ với mã này.")
    (answer,) = await chat.says("luong co so hien nay la bao nhieu")
    assert "2.530.000 đồng/tháng" in answer.text
    _is_quiet(service)


async def test_a_long_message_in_the_middle_of_an_intake_loses_nothing(
    service: ServiceProcess, telegram: FakeTelegram
) -> None:
    minh = telegram.person(MINH, "Minh")
    chat = Chat(telegram, minh, service.url)
    for text in ("/gopy", "1", "1", "2"):
        await chat.says(text)
    await minh.sends(text="a" * 100_000)
    (long,) = await chat.hears()
    assert long.text.startswith("Tin nhắn dài 100000 ký tự")
    (place,) = await chat.says("Xã tôi chậm trả lương đã ba tháng.")
    assert place.text.startswith("Việc này ở đâu?")


async def test_what_is_not_http_ends_without_noise(service: ServiceProcess) -> None:
    port = int(service.url.rpartition(":")[2])
    for noise in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 9000):
        answer = await asyncio.to_thread(_shouts, port, noise)
        assert b" 500 " not in answer
    _is_quiet(service)


def _shouts(port: int, noise: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(noise)
        line.shutdown(socket.SHUT_WR)
        try:
            return line.recv(10_000)
        except ConnectionResetError:
            return b""


def _is_quiet(service: ServiceProcess) -> None:
    log = service.log.read_text("utf-8")
    assert "Traceback" not in log
    assert re.search(r"\[(error|critical) *\]", log) is None
