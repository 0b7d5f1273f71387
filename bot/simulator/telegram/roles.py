"""Who is what in a group."""

from dataclasses import dataclass
from enum import StrEnum

from bot.simulator.telegram.shapes import Json

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
)


class Status(StrEnum):
    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


INSIDE = {Status.CREATOR, Status.ADMINISTRATOR, Status.MEMBER}
IN_CHARGE = {Status.CREATOR, Status.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Role:
    user: Json
    status: Status
    rights: frozenset[str] = frozenset(RIGHTS)  # of an administrator
    anonymous: bool = False

    def may(self, right: str) -> bool:
        return self.status is Status.CREATOR or (self.status is Status.ADMINISTRATOR and right in self.rights)

    @property
    def shown(self) -> Json:
        """Return the ChatMember."""
        known: Json = {"status": self.status.value, "user": self.user}
        match self.status:
            case Status.CREATOR:
                return known | {"is_anonymous": self.anonymous}
            case Status.ADMINISTRATOR:
                rights = {right: right in self.rights for right in RIGHTS}
                return known | {"can_be_edited": False, "is_anonymous": self.anonymous} | rights
            case Status.KICKED:
                return known | {"until_date": 0}
            case _:
                return known
