"""What can be asked about a chat, its members and its files."""

from bot.simulator.telegram.chats import GroupChat, Private
from bot.simulator.telegram.given import Given
from bot.simulator.telegram.refusals import bad
from bot.simulator.telegram.roles import IN_CHARGE, INSIDE, Role, Status
from bot.simulator.telegram.shapes import Json
from bot.simulator.telegram.world import World

DOWNLOAD_LIMIT = 20_000_000  # bytes
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


class Chatting:
    def __init__(self, world: World) -> None:
        self._world = world

    async def get_chat(self, given: Given) -> object:
        chat = self._world.chat(given.get("chat_id"))
        latest = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
        return chat.place | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(GIFTS, False),
            **({"pinned_message": latest} if latest else {}),
        }

    async def get_chat_member(self, given: Given) -> object:
        chat, number = self._world.chat(given.get("chat_id")), given.number("user_id")
        if isinstance(chat, GroupChat) and number in chat.roles:
            return chat.roles[number].shown
        known = self._world.chats.get(number)
        if not isinstance(known, Private):
            raise bad("user not found")
        return Role(known.user, Status.MEMBER if known is chat else Status.LEFT).shown

    async def get_chat_administrators(self, given: Given) -> object:
        roles = self._group(given).roles.values()
        return [
            role.shown
            for role in roles
            if role.status in IN_CHARGE and (not role.user["is_bot"] or role.user == self._world.bot)
        ]

    async def get_chat_member_count(self, given: Given) -> object:
        return sum(role.status in INSIDE for role in self._group(given).roles.values())

    async def leave_chat(self, given: Given) -> object:
        chat, bot = self._group(given), self._world.bot
        before = chat.roles[bot["id"]]
        chat.roles[bot["id"]] = Role(bot, Status.LEFT)
        self._world.note(chat, bot, left_chat_member=bot)
        change: Json = {"chat": chat.place, "from": bot, "date": self._world.clock.date()}
        change |= {"old_chat_member": before.shown, "new_chat_member": chat.roles[bot["id"]].shown}
        self._world.tell(chat, "my_chat_member", change)
        return True

    async def get_file(self, given: Given) -> object:
        name = given.text("file_id")
        content, path = self._world.files.find(name)
        if len(content) > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        unique = "U" + name.rpartition("-")[2]
        known = {"file_id": name, "file_unique_id": unique, "file_size": len(content)}
        return known | {"file_path": path}

    def _group(self, given: Given) -> GroupChat:
        chat = self._world.chat(given.get("chat_id"))
        if not isinstance(chat, GroupChat):
            raise bad("there are no administrators in the private chat")
        return chat
