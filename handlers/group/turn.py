"""One thing that somebody did in a group: who, where, about which case; and what we say back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from feedback.cases import Case
from feedback.messages import Address, Button, Incoming, Kind, Outgoing
from feedback.staff import Officer
from feedback.vietnamese import tidy
from handlers.actions import cards
from handlers.actions.leaving import may_work
from handlers.library import Library
from storage.groups import Card, Group, Refusal
from storage.store import Tx
from storage.talks import State

MINUTE = timedelta(minutes=1)
MOST_REFUSALS = 5  # of one person that are answered within a minute
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Turn:
    """`group` is None where no unit works, `officer` where nobody of ours acts."""

    tx: Tx
    library: Library
    message: Incoming
    group: Group | None
    officer: Officer | None

    @property
    def text(self) -> str:
        return tidy(self.message.text)

    @property
    def pressed(self) -> bool:
        return self.message.kind is Kind.BUTTON

    @property
    def lane(self) -> str:
        """Where this person's conversation in this topic stands."""
        return f"{self.message.lane}#{self.message.topic}:{self.message.person}"

    @property
    def worker(self) -> Officer | None:
        """Who acts, if they may act on the cases of this group."""
        officer, group = self.officer, self.group
        return officer if officer and group and may_work(officer, group.unit) else None

    def phrase(self, key: str, **values: object) -> str:
        return cards.say(self.library, key, **values)

    def say(self, key: str, *buttons: Button, **values: object) -> None:
        self.tell(Outgoing(self.phrase(key, **values), buttons))

    def tell(self, said: Outgoing) -> None:
        """Answer under what was written, or in the place of the message that it `edits`."""
        reply_to = "" if self.pressed else self.message.message
        self.tx.outbox.put(
            self.message.address,
            Outgoing(said.text, said.buttons, reply_to, self.message.topic, said.edits),
        )

    def change(self, said: Outgoing) -> None:
        """Put this in the place of the message whose button was pressed."""
        self.tell(Outgoing(said.text, said.buttons, edits=self.message.message))

    def toast(self, key: str, **values: object) -> None:
        """Show a short word to whoever pressed: it goes past everything that waits for the group."""
        person = Address(self.message.channel, self.message.account, self.message.person)
        self.tx.outbox.put(person, Outgoing(self.phrase(key, **values), toast=self.message.press))

    def answer(self, key: str, **values: object) -> None:
        """Say a short word, where it is looked for."""
        if self.pressed:
            self.toast(key, **values)
        else:
            self.say(key, **values)

    async def refuse(self, why: str, what: str, code: str = "") -> None:
        """Change nothing, say so politely, and keep it for those who look after the groups."""
        unit, officer = self.group.unit if self.group else "", self.officer.id if self.officer else ""
        person = self.message.person
        refused = await self.tx.groups.refused_since(person, self.tx.now - MINUTE)
        self.tx.groups.refuse(Refusal(self.tx.now, unit, person, officer, code, what[:40], why))
        if self.pressed or refused < MOST_REFUSALS:
            self.answer(f"group.refused.{why}")

    async def state(self) -> State:
        return await self.tx.talks.find(self.lane)

    def wait_for(self, act: str, **draft: str) -> None:
        """Their next message here is what this act needs; with no act, they wait for nothing."""
        self.tx.talks.save(State(self.lane, act, dict(draft)))

    async def about(self) -> tuple[Card, Case] | None:
        """Return the case of this topic, or the one whose card is answered, as long as it is the unit's."""
        if self.group is None:
            return None
        here = {"topic": self.message.topic, "message": self.message.replies_to}
        card = await self.tx.groups.card_at(self.group, **here)
        case = await self.tx.cases.by_id(card.case_id) if card else None
        return (card, case) if card and case else None
