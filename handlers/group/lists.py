"""What a unit has before it, a case on demand, and help."""

from feedback import codes
from feedback.messages import Outgoing
from handlers.actions import boards, digests
from handlers.group.turn import Turn
from storage.groups import Card
from storage.tables import CardStatus


async def today(turn: Turn) -> None:
    if turn.group is None:
        turn.say("group.not_bound")
    elif turn.worker is None:
        await turn.refuse("stranger" if turn.officer is None else "other_unit", "today")
    else:
        digest = await digests.of_today(turn.tx, turn.library, turn.group)
        turn.tell(digest or Outgoing(turn.phrase("group.today_nothing")))


async def open_case(turn: Turn) -> None:
    """`/hoso CODE`: show this case next, whatever else waits."""
    code = codes.read(turn.text.partition(" ")[2])
    if turn.group is None or turn.worker is None:
        await turn.refuse("stranger" if turn.officer is None else "other_unit", "open", code or "")
        return
    case = await turn.tx.cases.by_code(code) if code else None
    if case is None or case.unit != turn.group.unit:
        turn.say("group.no_case")
        return
    known = [card for card in await turn.tx.groups.cards_of(case.id) if card.group_id == turn.group.id]
    card = known[0] if known else Card(turn.tx.new_id(), case.id, turn.group.id)
    if card.status is CardStatus.OPEN:
        turn.tx.groups.change_card(card, status=CardStatus.WAITING, topic="", message="", shown="", told=0)
    if not known:
        turn.tx.groups.add_card(card)
    await boards.open_card(turn.tx, turn.library, turn.group, card, case)
    turn.say("group.opening", code=case.code)


async def help_(turn: Turn) -> None:
    turn.say("group.help")
