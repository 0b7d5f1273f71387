"""What can befall a Zalo account."""

from dataclasses import dataclass

from bot.simulator.shown import Trouble
from bot.simulator.zalo import Fault
from bot.simulator.zalo.faults import Faults

OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Troubles:
    """`table` has for each name its label, what it befalls, and the fault; `down` fails in an outage."""

    faults: Faults
    table: dict[str, tuple[str, str, Fault]]
    down: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name == OUTAGE or name in self.table

    def cause(self, name: str, *, on: bool) -> None:
        if name != OUTAGE:
            _, method, fault = self.table[name]
            self.faults.next(method, fault)
            return
        for method in self.down:
            self.faults.always(method, Fault.GATEWAY) if on else self.faults.over(method)

    def shown(self) -> tuple[Trouble, ...]:
        waiting = self.faults.waiting
        once = [
            Trouble(name, label, waiting=waiting.get(method, ()).count(fault))
            for name, (label, method, fault) in self.table.items()
        ]
        is_on = self.down[0] in self.faults.lasting
        return (*once, Trouble(OUTAGE, "Máy chủ Zalo hỏng (502)", is_lasting=True, is_on=is_on))
