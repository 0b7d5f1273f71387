"""How deliveries can go wrong."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from random import Random

from bot.simulator.telegram.shapes import Json


@dataclass(slots=True)
class Disorder:
    """Every field may be changed at any time; `over()` ends it all."""

    doubled: bool = False  # every update comes once more after it was taken
    shuffled: bool = False  # lanes overtake each other; within a lane the order is kept
    unordered: bool = False  # updates overtake each other within a lane: Telegram never does that
    delay: float = 0  # for so many seconds an update is under way
    dice: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - the same disorder in every run

    def over(self) -> None:
        self.doubled = self.shuffled = self.unordered = False
        self.delay = 0

    def arranged(self, updates: list[Json]) -> list[Json]:
        """Return a batch of getUpdates as it is handed out."""
        if self.unordered:
            return self.dice.sample(updates, len(updates))
        if not self.shuffled:
            return updates
        lanes: defaultdict[object, deque[Json]] = defaultdict(deque)
        for update in updates:
            lanes[lane_of(update)].append(update)
        order = [lane_of(update) for update in updates]
        self.dice.shuffle(order)
        return [lanes[lane].popleft() for lane in order]

    def lane(self, update: Json) -> object:
        return update["update_id"] if self.unordered else lane_of(update)

    def pause(self) -> float:
        """Return for how many seconds a webhook's update waits for others to overtake it."""
        return self.dice.random() if self.shuffled or self.unordered else 0.0


def lane_of(update: Json) -> object:
    """The official server keeps a chat's messages in order, and apart from them a person's presses."""
    kind, content = content_of(update)
    if kind == "callback_query":
        return kind, _id(content.get("from"))
    return kind.removeprefix("edited_"), chat_of(update)


def chat_of(update: Json) -> int:
    """Return where an update belongs to: the chat, or the person."""
    _, content = content_of(update)
    message = content.get("message", content)
    message = message if isinstance(message, dict) else content
    return _id(message.get("chat")) or _id(content.get("from"))


def _id(one: object) -> int:
    """Updates that are none can hold anything."""
    number = one.get("id") if isinstance(one, dict) else 0
    return number if isinstance(number, int) else 0


def content_of(update: Json) -> tuple[str, Json]:
    for kind, content in update.items():
        if isinstance(content, dict):
            return kind, content
    return "", {}
