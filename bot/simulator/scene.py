"""All phones, the group and the clock, as one page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.given import Act, Wrong
from bot.simulator.places import Acting
from bot.simulator.shown import Scene, Someone, Web

TIME = "time"


@dataclass
class Stage:
    """`now` and `later` are the one clock of all; `age` grows with everything that happens at the places.

    `web` says where the citizens' page is, and its frame; `desk` makes a fresh link by which one of the
    `desks` signs in.
    """

    places: Mapping[str, Acting]
    age: Callable[[], int]
    now: Callable[[], datetime]
    later: Callable[[timedelta], None]
    web: Web
    desks: Sequence[Someone]
    desk: Callable[[str], str]
    _acts: int = field(default=0, init=False)
    _ahead: int = field(default=0, init=False)

    def version(self) -> int:
        """What is shown has changed when this has."""
        return self._acts + self.age()

    def shown(self) -> Scene:
        return Scene(
            now=int(self.now().timestamp()),
            ahead=self._ahead,
            places=tuple(place.shown() for place in self.places.values()),
            web=self.web,
            desks=tuple(self.desks),
        )

    async def act(self, act: Act) -> None:
        """Raises Wrong."""
        self._acts += 1
        if act.name == TIME:
            self._ahead += act.hours
            self.later(timedelta(hours=act.hours))
            return
        if act.place not in self.places:
            raise Wrong(f"Không có «{act.place}».")
        try:
            await self.places[act.place].act(act)
        except PermissionError:
            raise Wrong(
                "Người này không viết được ở đây: đã chặn, đã rời nhóm, hoặc chủ đề đã đóng."
            ) from None
        except LookupError:
            raise Wrong("Người, tin hoặc nút ấy không có ở đây nữa.") from None
