"""How fast a bot may write."""

import aiohttp

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import LAN


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
