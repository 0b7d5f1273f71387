"""Tokens: one grant by a person, then pairs that each work once."""

import base64
import re
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.simulator.zalo import FakeZalo
from bot.simulator.zalo.app import App
from tests.simulator.zalo.hook import Client, Json

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CALLBACK = "https://example.org/zalo/callback"


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def asked(fake: FakeZalo) -> Json:
    known = {"app_id": fake.app.app_id, "redirect_uri": CALLBACK, "state": "x&y"}
    return known | {"code_challenge": challenge(VERIFIER)}


async def agree(client: Client, given: Json) -> dict[str, list[str]]:
    """Press the button of the permission page, and return what the browser carries back."""
    address = f"{client.fake.url}/v4/oa/permission"
    async with client.session.get(address, params=given) as page:
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', await page.text()))
    fields["state"] = fields["state"].replace("&amp;", "&")
    async with client.session.post(address, data=fields, allow_redirects=False) as answer:
        assert answer.status == 302
        back = answer.headers["Location"]
    assert back.startswith(f"{CALLBACK}?")
    return parse_qs(urlsplit(back).query)


async def exchange(client: Client, secret: str = "", **form: str) -> Json:
    headers = {"secret_key": secret or client.fake.app.app_secret}
    form = {"app_id": client.fake.app.app_id} | form
    async with client.session.post(
        f"{client.fake.url}/v4/oa/access_token", data=form, headers=headers
    ) as answer:
        assert answer.status == 200
        body: Json = await answer.json()
        return body


async def with_code(client: Client, code: str, verifier: str = VERIFIER, **more: str) -> Json:
    return await exchange(
        client, **{"grant_type": "authorization_code", "code": code, "code_verifier": verifier} | more
    )


async def refresh(client: Client, token: str) -> Json:
    return await exchange(client, grant_type="refresh_token", refresh_token=token)


async def test_a_grant_becomes_a_pair_of_tokens(fake: FakeZalo, client: Client) -> None:
    back = await agree(client, asked(fake))
    pair = await with_code(client, back["code"][0])

    assert back["oa_id"] == [fake.app.oa_id]
    assert back["state"] == ["x&y"]
    assert pair.keys() == {"access_token", "refresh_token", "expires_in"}
    assert pair["expires_in"] == "90000"
    client.token = pair["access_token"]
    assert (await client.get("v2.0/oa/getoa"))["error"] == 0


async def test_a_code_works_once_and_for_ten_minutes(fake: FakeZalo, client: Client) -> None:
    first = (await agree(client, asked(fake)))["code"][0]
    assert "access_token" in await with_code(client, first)
    assert (await with_code(client, first))["error"] == -14003

    late = (await agree(client, asked(fake)))["code"][0]
    fake.later(timedelta(minutes=10))
    assert (await with_code(client, late))["error"] == -14003


@pytest.mark.parametrize("verifier", ["", "a" * 43, VERIFIER[:42], VERIFIER + "a"])
async def test_the_verifier_must_fit_the_challenge(fake: FakeZalo, client: Client, verifier: str) -> None:
    code = (await agree(client, asked(fake)))["code"][0]
    assert (await with_code(client, code, verifier))["error"] == -14003
    assert (await with_code(client, code))["error"] == -14003  # the wrong try has used it up


async def test_a_refresh_token_works_once_and_changes(fake: FakeZalo, client: Client) -> None:
    pair = fake.oauth.pair()
    second = await refresh(client, pair.refresh_token)
    again = await refresh(client, pair.refresh_token)
    third = await refresh(client, second["refresh_token"])

    assert again == {
        "error": -14014,
        "error_name": "Invalid refresh token",
        "error_description": "Invalid refresh token",
    }
    assert len({pair.refresh_token, second["refresh_token"], third["refresh_token"]}) == 3
    assert [call.outcome for call in fake.calls("access_token")] == ["0", "-14014", "0"]


async def test_a_refresh_token_lives_for_three_months(fake: FakeZalo, client: Client) -> None:
    good, late = fake.oauth.pair(), fake.oauth.pair()
    fake.later(timedelta(days=89))
    assert "access_token" in await refresh(client, good.refresh_token)
    fake.later(timedelta(days=1))
    assert (await refresh(client, late.refresh_token))["error"] == -14020


async def test_a_grant_can_be_taken_back(fake: FakeZalo, client: Client) -> None:
    pair = fake.oauth.pair()
    fake.oauth.revoke()
    assert (await refresh(client, pair.refresh_token))["error"] == -14014


async def test_the_three_secrets_are_not_the_same(fake: FakeZalo, client: Client) -> None:
    pair = fake.oauth.pair()
    refused = await exchange(
        client, fake.app.oa_secret, grant_type="refresh_token", refresh_token=pair.refresh_token
    )

    assert refused["error"] == -14003
    assert "access_token" in await refresh(client, pair.refresh_token)
    assert (await exchange(client, app_id="1", grant_type="refresh_token"))["error"] == -14003
    assert (await exchange(client, grant_type="password"))["error"] == -14003


async def test_only_the_registered_callback_is_gone_back_to(client: Client) -> None:
    async with FakeZalo(App(callback=CALLBACK)) as fake:
        address = f"{fake.url}/v4/oa/permission"

        async def code(**changed: str) -> object:
            async with client.session.get(address, params=asked(fake) | changed) as answer:
                assert answer.status == 200
                body = await answer.json() if answer.content_type == "application/json" else {}
                return body.get("error")

        assert await code() is None
        assert await code(redirect_uri="https://example.com") == -14003
        assert await code(redirect_uri="") == -14003
        assert await code(app_id="1") == -14003
        assert [call.outcome for call in fake.calls("permission")] == ["0", "-14003", "-14003", "-14003"]
