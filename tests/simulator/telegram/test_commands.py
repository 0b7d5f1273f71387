"""The menu of commands."""

import pytest

from bot.simulator.telegram import FakeTelegram
from tests.simulator.telegram.calls import Call, Json

MENU = [{"command": "start", "description": "Bắt đầu"}]
STAFF = [{"command": "nhan", "description": "Nhận việc"}]


async def test_menus_are_kept_by_scope_and_language(fake: FakeTelegram, call: Call) -> None:
    group: Json = {"type": "chat", "chat_id": fake.group(-1001).id}
    await call("setMyCommands", commands=MENU)
    await call("setMyCommands", commands=STAFF, scope=group, language_code="vi")

    assert fake.commands() == {"": MENU}
    assert fake.commands(group) == {"vi": STAFF}
    assert (await call("getMyCommands", scope=group, language_code="vi"))["result"] == STAFF
    assert (await call("getMyCommands", scope=group))["result"] == []
    assert (await call("deleteMyCommands", scope=group, language_code="vi"))["result"] is True
    assert fake.commands(group) == {}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"commands": [{"command": "Bắt đầu", "description": "a"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": MENU * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": MENU, "language_code": "việt"}, "invalid language code specified"),
        ({"commands": MENU, "scope": {"type": "office"}}, "unsupported type specified"),
        ({"commands": MENU, "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
async def test_menus_are_checked(call: Call, given: Json, reason: str) -> None:
    assert (await call("setMyCommands", **given))["description"] == f"Bad Request: {reason}"
