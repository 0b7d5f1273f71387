"""A strict stand-in for Telegram's Bot API server, for one bot and its private chats.

Behaviour and error texts follow the official server (tdlib/telegram-bot-api, Bot API 10.0).
"""

from tests.fakes.telegram.people import Person
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.world import Sent

__all__ = ["FakeTelegram", "Person", "Sent"]
