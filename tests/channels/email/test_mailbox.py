"""A real mailbox over a real socket: what came is read, and nothing in it is changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels.email import mailbox
from bot.channels.email.mailbox import Account, NotRead, Raw, look
from storage.accounts import Place
from tests.channels.email.conftest import HOST, PASSWORD, USER, MailboxServer, Papers, mailbox_server
from tests.process import free_port

LETTER = b"From: an@bo.vn\r\nSubject: Re\r\n\r\nDa chi tra\r\n"


@pytest.fixture(params=["plain", "starttls"])
async def server(request: pytest.FixtureRequest, papers: Papers) -> AsyncIterator[MailboxServer]:
    async with mailbox_server(papers if request.param == "starttls" else None) as running:
        yield running


@pytest.fixture
def account(server: MailboxServer) -> Account:
    security = "starttls" if server.trust else "none"
    return Account(HOST, server.port, security, USER, PASSWORD, server.trust)


async def newest(account: Account) -> Place:
    found = await asyncio.to_thread(look, account, None)
    assert found.letters == ()
    return found.place


async def read_all(account: Account, known: Place) -> list[Raw | None]:
    return [raw for _, raw in (await asyncio.to_thread(look, account, known)).letters]


async def test_only_what_came_later_is_read_and_it_can_be_read_again(
    server: MailboxServer, account: Account
) -> None:
    place = await newest(account)
    assert await read_all(account, place) == []
    await asyncio.to_thread(server.deliver, LETTER, LETTER.replace(b"an@", b"ha@"))
    for _ in range(2):
        found = await read_all(account, place)
        assert [raw.content[:16] for raw in found if raw] == [b"From: an@bo.vn\r\n", b"From: ha@bo.vn\r\n"]
        assert all(raw and raw.whole for raw in found)
    assert len(await read_all(account, replace(place, uid=place.uid + 1))) == 1
    moved = await read_all(account, Place(place.validity + 1, 10_000))
    assert len(moved) == 4 + 2


async def test_of_a_huge_letter_only_the_head_is_read(
    server: MailboxServer, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await newest(account)
    monkeypatch.setattr(mailbox, "LARGEST", 1000)
    await asyncio.to_thread(server.deliver, LETTER + b"x" * 1000)
    (found,) = await read_all(account, place)
    assert found == Raw(b"From: an@bo.vn\r\nSubject: Re\r\n\r\n", whole=False)


async def test_a_wrong_password_is_told_apart_from_a_server_that_is_away(account: Account) -> None:
    with pytest.raises(NotRead) as error:
        await newest(replace(account, password="sai"))
    assert error.value.denied
    with pytest.raises(NotRead) as error:
        await newest(replace(account, port=free_port()))
    assert not error.value.denied
