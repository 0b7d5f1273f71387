"""An officer shows that an account is theirs, by the one-time link from their desk."""

from feedback.messages import Incoming, Kind, Outgoing
from handlers.actions import accounts, cards
from handlers.library import Library
from storage.groups import Link
from storage.store import Tx

START = f"/start {accounts.START}"


def is_link(message: Incoming) -> bool:
    return message.kind is Kind.TEXT and message.text.startswith(START)


async def link(message: Incoming, tx: Tx, library: Library, secret: bytes) -> None:
    token = message.text.removeprefix(START).strip()
    claim = accounts.read(secret, token, library.office.staff, tx.now)
    if claim is None or not await tx.staff.use_link(token, claim.officer.id, claim.expires):
        text = cards.say(library, "group.link_bad")
    else:
        me = Link(claim.officer.id, message.channel, message.account, message.person, tx.now)
        await tx.groups.link(me)
        unit = library.office.unit(claim.officer.unit).name
        text = cards.say(library, "group.linked", name=claim.officer.name, unit=unit)
    tx.outbox.put(message.address, Outgoing(text))
