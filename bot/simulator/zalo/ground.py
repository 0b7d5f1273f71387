"""What both products stand on."""

from dataclasses import dataclass

from bot.simulator.zalo.app import App
from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.faults import Faults
from bot.simulator.zalo.ledger import Ledger
from bot.simulator.zalo.media import Media


@dataclass(frozen=True, slots=True)
class Ground:
    app: App
    clock: Clock
    ledger: Ledger
    faults: Faults
    media: Media
