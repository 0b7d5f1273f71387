"""A group, a supergroup or a forum, as its members have it."""

from bot.simulator.telegram.acts import Acts
from bot.simulator.telegram.chats import GroupChat
from bot.simulator.telegram.members import Member
from bot.simulator.telegram.roles import Role, Status
from bot.simulator.telegram.world import World


class Group:
    def __init__(self, chat: GroupChat, world: World) -> None:
        self.id = chat.id
        self._chat = chat
        self._world = world

    def member(self, person: Acts, status: Status | None = None, *, anonymous: bool = False) -> Member:
        """Return a person in this group: an ordinary member unless they have been something else.

        An anonymous one writes in the group's name, and so is an administrator.
        """
        known = self._chat.roles.get(person.id)
        if known is None or status or anonymous:
            usual = Status.ADMINISTRATOR if anonymous else Status.MEMBER
            self._chat.roles[person.id] = Role(person.user, status or usual, anonymous=anonymous)
        return Member(person.user, self._chat, self._world, anonymous=anonymous)

    def status(self, user: int) -> Status:
        return self._chat.status(user)

    @property
    def topics(self) -> dict[int, str]:
        """The names of the topics by their numbers."""
        return {number: topic.name for number, topic in self._chat.topics.items()}

    @property
    def closed(self) -> set[int]:
        """The topics that are closed."""
        return {number for number, topic in self._chat.topics.items() if topic.closed}

    @property
    def pinned(self) -> list[int]:
        return list(self._chat.pinned)
