"""What can go wrong with a call of the bot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Self

from bot.simulator.telegram import refusals
from bot.simulator.telegram.clock import Clock

EVERY = "*"  # method; `download` is the one that gets files


class Kind(Enum):
    REFUSED = auto()
    PAGE = auto()
    RESET = auto()
    HANG = auto()
    LOST = auto()
    HALF = auto()


DONE = {Kind.LOST, Kind.HALF}


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    code: int = 0
    text: str = ""
    seconds: int = 0

    @classmethod
    def flood(cls, seconds: int) -> Self:
        """Refused for so many seconds."""
        return cls(Kind.REFUSED, 429, f"Too Many Requests: retry after {seconds}", seconds)

    @classmethod
    def refused(cls, code: int, text: str = "Internal Server Error") -> Self:
        return cls(Kind.REFUSED, code, text)

    @classmethod
    def blocked(cls) -> Self:
        return cls(Kind.REFUSED, 403, refusals.BLOCKED)

    @classmethod
    def no_chat(cls) -> Self:
        return cls(Kind.REFUSED, 400, f"Bad Request: {refusals.CHAT_NOT_FOUND}")

    @classmethod
    def page(cls, code: int) -> Self:
        """Answered with HTML by something in between."""
        return cls(Kind.PAGE, code)

    @classmethod
    def reset(cls) -> Self:
        """The connection is closed before anything was taken."""
        return cls(Kind.RESET)

    @classmethod
    def hang(cls) -> Self:
        """Nothing is done, and no answer comes."""
        return cls(Kind.HANG)

    @classmethod
    def lost(cls) -> Self:
        """Everything is done, and the connection closed without an answer."""
        return cls(Kind.LOST)

    @classmethod
    def half(cls) -> Self:
        """Everything is done, and the answer breaks off."""
        return cls(Kind.HALF)

    @property
    def is_done(self) -> bool:
        """Whether what was asked for is done all the same."""
        return self.kind in DONE

    def refusal(self) -> refusals.Refused:
        waits = {"retry_after": self.seconds} if self.seconds else {}
        return refusals.Refused(self.code, self.text, **waits)


@dataclass(frozen=True, slots=True)
class Rule:
    """`times` and `until` (Unix seconds) are None where there is no such end."""

    method: str
    fault: Fault
    chat: int | None = None
    times: int | None = None
    until: float | None = None

    def fits(self, method: str, chat: str) -> bool:
        return self.method in {EVERY, method} and (self.chat is None or str(self.chat) == chat)


class Faults:
    """Of several that fit, the one that was told first. `changed` is told when an outage begins or ends."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._rules: list[Rule] = []
        self._outage: Fault | None = None

    def next(self, method: str, fault: Fault, times: int = 1, chat: int | None = None) -> None:
        """Let the next calls of a method go wrong, in one chat or in all."""
        self._rules.append(Rule(method.lower(), fault, chat, times=times))

    def during(self, seconds: float, method: str, fault: Fault, chat: int | None = None) -> None:
        """Let all calls of a method go wrong for some time on the server's clock."""
        self._rules.append(Rule(method.lower(), fault, chat, until=self._clock.seconds() + seconds))

    def always(self, method: str, fault: Fault, chat: int | None = None) -> None:
        """Let all calls of a method go wrong until `over`."""
        self._rules.append(Rule(method.lower(), fault, chat))

    def outage(self, fault: Fault | None = None) -> None:
        """Nothing works and nothing is delivered until `over`."""
        self._outage = fault or Fault.reset()
        self._changed()

    def over(self) -> None:
        """Everything works again."""
        self._rules.clear()
        self._outage = None
        self._changed()

    @property
    def down(self) -> Fault | None:
        return self._outage

    @property
    def waiting(self) -> list[Fault]:
        """What is still to go wrong, as often as it will; without the outage and what has no such end."""
        return [rule.fault for rule in self._rules for _ in range(rule.times or 0)]

    def pick(self, method: str, chat: object = None) -> Fault | None:
        """Return what goes wrong with this call, and count it."""
        if self._outage:
            return self._outage
        now = self._clock.seconds()
        self._rules = [rule for rule in self._rules if rule.until is None or rule.until > now]
        for number, rule in enumerate(self._rules):
            if rule.fits(method.lower(), str(chat)):
                if rule.times is not None:
                    self._rules[number : number + 1] = (
                        [replace(rule, times=rule.times - 1)] if rule.times > 1 else []
                    )
                return rule.fault
        return None
