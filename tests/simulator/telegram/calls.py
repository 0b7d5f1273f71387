"""Calls as a bot makes them; aiogram's models, which nobody here wrote, check whatever comes back."""

from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any

import aiogram.methods
import aiohttp
from pydantic import BaseModel, TypeAdapter

from bot.simulator.telegram import FakeTelegram

Json = dict[str, Any]
Call = Callable[..., Coroutine[Any, Any, Json]]
LAN, MINH, AN, BINH = 1001, 1002, 2001, 2002


def strict(kind: object, value: object) -> Any:  # noqa: ANN401 - of that kind
    """Read JSON as one of aiogram's types; what the type does not know is a mistake too."""
    found = _adapter(kind).validate_python(value)
    _has_no_strangers(found)
    return found


@cache
def _adapter(kind: object) -> TypeAdapter[object]:
    return TypeAdapter(kind)


def _has_no_strangers(found: object) -> None:
    match found:
        case BaseModel():
            assert not found.model_extra, (type(found).__name__, found.model_extra)
            for name in type(found).model_fields:
                _has_no_strangers(getattr(found, name))
        case list():
            for one in found:
                _has_no_strangers(one)


async def posted(session: aiohttp.ClientSession, fake: FakeTelegram, method: str, parameters: Json) -> Json:
    async with session.post(f"{fake.url}/bot{fake.token}/{method}", json=parameters) as answer:
        body: Json = await answer.json()
    assert body["ok"] is (answer.status == 200)
    if body["ok"]:
        strict(getattr(aiogram.methods, method[0].upper() + method[1:]).__returning__, body["result"])
    else:
        assert body["error_code"] == answer.status
    return body


async def updates(call: Call, **parameters: object) -> list[Json]:
    found: list[Json] = (await call("getUpdates", **parameters))["result"]
    return found


def refusal(answer: Json) -> tuple[int, str]:
    return answer["error_code"], answer["description"]
