"""The methods of the Bot API that a bot for private chats needs."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.simulator.telegram import checks
from bot.simulator.telegram.delivery import Delivery, Webhook
from bot.simulator.telegram.refusals import NOT_MODIFIED, STALE_QUERY, Refused, bad, flood
from bot.simulator.telegram.world import Chat, Json, World

DOWNLOAD_LIMIT = 20_000_000  # bytes
QUERY_LIFE = 150  # seconds
PER_CHAT, OVERALL = 3, 30  # messages in as many seconds; messages in one second
Method = Callable[[Json], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request as multipart/form-data."""

    content: bytes
    name: str
    mime: str


class Methods:
    """`flooded` switches the limits on how much a bot may send."""

    def __init__(self, world: World, delivery: Delivery, *, flooded: bool) -> None:
        self._world = world
        self._delivery = delivery
        self._flooded = flooded
        self._times: defaultdict[object, deque[float]] = defaultdict(deque)
        names = (name for name in dir(self) if not name.startswith("_"))
        self._table: dict[str, Method] = {name.replace("_", ""): getattr(self, name) for name in names}

    def _find(self, method: str) -> Method:
        """Names of methods are case-insensitive."""
        try:
            return self._table[method.lower()]
        except KeyError:
            raise Refused(404, "Not Found") from None

    async def __call__(self, method: str, parameters: Json) -> object:
        return await self._find(method)(parameters)

    async def get_me(self, _: Json) -> object:
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        more = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled")
        return self._world.bot | dict.fromkeys(abilities + more, False)

    async def get_updates(self, given: Json) -> object:
        if "allowed_updates" in given:
            self._delivery.allowed = checks.structure(given["allowed_updates"])
        offset, limit = checks.integer(given.get("offset", 0)), checks.integer(given.get("limit", 100))
        return await self._delivery.poll(offset, limit, float(given.get("timeout", 0)))

    async def set_webhook(self, given: Json) -> object:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        webhook = Webhook(url, secret, checks.integer(given.get("max_connections", 40)))
        allowed = checks.structure(given.get("allowed_updates"))
        await self._delivery.hook(webhook, allowed, drop=_true(given.get("drop_pending_updates")))
        return True

    async def delete_webhook(self, given: Json) -> object:
        await self._delivery.hook(Webhook(""), None, drop=_true(given.get("drop_pending_updates")))
        return True

    async def get_webhook_info(self, _: Json) -> object:
        return {
            "url": self._delivery.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._delivery.pending),
        }

    async def send_message(self, given: Json) -> object:
        return self._send(given, lambda: checks.text(given, "text", 4096))

    async def send_photo(self, given: Json) -> object:
        def content() -> Json:
            size = {"width": 1280, "height": 960}
            return {"photo": [self._file(given, "photo", "photos/file_{}.jpg") | size]} | _caption(given)

        return self._send(given, content)

    async def send_document(self, given: Json) -> object:
        return self._send(
            given, lambda: {"document": self._file(given, "document", "documents/file_{}")} | _caption(given)
        )

    async def send_chat_action(self, given: Json) -> object:
        self._world.chat(given.get("chat_id"))
        return True

    async def edit_message_text(self, given: Json) -> object:
        chat, message = self._own(given, "edit")
        return self._edit(chat, message, checks.text(given, "text", 4096) | _markup(given))

    async def edit_message_reply_markup(self, given: Json) -> object:
        chat, message = self._own(given, "edit")
        kept = {key: message[key] for key in ("text", "entities") if key in message}
        return self._edit(chat, message, kept | _markup(given))

    async def delete_message(self, given: Json) -> object:
        chat = self._world.chat(given.get("chat_id"))
        if chat.messages.pop(checks.integer(given.get("message_id")), None) is None:
            raise bad("message to delete not found")
        return True

    async def answer_callback_query(self, given: Json) -> object:
        name = str(given.get("callback_query_id"))
        pressed = self._world.presses.get(name)
        if pressed is None or self._world.now() - pressed > QUERY_LIFE:
            raise bad(STALE_QUERY)
        if checks.units(str(given.get("text", ""))) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self._world.answered.append(name)
        return True

    async def get_file(self, given: Json) -> object:
        content, path = self._world.file(given.get("file_id"))
        if len(content) > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        unique = "U" + str(given["file_id"]).rpartition("-")[2]
        known = {"file_id": given["file_id"], "file_unique_id": unique, "file_size": len(content)}
        return known | {"file_path": path}

    async def set_my_commands(self, given: Json) -> object:
        commands = checks.structure(given.get("commands"))
        if not all(command.get("command") and command.get("description") for command in commands):
            raise bad("BOT_COMMAND_INVALID")
        self._world.commands[str(given.get("language_code", ""))] = commands
        return True

    async def get_chat(self, given: Json) -> object:
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        return self._world.chat(given.get("chat_id")).place | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    def _send(self, given: Json, content: Callable[[], Json]) -> object:
        chat = self._world.chat(given.get("chat_id"))
        message = self._reply(chat, given) | content() | _markup(given)
        self._slow_down(chat)
        return self._world.message(chat, self._world.bot, **message)

    def _reply(self, chat: Chat, given: Json) -> Json:
        wanted = checks.structure(given.get("reply_parameters")) or {}
        if not wanted:
            return {}
        target = chat.messages.get(checks.integer(wanted.get("message_id")))
        if target:
            return {"reply_to_message": {k: v for k, v in target.items() if k != "reply_to_message"}}
        if _true(wanted.get("allow_sending_without_reply")):
            return {}
        raise bad("message to be replied not found")

    def _own(self, given: Json, verb: str) -> tuple[Chat, Json]:
        chat = self._world.chat(given.get("chat_id"))
        message = chat.messages.get(checks.integer(given.get("message_id")))
        if message is None:
            raise bad(f"message to {verb} not found")
        if message["from"] != self._world.bot:
            raise bad("message can't be edited")
        return chat, message

    def _edit(self, chat: Chat, message: Json, content: Json) -> Json:
        shown = {key: message[key] for key in ("text", "entities", "reply_markup") if key in message}
        if shown == content:
            raise bad(NOT_MODIFIED)
        self._slow_down(chat)
        for key in shown:
            del message[key]
        message |= content | {"edit_date": int(self._world.now())}
        return message

    def _file(self, given: Json, name: str, path: str) -> Json:
        file = given.get(name)
        if isinstance(file, str) and file.startswith("attach://"):
            file = given.get(file.removeprefix("attach://"))
        if isinstance(file, Upload):
            named = {"file_name": file.name, "mime_type": file.mime} if name == "document" else {}
            return self._world.keep_file(file.content, path) | named
        if not file:
            raise bad(f"there is no {name} in the request")
        return self._world.keep_file(self._world.file(file)[0], path)

    def _slow_down(self, chat: Chat) -> None:
        if not self._flooded:
            return
        now = self._world.now()
        for key, most, span in ((chat.user["id"], PER_CHAT, PER_CHAT), (None, OVERALL, 1)):
            times = self._times[key]
            while times and times[0] <= now - span:
                times.popleft()
            if len(times) >= most:
                raise flood(max(1, round(times[0] + span - now)))
        for key in (chat.user["id"], None):
            self._times[key].append(now)


def _caption(given: Json) -> Json:
    return checks.text(given, "caption", 1024)


def _markup(given: Json) -> Json:
    return checks.keyboard(given.get("reply_markup"))


def _true(value: Any) -> bool:  # noqa: ANN401 - forms say "true"
    return str(value).lower() in {"true", "1"}
