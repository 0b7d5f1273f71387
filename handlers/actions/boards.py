"""The units' groups show their cases: a card for each, changed as the case changes, news below it.

Whatever changes a case marks it in the same transaction; soon after, the groups are brought up to date.
A group takes twenty messages a minute, so part of that is left to those who write there, and many new
cases at once are told of in one list before each gets its own topic.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum

from feedback.cases import Case, Happening
from feedback.messages import Outgoing, Urgency
from handlers.actions import cards
from handlers.library import Library
from storage.groups import Card, Group
from storage.outbox import Item
from storage.store import Tx
from storage.tables import CardStatus

AT_ONCE = 50  # changed cases of one look
MOST = 12  # messages of ours that wait or went to one group within a minute; the rest is for people
MINUTE = timedelta(minutes=1)
LISTED = 30  # new cases named in one message
REPAIRS = 4  # of one card, until it has stood there


class Trouble(StrEnum):
    """What a group's refusal means for it."""

    OUTSIDE = "outside"  # we are not in the group, or may not write there
    NO_TOPICS = "topics"  # we may open no topics there
    LOST = "lost"  # the topic or the card was deleted
    OTHER = "other"


async def show(tx: Tx, library: Library) -> None:
    """Bring the groups up to date with what changed."""
    groups = {group.unit: group for group in await tx.groups.all()}
    busy = [group.id for group in groups.values() if await _room(tx, group) <= 0]
    for case, mark in await tx.groups.news(AT_ONCE, busy):
        if await _show(tx, library, case, groups):
            await tx.groups.seen(case.id, mark)
    await tx.flush()
    for group in await tx.groups.with_waiting_cards():
        if not group.lost:
            await _open(tx, library, group)


async def _room(tx: Tx, group: Group) -> int:
    return MOST - await tx.outbox.load(group.address, tx.now - MINUTE)


async def _show(tx: Tx, library: Library, case: Case, groups: dict[str, Group]) -> bool:
    """False if a card cannot be changed at this moment."""
    here, done = groups.get(case.unit), True
    known = await tx.groups.cards_of(case.id)
    of = {group.id: group for group in groups.values()}
    happenings = await tx.cases.timeline(case)
    for card in known:
        if card.status is CardStatus.OPEN and not of[card.group_id].lost:
            done &= await _draw(tx, library, case, of[card.group_id], card, happenings)
    if here and not here.lost and case.open and here.id not in {card.group_id for card in known}:
        tx.groups.add_card(Card(tx.new_id(), case.id, here.id, told=len(happenings)))
    return done


async def _draw(
    tx: Tx, library: Library, case: Case, group: Group, card: Card, happenings: list[Happening]
) -> bool:
    message = cards.drawn(library, case, group, happenings, tx.now)
    print_ = _fingerprint(message)
    if print_ != card.shown:
        place = Outgoing(message.text, message.buttons, topic=card.topic, edits=card.message)
        if not await tx.outbox.put_card(group.address, place, card.id):
            return False
        card = tx.groups.change_card(card, shown=print_)
    if case.unit == group.unit:
        _tell(tx, library, case, group, card, happenings)
    tx.groups.change_card(card, told=len(happenings))
    return True


def _tell(
    tx: Tx, library: Library, case: Case, group: Group, card: Card, happenings: list[Happening]
) -> None:
    news = cards.news(library, happenings[card.told :], case.unit, hidden=case.anonymous)
    if news:
        text = news if card.topic else f"{case.code}\n{news}"
        message = Outgoing(text, reply_to=card.message, topic=card.topic)
        tx.outbox.put(group.address, message, urgency=Urgency.NOTICE)


def _fingerprint(message: Outgoing) -> str:
    said = "\n".join(
        [message.text, *(f"{button.label} {button.data}{button.url}" for button in message.buttons)]
    )
    return hashlib.sha256(said.encode()).hexdigest()


async def _open(tx: Tx, library: Library, group: Group) -> None:
    """Show new cases as far as there is room; name the others in a list, at most once a minute."""
    room = await _room(tx, group) - await tx.groups.to_come(group)
    for card, case in await tx.groups.to_open(group, max(0, room // 2 if group.has_topics else room)):
        await open_card(tx, library, group, card, case)
    await tx.flush()
    if group.listed_at and tx.now - group.listed_at < MINUTE:
        return
    if new := await tx.groups.list_new(group):
        tx.groups.change(group, listed_at=tx.now)
        tx.outbox.put(group.address, _list(library, new), urgency=Urgency.NOTICE)


async def open_card(tx: Tx, library: Library, group: Group, card: Card, case: Case) -> None:
    """Open a topic for the case; its card follows. Without topics the card is put into the group itself."""
    if group.has_topics:
        opening = Outgoing("", opens=cards.title(library, case))
        if await tx.outbox.put_card(group.address, opening, card.id):
            tx.groups.change_card(card, status=CardStatus.OPENING)
        return
    tx.groups.change_card(card, status=CardStatus.OPEN)
    tx.groups.changed(case.id)


def _list(library: Library, new: list[Case]) -> Outgoing:
    lines = [f"• {cards.title(library, case)} · {cards.day(library, case.due)}" for case in new[:LISTED]]
    if more := len(new) - LISTED if len(new) > LISTED else 0:
        lines.append(cards.say(library, "group.list_more", n=more))
    return Outgoing(cards.say(library, "group.list", n=len(new), cases="\n".join(lines)))


async def arrived(tx: Tx, item: Item, remote: str) -> None:
    """A topic was opened: its card is next. A card was put up: from now on it is changed in its place."""
    card = await tx.groups.card(item.card_id) if item.card_id else None
    if card is None or item.message.edits:
        return
    if item.message.opens:
        tx.groups.change_card(card, topic=remote, message="", shown="", status=CardStatus.OPEN)
        tx.groups.changed(card.case_id)
    else:
        tx.groups.change_card(card, message=remote, repairs=0)


async def failed(tx: Tx, item: Item, trouble: Trouble) -> None:
    """Something for a group was refused for good: mend it, or say on the desk what is to be mended."""
    group = await tx.groups.at(item.address)
    if group is None:
        return
    if trouble in (Trouble.OUTSIDE, Trouble.NO_TOPICS):
        tx.groups.change(group, wrong=trouble.value)
    card = await _card_of(tx, group, item)
    if card is None or card.repairs >= REPAIRS:
        return
    tx.groups.change_card(card, shown="", repairs=card.repairs + 1, **_fresh(item, trouble))
    tx.groups.changed(card.case_id)


def _fresh(item: Item, trouble: Trouble) -> dict[str, object]:
    """Return what is not known any more: the card, or its topic with everything that was told in it."""
    if item.message.edits:
        return {"message": ""} if trouble is Trouble.LOST else {}
    if item.message.opens or trouble in (Trouble.LOST, Trouble.NO_TOPICS):
        return {"status": CardStatus.WAITING, "topic": "", "message": "", "told": 0}
    return {}


async def _card_of(tx: Tx, group: Group, item: Item) -> Card | None:
    if item.card_id:
        return await tx.groups.card(item.card_id)
    if item.message.topic and not item.message.edits:
        return await tx.groups.card_at(group, topic=item.message.topic)
    return None
