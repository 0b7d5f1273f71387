"""The menu of commands, by scope and language."""

import json
import re

from bot.simulator.telegram.given import Given
from bot.simulator.telegram.refusals import bad
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World

WHOLE = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
OF_A_CHAT = {"chat", "chat_administrators", "chat_member"}


class Commands:
    def __init__(self, world: World) -> None:
        self._world = world

    async def set_my_commands(self, given: Given) -> object:
        commands: list[Json] = given.structure("commands") or []
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._world.commands[self._key(given)] = commands
        return True

    async def get_my_commands(self, given: Given) -> object:
        return self._world.commands.get(self._key(given), [])

    async def delete_my_commands(self, given: Given) -> object:
        self._world.commands.pop(self._key(given), None)
        return True

    def _key(self, given: Given) -> tuple[str, str]:
        language = given.text("language_code")
        if not re.fullmatch(r"([a-z]{2})?", language):
            raise bad("invalid language code specified")
        scope: Json = given.structure("scope") or {"type": "default"}
        if scope.get("type") in OF_A_CHAT:
            self._world.chat(scope.get("chat_id"))
        elif scope.get("type") not in WHOLE:
            raise bad("unsupported type specified")
        return scope_key(scope), language


def scope_key(scope: Json) -> str:
    return json.dumps({name: str(value) for name, value in scope.items()}, sort_keys=True)
