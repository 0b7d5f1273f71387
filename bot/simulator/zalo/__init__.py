"""A strict stand-in for Zalo: an Official Account, a bot of the Bot Platform, and those who write to them.

Two products, one server. What Zalo leaves open or says in two ways is decided here in one way,
and said so where it is decided.
"""

from bot.simulator.zalo.faults import Fault
from bot.simulator.zalo.ledger import Button, Call, Event, Sent, Tally, Try, tally
from bot.simulator.zalo.server import FakeZalo

__all__ = ["Button", "Call", "Event", "FakeZalo", "Fault", "Sent", "Tally", "Try", "tally"]
