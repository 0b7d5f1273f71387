"""What a chat was sent can be read on from any place, and nothing ever comes to stand before it."""

from datetime import datetime, timedelta

from feedback.messages import Address, Outgoing
from storage.outbox import Item
from storage.store import Store

LAN = Address("web", "main", "lan")
MINH = Address("web", "main", "minh")
MINUTE = timedelta(minutes=1)


async def put(store: Store, now: datetime, text: str, address: Address = LAN) -> None:
    async with store.begin(now) as tx:
        tx.outbox.put(address, Outgoing(text))


async def claim(store: Store, now: datetime) -> list[Item]:
    async with store.begin(now) as tx:
        return await tx.outbox.claim("web", "main", 10)


async def send(store: Store, now: datetime, items: list[Item]) -> None:
    async with store.begin(now) as tx:
        for item in items:
            tx.outbox.sent(item, "")


async def since(store: Store, now: datetime, after: int) -> list[Item]:
    async with store.look(now) as tx:
        return await tx.outbox.since(LAN, after)


def texts(items: list[Item]) -> list[str]:
    return [item.message.text for item in items]


async def test_a_smaller_id_that_is_committed_later_is_still_ahead_of_the_reader(
    store: Store, url: str, now: datetime
) -> None:
    other = await Store.open(url, migrate=False)  # another process, whose clock is behind
    await put(store, now, "Đã tiếp nhận.")
    await send(store, now, await claim(store, now))
    [first] = await since(store, now, 0)
    await put(other, now - MINUTE, "Đã trả lời.")
    [second] = await claim(store, now)
    assert second.id < first.id
    await send(store, now, [second])
    assert texts(await since(store, now, first.position)) == ["Đã trả lời."]
    assert texts(await since(store, now, 0)) == ["Đã tiếp nhận.", "Đã trả lời."]
    await other.close()


async def test_a_chat_has_one_message_in_flight_even_when_a_smaller_id_comes_later(
    store: Store, url: str, now: datetime
) -> None:
    other = await Store.open(url, migrate=False)
    await put(store, now, "một")
    under_way = await claim(store, now)
    await put(other, now - MINUTE, "hai")
    await put(store, now, "ba", MINH)
    assert texts(await claim(store, now)) == ["ba"]
    await send(store, now, under_way)
    assert texts(await claim(store, now)) == ["hai"]
    await other.close()


async def test_who_was_sent_it_twice_reads_it_where_it_stood_first(store: Store, now: datetime) -> None:
    await put(store, now, "một")
    await put(store, now, "hai")
    [first] = await claim(store, now)
    await send(store, now, [first])
    await send(store, now, await claim(store, now))
    before = await since(store, now, 0)
    await send(store, now, [first])  # the sender that was thought dead reports, too
    assert await since(store, now, 0) == before


async def test_a_chat_whose_messages_are_forgotten_goes_on_where_it_was(store: Store, now: datetime) -> None:
    for text in ("một", "hai"):
        await put(store, now, text)
        await send(store, now, await claim(store, now))
    seen = (await since(store, now, 0))[-1].position
    async with store.begin(now) as tx:
        assert await tx.retention.forget({"conversation": -MINUTE}, "conversation") == 2
    await put(store, now + MINUTE, "ba")
    await send(store, now, await claim(store, now + MINUTE))
    assert texts(await since(store, now, seen)) == ["ba"]
