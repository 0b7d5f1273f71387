"""A person asks that what we know of them is erased (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 4)."""

from feedback.cases import CITIZEN, Case, Erased, TakenBack
from feedback.messages import Address, Outgoing, Urgency
from handlers.actions import cards, cases
from handlers.library import Library
from storage.groups import Card, Group
from storage.outbox import Item
from storage.store import Tx
from storage.tables import OutboxStatus
from storage.tombstones import Tombstone

KEEP, TAKE_BACK = "keep", "take_back"  # what becomes of open cases


async def erase(tx: Tx, library: Library, address: Address, how: str = KEEP) -> None:
    """Forget who is behind a chat: what was said there, what was agreed to, and whose cases they were.

    What was answered or closed loses its content, too; what stays is when which unit did what. An open case
    is taken back, or goes on without its sender and loses its content when it is closed.
    What is said in this chat afterwards in the same transaction still arrives.
    """
    theirs = await tx.cases.all_of_sender(address)
    await tx.files.forget_names(address)
    await tx.outbox.erase(address.lane)
    await tx.talks.erase(address.lane)
    await tx.consents.erase(address.lane)
    await tx.parts.erase(address.lane)
    await tx.received.erase(address.lane)
    await tx.inbox.erase(address, tx.now)
    await tx.groups.erase(address.chat)
    for case in theirs:
        await _erase(tx, library, case, how)
    tx.tombstones.add(Tombstone(tx.tombstones.name(address.lane), tx.now, how))
    tx.audit.add(CITIZEN, "erased_all", tx.tombstones.subject(address.lane), how=how)


async def _erase(tx: Tx, library: Library, case: Case, how: str) -> None:
    if case.open and how == KEEP:
        cases.record(tx, case, Erased(), CITIZEN)
        return
    if case.open:
        case = cases.record(tx, case, TakenBack(""), CITIZEN)
        await tx.flush()
    await empty(tx, library, case, CITIZEN)


async def empty(tx: Tx, library: Library, case: Case, actor: str) -> None:
    """Leave of a case only when which unit did what."""
    cases.record(tx, case, Erased(content=True), actor)
    await tx.flush()
    await tx.cases.empty(case.id, actor)
    await tx.files.erase(case.id)
    await tx.drafts.erase(case.id)
    await tx.replies.erase(case.id)
    await tx.reveals.erase(case.id)
    await tx.outbox.erase_of_case(case.id)
    for card in await tx.groups.cards_of(case.id):
        if group := await tx.groups.by_id(card.group_id):
            await _wipe(tx, library, case, group, card)


async def empty_what_was_kept(tx: Tx, library: Library) -> None:
    """Cases that went on without their sender are closed by now."""
    for case in await tx.cases.kept_and_closed():
        await empty(tx, library, case, CITIZEN)


async def _wipe(tx: Tx, library: Library, case: Case, group: Group, card: Card) -> None:
    """Write over what we posted in a group about the case; its card is drawn anew by itself."""
    gone = []
    for item in await tx.outbox.to(group.address):
        if not _is_about(item, case, card):
            continue
        gone.append(item.id)
        stands = item.status is OutboxStatus.SENT and item.message and not item.card_id
        if stands and _remote(item):
            over = Outgoing(cards.say(library, "group.erased", code=case.code), edits=_remote(item))
            tx.outbox.put(group.address, over, urgency=Urgency.NOTICE)
    await tx.outbox.drop(gone)


def _is_about(item: Item, case: Case, card: Card) -> bool:
    """Whether it is in the case's topic, or begins with its code; lists name codes only, further below."""
    said = item.message
    in_topic = bool(card.topic) and said.topic == card.topic
    return item.card_id == card.id or in_topic or case.code in said.text.partition("\n")[0]


def _remote(item: Item) -> str:
    """Return the channel's id of what stands in the group; a short word on the spot has none."""
    return "" if item.message.toast or item.message.opens else item.message.edits or item.remote
