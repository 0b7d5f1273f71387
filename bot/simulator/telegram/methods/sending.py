"""Everything by which a new message of the bot comes into a chat."""

from collections.abc import Callable

from bot.simulator.telegram import checks
from bot.simulator.telegram.chats import Chat, GroupChat
from bot.simulator.telegram.given import Given, Upload, structure
from bot.simulator.telegram.ledger import Deed
from bot.simulator.telegram.refusals import TOO_LARGE, TOPIC_CLOSED, Refused, bad
from bot.simulator.telegram.shapes import Json, content_of, forwarded, is_service, topic_of, without_presses
from bot.simulator.telegram.world import World

UPLOAD_LIMIT = 50_000_000  # bytes
PHOTO_LIMIT = 10_485_760
LARGE = {"width": 1280, "height": 960}


class Sending:
    def __init__(self, world: World) -> None:
        self._world = world

    async def send_message(self, given: Given) -> object:
        return self._send(given, lambda: checks.text(given.raw, "text", 4096))

    async def send_photo(self, given: Given) -> object:
        return self._send(given, lambda: self._photo(given) | _caption(given.raw))

    async def send_document(self, given: Given) -> object:
        return self._send(given, lambda: self._document(given) | _caption(given.raw))

    async def send_location(self, given: Given) -> object:
        def content() -> Json:
            place = {name: float(given.text(name) or 0) for name in ("latitude", "longitude")}
            if not (-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180):
                raise bad("wrong location specified")
            return {"location": place}

        return self._send(given, content)

    async def send_media_group(self, given: Given) -> object:
        chat, topic, target = self._where(given)
        media = given.structure("media") or []
        if not 2 <= len(media) <= 10:
            raise bad("media group must include 2-10 items")
        contents = [self._medium(Given({**given.raw, "media": one["media"]}), one) for one in media]
        self._world.limits.count(chat.id, len(contents))
        album = {"media_group_id": self._world.names()}
        return [self._put(chat, topic, target, content | album) for content in contents]

    async def copy_message(self, given: Given) -> object:
        """The copy has a caption and buttons of its own, if they are given."""
        original = self._original(given, "copy")

        def content() -> Json:
            kept = {name: value for name, value in content_of(original).items() if name != "reply_markup"}
            if "caption" not in given.raw or "text" in kept:
                return kept
            bare = {name: kept[name] for name in kept if name not in {"caption", "caption_entities"}}
            return bare | _caption(given.raw)

        return {"message_id": self._send(given, content)["message_id"]}

    async def forward_message(self, given: Given) -> object:
        original = self._original(given, "forward")
        shown = without_presses(content_of(original)) | forwarded(original)
        return self._send(Given({**given.raw, "reply_markup": None}), lambda: shown)

    async def send_chat_action(self, given: Given) -> object:
        self._where(given)
        if not given.text("action"):
            raise bad("wrong parameter action in request")
        return True

    def _send(self, given: Given, content: Callable[[], Json]) -> Json:
        chat, topic, target = self._where(given)
        message = content() | checks.keyboard(given.get("reply_markup"))
        self._world.limits.count(chat.id)
        return self._put(chat, topic, target, message)

    def _put(self, chat: Chat, topic: int, target: Json | None, content: Json) -> Json:
        message = self._world.message(chat, self._world.bot, topic=topic, target=target, **content)
        self._world.wrote(Deed.SENT, message)
        return message

    def _where(self, given: Given) -> tuple[Chat, int, Json | None]:
        """Return the chat, the topic, and the message to be replied to."""
        chat = self._world.chat(given.get("chat_id"))
        topic = given.number("message_thread_id", 0)
        target = _target(chat, structure(given.get("reply_parameters")) or {})
        chat.setting(topic, target)
        if topic and target and topic_of(target) != topic:
            raise bad("message to be replied not found")
        if isinstance(chat, GroupChat):
            self._enter(chat, topic or topic_of(target))
        return chat, topic, target

    def _enter(self, chat: GroupChat, topic: int) -> None:
        found = chat.topics.get(topic)
        bot = self._world.bot["id"]
        if found and found.closed and not chat.bot_may(bot, "can_manage_topics") and found.creator != bot:
            raise bad(TOPIC_CLOSED)

    def _original(self, given: Given, verb: str) -> Json:
        chat = self._world.chat(given.get("from_chat_id"))
        message = chat.messages.get(given.message(verb))
        if message is None:
            raise bad(f"message to {verb} not found")
        if is_service(message):
            raise bad("message can't be copied" if verb == "copy" else "message can't be forwarded")
        return message

    def _medium(self, given: Given, one: Json) -> Json:
        named = Given({**given.raw, one["type"]: given.get("media")})
        match one["type"]:
            case "photo":
                return self._photo(named) | _caption(one)
            case "document":
                return self._document(named) | _caption(one)
            case _:
                raise bad("wrong type of the media in the group")

    def _photo(self, given: Given) -> Json:
        return {"photo": [self._file(given, "photo", "photos/file_{}.jpg") | LARGE]}

    def _document(self, given: Given) -> Json:
        return {"document": self._file(given, "document", "documents/file_{}")}

    def _file(self, given: Given, name: str, path: str) -> Json:
        file = given.file(name)
        if not isinstance(file, Upload):
            return self._world.files.keep(self._world.files.find(file)[0], path)
        size = len(file.content)
        if size > UPLOAD_LIMIT:
            raise Refused(413, TOO_LARGE)
        if name == "photo" and size > PHOTO_LIMIT:
            raise bad(
                f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
            )
        named = {"file_name": file.name, "mime_type": file.mime} if name == "document" else {}
        return self._world.files.keep(file.content, path) | named


def _target(chat: Chat, wanted: Json) -> Json | None:
    if not wanted:
        return None
    target = chat.messages.get(Given(wanted).message("be replied"))
    if target is None and not Given(wanted).flag("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return target


def _caption(given: Json) -> Json:
    return checks.text(given, "caption", 1024)
