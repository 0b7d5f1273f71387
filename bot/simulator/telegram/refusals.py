"""What the server says no with: the texts are the official ones, letter by letter."""

from typing import Any


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    @property
    def answer(self) -> dict[str, Any]:
        answer = {"ok": False, "error_code": self.code, "description": str(self)}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def flood(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def upgraded(chat: int) -> Refused:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(400, description, migrate_to_chat_id=chat)


CHAT_NOT_FOUND = "chat not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
STALE_QUERY = "query is too old and response timeout expired or query ID is invalid"
WRONG_FILE = "wrong file_id or the file is temporarily unavailable"
NO_THREAD = "message thread not found"
NO_FORUM = "the chat is not a forum"
NO_TOPIC = "TOPIC_ID_INVALID"
TOPIC_CLOSED = "TOPIC_CLOSED"
TOPIC_NOT_MODIFIED = "TOPIC_NOT_MODIFIED"
CANNOT_PIN = "not enough rights to manage pinned messages in the chat"
TOO_OLD_TO_DELETE = "message can't be deleted for everyone"
BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
NEVER_STARTED = "Forbidden: bot can't initiate conversation with a user"
NO_MEMBER = "Forbidden: bot is not a member of the {} chat"
KICKED = "Forbidden: bot was kicked from the {} chat"
TOO_LARGE = "Request Entity Too Large"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"
