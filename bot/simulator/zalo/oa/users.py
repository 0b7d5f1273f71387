"""Those who know the Official Account, and when it may write to them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from bot.simulator.zalo.clock import Clock
from bot.simulator.zalo.ledger import Json, Sent
from bot.simulator.zalo.oa.refusals import Refused

FREE = timedelta(hours=48)
OPEN = timedelta(days=7)
TRANSACTION = timedelta(days=365)
PROMOTIONS_A_DAY, PROMOTIONS_A_MONTH = 1, 4
VIETNAM = timezone(timedelta(hours=7))
NIGHT_FROM, NIGHT_TO = 22, 6


@dataclass(slots=True)
class User:
    """`conversation` is set for a visitor without a Zalo account."""

    id: str
    name: str
    conversation: str = ""
    follows: bool = False
    blocked: bool = False
    inactive: bool = False
    last_act: datetime | None = None
    replies: int = 0
    shared: Json = field(default_factory=dict)
    promoted: list[datetime] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)
    received: list[Sent] = field(default_factory=list)

    def act(self, now: datetime) -> None:
        """Reopen the window: the user did something that counts."""
        self.last_act = now
        self.replies = 0

    def age(self, now: datetime) -> timedelta:
        """How long ago the user last did something. Raises Refused if that is never."""
        if self.last_act is None:
            raise Refused(-232)
        return now - self.last_act


class Package:
    """The messages that the package pays for in a month."""

    def __init__(self, total: int, clock: Clock) -> None:
        self.total = total
        self._clock = clock
        self._used: dict[tuple[int, int], int] = {}

    @property
    def left(self) -> int:
        return self.total - self._used.get(self._month, 0)

    @property
    def until(self) -> str:
        year, month = self._month
        first = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=VIETNAM)
        return (first - timedelta(days=1)).strftime("%d/%m/%Y")

    def spend(self) -> None:
        if self.left <= 0:
            raise Refused(-211)
        self._used[self._month] = self._used.get(self._month, 0) + 1

    @property
    def _month(self) -> tuple[int, int]:
        today = self._clock().astimezone(VIETNAM)
        return today.year, today.month


class Window:
    """Decides whether a message may go to a user, and out of which quota.

    Who was silent for too long is refused with -230, who never did anything with -232; so is a transaction
    after more than a year. Zalo knows both codes and does not say which is when.
    `free` is how many replies are free after each act of a user; None sets no limit.
    """

    def __init__(self, clock: Clock, package: Package, free: int | None) -> None:
        self.package = package
        self._free = free
        self._clock = clock

    def enter(self, method: str, user: User) -> str:
        """Spend what the message costs, and return the quota it was taken from. Raises Refused."""
        if user.inactive:
            raise Refused(-227)
        if user.blocked:
            raise Refused(-217)
        match method:
            case "message/cs":
                return self._reply(user)
            case "message/transaction":
                if user.age(self._clock()) > TRANSACTION:
                    raise Refused(-232)
            case _:
                self._promote(user)
        self.package.spend()
        return "sub_quota"

    def free_of(self, user: User) -> dict[str, int]:
        """What is left of the free replies; nothing is counted where there is no limit."""
        return {"remain": max((self._free or 0) - user.replies, 0), "total": self._free or 0}

    def _reply(self, user: User) -> str:
        age = user.age(self._clock())
        if age > OPEN:
            raise Refused(-230)
        if age <= FREE and (self._free is None or user.replies < self._free):
            user.replies += 1
            return "reply"
        self.package.spend()
        return "sub_quota"

    def _promote(self, user: User) -> None:
        now = self._clock()
        if not user.follows:
            raise Refused(-213)
        if not NIGHT_TO <= now.astimezone(VIETNAM).hour < NIGHT_FROM:
            raise Refused(-234)
        today = sum(now - past < timedelta(days=1) for past in user.promoted)
        this_month = sum(now - past < timedelta(days=30) for past in user.promoted)
        if today >= PROMOTIONS_A_DAY or this_month >= PROMOTIONS_A_MONTH:
            raise Refused(-218)
        user.promoted.append(now)
