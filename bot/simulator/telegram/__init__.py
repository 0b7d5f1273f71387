"""A strict stand-in for Telegram's Bot API server, for one bot and its private chats.

Behaviour and error texts follow the official server (tdlib/telegram-bot-api, Bot API 10.0).
"""

from bot.simulator.telegram.people import Person
from bot.simulator.telegram.server import FakeTelegram
from bot.simulator.telegram.world import Sent

__all__ = ["FakeTelegram", "Person", "Sent"]
