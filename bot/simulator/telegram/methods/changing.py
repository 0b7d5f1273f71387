"""What the bot does with messages that are there: its own, mostly."""

from bot.simulator.telegram import checks
from bot.simulator.telegram.chats import Chat
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.ledger import Deed
from bot.simulator.telegram.reactions import ALLOWED
from bot.simulator.telegram.refusals import CANNOT_PIN, NOT_MODIFIED, TOO_OLD_TO_DELETE, bad
from bot.simulator.telegram.shapes import Json, bare, content_of, is_service, topic_of, units
from bot.simulator.telegram.world import World

DELETE_WITHIN = 48 * 3600  # seconds
LONGEST_ANSWER = 200  # UTF-16 units


class Changing:
    def __init__(self, world: World) -> None:
        self._world = world

    async def edit_message_text(self, given: Given) -> object:
        chat, message = self._own(given, "text")
        content = checks.text(given.raw, "text", 4096)
        return self._edit(chat, message, content | checks.keyboard(given.get("reply_markup")))

    async def edit_message_caption(self, given: Given) -> object:
        chat, message = self._own(given, "caption")
        caption = checks.text(given.raw, "caption", 1024) | checks.keyboard(given.get("reply_markup"))
        return self._edit(
            chat, message, _rest(message, "caption", "caption_entities", "reply_markup") | caption
        )

    async def edit_message_reply_markup(self, given: Given) -> object:
        chat, message = self._own(given, "")
        markup = checks.keyboard(given.get("reply_markup"))
        return self._edit(chat, message, _rest(message, "reply_markup") | markup)

    async def delete_message(self, given: Given) -> object:
        chat = self._world.chat(given.get("chat_id"))
        message = _in(chat, given, "delete")
        own = message["from"] == self._world.bot
        if not own and not chat.bot_may(self._world.bot["id"], "can_delete_messages"):
            raise bad("message can't be deleted")
        if (own or chat.id > 0) and self._world.clock.seconds() - message["date"] > DELETE_WITHIN:
            raise bad(TOO_OLD_TO_DELETE)
        del chat.messages[message["message_id"]]
        self._world.wrote(Deed.DELETED, message)
        return True

    async def pin_chat_message(self, given: Given) -> object:
        chat = self._pinboard(given)
        message = _in(chat, given, "pin")
        if is_service(message):
            raise bad("message can't be pinned")
        if message["message_id"] not in chat.pinned:
            chat.pinned.append(message["message_id"])
            self._world.note(chat, self._world.bot, topic=topic_of(message), pinned_message=bare(message))
        return True

    async def unpin_chat_message(self, given: Given) -> object:
        """Without a number, the latest that was pinned."""
        chat = self._pinboard(given)
        number = given.number("message_id", chat.pinned[-1] if chat.pinned else 0)
        if number not in chat.pinned:
            raise bad("message to unpin not found")
        chat.pinned.remove(number)
        return True

    async def unpin_all_chat_messages(self, given: Given) -> object:
        self._pinboard(given).pinned.clear()
        return True

    async def set_message_reaction(self, given: Given) -> object:
        chat = self._world.chat(given.get("chat_id"))
        message = _in(chat, given, "react")
        reaction: list[Json] = given.structure("reaction") or []
        if len(reaction) > 1:
            raise bad("REACTIONS_TOO_MANY")
        if is_service(message) or any(one.get("emoji") not in ALLOWED for one in reaction):
            raise bad("REACTION_INVALID")
        chat.reactions[message["message_id"]] = reaction
        return True

    async def answer_callback_query(self, given: Given) -> object:
        text = given.text("text")
        if units(text) > LONGEST_ANSWER:
            raise bad("MESSAGE_TOO_LONG")
        self._world.answer(given.text("callback_query_id"), text, alert=given.flag("show_alert"))
        return True

    def _pinboard(self, given: Given) -> Chat:
        chat = self._world.chat(given.get("chat_id"))
        if not chat.bot_may(self._world.bot["id"], "can_pin_messages"):
            raise bad(CANNOT_PIN)
        return chat

    def _own(self, given: Given, what: str) -> tuple[Chat, Json]:
        chat = self._world.chat(given.get("chat_id"))
        message = _in(chat, given, "edit")
        if message["from"] != self._world.bot or is_service(message) or "forward_origin" in message:
            raise bad("message can't be edited")
        if what == "text" and "text" not in message:
            raise bad("there is no text in the message to edit")
        if what == "caption" and not {"photo", "document"} & message.keys():
            raise bad("there is no caption in the message to edit")
        return chat, message

    def _edit(self, chat: Chat, message: Json, content: Json) -> Json:
        shown = content_of(message)
        if shown == content:
            raise bad(NOT_MODIFIED)
        self._world.limits.count(chat.id)
        for name in shown:
            del message[name]
        message |= content | {"edit_date": self._world.clock.date()}
        self._world.wrote(Deed.EDITED, message)
        return message


def _in(chat: Chat, given: Given, verb: str) -> Json:
    message = chat.messages.get(given.message(verb))
    if message is None:
        raise bad(f"message to {verb} not found")
    return message


def _rest(message: Json, *names: str) -> Json:
    return {name: value for name, value in content_of(message).items() if name not in names}
