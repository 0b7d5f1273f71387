"""A strict stand-in for Telegram's Bot API server, for one bot, its private chats and its groups.

Behaviour and error texts follow the official server (tdlib/telegram-bot-api, Bot API 10.0).
"""

from bot.simulator.telegram.acts import Acts
from bot.simulator.telegram.fake import FakeTelegram
from bot.simulator.telegram.faults import EVERY, Fault
from bot.simulator.telegram.groups import Group
from bot.simulator.telegram.ledger import Deed, Line
from bot.simulator.telegram.limits import Peaks, Rate
from bot.simulator.telegram.members import Member
from bot.simulator.telegram.people import Person
from bot.simulator.telegram.roles import Status
from bot.simulator.telegram.world import Answer, Sent

__all__ = [
    "EVERY",
    "Acts",
    "Answer",
    "Deed",
    "FakeTelegram",
    "Fault",
    "Group",
    "Line",
    "Member",
    "Peaks",
    "Person",
    "Rate",
    "Sent",
    "Status",
]
