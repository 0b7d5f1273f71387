"""What Telegram's refusals mean for the sender."""

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.base import Fault, SendError
from bot.channels.telegram.http import NoAnswer

LOST = ("message thread not found", "topic_deleted", "topic_id_invalid", "message to edit not found",
        "message can't be edited")  # fmt: skip
NO_TOPICS = ("not enough rights to create a topic", "the chat is not a forum", "topic_closed",
             "not enough rights to manage topics")  # fmt: skip
NO_ENTRY = ("chat not found", "have no rights to send", "not enough rights to send", "chat_write_forbidden",
            "need administrator rights")  # fmt: skip


def classify(error: TelegramError) -> SendError:
    """Sort by what the sender should do. Telegram's texts: Client.cpp of tdlib/telegram-bot-api."""
    wait, moved_to = None, ""
    match error:
        case ChatMigrated():
            fault, moved_to = Fault.MOVED, str(error.new_chat_id)
        case Forbidden():
            fault = Fault.UNREACHABLE
        case BadRequest():
            fault = _bad(error.message.lower())
        case NoAnswer():
            fault = Fault.UNKNOWN
        case RetryAfter():
            fault, wait = Fault.LATER, seconds(error)
        case _:  # refused by Telegram's own word, or never sent; a wrong token is the operator's to mend
            fault = Fault.LATER
    return SendError(fault, error.message, wait, moved_to)


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message says this already."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def _bad(text: str) -> Fault:
    kinds = ((LOST, Fault.LOST), (NO_TOPICS, Fault.RIGHTS), (NO_ENTRY, Fault.UNREACHABLE))
    return next((fault for words, fault in kinds if any(word in text for word in words)), Fault.PERMANENT)


def seconds(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
