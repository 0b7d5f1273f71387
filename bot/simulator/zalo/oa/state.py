"""What the Official Account knows, and what it is asked."""

from dataclasses import dataclass, field

from bot.simulator.zalo.ledger import Json
from bot.simulator.zalo.oa import checks
from bot.simulator.zalo.oa.people import Group
from bot.simulator.zalo.oa.refusals import Refused
from bot.simulator.zalo.oa.uploads import Upload, Uploads
from bot.simulator.zalo.oa.users import User, Window


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as the methods need it. `path` begins with the version."""

    verb: str
    path: str
    body: Json
    upload: Upload | None = None

    @property
    def name(self) -> str:
        return self.path.partition("/oa/")[2]


@dataclass(frozen=True, slots=True)
class State:
    uploads: Uploads
    window: Window
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def user(self, user_id: object) -> User:
        """Ids are strings: as numbers they would lose digits. Raises Refused."""
        user = self.users.get(user_id) if isinstance(user_id, str) else None
        if user is None:
            raise Refused(-201, "user_id is not known")
        return user

    def recipient(self, body: Json) -> User:
        """Return whom a message is for; a visitor is found by the conversation. Raises Refused."""
        recipient = checks.structure(body.get("recipient"), "recipient")
        if conversation := recipient.get("conversation_id"):
            for user in self.users.values():
                if user.conversation == conversation:
                    return user
        return self.user(recipient.get("user_id"))

    def group(self, body: Json) -> Group:
        recipient = checks.structure(body.get("recipient"), "recipient")
        group = self.groups.get(str(recipient.get("group_id")))
        if group is None:
            raise Refused(-201, "group_id is not known")
        return group
