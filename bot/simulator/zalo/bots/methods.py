"""The methods of the Bot Platform."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.zalo import ids
from bot.simulator.zalo.addresses import is_web, split
from bot.simulator.zalo.bots.chats import Chat
from bot.simulator.zalo.bots.refusals import Refused, bad, forbidden, not_found
from bot.simulator.zalo.bots.updates import Updates, Webhook
from bot.simulator.zalo.ground import Ground
from bot.simulator.zalo.ledger import Json, Sent
from bot.simulator.zalo.pace import Pace

TEXT = 2000  # characters
WAIT = 30.0  # seconds, unless told
RATES = {"send": 20}  # messages in a second; Zalo's own figure is not known
STYLES = {"plain", "markdown", "html"}
Method = Callable[[Json], Awaitable[object]]


class Methods:
    def __init__(self, ground: Ground, chats: dict[str, Chat], updates: Updates, pace: Pace) -> None:
        self._ground = ground
        self._chats = chats
        self._updates = updates
        self._pace = pace
        self._table: dict[str, Method] = {
            "getMe": self._me,
            "getUpdates": self._poll,
            "setWebhook": self._hook,
            "deleteWebhook": self._unhook,
            "getWebhookInfo": self._hooked,
            "sendMessage": self._message,
            "sendPhoto": self._photo,
            "sendSticker": self._sticker,
            "sendVoice": self._voice,
            "sendChatAction": self._action,
        }

    async def __call__(self, method: str, given: Json) -> object:
        """Return the result; None answers that it went well and no more. Raises Refused."""
        found = self._table.get(method)
        if found is None:
            raise not_found()
        return await found(given)

    async def _me(self, _: Json) -> object:
        app = self._ground.app
        known = {"id": app.bot_id, "account_name": f"bot.{app.bot_id[-9:]}", "account_type": "BASIC"}
        return known | {"can_join_groups": True, "display_name": app.bot_name}

    async def _poll(self, given: Json) -> object:
        return await self._updates.poll(_seconds(given.get("timeout", WAIT)))

    async def _hook(self, given: Json) -> object:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        return self._updates.hook(Webhook(url, self._ground.clock.stamp(), secret))

    async def _unhook(self, _: Json) -> object:
        return self._updates.unhook(self._ground.clock.stamp())

    async def _hooked(self, _: Json) -> object:
        return self._updates.known()

    async def _message(self, given: Json) -> object:
        chat, text = self._chat(given), _text(given, "text", 1)
        if str(given.get("parse_mode") or "plain") not in STYLES:
            raise bad("parse_mode")
        _check_styles(given.get("text_styles"), len(text))
        return self._send("sendMessage", chat, given, text=text)

    async def _photo(self, given: Json) -> object:
        chat, url = self._chat(given), _web_address(given, "photo")
        return self._send("sendPhoto", chat, given, text=_text(given, "caption", 0), url=url)

    async def _sticker(self, given: Json) -> object:
        chat, sticker = self._chat(given), _text(given, "sticker", 1)
        return self._send("sendSticker", chat, given, name=sticker)

    async def _voice(self, given: Json) -> object:
        """Voices go to one person, from an address of an .aac file. The field's name is a guess."""
        chat, url = self._chat(given), _web_address(given, "voice_url")
        if chat.kind != "PRIVATE" or not split(url).path.endswith(".aac"):
            raise bad("voice_url")
        return self._send("sendVoice", chat, given, url=url)

    async def _action(self, given: Json) -> object:
        chat = self._chat(given)
        if given.get("action") != "typing":
            raise bad("action")
        chat.typing += 1
        return None

    def _chat(self, given: Json) -> Chat:
        chat = self._chats.get(str(given.get("chat_id", "")))
        if chat is None or not chat.open:
            raise bad("chat not found")
        if chat.blocked:
            raise forbidden()
        return chat

    def _send(
        self, method: str, chat: Chat, given: Json, *, text: str = "", name: str = "", url: str = ""
    ) -> Json:
        if not self._pace.admits("send"):
            raise Refused(429, "Too Many Requests")
        quote = str(given.get("reply_to_message_id", ""))
        sent = Sent(ids.message(), chat.id, method, text, name=name, url=url, quote=quote, plain=given)
        chat.received.append(sent)
        self._ground.ledger.add(sent)
        return {"message_id": sent.id, "date": self._ground.clock.stamp()}


def _text(given: Json, name: str, shortest: int) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or not shortest <= len(text) <= TEXT:
        raise bad(f"{name} must have {shortest} to {TEXT} characters")
    return text


def _web_address(given: Json, name: str) -> str:
    address = _text(given, name, 1)
    if not is_web(address):
        raise bad(f"{name} must be an address")
    return address


def _seconds(value: object) -> float:
    try:
        return max(float(str(value)), 0)
    except ValueError:
        raise bad("timeout") from None


def _check_styles(given: Any, length: int) -> None:  # noqa: ANN401 - JSON
    """Each style is {start, len, st}; forms carry the list as JSON."""
    try:
        styles: list[Json] = json.loads(given) if isinstance(given, str) else given or []
        fit = all(one["start"] >= 0 and one["start"] + one["len"] <= length and one["st"] for one in styles)
    except (ValueError, TypeError, KeyError):
        fit = False
    if not fit:
        raise bad("text_styles")
