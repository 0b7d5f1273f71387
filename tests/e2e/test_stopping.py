"""SIGTERM in the middle of the work: nothing is lost, and nothing is said twice."""

import sqlite3
from pathlib import Path

import pytest

from bot.simulator.telegram import FakeTelegram
from tests.e2e.inside import MODES, by_telegram
from tests.e2e.waiting import settled
from tests.process import ServiceProcess

PEOPLE = 50


@pytest.mark.parametrize("mode", MODES)
async def test_a_stop_while_messages_are_under_way_answers_each_once(mode: str, tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        settings = {key: str(value) for key, value in by_telegram(telegram, mode).items() if key != "port"}
        if mode == "webhook":
            settings["public_url"] = "{url}"
        service = ServiceProcess(tmp_path, **settings)
        await service.start()
        await telegram.called("setMyCommands", timeout=20)
        for number in range(PEOPLE):
            await telegram.person(number + 1).says("luong co so hien nay la bao nhieu")
        await telegram.called("sendMessage", 5, timeout=20)
        assert await service.stop() == 0
        assert "Traceback" not in service.log.read_text("utf-8")
        async with service:
            await telegram.taken(20)
            await settled(service.url)
        heard = [[sent.text for sent in telegram.sent(number + 1)] for number in range(PEOPLE)]
    assert all(len(said) == 1 and "2.530.000 đồng/tháng" in said[0] for said in heard), heard
    with sqlite3.connect(tmp_path / "data" / "caunoi.db") as database:
        assert database.execute("SELECT count(*), sum(maybe_twice) FROM outbox").fetchone() == (PEOPLE, 0)
    database.close()
