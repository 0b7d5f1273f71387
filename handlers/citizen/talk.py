"""One turn of a conversation: what a person said, and what we say back."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from feedback.kinds import Kind, recognise
from feedback.messages import Address, Button, Incoming, Outgoing, Part, choices, numbered
from feedback.messages import Kind as MessageKind
from feedback.vietnamese import fold, tidy
from handlers.citizen.steps import Step
from handlers.library import Library
from storage.store import Tx
from storage.talks import State


@dataclass
class Talk:
    """What a handler gets. `say` sends nothing: replies leave after the commit."""

    tx: Tx
    library: Library
    message: Incoming
    state: State
    offered: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.offered, self.state.choices = self.state.choices, []

    @property
    def step(self) -> Step:
        return Step(self.state.step)

    @property
    def draft(self) -> dict[str, Any]:
        return self.state.draft

    @property
    def address(self) -> Address:
        return self.message.address

    @cached_property
    def text(self) -> str:
        """What was written, tidied; empty if a button was pressed."""
        return "" if self.message.kind is MessageKind.BUTTON else tidy(self.message.text)

    @property
    def said(self) -> list[Part]:
        """The messages of which this one consists, tidied."""
        return [replace(part, text=tidy(part.text)) for part in self.message.said]

    @cached_property
    def pressed(self) -> list[str]:
        """The parts of a button's data: pressed, or chosen by typing its number or its label."""
        if self.message.kind is MessageKind.BUTTON:
            return self.message.text.split(":")
        if self.message.kind not in (MessageKind.TEXT, MessageKind.FILES):
            return []
        said = {label: data for data, label in self.offered}
        said |= {str(number): data for number, (data, _) in enumerate(self.offered, start=1)}
        data = said.get(fold(self.text))
        return data.split(":") if data else []

    @cached_property
    def kind(self) -> Kind | None:
        """Which kind of submission the text says, if any."""
        return recognise(self.text, self.library.office.kinds)

    @property
    def today(self) -> date:
        return self.library.office.today(self.tx.now)

    def phrase(self, key: str, **values: object) -> str:
        return self.library.phrases.say(self.state.language, key, **values)

    def say(self, key: str, *buttons: Button, **values: object) -> None:
        self.tell(self.phrase(key, **values), *buttons)

    def tell(self, text: str, *buttons: Button) -> None:
        """Say a text that is not a phrase, such as an approved answer.

        All buttons of one turn are numbered through; of two with the same label, the word means the later.
        """
        first = len(self.state.choices) + 1
        self.tx.outbox.put(self.address, Outgoing(text, numbered(buttons, first)))
        self.state.choices += choices(buttons)

    def once(self, key: str, until: timedelta, **values: object) -> None:
        """Say what is to be read now: after that time we do not know any more that we said it."""
        said = Outgoing(self.phrase(key, **values))
        self.tx.outbox.put(self.address, said, forget_at=self.tx.now + until)

    def button(self, data: str, key: str | None = None, **values: object) -> Button:
        """Return a button whose label is the phrase «button.» + key; the key is the data unless given."""
        return Button(self.phrase(f"button.{key or data.replace(':', '.')}", **values), data)

    def still_offered(self) -> None:
        """What was offered before this turn can still be chosen by its number, and nothing newer."""
        self.state.choices = self.offered

    def forget(self) -> None:
        self.state.draft = {}
