"""What Telegram's refusals mean for the sender."""

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.base import Fault, SendError
from bot.channels.telegram.http import NoAnswer


def classify(error: TelegramError) -> SendError:
    """Sort by what the sender should do. Telegram's texts: Client.cpp of tdlib/telegram-bot-api."""
    wait = None
    match error:
        case Forbidden():
            fault = Fault.UNREACHABLE
        case BadRequest() if "chat not found" in error.message.lower():
            fault = Fault.UNREACHABLE
        case BadRequest() | ChatMigrated():
            fault = Fault.PERMANENT
        case NoAnswer():
            fault = Fault.UNKNOWN
        case RetryAfter():
            fault, wait = Fault.LATER, seconds(error)
        case _:  # refused by Telegram's own word, or never sent; a wrong token is the operator's to mend
            fault = Fault.LATER
    return SendError(fault, error.message, wait)


def seconds(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
