"""A person asks that what we know of them is erased (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 4)."""

from feedback.cases import CITIZEN, Erased
from feedback.messages import Address
from handlers.actions import cases
from storage.store import Tx


async def erase(tx: Tx, address: Address) -> None:
    """Forget who is behind a chat: what was said there, what was agreed to, and whose cases they were.

    Cases go on without their sender, who can no longer be answered; what the person wrote as the content
    of a case stays with it. Nothing may be said in this chat afterwards in the same transaction.
    """
    await tx.files.forget_names(address)
    for case in await tx.cases.all_of_sender(address):
        cases.record(tx, case, Erased(), CITIZEN)
    await tx.outbox.erase(address.lane)
    await tx.talks.erase(address.lane)
    await tx.consents.erase(address.lane)
    await tx.parts.erase(address.lane)
    await tx.received.erase(address.lane)
    await tx.inbox.erase(address, tx.now)
