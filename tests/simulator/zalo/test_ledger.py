"""The ledger counts what is lost, doubled, strange, and out of order."""

import pytest

from bot.simulator.zalo import Call, FakeZalo, Sent, Tally, tally
from tests.simulator.zalo.hook import Client


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        ("abcd", Tally(0, 0, 0, 0)),
        ("abd", Tally(1, 0, 0, 0)),
        ("abbbcd", Tally(0, 2, 0, 0)),
        ("abcdx", Tally(0, 0, 1, 0)),
        ("bacd", Tally(0, 0, 0, 1)),
        ("dabc", Tally(0, 0, 0, 3)),
        ("abcda", Tally(0, 1, 0, 0)),
        ("", Tally(4, 0, 0, 0)),
    ],
)
def test_a_tally(found: str, counted: Tally) -> None:
    assert tally("abcd", found) == counted


async def test_everything_stands_in_order(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    await client.send(lan.id, text="Chào Ông/Bà")
    await client.send(lan.id, text="")

    assert [type(entry).__name__ for entry in fake.ledger.entries] == [
        "Event",
        "Sent",
        "Event",
        "Call",
        "Call",
    ]
    assert [call.outcome for call in fake.ledger.of(Call)] == ["0", "-201"]
    assert fake.ledger.of(Sent) == lan.received == fake.sent(lan.id)


async def test_one_can_wait_for_what_will_happen(fake: FakeZalo, client: Client) -> None:
    lan = fake.oa.person()
    await lan.says("Xin chào")
    await client.send(lan.id, text="Chào Ông/Bà")

    assert len(await fake.sent_to(lan.id, 1)) == len(await fake.called("message/cs")) == 1
    with pytest.raises(TimeoutError):
        await fake.sent_to(lan.id, 2, timeout=0.01)


def test_secrets_stay_out_of_what_is_printed() -> None:
    fake = FakeZalo()
    pair = fake.oauth.pair()
    shown = f"{fake.app} {pair}"

    for secret in (fake.app.app_secret, fake.app.oa_secret, fake.app.bot_secret, pair.access_token):
        assert secret not in shown
