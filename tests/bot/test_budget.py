"""Failed tries are counted for each address, and one address does not pay for another."""

import pytest

from bot import budget
from bot.budget import Budget


async def test_after_the_last_try_there_is_none() -> None:
    tries = Budget(3)
    assert [await tries.spend("192.0.2.1") for _ in range(5)] == [True, True, True, False, False]


async def test_another_address_has_its_own() -> None:
    tries = Budget(1)
    assert await tries.spend("192.0.2.1")
    assert await tries.spend("192.0.2.2")
    assert await tries.spend("")
    assert not await tries.spend("192.0.2.1")


async def test_all_addresses_of_one_network_of_ipv6_share_one() -> None:
    tries = Budget(1)
    assert await tries.spend("2001:db8:1:2::1")
    assert not await tries.spend("2001:db8:1:2:ffff::9")
    assert await tries.spend("2001:db8:1:3::1")


async def test_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_ADDRESSES", 3)
    tries = Budget(1)
    for number in range(10):
        assert await tries.spend(f"192.0.2.{number}")
    assert await tries.spend("192.0.2.1")
