"""A reply by mail becomes a draft of its case, and never more than that: a sender's address can be forged.

Whoever wrote is told what became of it, where their address is one of ours; nobody else gets any mail.
"""

from dataclasses import dataclass
from datetime import timedelta

from feedback import letters
from feedback.cases import Case
from feedback.messages import Incoming, Kind
from feedback.staff import Officer
from handlers.actions import cards
from handlers.actions import letters as outgoing
from handlers.actions.allowed import answerable
from handlers.actions.leaving import may_work
from handlers.library import Library
from storage.groups import Refusal
from storage.replies import Reply
from storage.store import Tx

LONGEST = 20_000  # characters
MINUTE = timedelta(minutes=1)
MOST = 5  # letters of ours to one address within a minute: what answers by itself is not answered for ever


def takes(message: Incoming) -> bool:
    return message.official


async def handle(message: Incoming, tx: Tx, library: Library) -> None:
    post = Mail(message, tx, library)
    officer, case = outgoing.officer_of(library, message.person), await post.case()
    if officer is None:
        await post.refuse("not_listed", "stranger", case)
    elif case is None:
        await post.refuse("no_case", "unknown", None, officer)
    elif not may_work(officer, case.unit):
        await post.refuse("elsewhere", "other_unit", None, officer)
    elif not answerable(library.office, case, tx.now, officer):
        await post.refuse("over", "stale", case, officer)
    elif message.kind is Kind.UNSUPPORTED or len(message.text) > LONGEST:
        await post.tell("too_long", case)
    elif not message.text:
        await post.tell("empty", case)
    else:
        await post.keep(officer, case)


@dataclass(frozen=True)
class Mail:
    """One letter that came."""

    message: Incoming
    tx: Tx
    library: Library

    async def case(self) -> Case | None:
        """Return the case that the key names, if we signed it."""
        number = letters.case_of(self.library.letters.key, self.message.key)
        return await self.tx.cases.by_id(number) if number else None

    async def keep(self, officer: Officer, case: Case) -> None:
        """Put it before the officer as a draft; files that we take are kept with the case."""
        tx, message = self.tx, self.message
        tx.replies.add(Reply(tx.new_id(), case.id, officer.id, message.text, message.left_out, tx.now))
        for attachment in message.attachments:
            tx.files.add(case.id, message.channel, message.account, attachment)
        parts = [self._say("letter.kept", code=case.code)]
        if message.left_out:
            parts.append(self._say("letter.left_out", files="; ".join(message.left_out)))
        await self._write("\n\n".join(parts), "about", case)

    async def refuse(self, why: str, kept_as: str, case: Case | None, officer: Officer | None = None) -> None:
        """Keep nothing of it but that somebody tried; say so if it may have been one of ours."""
        address, unit = self.message.person, officer.unit if officer else ""
        code = case.code if case else ""
        who = officer.id if officer else ""
        self.tx.groups.refuse(Refusal(self.tx.now, unit, address, who, code, "reply by mail", kept_as))
        units = {each.email for each in self.library.office.units.values() if each.email}
        if officer or address in units:
            await self.tell(why, case if officer else None)

    async def tell(self, why: str, case: Case | None) -> None:
        code = case.code if case else ""
        await self._write(self._say(f"letter.refused.{why}", code=code), "about" if case else "reply", case)

    async def _write(self, text: str, what: str, case: Case | None) -> None:
        since = self.tx.now - MINUTE
        if await self.tx.outbox.load(self.message.address, since) < MOST:
            outgoing.send(self.tx, self.library, self.message.person, text, what, case)

    def _say(self, key: str, **values: object) -> str:
        return cards.say(self.library, key, **values)
