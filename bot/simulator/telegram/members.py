"""Those who write in a group with the bot, and what they do to the group."""

from bot.simulator.telegram import forum
from bot.simulator.telegram.acts import Acts
from bot.simulator.telegram.chats import GroupChat
from bot.simulator.telegram.roles import IN_CHARGE, INSIDE, RIGHTS, Role, Status
from bot.simulator.telegram.shapes import ANONYMOUS, Json, bare, topic_of
from bot.simulator.telegram.world import World


class Member(Acts):
    """What they cannot do raises PermissionError."""

    def __init__(self, user: Json, group: GroupChat, world: World, *, anonymous: bool) -> None:
        super().__init__(user, group, world, anonymous=anonymous)
        self._group = group

    async def presses(self, message: int, wanted: str) -> int:
        """Press a button on a message, by its label or data."""
        return await self._presses(wanted, message)

    async def joins(self) -> int:
        """Return the number of the note that says so, as everything below does."""
        self._changes(self.user, Role(self.user, Status.MEMBER))
        return self._notes(new_chat_members=[self.user])

    async def leaves(self) -> int:
        number = self._notes(left_chat_member=self.user)
        self._changes(self.user, Role(self.user, Status.LEFT))
        return number

    async def adds_bot(self) -> int:
        self._changes(self._world.bot, Role(self._world.bot, Status.MEMBER))
        return self._notes(new_chat_members=[self._world.bot])

    async def promotes_bot(self, *rights: str) -> int:
        """Make the bot an administrator with some rights, or with all; returns the update's number."""
        self._leads()
        given = frozenset(rights or RIGHTS)
        return self._changes(self._world.bot, Role(self._world.bot, Status.ADMINISTRATOR, given))

    async def demotes_bot(self) -> int:
        """Return the update's number."""
        self._leads()
        return self._changes(self._world.bot, Role(self._world.bot, Status.MEMBER))

    async def removes_bot(self) -> int:
        self._leads()
        self._changes(self._world.bot, Role(self._world.bot, Status.KICKED))
        return self._notes(left_chat_member=self._world.bot)

    async def begins_topic(self, name: str) -> int:
        """Return the topic's number."""
        return forum.begin(self._world, self._group, self._sender(), name).id

    async def renames_topic(self, topic: int, name: str) -> None:
        self._leads()
        forum.change(self._world, self._group, self._sender(), self._group.topics[topic], {"name": name})

    async def closes_topic(self, topic: int) -> None:
        self._leads()
        forum.close(self._world, self._group, self._sender(), self._group.topics[topic], closed=True)

    async def reopens_topic(self, topic: int) -> None:
        self._leads()
        forum.close(self._world, self._group, self._sender(), self._group.topics[topic], closed=False)

    async def deletes_topic(self, topic: int) -> None:
        self._leads()
        forum.delete(self._group, self._group.topics[topic])

    async def pins(self, message: int) -> int:
        self._leads()
        self._group.pinned.append(message)
        pinned = self._group.messages[message]
        return self._notes(topic_of(pinned), pinned_message=bare(pinned))

    async def upgrades_group(self, *, forum: bool = False) -> int:
        """Make the group a supergroup, perhaps with topics; returns the number of the new chat."""
        self._leads()
        old = self._group
        new = self._world.group(int(f"-100{-old.id:010}"), old.title, forum=forum)
        new.roles |= old.roles
        self._world.note(old, self._sender(), migrate_to_chat_id=new.id)
        old.upgraded_to = new.id
        self._world.note(new, ANONYMOUS, sender_chat=new.place, migrate_from_chat_id=old.id)
        return new.id

    def _enter(self, topic: int) -> None:
        if self._group.status(self.id) not in INSIDE:
            raise PermissionError(f"{self.id} is not in the group")
        found = self._group.topics.get(topic)
        if found and found.closed and self._group.status(self.id) not in IN_CHARGE:
            raise PermissionError(f"topic {topic} is closed")

    def _leads(self) -> None:
        if self._group.status(self.id) not in IN_CHARGE:
            raise PermissionError(f"{self.id} is no administrator")

    def _notes(self, topic: int = 0, **content: object) -> int:
        note = self._world.note(self._group, self._sender(), topic=topic, **self._signed(), **content)
        return int(note["message_id"])

    def _changes(self, user: Json, new: Role) -> int:
        old = self._group.roles.get(user["id"], Role(user, Status.LEFT))
        self._group.roles[user["id"]] = new
        change: Json = {
            "chat": self._group.place,
            "from": self.user,
            "date": self._world.clock.date(),
            "old_chat_member": old.shown,
            "new_chat_member": new.shown,
        }
        kind = "my_chat_member" if user == self._world.bot else "chat_member"
        return self._world.tell(self._group, kind, change)
